import { z } from 'zod'
import { float, integer, isObject, json, label, requiredText, text, texts, timestamp, usd, word } from '../wire.ts'

/** True or false, also as PostgreSQL and spreadsheets write them. */
const WORDS = new Map<unknown, boolean>([
  [true, true],
  [false, false],
  [1, true],
  [0, false],
  ['true', true],
  ['false', false],
  ['t', true],
  ['f', false],
  ['1', true],
  ['0', false],
])

const flag = () =>
  z
    .unknown()
    .optional()
    .transform((value, context): boolean | null => {
      if (value === null || value === undefined) return null
      const known = WORDS.get(typeof value === 'string' ? value.trim().toLowerCase() : value)
      if (known !== undefined) return known
      context.addIssue({ code: 'custom', message: `expected true or false, found ${JSON.stringify(value)}` })
      return z.NEVER
    })

/** A list of texts, also as PostgreSQL writes an array: `{a,b}`. */
const array = () => z.preprocess((value) => arrayLiteral(value) ?? value, texts())

function arrayLiteral(value: unknown): string[] | null {
  if (typeof value !== 'string' || !/^\{.*\}$/s.test(value)) return null
  const elements = value.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/g)
  return [...elements].flatMap(([, quoted, bare]) =>
    quoted !== undefined
      ? [quoted.replace(/\\(.)/g, '$1')]
      : bare!.trim().toUpperCase() === 'NULL'
        ? []
        : [bare!.trim()],
  )
}

/** JSON, also as text that holds an object or a list. */
const document = () => z.preprocess(parsed, json())

function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

const objectDocument = () =>
  document().transform((value, context): Record<string, unknown> | null => {
    if (value === null || isObject(value)) return value as Record<string, unknown> | null
    context.addIssue({ code: 'custom', message: `expected an object, found ${JSON.stringify(value).slice(0, 40)}` })
    return z.NEVER
  })

const listDocument = () =>
  document().transform((value, context): unknown[] | null => {
    if (value === null || Array.isArray(value)) return value
    context.addIssue({ code: 'custom', message: `expected a list, found ${JSON.stringify(value).slice(0, 40)}` })
    return z.NEVER
  })

export const organizationShape = {
  id: requiredText(),
  name: text(),
  slug: text(),
  created_at: timestamp(),
  updated_at: timestamp(),
}

export const campaignShape = {
  id: requiredText(),
  organization_id: text(),
  name: requiredText(),
  description: text(),
  purpose: text(),
  status: word(['ACTIVE', 'PAUSED', 'COMPLETED', 'ARCHIVED']),
  /** Of older dumps: the text of the first version. */
  instructions: text(),
  current_instruction_version_id: text(),
  schedule_enabled: flag(),
  schedule_expression: text(),
  schedule_timezone: text(),
  alerts_enabled: flag(),
  alert_channels: document(),
  owner_id: text(),
  team_members: array(),
  tags: array(),
  created_by: text(),
  created_at: timestamp(),
  updated_at: timestamp(),
  archived_at: timestamp(),
}

export const instructionShape = {
  id: requiredText(),
  campaign_id: text(),
  version: text(),
  version_number: integer(),
  prompt_text: text(),
  change_description: text(),
  changed_by: text(),
  status: word(['DRAFT', 'TESTING', 'ACTIVE', 'DEPRECATED']),
  activated_at: timestamp(),
  deprecated_at: timestamp(),
  total_runs: integer(),
  avg_accuracy: float(),
  avg_pass_rate: float(),
  avg_duration: float(),
  created_at: timestamp(),
  updated_at: timestamp(),
}

export const datasetShape = {
  id: requiredText(),
  campaign_id: text(),
  organization_id: text(),
  name: text(),
  description: text(),
  version: integer(),
  schema: listDocument(),
  data: listDocument(),
  total_rows: integer(),
  has_ground_truth: flag(),
  ground_truth_columns: array(),
  gt_coverage_percent: float(),
  validation_errors: listDocument(),
  duplicate_rows: integer(),
  invalid_rows: integer(),
  source_type: text(),
  source_metadata: document(),
  status: word(['DRAFT', 'VALIDATED', 'ACTIVE', 'ARCHIVED']),
  created_by: text(),
  created_at: timestamp(),
  updated_at: timestamp(),
}

const RUN_STATUSES = ['QUEUED', 'RUNNING', 'PAUSED', 'COMPLETED', 'PARTIAL', 'STOPPED', 'FAILED', 'ERROR'] as const

