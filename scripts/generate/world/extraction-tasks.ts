import type { Random } from '../random.ts'
import type { RecordFile } from './files.ts'
import { SECOND, utc, written } from './times.ts'

export const FIELDS = ['plan_name', 'monthly_price', 'seats', 'contact_email'] as const
export const TRUE_FIELDS = ['plan_name', 'monthly_price', 'seats'] as const
const PLANS = ['Starter Plus', 'Team Plan', 'Business Suite', 'Growth', 'Enterprise Lite', 'Solo Édition']
const FAILURES = [
  ['extraction_failed', 'Price selector not found', null],
  ['page_error', 'HTTP 500', null],
  ['blocked', 'The page asks for a captcha', 'captcha'],
  ['timeout', 'No answer in 60 s', null],
] as const

/** A site to read, and what is known to stand there. */
export type Row = {
  row_id: string
  site_url: string
  site_name: string | null
  plan_name?: string | null
  monthly_price?: string | null
  seats?: number | string | null
}

/** What the tasks of one run have in common. */
export type TaskSetting = {
  ids: { run_id: string; campaign_id: string; dataset_id: string; organization_id: string }
  startedAt: number
  hasGroundTruth: boolean
  /** Share of fields that are read right, 0–1. */
  accuracy: number
  /** Of a run that goes on: tasks from here on have not begun. */
  queuedFrom: number
}

export type Files = { tasks: RecordFile; attempts: RecordFile }

/** What stands on a site; most of it is known beforehand when the dataset has ground truth. */
export function truthOf(random: Random): Pick<Row, (typeof TRUE_FIELDS)[number]> {
  if (random.chance(0.08)) return { plan_name: null, monthly_price: null, seats: null }
  const seats = random.pick([5, 10, 25, 50, 120])
  return {
    plan_name: random.pick(PLANS),
    monthly_price: random.chance(0.06) ? '' : `$${random.integer(9, 260)}/mo`,
    seats: random.chance(0.2) ? `${seats}.0` : seats,
  }
}

/** Writes one task with its attempts. @returns the task */
export function writeTask(random: Random, setting: TaskSetting, place: number, row: Row, files: Files) {
  const id = random.uuid()
  // Five agents work at a time, about 25 seconds on a site.
  const startedAt = setting.startedAt + Math.floor(place / 5) * 25 * SECOND
  const status = statusOf(random, place - setting.queuedFrom)
  const isDone = status === 'completed' || status === 'failed'
  const failure = status === 'failed' ? random.pick(FAILURES) : null
  const tries = isDone ? (random.chance(failure ? 0.6 : 0.15) ? random.integer(2, 3) : 1) : 0
  const hasData = status === 'completed' || (failure?.[0] === 'extraction_failed' && random.chance(0.4))
  const extracted = hasData ? read(random, row, setting.accuracy) : null
  const found = extracted ? FIELDS.filter((field) => extracted[field] !== null) : []
  let at = startedAt
  let lastAttempt: string | null = null
  let cost: number | null = null
  for (let number = 1; number <= tries; number++) {
    const isLast = number === tries
    const outcome = isLast ? failure : random.pick(FAILURES)
    const attempt = attemptOf(random, { id, runId: setting.ids.run_id, url: row.site_url, number, at, outcome })
    files.attempts.add({ ...attempt, extracted_data: isLast ? extracted : null })
    if (attempt.cost !== null) cost = (cost ?? 0) + Number(attempt.cost)
    lastAttempt = attempt.id
    at += attempt.duration_ms + SECOND
  }
  const confidence = extracted && random.chance(0.9) ? random.decimal(0.5, 0.98, 3) : null
  const truth = setting.hasGroundTruth && Object.fromEntries(TRUE_FIELDS.map((field) => [field, row[field] ?? null]))
  const task = {
    id,
    ...setting.ids,
    row_id: row.row_id,
    row_data: row,
    site_url: row.site_url,
    site_name: row.site_name,
    goal: `Report ${FIELDS.join(', ')}${row.site_name ? ` of ${row.site_name}` : ''}`,
    status,
    status_category: failure ? (failure[0] === 'blocked' ? 'blocked' : 'error') : extracted ? 'success' : null,
    extracted_data: extracted,
    extracted_fields: extracted ? found : null,
    missing_fields: isDone ? FIELDS.filter((field) => !found.includes(field)) : null,
    completeness_percent: isDone ? found.length * 25 : null,
    overall_confidence: confidence,
    field_confidences: confidence && Object.fromEntries(found.map((field) => [field, random.decimal(0.5, 1, 3)])),
    ground_truth_data: truth || null,
    has_ground_truth: setting.hasGroundTruth,
    failure_category: failure?.[0] ?? null,
    failure_reason: failure?.[1] ?? null,
    blocked_reason: failure?.[2] ?? null,
    attempt_count: tries,
    last_attempt_id: lastAttempt,
    started_at: status === 'queued' || status === 'skipped' ? null : written(random, startedAt),
    completed_at: isDone ? written(random, at) : null,
    duration_ms: isDone && random.chance(0.97) ? at - startedAt : null,
    progress_percent: isDone ? 100 : 0,
    cost: cost === null ? null : cost.toFixed(4),
    created_at: utc(setting.startedAt),
    updated_at: utc(at),
  }
  files.tasks.add(task)
  return task
}

