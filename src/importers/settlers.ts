import type { ClientBase } from 'pg'
import type { Identifiers } from '../model/identifiers.ts'
import { settleCompanies, settleContacts, settleConversations, settleRelationships } from './accounts/settle.ts'
import { settleArtifactRuns } from './briefing/settle.ts'
import { settleExtraction } from './extraction/settle.ts'
import { settleDiagnoses, settleHealthChecks } from './ops/settle-chain.ts'

/** Brings up to date what rows of many records together say, for these keys; within the transaction that wrote them. */
export type Settler = (client: ClientBase, keys: readonly string[], ids: Identifiers) => Promise<void>

/**
 * What is settled when a file is done, in this order, each over all keys that the file's records touched, whether they
 * changed or not: an import that broke off is made whole by the next.
 */
export const SETTLERS = {
  accountCompanies: settleCompanies,
  accountContacts: settleContacts,
  accountConversations: settleConversations,
  accountRelationships: settleRelationships,
  healthChecksOfDiagnoses: settleHealthChecks,
  diagnosesOfResolutions: settleDiagnoses,
  artifactRuns: settleArtifactRuns,
  extraction: settleExtraction,
} satisfies Record<string, Settler>

export type SettlerName = keyof typeof SETTLERS

/** What a record touches: settler and key. */
export type Touch = readonly [settler: SettlerName, key: string]
