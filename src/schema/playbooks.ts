import { entities } from '../filters/entities/index.ts'
import { QUALITY_RULES } from '../model/playbook-quality.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'
import { addList } from './list-fields.ts'
import { addLookup } from './lookups.ts'

const { playbook, emailSequence, emailTouch } = entities

const QualityRule = builder
  .objectRef<{ rule: string; points: number; of: number; description: string }>('QualityRule')
  .implement({
    description: "One rule of a playbook's quality score.",
    fields: (t) => ({
      rule: t.exposeString('rule', { description: 'Its name.' }),
      description: t.exposeString('description', { description: 'What it asks for.' }),
      points: t.exposeInt('points', { description: 'The points that the playbook gets for it: all of them or none.' }),
      of: t.exposeInt('of', { description: 'The points that there are for it.' }),
    }),
  })

export const Playbook = builder.prismaNode('Playbook', {
  ...nodeOf(playbook),
  fields: (t) => ({
    ...columnsOf(t, playbook),
    qualityBreakdown: t.field({
      type: [QualityRule],
      description: 'The points of each rule of the quality score.',
      select: { qualityPoints: true },
      resolve: ({ qualityPoints }) =>
        QUALITY_RULES.map((rule, place) => ({ ...rule, points: qualityPoints[place] ?? 0 })),
    }),
    run: t.relation('run', described(playbook, 'run')),
    emailSequences: t.relation('emailSequences', {
      query: { orderBy: [{ position: 'asc' }, { id: 'asc' }] },
      description: 'Its email sequences, in order.',
    }),
    talkTracks: t.relation('talkTracks', {
      query: { orderBy: [{ position: 'asc' }, { id: 'asc' }] },
      description: 'Its talk tracks, in order.',
    }),
    battleCards: t.relation('battleCards', {
      query: { orderBy: [{ position: 'asc' }, { id: 'asc' }] },
      description: 'Its battle cards, in order.',
    }),
  }),
})

export const EmailSequence = builder.prismaNode('EmailSequence', {
  ...nodeOf(emailSequence),
  fields: (t) => ({
    ...columnsOf(t, emailSequence),
    playbook: t.relation('playbook', described(emailSequence, 'playbook')),
    touches: t.relation('touches', {
      query: { orderBy: [{ position: 'asc' }, { id: 'asc' }] },
      description: 'Its emails, in order.',
    }),
  }),
})

export const EmailTouch = builder.prismaNode('EmailTouch', {
  ...nodeOf(emailTouch),
  fields: (t) => ({
    ...columnsOf(t, emailTouch),
    emailSequence: t.relation('emailSequence', described(emailTouch, 'emailSequence')),
  }),
})

addList('playbooks', playbook, Playbook, 'The sales playbooks of all runs.')

addLookup('playbook', {
  entity: playbook,
  node: Playbook,
  description: 'One sales playbook.',
  keys: {
    run: { description: 'The name of its run in the artifacts.', where: (externalId) => ({ run: { externalId } }) },
  },
})