/** @param ahead tasks from the first that has not begun to this one */
function statusOf(random: Random, ahead: number): string {
  if (ahead >= 2) return 'queued'
  if (ahead >= 0) return 'running'
  return random.chance(0.2) ? 'failed' : random.chance(0.04) ? 'skipped' : 'completed'
}

/** The row as an agent reads it: right up to case, spaces and the form of numbers, or wrong, or not found. */
function read(random: Random, row: Row, accuracy: number): Record<(typeof FIELDS)[number], unknown> {
  const site = new URL(row.site_url).hostname.replace(/^www\./, '')
  const written = (text: string) => random.pick([text, text.toUpperCase(), ` ${text}\n`])
  const isRight = () => random.chance(accuracy)
  const missing = () => random.chance(0.05)
  return {
    plan_name: missing() ? null : written(isRight() && row.plan_name ? row.plan_name : random.pick(PLANS)),
    monthly_price: missing() ? null : isRight() && row.monthly_price ? row.monthly_price : '$19/mo',
    seats: missing() ? null : isRight() && row.seats ? random.pick([Number(row.seats), String(row.seats)]) : 3,
    contact_email: random.chance(0.2) ? null : `sales@${site}`,
  }
}

type Try = {
  id: string
  runId: string
  url: string
  number: number
  at: number
  outcome: (typeof FAILURES)[number] | null
}

function attemptOf(random: Random, { id, runId, url, number, at, outcome }: Try) {
  const duration = random.integer(2_000, 24_000)
  const category = outcome?.[0]
  return {
    id: random.uuid(),
    task_id: id,
    run_id: runId,
    attempt_number: number,
    trigger: number === 1 ? 'initial' : random.pick(['auto_retry', 'auto_retry', 'manual_retry']),
    status: !outcome ? 'success' : category === 'timeout' || category === 'blocked' ? category : 'failed',
    partial_data: false,
    reasoning: random.chance(0.5)
      ? [{ step: '1', action: `open ${url}`, result: outcome ? 'failed' : 'loaded', timestamp: utc(at) }]
      : null,
    screenshots: outcome ? [{ timestamp: utc(at + duration), url, title: 'Pricing' }] : [],
    error_message: outcome && `${outcome[0]}: ${outcome[1]}`,
    failure_category: category ?? null,
    failure_reason: outcome?.[1] ?? null,
    started_at: written(random, at),
    completed_at: written(random, at + duration),
    duration_ms: duration,
    cost: random.chance(0.1) ? null : random.pick([String, Number])(random.decimal(0.01, 0.06, 4)),
    created_at: utc(at),
  }
}
