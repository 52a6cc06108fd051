import { entities } from '../filters/entities/index.ts'
import { listOf, memberOf, textOf, textsOf } from './as-written.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'

const { talkTrack, talkScript } = entities

const DiscoveryQuestion = builder.objectRef<{ asWritten: unknown }>('DiscoveryQuestion').implement({
  description: 'A question that brings out what the prospect needs.',
  fields: (t) => ({
    question: t.string({
      nullable: true,
      description: 'The question.',
      resolve: ({ asWritten }) => (typeof asWritten === 'string' ? asWritten : textOf(memberOf(asWritten, 'question'))),
    }),
    purpose: t.string({
      nullable: true,
      description: 'What it is asked for.',
      resolve: ({ asWritten }) => textOf(memberOf(asWritten, 'purpose')),
    }),
    followUpQuestions: t.stringList({
      description: 'What to ask then.',
      resolve: ({ asWritten }) => textsOf(memberOf(asWritten, 'follow_up_questions')),
    }),
    asWritten: t.expose('asWritten', { type: 'JSON', description: 'The question as the artifact has it.' }),
  }),
})

const ScriptedResponse = builder.objectRef<{ objection: string; response: unknown }>('ScriptedResponse').implement({
  description: 'What to answer to an objection.',
  fields: (t) => ({
    objection: t.exposeString('objection', { description: 'The objection.' }),
    response: t.string({
      nullable: true,
      description: 'The answer; as JSON when it is no text.',
      resolve: ({ response }) => textOf(response),
    }),
  }),
})

export const TalkTrack = builder.prismaNode('TalkTrack', {
  ...nodeOf(talkTrack),
  fields: (t) => ({
    ...columnsOf(t, talkTrack),
    playbook: t.relation('playbook', described(talkTrack, 'playbook')),
    scripts: t.relation('scripts', {
      query: { orderBy: [{ position: 'asc' }, { id: 'asc' }] },
      description: 'Its scripts, in order.',
    }),
  }),
})

export const TalkScript = builder.prismaNode('TalkScript', {
  ...nodeOf(talkScript),
  fields: (t) => ({
    ...columnsOf(t, talkScript),
    talkTrack: t.relation('talkTrack', described(talkScript, 'talkTrack')),
    discoveryQuestions: t.field({
      type: [DiscoveryQuestion],
      description: 'Questions to ask, in order.',
      select: { discoveryQuestions: true },
      resolve: ({ discoveryQuestions }) => listOf(discoveryQuestions).map((asWritten) => ({ asWritten })),
    }),
    objectionResponses: t.field({
      type: [ScriptedResponse],
      description: 'What to answer to objections.',
      select: { objectionResponses: true },
      resolve: ({ objectionResponses }) =>
        Object.entries(objectionResponses ?? {}).map(([objection, response]) => ({ objection, response })),
    }),
  }),
})
