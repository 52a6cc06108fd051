import { hasColumns } from '../own-keys.ts'
import type { RecordKind } from '../records/record-kind.ts'
import { decodeAttempt } from './decode-attempts.ts'
import {
  decodeCampaign,
  decodeInstruction,
  decodeInstructionComparison,
  decodeOrganization,
} from './decode-campaigns.ts'
import { decodeDataset } from './decode-datasets.ts'
import { decodeExtractionRun, decodeResult } from './decode-runs.ts'
import { decodeTask } from './decode-tasks.ts'
import { OLDER } from './older-tables.ts'
import type { OlderTable } from './record.ts'

const format = 'extraction'

/** Tables of web-extraction campaigns, by their newer names, then by their older ones. */
export const extractionKinds: readonly RecordKind[] = [
  {
    name: 'campaign',
    format,
    tables: ['campaigns'],
    fits: (record) =>
      hasColumns(record, 'name') &&
      (hasColumns(record, 'schedule_enabled') || hasColumns(record, 'current_instruction_version_id')),
    decode: decodeCampaign,
  },
  {
    name: 'instruction',
    format,
    tables: ['instructions'],
    fits: (record) => hasColumns(record, 'campaign_id', 'prompt_text'),
    decode: decodeInstruction,
  },
  {
    name: 'dataset',
    format,
    tables: ['datasets'],
    fits: (record) => hasColumns(record, 'campaign_id', 'total_rows'),
    decode: decodeDataset,
  },
  {
    name: 'extraction run',
    format,
    tables: ['runs'],
    fits: (record) => hasColumns(record, 'campaign_id', 'run_type'),
    decode: decodeExtractionRun,
  },
  {
    name: 'task',
    format,
    tables: ['tasks'],
    fits: (record) => hasColumns(record, 'run_id', 'site_url', 'status') && !hasColumns(record, 'task_id'),
    decode: decodeTask,
  },
  {
    name: 'attempt',
    format,
    tables: ['attempts'],
    fits: (record) => hasColumns(record, 'task_id', 'attempt_number'),
    decode: decodeAttempt,
  },
  {
    name: 'extraction result',
    format,
    tables: ['results'],
    fits: (record) => hasColumns(record, 'run_id', 'successful_tasks'),
    decode: decodeResult,
  },
  {
    name: 'instruction comparison',
    format,
    tables: ['instruction_comparisons'],
    fits: (record) => hasColumns(record, 'instruction_a_id', 'instruction_b_id'),
    decode: decodeInstructionComparison,
  },
  {
    name: 'organization',
    format,
    tables: ['organizations'],
    fits: (record) => hasColumns(record, 'id', 'name', 'slug') && Object.keys(record).length <= 8,
    decode: decodeOrganization,
  },
  older('project', OLDER.projects, decodeCampaign, ['name', 'instructions']),
  older('instruction version', OLDER.instructionVersions, decodeInstruction, ['project_id', 'instructions']),
  older('batch', OLDER.batches, decodeDataset, ['project_id', 'csv_data'], ['project_id', 'total_sites']),
  older('execution', OLDER.executions, decodeExtractionRun, ['batch_id', 'execution_type'], ['batch_id', 'total_jobs']),
  older('job', OLDER.jobs, decodeTask, ['batch_id', 'site_url'], ['batch_id', 'input_id']),
  older('session', OLDER.sessions, decodeAttempt, ['job_id', 'session_number']),
]

/** A kind of the older dumps; a record without a telling table is one when it has one of these sets of columns. */
function older(
  name: string,
  table: OlderTable,
  decode: typeof decodeCampaign,
  ...signs: [string[], ...string[][]]
): RecordKind {
  return {
    name,
    format,
    tables: [table.table],
    fits: (record) => signs.some((columns) => hasColumns(record, ...columns)),
    decode: (decoding, record, source) => decode(decoding, record, source, table),
  }
}
