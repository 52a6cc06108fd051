import type { TableName } from '../store/bulk/tables.ts'
import { RUN_TABLES } from './playbook/decode-run.ts'

/** Rows that hang on a record and go when a newer version of it no longer has them; of these only where it holds. */
type Owned = readonly [table: TableName, column: string, where?: string]

type Owner = {
  /** Its rows have `id`, `record_at` and `record_sha256`. */
  table: TableName
  owned: readonly Owned[]
  /** Tables of rows that are written even when a newer version of the record is there: names that others go by. */
  always?: readonly TableName[]
  /** The column that may not change once it is written; a record that would change it is a CONFLICT. */
  immutable?: string
}

const byRun = (tables: readonly TableName[]): Owned[] => tables.map((table) => [table, 'run_id'])

/** What stands for a record: one row, and the rows that hang on it. */
export const OWNERS = {
  playbookRun: { table: 'runs', owned: byRun(RUN_TABLES) },
  artifactRun: {
    table: 'runs',
    owned: byRun(['agent_calls', 'artifacts', 'run_events', 'run_item_phases', 'run_items', 'run_phases', 'steps']),
  },
  signal: { table: 'signals', owned: [['pain_points', 'signal_id']] },
  candidate: { table: 'candidates', owned: [['candidate_scores', 'candidate_id']] },
  healthCheck: { table: 'health_checks', owned: [] },
  diagnosis: { table: 'diagnoses', owned: [] },
  resolution: { table: 'resolutions', owned: [] },
  alert: { table: 'alerts', owned: [] },
  issueResolution: { table: 'issue_resolutions', owned: [] },
  opsAgentStatus: { table: 'ops_agent_statuses', owned: [] },
  sourceOrganization: { table: 'source_organizations', owned: [] },
  campaign: { table: 'campaigns', owned: [] },
  instruction: { table: 'prompt_versions', owned: [] },
  dataset: { table: 'datasets', owned: [['dataset_rows', 'dataset_id']] },
  extractionRun: { table: 'extraction_runs', owned: [] },
  task: { table: 'tasks', owned: [['task_fields', 'task_id']] },
  attempt: { table: 'attempts', owned: [] },
  extractionResult: { table: 'extraction_results', owned: [], immutable: 'content_sha256' },
  instructionComparison: { table: 'instruction_comparisons', owned: [] },
  company: {
    table: 'companies',
    owned: [['pain_points', 'company_id', "origin = 'ACCOUNT_RESEARCH'"]],
    always: ['source_aliases'],
  },
  contact: { table: 'contacts', owned: [] },
  relationship: { table: 'relationships', owned: [] },
  conversation: { table: 'conversations', owned: [['pain_points', 'conversation_id']] },
  touchpoint: { table: 'touchpoints', owned: [] },
} satisfies Record<string, Owner>

export type OwnerName = keyof typeof OWNERS

export function ownerOf(name: OwnerName): Owner {
  return OWNERS[name]
}

/** Tables of rows that hang on a record: they are new, or the ones before were taken away; no two records share one. */
export const OWNED_TABLES: ReadonlySet<TableName> = new Set(
  Object.values<Owner>(OWNERS).flatMap(({ owned }) => owned.map(([table]) => table)),
)
