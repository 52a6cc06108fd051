import { entities } from '../filters/entities/index.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'
import { addList } from './list-fields.ts'
import { addLookup } from './lookups.ts'

const { touchpoint } = entities

export const Touchpoint = builder.prismaNode('Touchpoint', {
  ...nodeOf(touchpoint),
  fields: (t) => ({
    ...columnsOf(t, touchpoint),
    conversation: t.relation('conversation', { nullable: true, ...described(touchpoint, 'conversation') }),
  }),
})

addList('touchpoints', touchpoint, Touchpoint, 'The messages, calls and meetings of all conversations.')

addLookup('touchpoint', {
  entity: touchpoint,
  node: Touchpoint,
  description: 'One message, call or meeting.',
  keys: { sourceId: { description: "The accounts data's id of it.", where: (sourceId) => ({ sourceId }) } },
})
