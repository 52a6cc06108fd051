import { describe, expect, it } from 'vitest'
import { hedgesG, pairedT, type TTest, welch } from '../../src/comparison/t-tests.ts'
import { momentsOf } from './moments.ts'

const near = (value: number) => expect.closeTo(value, 10)

const tested = (test: TTest | null) => test && [test.pValue, test.interval.low, test.interval.high]

// SciPy 1.17.1: python3 -c "from scipy.stats import ttest_ind; r = ttest_ind(candidate, baseline, equal_var=False);
// print(r.pvalue, *r.confidence_interval())"
const WELCH: [string, number[], number[], [number, number, number]][] = [
  [
    'two small samples',
    [57.1, 62.3, 48.9, 71.5, 66.2, 59.8],
    [80.2, 77.7, 91.4, 68.8],
    [0.017799579967647493, 4.598908492968999, 32.51775817369767],
  ],
  ['equal samples', [1, 2], [1, 2], [1.0, -3.0424349222966542, 3.0424349222966542]],
  [
    'one side that does not vary',
    [1, 1, 1],
    [2, 2.5, 9],
    [0.2607649890007989, -6.2008678790527565, 13.200867879052756],
  ],
  [
    'spreads of different magnitude',
    [0.1, 0.2, 0.30000001],
    [1000, 1001, 1002, 1003],
    [4.394572656987942e-10, 999.255754919056, 1003.3442450742773],
  ],
]

describe("Welch's t test agrees with SciPy for", () => {
  it.each(WELCH)('%s', (_what, baseline, candidate, [pValue, low, high]) => {
    const test = welch(momentsOf(baseline), momentsOf(candidate))!
    expect(tested(test)).toEqual([near(pValue), near(low), near(high)])
    expect(test.pValue / pValue).toBeCloseTo(1, 8)
  })
})

describe("Welch's t test", () => {
  it('says nothing of a side with fewer than two values', () => {
    expect(welch(momentsOf([1]), momentsOf([1, 2, 3]))).toBe(null)
    expect(welch(momentsOf([1, 2, 3]), momentsOf([]))).toBe(null)
  })

  it('is certain where neither side varies', () => {
    const [three, four] = [momentsOf([3, 3, 3]), momentsOf([4, 4])]
    expect(tested(welch(three, three))).toEqual([1, 0, 0])
    expect(tested(welch(three, four))).toEqual([0, 1, 1])
  })

  it('keeps what is left of very small p values', () => {
    // python3 -c "from scipy.stats import ttest_ind_from_stats as t; print(t(1, 1, 1000, 0, 1, 1000, equal_var=False))"
    const test = welch({ n: 1000, mean: 0, variance: 1 }, { n: 1000, mean: 1, variance: 1 })!
    expect(test.pValue / 5.012825213402718e-99).toBeCloseTo(1, 6)
  })

  it('nears the normal distribution as samples grow', () => {
    const of = (mean: number) => ({ n: 2_500_000, mean, variance: 1 })
    const test = welch(of(0), of(0.002))!
    expect(test.interval.high - test.interval.low).toBeCloseTo(2 * 1.959964 * Math.sqrt(2 / 2_500_000), 8)
  })
})

describe('the paired t test', () => {
  it('agrees with SciPy', () => {
    const baseline = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3]
    const candidate = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
    // python3 -c "from scipy.stats import ttest_rel; r = ttest_rel(candidate, baseline); print(r.pvalue, *r.confidence_interval())"
    expect(tested(pairedT(momentsOf(candidate.map((value, index) => value - baseline[index]!))))).toEqual([
      near(0.016176627434908088),
      near(-0.7599990655056093),
      near(-0.10377871227216856),
    ])
  })

  it('says nothing of one pair, and is certain where all differences are equal', () => {
    expect(pairedT(momentsOf([1]))).toBe(null)
    expect(tested(pairedT(momentsOf([2, 2, 2])))).toEqual([0, 2, 2])
    expect(tested(pairedT(momentsOf([0, 0])))).toEqual([1, 0, 0])
  })
})

describe("Hedges' g", () => {
  it('takes the bias of small samples away by the exact factor', () => {
    // Pooled standard deviation 1, so d = 1; the factor for 8 degrees of freedom is Γ(4) ÷ (√4 Γ(3.5)) = 0.90270333.
    const five = (mean: number) => ({ n: 5, mean, variance: 1 })
    expect(hedgesG(five(2), five(3))).toBeCloseTo(0.9027033336764101, 12)
    expect(hedgesG(five(3), five(2))).toBeCloseTo(-0.9027033336764101, 12)
  })

  it('weighs the variances by their degrees of freedom', () => {
    // Pooled variance (4 · 2 + 1 · 7) ÷ 5 = 3; the factor for 5 is Γ(2.5) ÷ (√2.5 Γ(2)) = 0.8407486.
    expect(hedgesG({ n: 5, mean: 1, variance: 2 }, { n: 2, mean: 4, variance: 7 })).toBeCloseTo(
      Math.sqrt(3) * 0.840748682,
      8,
    )
  })

  it('is unknown where nothing varies or a side has fewer than two values', () => {
    expect(hedgesG(momentsOf([1, 1]), momentsOf([2, 2]))).toBe(null)
    expect(hedgesG(momentsOf([1]), momentsOf([2, 3]))).toBe(null)
  })
})
