import { entities } from '../filters/entities/index.ts'
import { listOf, memberOf, textOf, textsOf } from './as-written.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'

const { battleCard, competitivePositioning } = entities

const ObjectionResponse = builder.objectRef<{ asWritten: unknown }>('ObjectionResponse').implement({
  description: 'What to answer to an objection, and how.',
  fields: (t) => {
    const text = (member: string, description: string) =>
      t.string({ nullable: true, description, resolve: ({ asWritten }) => textOf(memberOf(asWritten, member)) })
    return {
      objection: t.string({
        nullable: true,
        description: 'The objection.',
        resolve: ({ asWritten }) =>
          typeof asWritten === 'string' ? asWritten : textOf(memberOf(asWritten, 'objection')),
      }),
      category: text('category', 'The kind of objection, as written.'),
      responseFramework: text('response_framework', 'How to build the answer.'),
      talkTrack: text('talk_track', 'What to say.'),
      proofPoints: t.stringList({
        description: 'What proves it.',
        resolve: ({ asWritten }) => textsOf(memberOf(asWritten, 'proof_points')),
      }),
      asWritten: t.expose('asWritten', { type: 'JSON', description: 'The answer as the artifact has it.' }),
    }
  },
})

export const BattleCard = builder.prismaNode('BattleCard', {
  ...nodeOf(battleCard),
  fields: (t) => ({
    ...columnsOf(t, battleCard),
    playbook: t.relation('playbook', described(battleCard, 'playbook')),
    objectionResponses: t.field({
      type: [ObjectionResponse],
      description: 'What to answer to objections, in order.',
      select: { objectionResponses: true },
      resolve: ({ objectionResponses }) => listOf(objectionResponses).map((asWritten) => ({ asWritten })),
    }),
    competitivePositioning: t.relation('competitivePositioning', {
      query: { orderBy: [{ position: 'asc' }, { id: 'asc' }] },
      description: 'How it positions against competitors, in order.',
    }),
  }),
})

export const CompetitivePositioning = builder.prismaNode('CompetitivePositioning', {
  ...nodeOf(competitivePositioning),
  fields: (t) => ({
    ...columnsOf(t, competitivePositioning),
    battleCard: t.relation('battleCard', described(competitivePositioning, 'battleCard')),
  }),
})
