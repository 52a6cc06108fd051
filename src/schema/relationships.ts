import { entities } from '../filters/entities/index.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'
import { Contact } from './contacts.ts'
import { addList, nestedListField } from './list-fields.ts'

const { relationship } = entities

export const Relationship = builder.prismaNode('Relationship', {
  ...nodeOf(relationship),
  fields: (t) => ({
    ...columnsOf(t, relationship),
    contactA: t.relation('contactA', { nullable: true, ...described(relationship, 'contactA') }),
    contactB: t.relation('contactB', { nullable: true, ...described(relationship, 'contactB') }),
  }),
})

builder.prismaObjectField(Contact, 'relationships', (t) =>
  nestedListField(
    t,
    relationship,
    Relationship,
    ['contact_a_id', 'contact_b_id'],
    'Ties to other contacts, whichever way round.',
  ),
)

addList('relationships', relationship, Relationship, 'The ties between all contacts.')