export const runShape = {
  id: requiredText(),
  campaign_id: text(),
  dataset_id: text(),
  instruction_id: text(),
  organization_id: text(),
  run_type: word(['TEST_SAMPLE', 'TEST_CUSTOM', 'PRODUCTION', 'TEST']),
  sample_strategy: word(['FIRST_N', 'RANDOM', 'CUSTOM', 'ALL']),
  sample_size: integer(),
  sample_row_ids: array(),
  concurrency: integer(),
  use_agent_ql: flag(),
  retry_enabled: flag(),
  max_retries: integer(),
  status: word(RUN_STATUSES),
  total_tasks: integer(),
  completed_tasks: integer(),
  running_tasks: integer(),
  queued_tasks: integer(),
  failed_tasks: integer(),
  passed_tasks: integer(),
  failed_validation: integer(),
  partial_extractions: integer(),
  accuracy_percent: float(),
  pass_rate: float(),
  health_score: float(),
  health_factors: document(),
  estimated_cost: usd(),
  actual_cost: usd(),
  started_at: timestamp(),
  completed_at: timestamp(),
  paused_at: timestamp(),
  stopped_at: timestamp(),
  stop_reason: text(),
  result_id: text(),
  created_by: text(),
  created_at: timestamp(),
  updated_at: timestamp(),
}

const FAILURES = ['EXTRACTION_FAILED', 'PAGE_ERROR', 'BLOCKED', 'TIMEOUT'] as const

export const taskShape = {
  id: requiredText(),
  run_id: text(),
  campaign_id: text(),
  dataset_id: text(),
  organization_id: text(),
  row_id: text(),
  row_data: document(),
  site_url: text(),
  site_name: text(),
  goal: text(),
  status: word(['QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'SKIPPED', 'ERROR', 'LABELED']),
  status_category: word(['SUCCESS', 'PARTIAL', 'BLOCKED', 'ERROR']),
  detailed_status: text(),
  extracted_data: objectDocument(),
  extracted_fields: array(),
  missing_fields: array(),
  completeness_percent: float(),
  overall_confidence: float(),
  field_confidences: objectDocument(),
  ground_truth_data: objectDocument(),
  has_ground_truth: flag(),
  accuracy_result: word(['PASS', 'FAIL', 'PARTIAL']),
  field_accuracies: objectDocument(),
  failure_category: word(FAILURES),
  failure_reason: text(),
  blocked_reason: text(),
  attempt_count: integer(),
  retry_count: integer(),
  last_attempt_id: text(),
  started_at: timestamp(),
  completed_at: timestamp(),
  duration_ms: integer(),
  current_step: text(),
  current_url: text(),
  progress_percent: float(),
  cost: usd(),
  created_at: timestamp(),
  updated_at: timestamp(),
}

const ATTEMPT_STATUSES = [
  'SUCCESS',
  'FAILED',
  'TIMEOUT',
  'BLOCKED',
  'CANCELLED',
  'COMPLETED',
  'ERROR',
  'RUNNING',
  'QUEUED',
] as const

export const attemptShape = {
  id: requiredText(),
  task_id: text(),
  run_id: text(),
  attempt_number: integer(),
  trigger: word(['INITIAL', 'AUTO_RETRY', 'MANUAL_RETRY']),
  status: word(ATTEMPT_STATUSES),
  extracted_data: document(),
  partial_data: flag(),
  raw_output: document(),
  reasoning: document(),
  screenshots: document(),
  streaming_url: text(),
  final_screenshot_url: text(),
  error_message: text(),
  error_stack: text(),
  failure_category: word(FAILURES),
  failure_reason: text(),
  started_at: timestamp(),
  completed_at: timestamp(),
  duration_ms: integer(),
  cost: usd(),
  model: label(),
  prompt_tokens: integer(),
  completion_tokens: integer(),
  cached_tokens: integer(),
  tokens_used: integer(),
  created_at: timestamp(),
}

export const resultShape = {
  id: requiredText(),
  run_id: text(),
  campaign_id: text(),
  dataset_id: text(),
  instruction_id: text(),
  organization_id: text(),
  total_tasks: integer(),
  successful_tasks: integer(),
  failed_tasks: integer(),
  partial_tasks: integer(),
  overall_quality_score: float(),
  avg_confidence: float(),
  avg_completeness: float(),
  accuracy_percent: float(),
  pass_rate: float(),
  field_accuracies: document(),
  task_results: document(),
  exports: document(),
  permalink_token: text(),
  is_public: flag(),
  expires_at: timestamp(),
  created_by: text(),
  created_at: timestamp(),
}

export const comparisonShape = {
  id: requiredText(),
  campaign_id: text(),
  name: text(),
  description: text(),
  instruction_a_id: text(),
  instruction_b_id: text(),
  dataset_id: text(),
  sample_size: integer(),
  run_a_id: text(),
  run_b_id: text(),
  status: word(['PENDING', 'RUNNING', 'COMPLETED']),
  winner: word(['A', 'B', 'TIE', 'INCONCLUSIVE']),
  winner_reason: text(),
  created_by: text(),
  created_at: timestamp(),
  updated_at: timestamp(),
}
