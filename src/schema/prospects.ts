import { entities } from '../filters/entities/index.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'
import { addList } from './list-fields.ts'
import { sourcesField } from './sources.ts'

const { buyerPersona, companyProfile, painPoint } = entities

export const CompanyProfile = builder.prismaNode('CompanyProfile', {
  ...nodeOf(companyProfile),
  fields: (t) => ({
    ...columnsOf(t, companyProfile),
    run: t.relation('run', described(companyProfile, 'run')),
    sources: sourcesField(t),
  }),
})

export const BuyerPersona = builder.prismaNode('BuyerPersona', {
  ...nodeOf(buyerPersona),
  fields: (t) => ({
    ...columnsOf(t, buyerPersona),
    run: t.relation('run', described(buyerPersona, 'run')),
    company: t.relation('company', { nullable: true, ...described(buyerPersona, 'company') }),
    painPoints: t.relation('painPoints', {
      query: { orderBy: [{ position: 'asc' }, { id: 'asc' }] },
      description: "The persona's pain points, in order.",
    }),
    sources: sourcesField(t),
  }),
})

export const PainPoint = builder.prismaNode('PainPoint', {
  ...nodeOf(painPoint),
  fields: (t) => ({
    ...columnsOf(t, painPoint),
    run: t.relation('run', { nullable: true, ...described(painPoint, 'run') }),
    company: t.relation('company', { nullable: true, ...described(painPoint, 'company') }),
    buyerPersona: t.relation('buyerPersona', { nullable: true, ...described(painPoint, 'buyerPersona') }),
    conversation: t.relation('conversation', { nullable: true, ...described(painPoint, 'conversation') }),
    vendorPersona: t.relation('vendorPersona', { nullable: true, ...described(painPoint, 'vendorPersona') }),
    sources: sourcesField(t),
  }),
})

addList('buyerPersonas', buyerPersona, BuyerPersona, 'Buyer personas of all prospects.')
