import { entities } from '../filters/entities/index.ts'
import { contributionOf, DIMENSIONS, type Dimension, judge } from '../model/scoring.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'
import { enumOf } from './enums.ts'
import { addList } from './list-fields.ts'
import { addLookup } from './lookups.ts'
import { rulesOf } from './scoring-rules.ts'

const { candidate, candidateScore } = entities

const CandidateScore = builder.prismaNode('CandidateScore', {
  ...nodeOf(candidateScore),
  fields: (t) => ({
    ...columnsOf(t, candidateScore),
    weight: t.field({
      type: 'Decimal',
      description: "The dimension's share of the overall score, 0–1, by the organization's default scoring rules.",
      select: { dimension: true },
      resolve: async ({ dimension }, _args, context) => (await rulesOf(context)).weights[dimension],
    }),
    contribution: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What the score adds to the overall score: score × weight, exact; null without a score.',
      select: { dimension: true, score: true },
      resolve: async ({ dimension, score }, _args, context) =>
        score === null ? null : contributionOf(score.toFixed(), (await rulesOf(context)).weights[dimension]),
    }),
    candidate: t.relation('candidate', described(candidateScore, 'candidate')),
  }),
})

const Judgement = builder.objectRef<NonNullable<ReturnType<typeof judge>>>('Judgement').implement({
  description: 'What scoring rules make of scores.',
  fields: (t) => ({
    overallScore: t.field({
      type: 'Decimal',
      description: 'The sum of the contributions, 0–100, rounded half up to 2 decimals.',
      resolve: ({ overallScore }) => overallScore,
    }),
    verdict: t.field({
      type: enumOf('Verdict'),
      description:
        'GO when the overall and the emotional score reach their thresholds, else RESEARCH when the overall score reaches that threshold, else PASS.',
      resolve: ({ verdict }) => verdict,
    }),
  }),
})

const placeOf = ({ dimension }: { dimension: Dimension }) => DIMENSIONS.indexOf(dimension)

export const Candidate = builder.prismaNode('Candidate', {
  ...nodeOf(candidate),
  fields: (t) => ({
    ...columnsOf(t, candidate),
    scores: t.field({
      type: [CandidateScore],
      description: 'Its scores: market, competition, emotional, feasibility, signal quality, as far as it has them.',
      select: (_args, _context, nestedSelection) => ({ scores: nestedSelection({}) }),
      resolve: ({ scores }) => [...scores].sort((a, b) => placeOf(a as never) - placeOf(b as never)) as never,
    }),
    computed: t.field({
      type: Judgement,
      nullable: true,
      description:
        "What the organization's default scoring rules make of its scores, beside what it reports; null when a score is missing that they need.",
      select: {
        marketScore: true,
        competitionScore: true,
        emotionalScore: true,
        feasibilityScore: true,
        signalQualityScore: true,
      },
      resolve: async (row, _args, context) =>
        judge(
          {
            MARKET: row.marketScore?.toFixed(),
            COMPETITION: row.competitionScore?.toFixed(),
            EMOTIONAL: row.emotionalScore?.toFixed(),
            FEASIBILITY: row.feasibilityScore?.toFixed(),
            SIGNAL_QUALITY: row.signalQualityScore?.toFixed(),
          },
          await rulesOf(context),
        ),
    }),
  }),
})

addList('candidates', candidate, Candidate, 'Scored ideas.')

addLookup('candidate', {
  entity: candidate,
  node: Candidate,
  description: 'One scored idea.',
  keys: { externalId: { description: 'Its id in the artifacts.', where: (externalId) => ({ externalId }) } },
})
