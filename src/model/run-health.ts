import { Decimal } from 'decimal.js'

/** What a run's health is judged by. */
export type HealthFacts = {
  completed: number
  failed: number
  /** Mean confidence of its completed tasks, 0–1. */
  confidence: number | null
  /** Median duration of its tasks. */
  medianMs: number | null
  /** Median duration of the tasks of the campaign's earlier completed runs. */
  usualMedianMs: number | null
  /** Tasks with more than one attempt, and with any. */
  retried: number
  attempted: number
}

/** `value` is 0–100, `weight` the part it has of the score, `points` what it adds to it. */
export type HealthFactor = { factor: string; value: number; weight: number; points: number }

/** `score` is 0–100; null when no factor can be computed. */
export type Health = { score: number | null; factors: HealthFactor[] }

const WEIGHTS = { success: 0.45, confidence: 0.2, duration: 0.15, retries: 0.2 } as const

/** A median up to this many times the usual one is as good as any; one of twice as many is worth nothing. */
const USUAL_AT_MOST = 1.5

/**
 * The health of an extraction run: the weighted mean of four factors. One that cannot be computed is left out and the
 * other weights are scaled to 1.
 */
export function healthOf(facts: HealthFacts): Health {
  const values = {
    success: percent(facts.completed, facts.completed + facts.failed),
    confidence: facts.confidence === null ? null : new Decimal(facts.confidence).mul(100),
    duration: durationValue(facts),
    retries: facts.attempted === 0 ? null : new Decimal(100).minus(percent(facts.retried, facts.attempted)!),
  }
  const known = Object.entries(WEIGHTS).flatMap(([factor, weight]) => {
    const value = values[factor as keyof typeof WEIGHTS]
    return value === null ? [] : [{ factor, weight: new Decimal(weight), value }]
  })
  if (known.length === 0) return { score: null, factors: [] }
  const whole = Decimal.sum(...known.map(({ weight }) => weight))
  const factors = known.map(({ factor, weight, value }) => ({
    factor,
    value,
    weight: weight.div(whole),
    points: weight.mul(value).div(whole),
  }))
  // Thirds and the like leave a rest in the last digit, which must not decide which way a half is rounded.
  const sum = Decimal.sum(...factors.map(({ points }) => points)).toDecimalPlaces(12)
  return {
    score: sum.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber(),
    factors: factors.map(({ factor, value, weight, points }) => ({
      factor,
      value: value.toNumber(),
      weight: weight.toNumber(),
      points: points.toNumber(),
    })),
  }
}

function percent(part: number, whole: number): Decimal | null {
  return whole === 0 ? null : new Decimal(part).mul(100).div(whole)
}

function durationValue({ medianMs, usualMedianMs }: HealthFacts): Decimal | null {
  if (medianMs === null) return null
  if (usualMedianMs === null) return new Decimal(100)
  const [median, most] = [new Decimal(medianMs), new Decimal(usualMedianMs).mul(USUAL_AT_MOST)]
  if (median.lte(most)) return new Decimal(100)
  if (most.isZero()) return new Decimal(0)
  return Decimal.max(0, most.mul(2).minus(median).div(most).mul(100))
}
