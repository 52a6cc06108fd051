import { entities } from '../filters/entities/index.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'
import { sourcesField } from './sources.ts'

const { offering, caseStudy, proofPoint, valueProposition, referenceCustomer, useCase, vendorPersona, differentiator } =
  entities

builder.prismaNode('Offering', {
  ...nodeOf(offering),
  fields: (t) => ({
    ...columnsOf(t, offering),
    run: t.relation('run', described(offering, 'run')),
    sources: sourcesField(t),
  }),
})

builder.prismaNode('CaseStudy', {
  ...nodeOf(caseStudy),
  fields: (t) => ({
    ...columnsOf(t, caseStudy),
    run: t.relation('run', described(caseStudy, 'run')),
    sources: sourcesField(t),
  }),
})

builder.prismaNode('ProofPoint', {
  ...nodeOf(proofPoint),
  fields: (t) => ({
    ...columnsOf(t, proofPoint),
    run: t.relation('run', described(proofPoint, 'run')),
    sources: sourcesField(t),
  }),
})

builder.prismaNode('ValueProposition', {
  ...nodeOf(valueProposition),
  fields: (t) => ({
    ...columnsOf(t, valueProposition),
    run: t.relation('run', described(valueProposition, 'run')),
    sources: sourcesField(t),
  }),
})

builder.prismaNode('ReferenceCustomer', {
  ...nodeOf(referenceCustomer),
  fields: (t) => ({
    ...columnsOf(t, referenceCustomer),
    run: t.relation('run', described(referenceCustomer, 'run')),
    sources: sourcesField(t),
  }),
})

builder.prismaNode('UseCase', {
  ...nodeOf(useCase),
  fields: (t) => ({
    ...columnsOf(t, useCase),
    run: t.relation('run', described(useCase, 'run')),
    sources: sourcesField(t),
  }),
})

builder.prismaNode('VendorPersona', {
  ...nodeOf(vendorPersona),
  fields: (t) => ({
    ...columnsOf(t, vendorPersona),
    run: t.relation('run', described(vendorPersona, 'run')),
    painPoints: t.relation('painPoints', {
      query: { orderBy: [{ position: 'asc' }, { id: 'asc' }] },
      description: "The persona's pain points, in order.",
    }),
    sources: sourcesField(t),
  }),
})

builder.prismaNode('Differentiator', {
  ...nodeOf(differentiator),
  fields: (t) => ({
    ...columnsOf(t, differentiator),
    run: t.relation('run', described(differentiator, 'run')),
    sources: sourcesField(t),
  }),
})

const inOrder = { orderBy: [{ position: 'asc' as const }, { id: 'asc' as const }] }

const VendorElementCounts = builder.prismaObject('Run', {
  variant: 'VendorElementCounts',
  description: 'How many of each kind a run found out about the vendor.',
  select: { id: true },
  fields: (t) => ({
    offerings: t.relationCount('offerings', { description: 'Number of offerings.' }),
    caseStudies: t.relationCount('caseStudies', { description: 'Number of case studies.' }),
    proofPoints: t.relationCount('proofPoints', { description: 'Number of proof points.' }),
    valuePropositions: t.relationCount('valuePropositions', { description: 'Number of value propositions.' }),
    referenceCustomers: t.relationCount('referenceCustomers', { description: 'Number of reference customers.' }),
    useCases: t.relationCount('useCases', { description: 'Number of use cases.' }),
    vendorPersonas: t.relationCount('vendorPersonas', { description: "Number of personas of the vendor's customers." }),
    differentiators: t.relationCount('differentiators', { description: 'Number of differentiators.' }),
  }),
})

/** Shown of a run as `vendorElements`. */
export const VendorElements = builder.prismaObject('Run', {
  variant: 'VendorElements',
  description: 'What a run found out about the vendor.',
  select: { id: true },
  fields: (t) => ({
    counts: t.variant(VendorElementCounts, { description: 'How many there are of each kind.' }),
    offerings: t.relation('offerings', { query: inOrder, description: 'What the vendor sells.' }),
    caseStudies: t.relation('caseStudies', { query: inOrder, description: 'Stories of its customers.' }),
    proofPoints: t.relation('proofPoints', { query: inOrder, description: 'What speaks for its claims.' }),
    valuePropositions: t.relation('valuePropositions', {
      query: inOrder,
      description: 'Why somebody should buy from it.',
    }),
    referenceCustomers: t.relation('referenceCustomers', { query: inOrder, description: 'Customers that it names.' }),
    useCases: t.relation('useCases', { query: inOrder, description: 'What its offerings are used for.' }),
    vendorPersonas: t.relation('vendorPersonas', {
      query: inOrder,
      description: 'Personas of its ideal customer profile.',
    }),
    differentiators: t.relation('differentiators', { query: inOrder, description: 'What sets it apart.' }),
  }),
})
