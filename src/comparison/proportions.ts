import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf'
import hypergeometricPmf from '@stdlib/stats-base-dists-hypergeometric-pmf'
import normalCdf from '@stdlib/stats-base-dists-normal-cdf'
import type { Interval } from './t-tests.ts'

/** How many of n succeeded. */
export type Count = { n: number; successes: number }

/** How many pairs succeeded on which sides. */
export type PairCounts = { both: number; onlyBaseline: number; onlyCandidate: number; neither: number }

/** The 97.5 % quantile of the normal distribution. */
const Z = 1.959963984540054

/** Probabilities this much above that of the table count as equal to it: they differ only by rounding. */
const ROUNDING = 1 + 1e-7

/**
 * The 95 % interval of the difference candidate − baseline of two proportions, from Wilson scores without continuity
 * correction (Newcombe 1998, Statistics in Medicine 17:873, method 10).
 * @returns null when a side has no value
 */
export function newcombe(baseline: Count, candidate: Count): Interval | null {
  if (baseline.n === 0 || candidate.n === 0) return null
  const [a, b] = [wilson(baseline), wilson(candidate)]
  const difference = b.share - a.share
  return {
    low: difference - Math.hypot(b.share - b.low, a.high - a.share),
    high: difference + Math.hypot(b.high - b.share, a.share - a.low),
  }
}

/**
 * The same for the proportions of pairs, whose correlation narrows or widens it (Newcombe 1998, Statistics in Medicine
 * 17:2635, method 10).
 * @returns null when there is no pair
 */
export function newcombePaired(pairs: PairCounts): Interval | null {
  const { both, onlyBaseline, onlyCandidate, neither } = pairs
  const n = both + onlyBaseline + onlyCandidate + neither
  if (n === 0) return null
  const a = wilson({ n, successes: both + onlyBaseline })
  const b = wilson({ n, successes: both + onlyCandidate })
  const correlation = correctedPhi(pairs, n)
  const reach = (x: number, y: number) => Math.sqrt(Math.max(0, x * x - 2 * correlation * x * y + y * y))
  const difference = (onlyCandidate - onlyBaseline) / n
  return {
    low: difference - reach(b.share - b.low, a.high - a.share),
    high: difference + reach(b.high - b.share, a.share - a.low),
  }
}

/**
 * Whether the two-proportion z test is too coarse for these counts: a count expected under the hypothesis of one common
 * proportion is below 5.
 */
export function hasSmallExpectedCount(baseline: Count, candidate: Count): boolean {
  const n = baseline.n + candidate.n
  const successes = baseline.successes + candidate.successes
  return (Math.min(baseline.n, candidate.n) * Math.min(successes, n - successes)) / n < 5
}

/** Fisher's exact test, two-sided: the probability of all tables with these margins that are no likelier than this. */
export function fisherExact(baseline: Count, candidate: Count): number {
  const n = baseline.n + candidate.n
  const successes = baseline.successes + candidate.successes
  const probability = (of: number) => hypergeometricPmf(of, n, successes, baseline.n)
  const most = probability(baseline.successes) * ROUNDING
  let [unlikelier, all] = [0, 0]
  for (let of = Math.max(0, successes - candidate.n); of <= Math.min(successes, baseline.n); of++) {
    const each = probability(of)
    if (each <= most) unlikelier += each
    all += each
  }
  // All of them are 1 but for rounding.
  return unlikelier / all
}

/** The two-proportion z test, two-sided, with the pooled proportion and without continuity correction. */
export function twoProportionZ(baseline: Count, candidate: Count): number {
  const pooled = (baseline.successes + candidate.successes) / (baseline.n + candidate.n)
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / baseline.n + 1 / candidate.n))
  const difference = candidate.successes / candidate.n - baseline.successes / baseline.n
  return error === 0 ? 1 : Math.min(1, 2 * normalCdf(-Math.abs(difference / error), 0, 1))
}

/** McNemar's exact test, two-sided: whether as many pairs succeeded only here as only there (binomial, ½). */
export function mcNemarExact({ onlyBaseline, onlyCandidate }: PairCounts): number {
  const discordant = onlyBaseline + onlyCandidate
  if (discordant === 0) return 1
  return Math.min(1, 2 * binomialCdf(Math.min(onlyBaseline, onlyCandidate), discordant, 0.5))
}

/** Wilson's score interval, 95 %. */
function wilson({ n, successes }: Count): Interval & { share: number } {
  const share = successes / n
  const centre = share + (Z * Z) / (2 * n)
  const reach = Z * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n))
  const scale = 1 + (Z * Z) / n
  // At 0 and n the bound is the share itself, which rounding must not pass.
  return {
    share,
    low: successes === 0 ? 0 : (centre - reach) / scale,
    high: successes === n ? 1 : (centre + reach) / scale,
  }
}

/** The correlation of the two outcomes of pairs, drawn towards 0 by n ÷ 2 where it is positive. */
function correctedPhi({ both, onlyBaseline, onlyCandidate, neither }: PairCounts, n: number): number {
  const margins = (both + onlyBaseline) * (onlyCandidate + neither) * (both + onlyCandidate) * (onlyBaseline + neither)
  if (margins === 0) return 0
  const product = both * neither - onlyBaseline * onlyCandidate
  return (product > 0 ? Math.max(product - n / 2, 0) : product) / Math.sqrt(margins)
}
