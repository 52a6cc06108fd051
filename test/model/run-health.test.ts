import { describe, expect, it } from 'vitest'
import { type HealthFacts, healthOf } from '../../src/model/run-health.ts'

const FACTS: HealthFacts = {
  completed: 92,
  failed: 8,
  confidence: 0.73,
  medianMs: 1000,
  usualMedianMs: 1000,
  retried: 18,
  attempted: 100,
}
const NOTHING: HealthFacts = {
  completed: 0,
  failed: 0,
  confidence: null,
  medianMs: null,
  usualMedianMs: null,
  retried: 0,
  attempted: 0,
}

const factorValue = (facts: Partial<HealthFacts>, factor: string) =>
  healthOf({ ...FACTS, ...facts }).factors.find((each) => each.factor === factor)?.value

describe('the health of a run', () => {
  it('is 87 for 92 % success, 73 % confidence, a normal duration and 18 % retries', () => {
    const { score, factors } = healthOf(FACTS)
    expect(score).toBe(87)
    expect(factors.map(({ factor }) => factor)).toEqual(['success', 'confidence', 'duration', 'retries'])
    for (const [index, [value, weight, points]] of [
      [92, 0.45, 41.4],
      [73, 0.2, 14.6],
      [100, 0.15, 15],
      [82, 0.2, 16.4],
    ].entries()) {
      expect(factors[index]!.value).toBeCloseTo(value!, 10)
      expect(factors[index]!.weight).toBeCloseTo(weight!, 10)
      expect(factors[index]!.points).toBeCloseTo(points!, 10)
    }
  })

  it('leaves out what cannot be computed and scales the other weights to 1', () => {
    const { score, factors } = healthOf({ ...FACTS, confidence: null })
    expect(factors.map(({ weight }) => weight)).toEqual([0.5625, 0.1875, 0.25])
    // (41.4 + 15 + 16.4) ÷ 0.8 = 91.
    expect(score).toBe(91)
    expect(healthOf({ ...NOTHING, confidence: 0.5 })).toMatchObject({ score: 50, factors: [{ weight: 1 }] })
    expect(healthOf(NOTHING)).toEqual({ score: null, factors: [] })
  })

  it('rounds a half up, whatever thirds make of the last digit', () => {
    expect(healthOf({ ...NOTHING, completed: 169, failed: 31 }).score).toBe(85)
    expect(healthOf({ ...NOTHING, confidence: 0.845 }).score).toBe(85)
    // 45 ÷ 60 success, 2 of 3 retried: (0.45 × 75 + 0.2 × 33.33…) ÷ 0.65 = 62.17….
    expect(healthOf({ ...NOTHING, completed: 45, failed: 15, retried: 2, attempted: 3 }).score).toBe(62)
  })

  it.each([
    [1500, 1000, 100],
    [1501, 1000, (100 * 1499) / 1500],
    [2250, 1000, 50],
    [3000, 1000, 0],
    [9000, 1000, 0],
    [9000, null, 100],
    [0, 0, 100],
    [1, 0, 0],
  ])('takes a median of %d ms against a usual %s ms for %d', (medianMs, usualMedianMs, value) => {
    expect(factorValue({ medianMs, usualMedianMs }, 'duration')).toBeCloseTo(value, 9)
  })
})
