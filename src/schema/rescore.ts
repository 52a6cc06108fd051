import { BadInputError } from '../errors.ts'
import { entities } from '../filters/entities/index.ts'
import {
  countRescored,
  type RescoreCounts,
  type Rescoring,
  type Transition,
  type VerdictMismatch,
  verdictMismatches,
} from '../measures/rescoring.ts'
import type { NamedRules } from '../measures/scoring-rules.ts'
import { builder } from './builder.ts'
import { Candidate } from './candidates.ts'
import { enumOf } from './enums.ts'
import { MOST_AT_TOP } from './list-arguments.ts'
import { once } from './lists.ts'
import { readRules, ScoringConfig, ScoringConfigInput } from './scoring-rules.ts'
import { whereOf } from './where-inputs.ts'

/** Enough for a person to read; `changed` says how many there are. */
const USUAL_MISMATCHES = 100

const VerdictTransition = builder.objectRef<Transition>('VerdictTransition').implement({
  description: 'Candidates that go from one verdict to another.',
  fields: (t) => ({
    from: t.field({
      type: enumOf('Verdict'),
      description: 'The verdict that they report.',
      resolve: ({ from }) => from,
    }),
    to: t.field({ type: enumOf('Verdict'), description: 'The verdict by the given rules.', resolve: ({ to }) => to }),
    candidates: t.exposeInt('candidates', { description: 'Number of such candidates.' }),
  }),
})

const VerdictCount = builder.objectRef<RescoreCounts['verdicts'][number]>('VerdictCount').implement({
  description: 'Candidates with one verdict.',
  fields: (t) => ({
    verdict: t.field({ type: enumOf('Verdict'), description: 'The verdict.', resolve: ({ verdict }) => verdict }),
    candidates: t.exposeInt('candidates', { description: 'Number of candidates with it.' }),
  }),
})

const Mismatch = builder.objectRef<VerdictMismatch>('VerdictMismatch').implement({
  description: 'A candidate whose reported verdict is not the one that the given rules give.',
  fields: (t) => ({
    candidate: t.prismaField({
      type: Candidate,
      description: 'The candidate.',
      resolve: (query, { candidateId }, _args, { tx }) =>
        tx.candidate.findUniqueOrThrow({ ...query, where: { id: candidateId } }),
    }),
    reported: t.field({
      type: enumOf('Verdict'),
      description: 'The verdict that it reports.',
      resolve: ({ reported }) => reported,
    }),
    computed: t.field({
      type: enumOf('Verdict'),
      description: 'The verdict by the given rules.',
      resolve: ({ computed }) => computed,
    }),
    computedOverallScore: t.field({
      type: 'Decimal',
      description: 'The overall score by the given rules, 0–100, rounded half up to 2 decimals.',
      resolve: ({ overallScore }) => overallScore,
    }),
  }),
})

type Rescored = { rescoring: Rescoring & { rules: NamedRules }; counts(): Promise<RescoreCounts> }

const RescoreResult = builder.objectRef<Rescored>('RescoreResult').implement({
  description:
    'What scoring rules make of candidates, beside what they report. A candidate is judged when it has a score in every dimension that weighs something, and an emotional score.',
  fields: (t) => ({
    config: t.field({ type: ScoringConfig, description: 'The rules.', resolve: ({ rescoring }) => rescoring.rules }),
    candidates: t.int({
      description: 'Number of candidates looked at.',
      resolve: async ({ counts }) => (await counts()).candidates,
    }),
    incomplete: t.int({
      description: 'Number of them that lack a score which the rules need; they are not judged.',
      resolve: async ({ counts }) => (await counts()).incomplete,
    }),
    withoutVerdict: t.int({
      description: 'Number of them that are judged but report no verdict; they count as no change.',
      resolve: async ({ counts }) => (await counts()).withoutVerdict,
    }),
    changed: t.int({
      description: 'Number of them whose reported verdict is not the computed one: as many as there are mismatches.',
      resolve: async ({ counts }) => (await counts()).changed,
    }),
    verdicts: t.field({
      type: [VerdictCount],
      description: 'How many of them get each verdict, by verdict.',
      resolve: async ({ counts }) => (await counts()).verdicts,
    }),
    transitions: t.field({
      type: [VerdictTransition],
      description: 'How many of them go from which verdict to which other, by the reported, then the computed one.',
      resolve: async ({ counts }) => (await counts()).transitions,
    }),
    verdictMismatches: t.field({
      type: [Mismatch],
      args: {
        first: t.arg.int({
          description: `How many to take: ${USUAL_MISMATCHES} unless given, at most ${MOST_AT_TOP}.`,
          extensions: { size: { usual: USUAL_MISMATCHES, most: MOST_AT_TOP } },
        }),
        after: t.arg.string({ description: 'Take those after the candidate with this externalId.' }),
      },
      description: 'Candidates whose reported verdict is not the computed one, by externalId.',
      resolve: ({ rescoring }, { first, after }, { db }) => {
        const size = first ?? USUAL_MISMATCHES
        if (size < 0 || size > MOST_AT_TOP)
          throw new BadInputError(`first must be between 0 and ${MOST_AT_TOP}.`, { argument: 'first' })
        if (after?.includes('\u0000')) throw new BadInputError('after holds a NUL character.', { argument: 'after' })
        return verdictMismatches(db, rescoring, size, after ?? null)
      },
    }),
  }),
})

builder.queryField('rescoreCandidates', (t) =>
  t.field({
    type: RescoreResult,
    args: {
      config: t.arg({ type: ScoringConfigInput, required: true, description: 'The scoring rules to try.' }),
      where: t.arg({ type: whereOf(entities.candidate), description: 'Which candidates to judge; all unless given.' }),
    },
    description: 'What other scoring rules would make of the candidates. Nothing is written.',
    resolve: async (_root, { config, where }, context): Promise<Rescored> => {
      const { db, scope } = context
      const rescoring = { scope, where, rules: await readRules(config, context) }
      return { rescoring, counts: once(() => countRescored(db, rescoring)) }
    },
  }),
)
