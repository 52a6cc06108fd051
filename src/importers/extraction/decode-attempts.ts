import { textOfValue } from '../../model/field-values.ts'
import type { AttemptStatus } from '../../store/generated/prisma/client.ts'
import { money, wide } from '../decoding.ts'
import { latest } from '../own-keys.ts'
import { totalTokensOf } from '../total-tokens.ts'
import { decoderOf, idOf } from './record.ts'
import { attemptShape } from './wire.ts'

/** The agent whose calls the attempts are. */
export const AGENT = 'extraction_agent'

export const decodeAttempt = decoderOf(attemptShape, ['task_id'], ({ read, decoding, older, row }) => {
  const { ids, rows } = decoding
  const id = idOf.attempt(decoding, read.id)
  const createdAt = decoding.time(read.created_at)
  const [startedAt, completedAt] = [decoding.time(read.started_at), decoding.time(read.completed_at)]
  const recordAt = latest(createdAt, startedAt, completedAt)
  const tokens = totalTokensOf(read.tokens_used, read)
  const price = read.cost
    ? null
    : decoding.prices.of({
        model: read.model,
        promptTokens: read.prompt_tokens,
        completionTokens: read.completion_tokens,
        cachedTokens: read.cached_tokens,
        at: startedAt ?? createdAt,
      })
  rows.add('agents', { id: ids.of('agent', AGENT), organization_id: row.organization_id, name: AGENT })
  rows.add('attempts', {
    id,
    ...row,
    source_task_id: read.task_id,
    source_run_id: read.run_id,
    attempt_number: read.attempt_number,
    // Older sessions do not say what made them; the first of a job is no retry.
    trigger: read.trigger ?? (older && read.attempt_number === 1 ? 'INITIAL' : null),
    status: statusOf(read),
    extracted_data: read.extracted_data as never,
    partial_data: read.partial_data ?? false,
    raw_output: textOfValue(read.raw_output),
    reasoning: read.reasoning as never,
    screenshots: (read.screenshots ?? []) as never,
    streaming_url: read.streaming_url,
    final_screenshot_url: read.final_screenshot_url,
    error_message: read.error_message,
    error_stack: read.error_stack,
    failure_category: read.failure_category,
    failure_reason: read.failure_reason,
    started_at: startedAt,
    completed_at: completedAt,
    duration_ms: read.duration_ms,
    model: read.model,
    prompt_tokens: wide(read.prompt_tokens),
    completion_tokens: wide(read.completion_tokens),
    cached_tokens: wide(read.cached_tokens),
    total_tokens: wide(tokens),
    priced_cost_usd: price && money(price.costUsd),
    price_reference: price?.reference,
    reported_cost_usd: money(read.cost),
    source_created_at: createdAt,
    deprecated_name: older?.table ?? null,
    record_at: recordAt,
  })
  const task = read.task_id === null ? null : idOf.task(decoding, read.task_id)
  return {
    owner: 'attempt',
    id,
    recordAt,
    touches:
      read.run_id !== null ? [['extraction', `run:${read.run_id}`]] : task ? [['extraction', `task:${task}`]] : [],
  }
})

type Read = {
  status: string | null
  error_message: string | null
  failure_reason: string | null
  extracted_data: unknown
  completed_at: string | null
}

/** Attempts without a status, as older sessions are: one with an error failed, one without an end was given up. */
function statusOf({ status, error_message, failure_reason, extracted_data, completed_at }: Read): AttemptStatus {
  if (status === 'COMPLETED') return 'SUCCESS'
  if (status === 'ERROR') return 'FAILED'
  if (status !== null && status !== 'RUNNING' && status !== 'QUEUED') return status as AttemptStatus
  if (error_message || failure_reason) return 'FAILED'
  return extracted_data !== null || completed_at !== null ? 'SUCCESS' : 'CANCELLED'
}
