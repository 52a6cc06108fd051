import { isEmptyValue, isSameValue, textOfValue } from '../../model/field-values.ts'
import { isObject } from '../wire.ts'

/** What is known of a task's fields, from its record or from its row. */
export type TaskContent = {
  status: string
  extractedData: unknown
  groundTruthData: unknown
  extractedFields: readonly string[]
  missingFields: readonly string[]
  fieldConfidences: unknown
  fieldAccuracies: unknown
}

export type ComparedField = {
  name: string
  position: number
  extracted_text: string | null
  ground_truth_text: string | null
  confidence: number | null
  is_compared: boolean
  is_matched: boolean
  is_missing: boolean
  reported_matched: boolean | null
}

export type Comparison = {
  hasGroundTruth: boolean
  /** Whether the task counts for accuracy; what follows is null when it does not. */
  isEvaluated: boolean
  comparedFields: number | null
  matchedFields: number | null
  /** 0–1. */
  fieldAccuracy: number | null
  passed: boolean | null
  fields: ComparedField[]
}

/**
 * Compares what a task extracted with what should have been. It counts for accuracy when it has a ground-truth value
 * and is COMPLETED, or FAILED with extracted data.
 */
export function compareFields(task: TaskContent): Comparison {
  const [extracted, truth] = [membersOf(task.extractedData), membersOf(task.groundTruthData)]
  const [confidences, reported] = [membersOf(task.fieldConfidences), membersOf(task.fieldAccuracies)]
  const hasGroundTruth = Object.values(truth).some((value) => !isEmptyValue(value))
  const hasExtracted = Object.values(extracted).some((value) => !isEmptyValue(value))
  const isEvaluated = hasGroundTruth && (task.status === 'COMPLETED' || (task.status === 'FAILED' && hasExtracted))
  const names = new Set([
    ...Object.keys(truth),
    ...Object.keys(extracted),
    ...task.extractedFields,
    ...task.missingFields,
    ...Object.keys(confidences),
    ...Object.keys(reported),
  ])
  const fields = [...names].map((name, position): ComparedField => {
    const [value, right] = [own(extracted, name), own(truth, name)]
    const isCompared = isEvaluated && !isEmptyValue(right)
    const isMissing = isCompared && isEmptyValue(value)
    const confidence = own(confidences, name)
    const judged = own(reported, name)
    return {
      name,
      position,
      extracted_text: textOfValue(value),
      ground_truth_text: textOfValue(right),
      confidence: confidenceOf(confidence),
      is_compared: isCompared,
      is_matched: isCompared && !isMissing && isSameValue(value, right),
      is_missing: isMissing,
      reported_matched: typeof judged === 'boolean' ? judged : null,
    }
  })
  const compared = fields.filter((field) => field.is_compared).length
  const matched = fields.filter((field) => field.is_matched).length
  return {
    hasGroundTruth,
    isEvaluated,
    comparedFields: isEvaluated ? compared : null,
    matchedFields: isEvaluated ? matched : null,
    fieldAccuracy: isEvaluated ? matched / compared : null,
    passed: isEvaluated ? matched === compared : null,
    fields,
  }
}

function membersOf(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {}
}

/** A member that the object itself has: a field may be called `constructor`. */
function own(object: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

function confidenceOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}
