import { Decimal } from 'decimal.js'

/** Sums and products of scores and weights are exact: none needs more digits than these. */
const Exact = Decimal.clone({ precision: 100 })

/** The dimensions of a score, in the order they are shown. */
export const DIMENSIONS = ['MARKET', 'COMPETITION', 'EMOTIONAL', 'FEASIBILITY', 'SIGNAL_QUALITY'] as const

export type Dimension = (typeof DIMENSIONS)[number]
export type Verdict = 'GO' | 'PASS' | 'RESEARCH'

/** How scores become an overall score, and that a verdict. */
export type ScoringRules = {
  /** Share of the overall score, 0–1; they add up to 1. */
  weights: Record<Dimension, Decimal>
  /** 0–100: the emotional score and the overall score that GO needs, and the overall score that RESEARCH needs. */
  thresholds: { emotional: Decimal; go: Decimal; research: Decimal }
}

/** The rules of an organization that has none of its own. */
export const SHIPPED_RULES: ScoringRules = {
  weights: {
    MARKET: new Exact('0.25'),
    COMPETITION: new Exact('0.20'),
    EMOTIONAL: new Exact('0.30'),
    FEASIBILITY: new Exact('0.15'),
    SIGNAL_QUALITY: new Exact('0.10'),
  },
  thresholds: { emotional: new Exact(96), go: new Exact(85), research: new Exact(70) },
}

/** What is wrong with a part of the rules: `weights.market`, `weights`, `thresholds.go`. */
export type RuleProblem = { part: string; problem: string }

/** More decimals than any score or weight means; a number that has more is a slip. */
const MOST_DECIMALS = 12

/** @returns the first thing wrong with the rules; null when nothing is */
export function problemOf({ weights, thresholds }: ScoringRules): RuleProblem | null {
  for (const dimension of DIMENSIONS) {
    const part = `weights.${nameOf(dimension)}`
    const weight = weights[dimension]
    if (weight.lt(0) || weight.gt(1)) return { part, problem: 'must be between 0 and 1' }
    if (weight.decimalPlaces() > MOST_DECIMALS) return { part, problem: `has more than ${MOST_DECIMALS} decimals` }
  }
  for (const [name, threshold] of Object.entries(thresholds)) {
    const part = `thresholds.${name}`
    if (threshold.lt(0) || threshold.gt(100)) return { part, problem: 'must be between 0 and 100' }
    if (threshold.decimalPlaces() > MOST_DECIMALS) return { part, problem: `has more than ${MOST_DECIMALS} decimals` }
  }
  const { emotional, go, research } = thresholds
  if (emotional.isZero() && research.gt(go)) {
    const problem = `must not be above thresholds.go, ${go.toFixed()}, where thresholds.emotional is 0: RESEARCH could not be reached`
    return { part: 'thresholds.research', problem }
  }
  const sum = DIMENSIONS.reduce((total, dimension) => total.plus(weights[dimension]), new Exact(0))
  return sum.eq(1) ? null : { part: 'weights', problem: `must add up to 1; they add up to ${sum.toFixed()}` }
}

/** The name of a dimension in arguments and artifacts' words: `signalQuality`. */
export function nameOf(dimension: Dimension): string {
  return dimension.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
}

/** What a score adds to the overall score: score × weight, exact. */
export function contributionOf(score: Decimal.Value, weight: Decimal.Value): Decimal {
  return new Exact(score).times(weight)
}

/** A candidate's scores, 0–100; a dimension that is absent or null has none. */
export type Scores = { readonly [D in Dimension]?: Decimal.Value | null }

/**
 * The dimensions without which the rules cannot judge: those that weigh something, and the emotional one, which GO
 * asks for by itself.
 */
export function neededDimensions({ weights }: ScoringRules): Dimension[] {
  return DIMENSIONS.filter((dimension) => dimension === 'EMOTIONAL' || weights[dimension].gt(0))
}

/**
 * The overall score, the sum of the contributions rounded half up to 2 decimals (84.995 is 85.00), and the verdict: GO
 * when the overall and the emotional score reach theirs, else RESEARCH when the overall score reaches that, else PASS.
 * @returns null when a score is missing that the rules need
 */
export function judge(scores: Scores, rules: ScoringRules): { overallScore: Decimal; verdict: Verdict } | null {
  let sum: Decimal = new Exact(0)
  for (const dimension of neededDimensions(rules)) {
    const score = scores[dimension]
    if (score === null || score === undefined) return null
    sum = sum.plus(contributionOf(score, rules.weights[dimension]))
  }
  const overallScore = sum.toDecimalPlaces(2, Decimal.ROUND_HALF_CEIL)
  const { emotional, go, research } = rules.thresholds
  if (overallScore.gte(go) && emotional.lte(scores.EMOTIONAL!)) return { overallScore, verdict: 'GO' }
  return { overallScore, verdict: overallScore.gte(research) ? 'RESEARCH' : 'PASS' }
}

/** A number as exact as it was written. */
export function exact(value: Decimal.Value): Decimal {
  return new Exact(value)
}
