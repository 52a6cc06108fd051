import { normalizeDomain } from '../../model/domain-names.ts'
import { isEmptyValue } from '../../model/field-values.ts'
import { money } from '../decoding.ts'
import { latest } from '../own-keys.ts'
import { decoderOf, idOf } from './record.ts'
import { compareFields } from './task-fields.ts'
import { taskShape } from './wire.ts'

/** Older jobs that were judged by hand are done like others. */
const STATUSES = { ERROR: 'FAILED', LABELED: 'COMPLETED' } as const

export const decodeTask = decoderOf(
  taskShape,
  ['run_id', 'campaign_id', 'dataset_id', 'site_url'],
  ({ read, decoding, older, row }) => {
    const { ids, rows } = decoding
    const id = idOf.task(decoding, read.id)
    const [createdAt, updatedAt] = [decoding.time(read.created_at), decoding.time(read.updated_at)]
    const [startedAt, completedAt] = [decoding.time(read.started_at), decoding.time(read.completed_at)]
    const recordAt = updatedAt ?? latest(createdAt, startedAt, completedAt)
    const given = read.status ?? 'QUEUED'
    const status = given === 'ERROR' || given === 'LABELED' ? STATUSES[given] : given
    const comparison = compareFields({
      status,
      extractedData: read.extracted_data,
      groundTruthData: read.ground_truth_data,
      extractedFields: read.extracted_fields,
      missingFields: read.missing_fields,
      fieldConfidences: read.field_confidences,
      fieldAccuracies: read.field_accuracies,
    })
    const domain = normalizeDomain(read.site_url)
    const companyId = domain && ids.of('company', domain)
    if (domain && companyId)
      rows.add('companies', { id: companyId, organization_id: row.organization_id, key: domain, domain })
    const datasetRowId =
      older || read.dataset_id === null || read.row_id === null
        ? null
        : ids.of('dataset_row', idOf.dataset(decoding, read.dataset_id), read.row_id)
    rows.add('tasks', {
      id,
      ...row,
      source_run_id: read.run_id,
      source_campaign_id: read.campaign_id,
      source_dataset_id: read.dataset_id,
      source_organization_id: read.organization_id,
      row_id: read.row_id,
      // As it will be when the dataset has such a row; settled with the rest where it has none.
      dataset_row_id: datasetRowId,
      row_data: read.row_data as never,
      site_url: read.site_url,
      site_domain: domain,
      site_name: read.site_name,
      company_id: companyId,
      goal: read.goal,
      status,
      status_category: read.status_category,
      detailed_status: read.detailed_status,
      extracted_data: isEmptyValue(read.extracted_data) ? null : (read.extracted_data as never),
      extracted_fields: read.extracted_fields,
      missing_fields: read.missing_fields,
      completeness_percent: read.completeness_percent,
      overall_confidence: read.overall_confidence,
      field_confidences: read.field_confidences as never,
      ground_truth_data: comparison.hasGroundTruth ? (read.ground_truth_data as never) : null,
      has_ground_truth: comparison.hasGroundTruth,
      is_evaluated: comparison.isEvaluated,
      compared_fields: comparison.comparedFields,
      matched_fields: comparison.matchedFields,
      field_accuracy: comparison.fieldAccuracy,
      passed: comparison.passed,
      reported_accuracy: read.accuracy_result,
      reported_field_accuracies: read.field_accuracies as never,
      failure_category: read.failure_category,
      failure_reason: read.failure_reason,
      blocked_reason: read.blocked_reason,
      reported_attempt_count: read.attempt_count,
      reported_retry_count: read.retry_count,
      source_last_attempt_id: read.last_attempt_id,
      started_at: startedAt,
      completed_at: completedAt,
      duration_ms: read.duration_ms,
      current_step: read.current_step,
      current_url: read.current_url,
      progress_percent: read.progress_percent,
      reported_cost_usd: money(read.cost),
      source_created_at: createdAt,
      source_updated_at: updatedAt,
      deprecated_name: older?.table ?? null,
      record_at: recordAt,
    })
    for (const field of comparison.fields) {
      rows.add('task_fields', {
        id: ids.of('task_field', id, field.name),
        organization_id: row.organization_id,
        task_id: id,
        run_id: read.run_id === null ? null : idOf.run(decoding, read.run_id),
        ...field,
      })
    }
    return { owner: 'task', id, recordAt, touches: [['extraction', touched()]] }

    function touched(): string {
      if (read.run_id !== null) return `run:${read.run_id}`
      return older && read.dataset_id !== null ? `dataset:${read.dataset_id}` : `task:${id}`
    }
  },
)
