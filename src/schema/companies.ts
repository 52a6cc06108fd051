import { amongContacts } from '../filters/account-links.ts'
import { entities } from '../filters/entities/index.ts'
import { runCostsOf } from '../measures/company-costs.ts'
import { normalizeDomain } from '../model/domain-names.ts'
import { builder } from './builder.ts'
import { columnsOf, nodeOf } from './columns.ts'
import { connectionOf } from './connection.ts'
import { Contact } from './contacts.ts'
import { Conversation } from './conversations.ts'
import { enumOf } from './enums.ts'
import { listArguments, MOST_NESTED } from './list-arguments.ts'
import { addList, nestedListField } from './list-fields.ts'
import { nestedList } from './lists.ts'
import { question } from './loaders.ts'
import { addLookup } from './lookups.ts'
import { painPointsField } from './pain-point-search.ts'
import { BuyerPersona } from './prospects.ts'
import { Relationship } from './relationships.ts'
import { Run } from './runs.ts'

const { company, run, buyerPersona, contact, relationship, conversation } = entities

const RUN_COLUMNS = { PROSPECT: ['prospect_id'], VENDOR: ['vendor_id'] } as const

const runCostOf = question<void, string | null>(({ db, scope }, ids) => runCostsOf(db, scope, ids), null)

export const Company = builder.prismaNode('Company', {
  ...nodeOf(company),
  fields: (t) => ({
    ...columnsOf(t, company),
    runs: t.field({
      type: connectionOf('Run', Run as never),
      args: {
        role: t.arg({
          type: enumOf('CompanySide'),
          defaultValue: 'PROSPECT',
          description: 'What the company is to the runs; null for either.',
        }),
        ...listArguments(run, MOST_NESTED),
      },
      description: 'Runs that it takes part in.',
      select: { id: true },
      resolve: (parent, { role, ...args }, context, info) => {
        const columns = role ? RUN_COLUMNS[role as keyof typeof RUN_COLUMNS] : Object.values(RUN_COLUMNS).flat()
        return nestedList(run, { columns }, parent.id, args, context, info)
      },
    }),
    runCostUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What the runs cost that it is the prospect of, in US dollars; null when nothing is known.',
      select: { id: true },
      resolve: ({ id }, _args, context) => runCostOf(context, id),
    }),
    profileRun: t.prismaField({
      type: Run,
      nullable: true,
      description: 'The run that its company profile comes from.',
      select: { profileRunId: true },
      resolve: (query, { profileRunId }, _args, { tx }) =>
        profileRunId === null ? null : tx.run.findUnique({ ...query, where: { id: profileRunId } }),
    }),
    painPoints: painPointsField(t, ['company_id'], 'Its pain points, from every source.'),
    buyerPersonas: nestedListField(
      t,
      buyerPersona,
      BuyerPersona,
      ['company_id'],
      'Its buyer personas, from every run.',
    ),
    contacts: nestedListField(t, contact, Contact, ['company_id'], 'The people who work for it.'),
    relationships: nestedListField(
      t,
      relationship,
      Relationship,
      amongContacts,
      'The relationships between two of its contacts.',
    ),
    conversations: nestedListField(t, conversation, Conversation, ['company_id'], 'The conversations with it.'),
  }),
})

addList('companies', company, Company, 'All companies: accounts, vendors and prospects.')

addLookup('company', {
  entity: company,
  node: Company,
  description: 'One company.',
  keys: {
    domain: {
      description: 'Its domain, also as a URL.',
      where: (domain) => ({ domain: normalizeDomain(domain) ?? domain.trim().toLowerCase() }),
    },
    sourceId: { description: "The accounts data's id of it.", where: (sourceId) => ({ sourceId }) },
  },
})
