import { describe, expect, it } from 'vitest'
import { judge, type MetricComparison, type Verdict, winnerOf } from '../../src/comparison/judge.ts'
import { formatPValue, formatValue, reasonOf, signed } from '../../src/comparison/reason.ts'
import type { Sample } from '../../src/comparison/samples.ts'
import { momentsOf } from './moments.ts'

const sample = (...values: number[]): Sample => ({
  ...momentsOf(values),
  min: values.length > 0 ? Math.min(...values) : null,
  max: values.length > 0 ? Math.max(...values) : null,
})

const yes = (n: number, successes: number): Sample =>
  sample(...Array.from({ length: n }, (_, index) => (index < successes ? 1 : 0)))

const quality = { name: 'QUALITY_SCORE', kind: 'NUMBER' } as const
const cost = { name: 'COST_USD', kind: 'NUMBER' } as const
const success = { name: 'SUCCESS_RATE', kind: 'PROPORTION' } as const
const [low, high] = [sample(10, 11, 12, 13, 14), sample(90, 91, 92, 93, 94)]

describe('a metric is judged', () => {
  it('better when its difference goes the good way', () => {
    const judged = judge(
      [quality, cost],
      [
        { baseline: low, candidate: high },
        { baseline: low, candidate: high },
      ],
    )
    expect(judged.map(({ betterWhen, verdict }) => [betterWhen, verdict])).toEqual([
      ['HIGHER', 'BETTER'],
      ['LOWER', 'WORSE'],
    ])
    expect(judged[0]).toMatchObject({
      test: 'WELCH_T',
      difference: 80,
      relativeDifference: expect.closeTo(80 / 12, 12),
      baseline: { n: 5, mean: 12, stdDev: expect.closeTo(Math.sqrt(2.5), 12), min: 10, max: 14 },
    })
    // Both have the same p value: Holm takes twice the first, and not less for the second.
    expect(judged[0]!.adjustedPValue).toBeCloseTo(2 * judged[0]!.pValue!, 15)
    expect(judged[1]!.adjustedPValue).toBe(judged[0]!.adjustedPValue)
  })

  it('by its adjusted p value: what is significant alone need not be so among others', () => {
    // p is .0285 for 30 and 45 of 100: twice that is above .05.
    const asked = { baseline: yes(100, 30), candidate: yes(100, 45) }
    expect(judge([success], [asked])[0]).toMatchObject({ test: 'TWO_PROPORTION_Z', verdict: 'BETTER' })
    const [first] = judge([success, quality], [asked, { baseline: low, candidate: low }])
    expect(first).toMatchObject({ adjustedPValue: expect.closeTo(0.056919, 5), verdict: 'NO_DIFFERENCE' })
  })

  it('not at all with fewer than five values on a side', () => {
    const [judged] = judge([quality], [{ baseline: sample(10, 11, 12, 13), candidate: high }])
    expect(judged).toMatchObject({ verdict: 'NOT_ENOUGH_DATA', pValue: expect.any(Number), difference: 80.5 })
  })

  it('without values on a side, with nothing computed', () => {
    for (const metric of [quality, success]) {
      expect(judge([metric], [{ baseline: sample(), candidate: yes(9, 3) }])[0]).toMatchObject({
        baseline: { n: 0, mean: null, stdDev: null, min: null, max: null },
        difference: null,
        relativeDifference: null,
        confidenceInterval: null,
        pValue: null,
        adjustedPValue: null,
        effectSize: null,
        verdict: 'NOT_ENOUGH_DATA',
      })
    }
  })

  it('no different where all values are equal, and certainly different where two constants are', () => {
    const [same] = judge([quality], [{ baseline: sample(7, 7, 7, 7, 7), candidate: sample(7, 7, 7, 7, 7, 7) }])
    expect(same).toMatchObject({ pValue: 1, effectSize: null, verdict: 'NO_DIFFERENCE' })
    const [other] = judge([cost], [{ baseline: sample(7, 7, 7, 7, 7), candidate: sample(6, 6, 6, 6, 6) }])
    expect(other).toMatchObject({ pValue: 0, confidenceInterval: { low: -1, high: -1 }, verdict: 'BETTER' })
  })

  it('by Fisher’s test where a count is too small for z, and without a relative difference to 0', () => {
    const [judged] = judge([success], [{ baseline: yes(5, 0), candidate: yes(5, 4) }])
    expect(judged).toMatchObject({
      test: 'FISHER_EXACT',
      pValue: expect.closeTo(0.04761904761904762, 10),
      relativeDifference: null,
      effectSize: null,
    })
  })

  it('in pairs, by the differences', () => {
    const differences = { ...momentsOf([1, 2, 3, 4, 5]), positive: 5, negative: 0 }
    const [judged] = judge(
      [quality],
      [{ baseline: sample(1, 2, 3, 4, 5), candidate: sample(2, 4, 6, 8, 10), differences }],
    )
    // python3 -c "from scipy.stats import ttest_1samp; print(ttest_1samp([1, 2, 3, 4, 5], 0).pvalue)"
    expect(judged).toMatchObject({
      test: 'PAIRED_T',
      pValue: expect.closeTo(0.01323559956368269, 10),
      verdict: 'BETTER',
    })
  })

  it('in pairs of yes and no, by those that differ', () => {
    // 6 of 10 pass in the baseline: 5 of them again, 1 not; and 3 more do.
    const differences = { ...momentsOf([1, 1, 1, -1, 0, 0, 0, 0, 0, 0]), positive: 3, negative: 1 }
    const [judged] = judge([success], [{ baseline: yes(10, 6), candidate: yes(10, 8), differences }])
    expect(judged).toMatchObject({
      test: 'MCNEMAR_EXACT',
      // Of 4 fair coins at most 1 head, twice: 2 × 5 ÷ 16.
      pValue: 0.625,
      difference: expect.closeTo(0.2, 12),
      verdict: 'NO_DIFFERENCE',
    })
  })
})

