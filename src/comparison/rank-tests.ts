import normalCdf from '@stdlib/stats-base-dists-normal-cdf'

/** How the values of both sides stand among each other. */
export type RankSums = {
  baselineN: number
  candidateN: number
  /** Sum of the baseline's ranks among all values, ties sharing their mean rank. */
  baselineRanks: number
  /** Σ (t³ − t) over groups of t equal values. */
  ties: number
}

/** How the differences of pairs stand among each other, by size; pairs without a difference are left out. */
export type SignedRankSums = {
  n: number
  /** Pairs without a difference. */
  zeros: number
  /** Sum of the ranks of the positive differences, ties sharing their mean rank. */
  positiveRanks: number
  /** Σ (t³ − t) over groups of t differences of one size. */
  ties: number
  /** How many differences there are of each size, the smallest first; only read when n and zeros are at most 13. */
  groups: readonly number[]
}

/** As SciPy's method='auto' decides: exact when a side has at most so many values and there are no ties. */
const SMALL_SIDE = 8
/** Beyond so many outcomes the exact distribution is not counted out; the normal one is then as good. */
const MOST_OUTCOMES = 1_000_000
/** As SciPy's method='auto' decides: exact for at most so many pairs without ties and zeros … */
const FEW_PAIRS = 50
/** … and for at most so many with them. */
const FEW_TIED_PAIRS = 13

/**
 * The Mann–Whitney U test, two-sided, as SciPy's `mannwhitneyu` computes it by default: exact for small sides without
 * ties, else normal with corrections for ties and continuity.
 * @returns null when a side is empty
 */
export function mannWhitney({ baselineN, candidateN, baselineRanks, ties }: RankSums): number | null {
  if (baselineN === 0 || candidateN === 0) return null
  const outcomes = baselineN * candidateN
  const n = baselineN + candidateN
  const u = baselineRanks - (baselineN * (baselineN + 1)) / 2
  const smaller = Math.min(u, outcomes - u)
  if (ties === 0 && Math.min(baselineN, candidateN) <= SMALL_SIDE && outcomes <= MOST_OUTCOMES)
    return Math.min(1, 2 * uCdf(smaller, Math.min(baselineN, candidateN), Math.max(baselineN, candidateN)))
  const variance = (outcomes / 12) * (n + 1 - ties / (n * (n - 1)))
  // Everything is equal.
  if (!(variance > 0)) return 1
  return Math.min(1, 2 * normalCdf((smaller - outcomes / 2 + 0.5) / Math.sqrt(variance), 0, 1))
}

/**
 * The Wilcoxon signed-rank test of pairs, two-sided, as SciPy's `wilcoxon` computes it by default: pairs without a
 * difference are left out; exact for few pairs, else normal with a correction for ties and none for continuity.
 * @returns null when there is no pair; 1 when no pair differs
 */
export function wilcoxon({ n, zeros, positiveRanks, ties, groups }: SignedRankSums): number | null {
  if (n + zeros === 0) return null
  if (n === 0) return 1
  const total = (n * (n + 1)) / 2
  const smaller = Math.min(positiveRanks, total - positiveRanks)
  if (ties === 0 && zeros === 0 && n <= FEW_PAIRS) return exactWilcoxon(smaller, Array<number>(n).fill(1))
  if (n + zeros <= FEW_TIED_PAIRS) return exactWilcoxon(smaller, groups)
  const variance = (n * (n + 1) * (2 * n + 1) - ties / 2) / 24
  return Math.min(1, 2 * normalCdf((smaller - total / 2) / Math.sqrt(variance), 0, 1))
}

/**
 * How likely U is at most this by chance: the coefficients of the Gaussian binomial of n + m over n count the orders of
 * the values by their U.
 * @param n at most 8
 */
function uCdf(u: number, n: number, m: number): number {
  const counts = new Float64Array(u + 1)
  counts[0] = 1
  let orders = 1
  for (let i = 1; i <= n; i++) {
    for (let at = u; at >= m + i; at--) counts[at]! -= counts[at - m - i]!
    for (let at = i; at <= u; at++) counts[at]! += counts[at - i]!
    orders *= (m + i) / i
  }
  return counts.reduce((sum, each) => sum + each, 0) / orders
}

/**
 * Counts, over all ways to give the ranks signs, how many have at most this sum of positive ranks.
 * @param groups the sizes of groups of tied ranks, the lowest ranks first
 */
function exactWilcoxon(smaller: number, groups: readonly number[]): number {
  // Ranks are doubled, so that the mean rank of a tie is a whole number.
  const most = Math.round(2 * smaller)
  const counts = new Float64Array(most + 1)
  counts[0] = 1
  let below = 0
  let signs = 1
  for (const size of groups) {
    const rank = 2 * below + size + 1
    for (let i = 0; i < size; i++) {
      for (let at = most; at >= rank; at--) counts[at]! += counts[at - rank]!
      signs *= 2
    }
    below += size
  }
  return Math.min(1, (2 * counts.reduce((sum, each) => sum + each, 0)) / signs)
}
