import { hash } from 'node:crypto'
import { canonicalJson } from '../../model/field-values.ts'
import type { RunStatus, RunType } from '../../store/generated/prisma/client.ts'
import { money } from '../decoding.ts'
import { latest } from '../own-keys.ts'
import { decoderOf, idOf } from './record.ts'
import { resultShape, runShape } from './wire.ts'

export const PIPELINE = 'extraction'

/** An extraction run is a run like any other, with a row more of what only it has. */
export const decodeExtractionRun = decoderOf(
  runShape,
  ['campaign_id', 'dataset_id', 'run_type', 'total_tasks'],
  ({ read, decoding, older, row }) => {
    const { ids, rows } = decoding
    const id = idOf.run(decoding, read.id)
    const pipelineId = ids.of('pipeline', PIPELINE)
    const [createdAt, updatedAt] = [decoding.time(read.created_at), decoding.time(read.updated_at)]
    const [startedAt, pausedAt] = [decoding.time(read.started_at), decoding.time(read.paused_at)]
    const [completedAt, stoppedAt] = [decoding.time(read.completed_at), decoding.time(read.stopped_at)]
    const finishedAt = completedAt ?? stoppedAt
    const recordAt = updatedAt ?? latest(createdAt, startedAt, pausedAt, finishedAt)
    rows.add('pipelines', { id: pipelineId, organization_id: row.organization_id, name: PIPELINE })
    rows.add('runs', {
      id,
      organization_id: row.organization_id,
      pipeline_id: pipelineId,
      external_id: read.id,
      status: statusOf(read.status),
      run_type: typeOf(read.run_type),
      started_at: startedAt,
      finished_at: finishedAt,
      duration_seconds: startedAt && finishedAt ? (finishedAt.getTime() - startedAt.getTime()) / 1000 : null,
      cost_usd: money(read.actual_cost),
      reported_cost_usd: money(read.actual_cost),
      created_by: read.created_by,
      record_at: recordAt,
      record_sha256: row.record_sha256,
    })
    rows.add('extraction_runs', {
      id,
      ...row,
      source_campaign_id: read.campaign_id,
      source_dataset_id: read.dataset_id,
      source_instruction_id: read.instruction_id,
      source_organization_id: read.organization_id,
      run_type: typeOf(read.run_type),
      sample_strategy: read.sample_strategy,
      sample_size: read.sample_size,
      sample_row_ids: read.sample_row_ids,
      concurrency: read.concurrency,
      use_agent_ql: read.use_agent_ql,
      retry_enabled: read.retry_enabled,
      max_retries: read.max_retries,
      reported_total_tasks: read.total_tasks,
      reported_completed_tasks: read.completed_tasks,
      reported_running_tasks: read.running_tasks,
      reported_queued_tasks: read.queued_tasks,
      reported_failed_tasks: read.failed_tasks,
      reported_passed_tasks: read.passed_tasks,
      reported_failed_validation: read.failed_validation,
      reported_partial_extractions: read.partial_extractions,
      reported_accuracy_percent: read.accuracy_percent,
      reported_pass_rate: read.pass_rate,
      reported_health_score: read.health_score,
      reported_health_factors: read.health_factors,
      estimated_cost_usd: money(read.estimated_cost),
      actual_cost_usd: money(read.actual_cost),
      paused_at: pausedAt,
      stopped_at: stoppedAt,
      stop_reason: read.stop_reason,
      source_result_id: read.result_id,
      source_created_at: createdAt,
      source_updated_at: updatedAt,
      deprecated_name: older?.table ?? null,
      record_at: recordAt,
    })
    return {
      owner: 'extractionRun',
      id,
      recordAt,
      touches: [
        ['extraction', `run:${read.id}`],
        // The sessions of the batch may belong to it, and it to the project's only version.
        ...(older && read.dataset_id !== null ? [['extraction', `dataset:${read.dataset_id}`] as const] : []),
        ...(older && read.campaign_id !== null ? [['extraction', `campaign:${read.campaign_id}`] as const] : []),
      ],
    }
  },
)

/** What may not change of a result is told apart by its hash. */
export const decodeResult = decoderOf(resultShape, ['run_id'], ({ read, decoding, row }) => {
  const id = idOf.result(decoding, read.id)
  const createdAt = decoding.time(read.created_at)
  const { exports, permalink_token, is_public, expires_at, ...content } = read
  const contentSha256 = hash('sha256', canonicalJson({ ...row.extra, ...content }))
  decoding.rows.add('extraction_results', {
    id,
    ...row,
    source_run_id: read.run_id,
    source_campaign_id: read.campaign_id,
    source_dataset_id: read.dataset_id,
    source_instruction_id: read.instruction_id,
    source_organization_id: read.organization_id,
    total_tasks: read.total_tasks,
    successful_tasks: read.successful_tasks,
    failed_tasks: read.failed_tasks,
    partial_tasks: read.partial_tasks,
    overall_quality_score: read.overall_quality_score,
    average_confidence: read.avg_confidence,
    average_completeness: read.avg_completeness,
    reported_accuracy_percent: read.accuracy_percent,
    reported_pass_rate: read.pass_rate,
    reported_field_accuracies: read.field_accuracies as never,
    task_results: read.task_results as never,
    exports: exports as never,
    permalink_token,
    is_public: is_public ?? false,
    expires_at: decoding.time(expires_at),
    created_by: read.created_by,
    source_created_at: createdAt,
    content_sha256: contentSha256,
    record_at: createdAt,
  })
  return { owner: 'extractionResult', id, recordAt: createdAt, contentSha256 }
})

function statusOf(status: string | null): RunStatus {
  if (status === null) return 'QUEUED'
  return status === 'ERROR' ? 'FAILED' : (status as RunStatus)
}

function typeOf(type: string | null): RunType | null {
  return type === 'TEST' ? 'TEST_SAMPLE' : (type as RunType | null)
}
