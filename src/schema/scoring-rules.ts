import { BadInputError } from '../errors.ts'
import { defaultRules, listRules, type NamedRules } from '../measures/scoring-rules.ts'
import { DIMENSIONS, type Dimension, exact, nameOf, problemOf, type ScoringRules } from '../model/scoring.ts'
import { builder } from './builder.ts'
import type { Context } from './context.ts'

const loaded = new WeakMap<Context, Promise<NamedRules>>()

/** The organization's default scoring rules, read once a request. */
export function rulesOf(context: Context): Promise<NamedRules> {
  const known = loaded.get(context)
  if (known) return known
  const rules = defaultRules(context.db, context.scope)
  loaded.set(context, rules)
  return rules
}

const DIMENSION_TEXTS: Record<Dimension, string> = {
  MARKET: 'Share of the market score, 0–1.',
  COMPETITION: 'Share of the competition score, 0–1.',
  EMOTIONAL: 'Share of the emotional score, 0–1.',
  FEASIBILITY: 'Share of the feasibility score, 0–1.',
  SIGNAL_QUALITY: 'Share of the signal quality score, 0–1.',
}

const THRESHOLD_TEXTS = {
  emotional: 'The emotional score that GO needs, 0–100.',
  go: 'The overall score that GO needs, 0–100.',
  research: 'The overall score that RESEARCH needs, 0–100.',
} as const

type ThresholdName = keyof typeof THRESHOLD_TEXTS
const THRESHOLDS = Object.keys(THRESHOLD_TEXTS) as ThresholdName[]

const ScoringWeights = builder.objectRef<ScoringRules['weights']>('ScoringWeights').implement({
  description: 'Shares of the scores in the overall score; they add up to 1.',
  fields: (t) =>
    Object.fromEntries(
      DIMENSIONS.map((dimension) => [
        nameOf(dimension),
        t.field({
          type: 'Decimal',
          description: DIMENSION_TEXTS[dimension],
          resolve: (weights) => weights[dimension],
        }),
      ]),
    ),
})

const ScoringThresholds = builder.objectRef<ScoringRules['thresholds']>('ScoringThresholds').implement({
  description: 'The scores that verdicts need.',
  fields: (t) =>
    Object.fromEntries(
      THRESHOLDS.map((name) => [
        name,
        t.field({
          type: 'Decimal',
          description: THRESHOLD_TEXTS[name],
          resolve: (thresholds) => thresholds[name],
        }),
      ]),
    ),
})

export const ScoringConfig = builder.objectRef<NamedRules>('ScoringConfig').implement({
  description: 'Rules that make an overall score and a verdict of scores.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: true, description: 'Its name; null when it is kept under none.' }),
    isDefault: t.exposeBoolean('isDefault', { description: 'Whether they hold where a question names none.' }),
    weights: t.field({
      type: ScoringWeights,
      description: 'Shares of the scores in the overall score.',
      resolve: ({ weights }) => weights,
    }),
    thresholds: t.field({
      type: ScoringThresholds,
      description: 'The scores that verdicts need.',
      resolve: ({ thresholds }) => thresholds,
    }),
  }),
})

builder.queryField('scoringConfig', (t) =>
  t.field({
    type: ScoringConfig,
    description:
      "The scoring rules that hold where a question names none: the organization's default ones, else the shipped ones.",
    resolve: (_root, _args, context) => rulesOf(context),
  }),
)

type Given = {
  base?: string | null | undefined
  weights?: Record<string, string> | null | undefined
  thresholds?: Record<string, string | null | undefined> | null | undefined
}

const ScoringWeightsInput = builder.inputRef<Record<string, string>>('ScoringWeightsInput').implement({
  description: 'Shares of the scores in the overall score: none is below 0, and they add up to 1.',
  fields: (t) =>
    Object.fromEntries(
      DIMENSIONS.map((dimension) => [
        nameOf(dimension),
        t.field({ type: 'Decimal', required: true, description: DIMENSION_TEXTS[dimension] }),
      ]),
    ) as never,
})

const ScoringThresholdsInput = builder
  .inputRef<Record<string, string | null | undefined>>('ScoringThresholdsInput')
  .implement({
    description: 'The scores that verdicts need; one that is left out is as in the base.',
    fields: (t) =>
      Object.fromEntries(
        THRESHOLDS.map((name) => [name, t.field({ type: 'Decimal', description: THRESHOLD_TEXTS[name] })]),
      ) as never,
  })

export const ScoringConfigInput = builder.inputRef<Given>('ScoringConfigInput').implement({
  description: 'Scoring rules to try; what is left out is as in the base, the default rules unless one is named.',
  fields: (t) => ({
    base: t.string({
      description: "Name of the organization's own rules to start from; the default ones unless given.",
    }),
    weights: t.field({ type: ScoringWeightsInput, description: 'Shares of the scores in the overall score.' }),
    thresholds: t.field({ type: ScoringThresholdsInput, description: 'The scores that verdicts need.' }),
  }),
})

/** @throws BadInputError naming the part that is out of range, or the weights when they do not add up to 1 */
export async function readRules({ base, weights, thresholds }: Given, context: Context): Promise<NamedRules> {
  const isWhole = weights && THRESHOLDS.every((name) => typeof thresholds?.[name] === 'string')
  const named = typeof base === 'string' ? await ownRules(base, context) : null
  const usual = named ?? (isWhole ? null : await rulesOf(context))
  const rules = {
    name: null,
    isDefault: false,
    weights: Object.fromEntries(
      DIMENSIONS.map((dimension) => [
        dimension,
        weights ? exact(weights[nameOf(dimension)]!) : usual!.weights[dimension],
      ]),
    ) as ScoringRules['weights'],
    thresholds: Object.fromEntries(
      THRESHOLDS.map((name) => {
        const given = thresholds?.[name]
        return [name, typeof given === 'string' ? exact(given) : usual!.thresholds[name]]
      }),
    ) as ScoringRules['thresholds'],
  }
  const wrong = problemOf(rules)
  if (wrong) throw bad(wrong.part, wrong.problem)
  return rules
}

async function ownRules(name: string, { db, scope }: Context): Promise<NamedRules> {
  const rules = (await listRules(db, scope)).find((each) => each.name === name.trim())
  if (rules) return rules
  throw new BadInputError(`config.base: there are no scoring rules named ${JSON.stringify(name)}.`, {
    argument: 'config.base',
    hint: 'scoringConfigs lists those there are.',
  })
}

function bad(part: string, problem: string): BadInputError {
  return new BadInputError(`config.${part} ${problem}.`, { argument: `config.${part}` })
}
