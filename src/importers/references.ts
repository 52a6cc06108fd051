import type { TableName } from '../store/bulk/tables.ts'

/** Where the rows are that a source system's ids name. */
export type Parent = {
  table: TableName
  /** The column of the source system's id. */
  source: string
  /** The column of the row's id. */
  id: string
  /** What else must hold. */
  where?: Readonly<Record<string, string>>
}

/** A column that holds a source system's id, and the one that holds the row it names, null while there is none. */
export type Reference = { table: TableName; source: string; column: string; parent: Parent }

const company: Parent = { table: 'source_aliases', source: 'source_id', id: 'target_id', where: { kind: 'company' } }
const contact: Parent = { table: 'contacts', source: 'source_id', id: 'id' }
const conversation: Parent = { table: 'conversations', source: 'source_id', id: 'id' }
const signal: Parent = { table: 'signals', source: 'external_id', id: 'id' }
const campaign: Parent = { table: 'campaigns', source: 'source_id', id: 'id' }
const instruction: Parent = { table: 'prompt_versions', source: 'source_id', id: 'id' }
const dataset: Parent = { table: 'datasets', source: 'source_id', id: 'id' }
const extractionRun: Parent = { table: 'extraction_runs', source: 'source_id', id: 'id' }
const task: Parent = { table: 'tasks', source: 'source_id', id: 'id' }
const attempt: Parent = { table: 'attempts', source: 'source_id', id: 'id' }
const extractionResult: Parent = { table: 'extraction_results', source: 'source_id', id: 'id' }

/** References of records to records, resolved when they are written, or when what they name arrives. */
export const REFERENCES: readonly Reference[] = [
  { table: 'candidates', source: 'source_signal_id', column: 'signal_id', parent: signal },
  { table: 'contacts', source: 'source_company_id', column: 'company_id', parent: company },
  { table: 'relationships', source: 'source_contact_a_id', column: 'contact_a_id', parent: contact },
  { table: 'relationships', source: 'source_contact_b_id', column: 'contact_b_id', parent: contact },
  { table: 'conversations', source: 'source_contact_id', column: 'contact_id', parent: contact },
  { table: 'conversations', source: 'source_company_id', column: 'company_id', parent: company },
  { table: 'touchpoints', source: 'source_conversation_id', column: 'conversation_id', parent: conversation },
  {
    table: 'campaigns',
    source: 'source_current_instruction_id',
    column: 'current_instruction_id',
    parent: instruction,
  },
  { table: 'prompt_versions', source: 'source_campaign_id', column: 'campaign_id', parent: campaign },
  { table: 'datasets', source: 'source_campaign_id', column: 'campaign_id', parent: campaign },
  { table: 'extraction_runs', source: 'source_campaign_id', column: 'campaign_id', parent: campaign },
  { table: 'extraction_runs', source: 'source_dataset_id', column: 'dataset_id', parent: dataset },
  { table: 'extraction_runs', source: 'source_instruction_id', column: 'prompt_version_id', parent: instruction },
  { table: 'extraction_runs', source: 'source_result_id', column: 'result_id', parent: extractionResult },
  { table: 'tasks', source: 'source_run_id', column: 'run_id', parent: extractionRun },
  { table: 'tasks', source: 'source_campaign_id', column: 'campaign_id', parent: campaign },
  { table: 'tasks', source: 'source_dataset_id', column: 'dataset_id', parent: dataset },
  { table: 'tasks', source: 'source_last_attempt_id', column: 'last_attempt_id', parent: attempt },
  { table: 'attempts', source: 'source_task_id', column: 'task_id', parent: task },
  { table: 'attempts', source: 'source_run_id', column: 'run_id', parent: extractionRun },
  { table: 'extraction_results', source: 'source_run_id', column: 'run_id', parent: extractionRun },
  { table: 'extraction_results', source: 'source_campaign_id', column: 'campaign_id', parent: campaign },
  { table: 'extraction_results', source: 'source_dataset_id', column: 'dataset_id', parent: dataset },
  { table: 'extraction_results', source: 'source_instruction_id', column: 'prompt_version_id', parent: instruction },
  { table: 'instruction_comparisons', source: 'source_campaign_id', column: 'campaign_id', parent: campaign },
  {
    table: 'instruction_comparisons',
    source: 'source_instruction_a_id',
    column: 'instruction_a_id',
    parent: instruction,
  },
  {
    table: 'instruction_comparisons',
    source: 'source_instruction_b_id',
    column: 'instruction_b_id',
    parent: instruction,
  },
  { table: 'instruction_comparisons', source: 'source_dataset_id', column: 'dataset_id', parent: dataset },
  { table: 'instruction_comparisons', source: 'source_run_a_id', column: 'run_a_id', parent: extractionRun },
  { table: 'instruction_comparisons', source: 'source_run_b_id', column: 'run_b_id', parent: extractionRun },
]
