import gammaDeltaRatio from '@stdlib/math-base-special-gamma-delta-ratio'
import tCdf from '@stdlib/stats-base-dists-t-cdf'
import tQuantile from '@stdlib/stats-base-dists-t-quantile'

/** What a test needs to know of a sample's values. */
export type Moments = {
  n: number
  /** NaN when n is 0. */
  mean: number
  /** Of the sample: divided by n − 1; 0 when all values are equal, NaN when n < 2. */
  variance: number
}

export type Interval = { low: number; high: number }

/** A test of a difference of means; the interval holds it with 95 % confidence. */
export type TTest = { pValue: number; interval: Interval }

/**
 * Welch's t test, two-sided, of candidate − baseline (Welch 1947, degrees of freedom by Satterthwaite). Where neither
 * side varies, the difference is certain: p is 1 when there is none, else 0, and the interval has no width.
 * @returns null when a side has fewer than two values
 */
export function welch(baseline: Moments, candidate: Moments): TTest | null {
  if (baseline.n < 2 || candidate.n < 2) return null
  const [a, b] = [baseline.variance / baseline.n, candidate.variance / candidate.n]
  const degrees = (a + b) ** 2 / (a ** 2 / (baseline.n - 1) + b ** 2 / (candidate.n - 1))
  return tTest(candidate.mean - baseline.mean, Math.sqrt(a + b), degrees)
}

/**
 * The paired t test, two-sided, of the differences candidate − baseline of pairs.
 * @returns null when there are fewer than two pairs
 */
export function pairedT(differences: Moments): TTest | null {
  if (differences.n < 2) return null
  return tTest(differences.mean, Math.sqrt(differences.variance / differences.n), differences.n - 1)
}

/**
 * Hedges' g: the difference of means in pooled standard deviations, times the exact factor
 * Γ(m/2) ÷ (√(m/2) Γ((m − 1)/2)), m = n₁ + n₂ − 2, that takes away the bias of small samples (Hedges 1981).
 * @returns null when a side has fewer than two values or neither varies
 */
export function hedgesG(baseline: Moments, candidate: Moments): number | null {
  if (baseline.n < 2 || candidate.n < 2) return null
  const degrees = baseline.n + candidate.n - 2
  const pooled = ((baseline.n - 1) * baseline.variance + (candidate.n - 1) * candidate.variance) / degrees
  if (pooled === 0) return null
  const factor = 1 / (gammaDeltaRatio((degrees - 1) / 2, 0.5) * Math.sqrt(degrees / 2))
  return ((candidate.mean - baseline.mean) / Math.sqrt(pooled)) * factor
}

function tTest(difference: number, error: number, degrees: number): TTest {
  if (error === 0) return { pValue: difference === 0 ? 1 : 0, interval: { low: difference, high: difference } }
  // The lower tail, since 1 − cdf would lose what is left of a small p.
  const pValue = Math.min(1, 2 * tCdf(-Math.abs(difference / error), degrees))
  const reach = tQuantile(0.975, degrees) * error
  return { pValue, interval: { low: difference - reach, high: difference + reach } }
}
