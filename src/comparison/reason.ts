import { LEAST_VALUES, type MetricComparison, type Winner } from './judge.ts'
import { type Metric, type MetricName, metricOf } from './metrics.ts'

/** Why the winner is who it is, in a sentence with the numbers. */
export function reasonOf(winner: Winner, metrics: readonly MetricComparison[], primary: MetricName | null): string {
  const first = metrics.find(({ metric }) => metric === primary)
  if (!first) return 'Inconclusive: there is no metric that both sides have.'
  const others = metrics.filter((each) => each !== first)
  const better = others.filter(({ verdict }) => verdict === 'BETTER')
  const worse = others.filter(({ verdict }) => verdict === 'WORSE')
  switch (winner) {
    case 'CANDIDATE':
      return `The candidate wins: ${first.metric} is better, ${numbersOf(first)}${others.length > 0 ? ', and no other metric is worse' : ''}.`
    case 'BASELINE':
      return `The baseline wins: ${first.metric} of the candidate is worse, ${numbersOf(first)}.`
    case 'TIE':
      return `A tie: ${first.metric} does not differ, ${numbersOf(first)}${others.length > 0 ? ', and no other metric is better or worse' : ''}.`
    case 'INCONCLUSIVE': {
      if (first.verdict === 'NOT_ENOUGH_DATA')
        return `Inconclusive: ${first.metric} has ${valuesOf(first.baseline.n)} in the baseline and ${valuesOf(first.candidate.n)} in the candidate; ${LEAST_VALUES} are needed in each.`
      const is = first.verdict === 'BETTER' ? 'is better' : 'does not differ'
      const but = [...worse.map(named('worse')), ...(first.verdict === 'BETTER' ? [] : better.map(named('better')))]
      return `Inconclusive: ${first.metric} ${is}, ${numbersOf(first)}, but ${but.join(', and ')}.`
    }
  }
}

const named = (how: string) => (comparison: MetricComparison) =>
  `${comparison.metric} is ${how}, ${numbersOf(comparison)}`

function numbersOf({ metric, baseline, candidate, ...of }: MetricComparison): string {
  const { measuredIn } = metricOf(metric)
  const show = (value: number) => formatValue(value, measuredIn)
  const [a, b] = [baseline.mean ?? Number.NaN, candidate.mean ?? Number.NaN]
  const change = of.difference === null ? [] : [signed(of.difference, measuredIn)]
  const interval = of.confidenceInterval
  const between = interval
    ? [`95 % interval ${signed(interval.low, measuredIn)} to ${signed(interval.high, measuredIn)}`]
    : []
  const p = of.adjustedPValue === null ? [] : [`adjusted ${formatPValue(of.adjustedPValue)}`]
  return `${show(b)} against ${show(a)} (${[...change, ...between, ...p].join(', ')})`
}

function valuesOf(n: number): string {
  return n === 0 ? 'no value' : n === 1 ? '1 value' : `${n} values`
}

/** A metric's value as people read it, to four digits: `91.33`, `63.79 %`, `$0.1222`, `36.62 s`, `55,054 tokens`. */
export function formatValue(value: number, measuredIn: Metric['measuredIn']): string {
  switch (measuredIn) {
    case 'points':
      return digits(value)
    case 'share':
      return `${digits(value * 100)} %`
    case 'usd':
      return `${value < 0 ? '-' : ''}$${digits(Math.abs(value))}`
    case 'seconds':
      return `${digits(value)} s`
    case 'tokens':
      return `${digits(value)} tokens`
  }
}

/** A difference with its sign; of shares in percentage points: `+27.01 pp`. */
export function signed(value: number, measuredIn: Metric['measuredIn']): string {
  const text = measuredIn === 'share' ? `${digits(value * 100)} pp` : formatValue(value, measuredIn)
  return `${value > 0 ? '+' : ''}${text}`
}

/** Such as `p = 0.031`, `p < 0.001`. */
export function formatPValue(pValue: number): string {
  return pValue < 0.001 ? 'p < 0.001' : `p = ${Number(pValue.toPrecision(2))}`
}

function digits(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US')
  // Number() takes the zeros behind away; no value here is so small that it would write an exponent.
  const rounded = Number(value.toPrecision(4))
  return Math.abs(rounded) < 1e-6 ? '0' : rounded.toLocaleString('en-US', { maximumFractionDigits: 20 })
}
