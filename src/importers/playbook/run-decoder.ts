import type { Decoding } from '../decoding.ts'
import type { RunDocument, Side } from './run-document.ts'

/** What every decoder of a run's parts needs to make rows. */
export type RunContext = {
  decoding: Decoding
  document: RunDocument
  runId: string
  vendorId: string | null
  prospectId: string | null
  /** The columns that every row of the run has. */
  owner: { organization_id: string; run_id: string }
}

export function siteResearchIdOf({ decoding, runId }: RunContext, side: Side): string {
  return decoding.ids.of('site_research', runId, side)
}

/** The id of the one playbook a run makes. */
export function playbookIdOf({ decoding, runId }: RunContext): string {
  return decoding.ids.of('playbook', runId)
}
