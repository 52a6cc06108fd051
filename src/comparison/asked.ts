import { BadInputError } from '../errors.ts'
import { type ComparisonUnit, METRIC_NAMES, type MetricName, metricValueOf, usualMetrics } from './metrics.ts'

/** What a comparison is asked to judge by; nulls and an empty list leave it to the usual metrics. */
export type Question = { primary?: string | null; metrics?: readonly string[] | null }

export type AskedMetrics = {
  /** Null leaves it to the first metric that both sides have. */
  primary: MetricName | null
  /** Without repeats, the primary among them. */
  names: MetricName[]
  /** Whether the metrics were asked for by name; else those that a side lacks are left out. */
  isExplicit: boolean
}

/**
 * @throws BadInputError naming `primary` or `metrics` when one is unknown or has no meaning for what is compared
 */
export function readQuestion({ primary, metrics }: Question, unit: ComparisonUnit): AskedMetrics {
  const known = metrics?.map((name, index) => metricNamed(name, `metrics[${index}]`, unit)) ?? []
  const isExplicit = known.length > 0
  const first = primary === null || primary === undefined ? null : metricNamed(primary, 'primary', unit)
  const names = new Set(isExplicit ? known : usualMetrics(unit))
  return {
    primary: first,
    names: first === null || names.has(first) ? [...names] : [first, ...names],
    isExplicit,
  }
}

function metricNamed(name: string, argument: string, unit: ComparisonUnit): MetricName {
  const possible = METRIC_NAMES.filter((each) => metricValueOf(each, unit))
  const found = possible.find((each) => each === name)
  if (found) return found
  const problem = METRIC_NAMES.some((each) => each === name)
    ? `has no meaning for ${unit === 'RUN' ? 'runs' : 'tasks'}`
    : 'is not a metric'
  throw new BadInputError(`${argument} ${problem}: ${name}.`, { argument, hint: `Take ${possible.join(', ')}.` })
}
