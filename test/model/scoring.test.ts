import { Decimal } from 'decimal.js'
import { describe, expect, it } from 'vitest'
import {
  contributionOf,
  DIMENSIONS,
  exact,
  judge,
  problemOf,
  type ScoringRules,
  SHIPPED_RULES,
} from '../../src/model/scoring.ts'

const scores = (market: number, competition: number, emotional: number, feasibility: number, quality: number) => ({
  MARKET: market,
  COMPETITION: competition,
  EMOTIONAL: emotional,
  FEASIBILITY: feasibility,
  SIGNAL_QUALITY: quality,
})

const shown = (judgement: ReturnType<typeof judge>) =>
  judgement && [judgement.overallScore.toFixed(2), judgement.verdict]

const rules = (weights: string[], thresholds = ['96', '85', '70']): ScoringRules => ({
  weights: Object.fromEntries(DIMENSIONS.map((dimension, place) => [dimension, exact(weights[place]!)])) as never,
  thresholds: { emotional: exact(thresholds[0]!), go: exact(thresholds[1]!), research: exact(thresholds[2]!) },
})

describe('the verdict', () => {
  it('is that of the worked example', () => {
    // 22 + 15 + 28.8 + 13.5 + 8.2 = 87.5, and 96 reaches the emotional threshold.
    expect(shown(judge(scores(88, 75, 96, 90, 82), SHIPPED_RULES))).toEqual(['87.50', 'GO'])
  })

  it('is no GO without the emotional score', () => {
    expect(shown(judge(scores(100, 100, 95.9, 100, 100), SHIPPED_RULES))).toEqual(['98.77', 'RESEARCH'])
  })

  it('looks at the rounded overall score: 84.995 is 85.00', () => {
    // 0.25 × 79.98 + 0.2 × 80 + 0.3 × 96 + 0.15 × 80 + 0.1 × 82 = 84.995
    expect(shown(judge(scores(79.98, 80, 96, 80, 82), SHIPPED_RULES))).toEqual(['85.00', 'GO'])
    expect(shown(judge(scores(79.976, 80, 96, 80, 82), SHIPPED_RULES))).toEqual(['84.99', 'RESEARCH'])
  })

  it('is RESEARCH at its threshold and PASS below', () => {
    expect(shown(judge(scores(70, 70, 70, 70, 70), SHIPPED_RULES))).toEqual(['70.00', 'RESEARCH'])
    expect(shown(judge(scores(70, 70, 70, 70, 69.9), SHIPPED_RULES))).toEqual(['69.99', 'PASS'])
  })

  it('is none when a score is missing that weighs something, or the emotional one', () => {
    const { SIGNAL_QUALITY: _, ...four } = scores(90, 90, 97, 90, 90)
    expect(judge(four, SHIPPED_RULES)).toBe(null)
    expect(shown(judge(four, rules(['0.25', '0.25', '0.25', '0.25', '0'])))).toEqual(['91.75', 'GO'])
    expect(
      judge({ ...scores(90, 90, 90, 90, 90), EMOTIONAL: null }, rules(['0.25', '0.25', '0', '0.25', '0.25'])),
    ).toBe(null)
  })

  it('is computed without binary fractions', () => {
    expect(contributionOf('72.3', '0.3').toFixed()).toBe('21.69')
    expect(contributionOf('0.123456789012345', '0.123456789012').toFixed()).toBe('0.01524157875319607652835314')
  })
})

describe('rules', () => {
  it('that are shipped add up', () => expect(problemOf(SHIPPED_RULES)).toBe(null))

  it('add up in decimal: three tenths and seven tenths are one', () => {
    expect(problemOf(rules(['0.1', '0.2', '0.7', '0', '0']))).toBe(null)
    expect(problemOf(rules(['0.333333333333', '0.333333333333', '0.333333333334', '0', '0']))).toBe(null)
  })

  it.each([
    [rules(['0.1', '0.2', '0.7', '0.000000000001', '0']), 'weights', /add up to 1; they add up to 1.000000000001/],
    [rules(['-0.1', '0.4', '0.7', '0', '0']), 'weights.market', /between 0 and 1/],
    [rules(['1', '0', '0', '0', '1.5']), 'weights.signalQuality', /between 0 and 1/],
    [rules(['0.2', '0.2', '0.2', '0.2', '0.2'], ['96', '101', '70']), 'thresholds.go', /between 0 and 100/],
    [rules(['0.2', '0.2', '0.2', '0.2', '0.2'], ['96', '85', '-1']), 'thresholds.research', /between 0 and 100/],
    [rules(['0.2', '0.2', '0.2', '0.2', '0.2'], ['1e-13', '85', '70']), 'thresholds.emotional', /decimals/],
    [rules(['0.2', '0.2', '0.2', '0.2', '0.2'], ['0', '50', '70']), 'thresholds.research', /above thresholds\.go, 50/],
  ])('say what is wrong with them (%#)', (wrong, part, problem) => {
    expect(problemOf(wrong)).toEqual({ part, problem: expect.stringMatching(problem) })
  })

  it('may ask more of RESEARCH than of GO where GO asks for an emotional score too', () => {
    const by = rules(['0.2', '0.2', '0.2', '0.2', '0.2'], ['96', '50', '70'])
    expect(problemOf(by)).toBe(null)
    const verdicts = [scores(60, 60, 96, 60, 60), scores(60, 60, 60, 60, 60), scores(80, 80, 80, 80, 80)]
    expect(verdicts.map((each) => judge(each, by)!.verdict)).toEqual(['GO', 'PASS', 'RESEARCH'])
  })

  it('do not depend on the precision that others set', () => {
    const before = Decimal.precision
    Decimal.set({ precision: 3 })
    try {
      expect(shown(judge(scores(79.98, 80, 96, 80, 82), SHIPPED_RULES))).toEqual(['85.00', 'GO'])
    } finally {
      Decimal.set({ precision: before })
    }
  })
})
