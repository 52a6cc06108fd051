import { holm } from './holm.ts'
import { type MetricName, metricOf } from './metrics.ts'
import {
  type Count,
  fisherExact,
  hasSmallExpectedCount,
  mcNemarExact,
  newcombe,
  newcombePaired,
  type PairCounts,
  twoProportionZ,
} from './proportions.ts'
import type { Differences, MeasuredMetric, Sample } from './samples.ts'
import { hedgesG, type Interval, pairedT, welch } from './t-tests.ts'

export type Test = 'FISHER_EXACT' | 'MCNEMAR_EXACT' | 'PAIRED_T' | 'TWO_PROPORTION_Z' | 'WELCH_T'
export type Verdict = 'BETTER' | 'NOT_ENOUGH_DATA' | 'NO_DIFFERENCE' | 'WORSE'
export type Winner = 'BASELINE' | 'CANDIDATE' | 'INCONCLUSIVE' | 'TIE'

/** A side's values of a metric; null where there are too few of them. */
export type SampleSummary = {
  n: number
  mean: number | null
  stdDev: number | null
  min: number | null
  max: number | null
}

/** A metric of the candidate against that of the baseline; differences are candidate − baseline. */
export type MetricComparison = {
  metric: MetricName
  betterWhen: 'HIGHER' | 'LOWER'
  test: Test
  baseline: SampleSummary
  candidate: SampleSummary
  difference: number | null
  /** The difference ÷ the baseline's mean. */
  relativeDifference: number | null
  confidenceInterval: Interval | null
  pValue: number | null
  adjustedPValue: number | null
  effectSize: number | null
  verdict: Verdict
}

/** Below so many values on a side nothing is said. */
export const LEAST_VALUES = 5
const SIGNIFICANT = 0.05

type Tested = Pick<MetricComparison, 'test' | 'pValue' | 'confidenceInterval' | 'effectSize'>
type Sides = { baseline: Sample; candidate: Sample; differences?: Differences }

/**
 * Judges each metric, with Holm's correction over all of them.
 * @param samples of each metric; with differences, they are of pairs
 */
export function judge(metrics: readonly MeasuredMetric[], samples: readonly Sides[]): MetricComparison[] {
  const tested = metrics.map((metric, index) => testOf(metric, samples[index]!))
  const adjusted = holm(tested.map(({ pValue }) => pValue))
  return metrics.map(({ name }, index) => {
    const { baseline, candidate } = samples[index]!
    const { betterWhen } = metricOf(name)
    const difference = baseline.n === 0 || candidate.n === 0 ? null : candidate.mean - baseline.mean
    const adjustedPValue = adjusted[index]!
    return {
      metric: name,
      betterWhen,
      ...tested[index]!,
      baseline: summaryOf(baseline),
      candidate: summaryOf(candidate),
      difference,
      relativeDifference: difference === null || baseline.mean === 0 ? null : difference / Math.abs(baseline.mean),
      adjustedPValue,
      verdict:
        Math.min(baseline.n, candidate.n) < LEAST_VALUES
          ? 'NOT_ENOUGH_DATA'
          : verdictOf(betterWhen === 'HIGHER' ? difference : -difference!, adjustedPValue),
    }
  })
}

/**
 * Who wins: the candidate when the primary metric is better and none is worse, the baseline when the primary is worse;
 * a tie when nothing differs.
 * @param primary null when there is no metric to judge by
 */
export function winnerOf(metrics: readonly MetricComparison[], primary: MetricName | null): Winner {
  const verdict = metrics.find(({ metric }) => metric === primary)?.verdict
  const some = (which: Verdict) => metrics.some((each) => each.verdict === which)
  if (verdict === 'WORSE') return 'BASELINE'
  if (verdict === 'BETTER' && !some('WORSE')) return 'CANDIDATE'
  if (verdict === 'NO_DIFFERENCE' && !some('WORSE') && !some('BETTER')) return 'TIE'
  return 'INCONCLUSIVE'
}

/** @param gain the difference, positive where the candidate is better */
function verdictOf(gain: number | null, adjustedPValue: number | null): Verdict {
  if (gain === null || gain === 0 || adjustedPValue === null || adjustedPValue >= SIGNIFICANT) return 'NO_DIFFERENCE'
  return gain > 0 ? 'BETTER' : 'WORSE'
}

function testOf({ kind }: MeasuredMetric, { baseline, candidate, differences }: Sides): Tested {
  if (kind === 'NUMBER') {
    const tested = differences ? pairedT(differences) : welch(baseline, candidate)
    return {
      test: differences ? 'PAIRED_T' : 'WELCH_T',
      pValue: tested?.pValue ?? null,
      confidenceInterval: tested?.interval ?? null,
      effectSize: hedgesG(baseline, candidate),
    }
  }
  if (differences) return { ...testOfPairs(pairCountsOf(baseline, differences)), effectSize: null }
  return { ...testOfCounts(countOf(baseline), countOf(candidate)), effectSize: null }
}

function testOfPairs(pairs: PairCounts): Omit<Tested, 'effectSize'> {
  const confidenceInterval = newcombePaired(pairs)
  return { test: 'MCNEMAR_EXACT', pValue: confidenceInterval && mcNemarExact(pairs), confidenceInterval }
}

function testOfCounts(baseline: Count, candidate: Count): Omit<Tested, 'effectSize'> {
  const confidenceInterval = newcombe(baseline, candidate)
  if (!confidenceInterval) return { test: 'FISHER_EXACT', pValue: null, confidenceInterval }
  return hasSmallExpectedCount(baseline, candidate)
    ? { test: 'FISHER_EXACT', pValue: fisherExact(baseline, candidate), confidenceInterval }
    : { test: 'TWO_PROPORTION_Z', pValue: twoProportionZ(baseline, candidate), confidenceInterval }
}

function countOf({ n, mean }: Sample): Count {
  return { n, successes: n === 0 ? 0 : Math.round(mean * n) }
}

function pairCountsOf(baseline: Sample, { positive, negative }: Differences): PairCounts {
  const { n, successes } = countOf(baseline)
  return {
    onlyCandidate: positive,
    onlyBaseline: negative,
    both: successes - negative,
    neither: n - successes - positive,
  }
}

function summaryOf({ n, mean, variance, min, max }: Sample): SampleSummary {
  return { n, mean: n === 0 ? null : mean, stdDev: n < 2 ? null : Math.sqrt(variance), min, max }
}
