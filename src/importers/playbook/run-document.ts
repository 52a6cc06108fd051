import type { Usd } from '../../model/money.ts'

export type Side = 'vendor' | 'prospect'
export const SIDES: readonly Side[] = ['vendor', 'prospect']

/** A stored output of a run, by which it can be replayed. */
export type DocumentArtifact = {
  phaseNumber: number | null
  name: string
  path: string
  pointer: string
  payloadId: string
  sha256: string
  bytes: number
}

/** A playbook run in one shape, whichever way it lay on disk. */
export type RunDocument = {
  externalId: string
  status: 'COMPLETED' | 'FAILED' | 'PARTIAL' | 'RUNNING'
  startedAt: Date | null
  finishedAt: Date | null
  durationSeconds: number | null
  vendorDomain: string | null
  prospectDomain: string | null
  workflowName: string | null
  reportedCostUsd: Usd | null
  reportedTotalTokens: number | null
  reportedApiCalls: number | null
  createdBy: string | null
  createdVia: string | null
  notes: string | null
  tags: string[]
  promptVersions: Record<string, unknown> | null
  errors: unknown[]
  warnings: unknown[]
  /** `phase1_output` … `phase4_output`, without the parts that are read one by one. */
  phases: Map<number, Record<string, unknown>>
  /** Whether the file lists every step of phase 1, so that what is missing was skipped. */
  isComplete: boolean
  /** Agents that left only an error where their output should be. */
  failedAgents: { phase: number; agent: string; error: string }[]
  /** Agents that left a file of their own, be it empty. */
  workedAgents: { phase: number; agent: string }[]
  artifacts: DocumentArtifact[]
  extra: Record<string, unknown>
  recordSha256: string
  recordAt: Date | null
}

/** The parts of a run that are read one by one, so that a run of any size needs little memory. */
export const PART_PATTERNS = [
  ...SIDES.map((side) => `/phase1_output/${side}_batch_content/scraped_pages/*`),
  ...[
    'offerings',
    'case_studies',
    'proof_points',
    'value_propositions',
    'reference_customers',
    'use_cases',
    'vendor_icp_personas',
    'differentiators',
  ].map((list) => `/phase2_output/vendor_elements/${list}/*`),
  '/phase3_output/prospect_intelligence/pain_points/*',
  '/phase3_output/prospect_intelligence/target_buyer_personas/*',
]

/** What a first look at the parts tells: decoding the rest of the run needs it. */
export type PartsSeen = {
  /** URLs of the scraped pages of each side. */
  pages: Record<Side, Set<string>>
  /** Names of the lists that have elements. */
  lists: Set<string>
}

export function noPartsSeen(): PartsSeen {
  return { pages: { vendor: new Set(), prospect: new Set() }, lists: new Set() }
}