describe('who wins', () => {
  const metric = (metric: MetricComparison['metric'], verdict: Verdict) =>
    ({ ...judge([quality], [{ baseline: low, candidate: high }])[0]!, metric, verdict }) as MetricComparison
  const winner = (primary: Verdict, ...others: Verdict[]) =>
    winnerOf(
      [metric('QUALITY_SCORE', primary), ...others.map((verdict) => metric('COST_USD', verdict))],
      'QUALITY_SCORE',
    )

  it.each<[string, Verdict, Verdict[], string]>([
    ['better by the primary alone', 'BETTER', [], 'CANDIDATE'],
    ['better by the primary, else no difference', 'BETTER', ['NO_DIFFERENCE', 'BETTER'], 'CANDIDATE'],
    ['better by the primary, too little known of another', 'BETTER', ['NOT_ENOUGH_DATA'], 'CANDIDATE'],
    ['better by the primary, worse by another', 'BETTER', ['WORSE'], 'INCONCLUSIVE'],
    ['worse by the primary, better by another', 'WORSE', ['BETTER'], 'BASELINE'],
    ['no difference by any', 'NO_DIFFERENCE', ['NO_DIFFERENCE', 'NOT_ENOUGH_DATA'], 'TIE'],
    ['no difference by the primary, better by another', 'NO_DIFFERENCE', ['BETTER'], 'INCONCLUSIVE'],
    ['no difference by the primary, worse by another', 'NO_DIFFERENCE', ['WORSE'], 'INCONCLUSIVE'],
    ['too little known of the primary', 'NOT_ENOUGH_DATA', ['BETTER'], 'INCONCLUSIVE'],
  ])('%s', (_what, primary, others, expected) => {
    expect(winner(primary, ...others)).toBe(expected)
  })

  it('nobody when there is nothing to judge by', () => {
    expect(winnerOf([], null)).toBe('INCONCLUSIVE')
    expect(reasonOf('INCONCLUSIVE', [], null)).toBe('Inconclusive: there is no metric that both sides have.')
  })

  it('is said in a sentence with the numbers', () => {
    const [judgedQuality, judgedCost] = judge(
      [quality, cost],
      [
        { baseline: low, candidate: high },
        { baseline: low, candidate: high },
      ],
    )
    const said = reasonOf('INCONCLUSIVE', [judgedQuality!, judgedCost!], 'QUALITY_SCORE')
    expect(said).toMatch(/^Inconclusive: QUALITY_SCORE is better, 92 against 12 \(\+80, 95 % interval /)
    expect(said).toMatch(/, but COST_USD is worse, \$92 against \$12 \(\+\$80, .*adjusted p < 0\.001\)\.$/)
    const few = judge([quality], [{ baseline: sample(), candidate: sample(1) }])
    expect(reasonOf('INCONCLUSIVE', few, 'QUALITY_SCORE')).toBe(
      'Inconclusive: QUALITY_SCORE has no value in the baseline and 1 value in the candidate; 5 are needed in each.',
    )
    expect(reasonOf('TIE', judge([quality], [{ baseline: low, candidate: low }]), 'QUALITY_SCORE')).toMatch(
      /^A tie: QUALITY_SCORE does not differ, 12 against 12 \(0, .*, adjusted p = 1\)\.$/,
    )
  })
})

it('numbers are written for people', () => {
  expect([formatValue(91.3333, 'points'), formatValue(0.6379310344827587, 'share')]).toEqual(['91.33', '63.79 %'])
  expect([formatValue(0.122201857, 'usd'), signed(-0.00596, 'usd')]).toEqual(['$0.1222', '-$0.00596'])
  expect([formatValue(55054.4, 'tokens'), signed(3.119843, 'seconds')]).toEqual(['55,054 tokens', '+3.12 s'])
  expect([signed(0.27011, 'share'), signed(0, 'points')]).toEqual(['+27.01 pp', '0'])
  expect([formatPValue(0.0309), formatPValue(0.00012), formatPValue(1)]).toEqual(['p = 0.031', 'p < 0.001', 'p = 1'])
})
