import { entities } from '../filters/entities/index.ts'
import type { CompanySide } from '../store/generated/prisma/client.ts'
import { AgentCall } from './agents.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'
import { enumOf } from './enums.ts'
import { addList, nestedListField } from './list-fields.ts'
import { addLookup } from './lookups.ts'
import { painPointsField } from './pain-point-search.ts'
import { BuyerPersona } from './prospects.ts'
import { SiteResearch } from './site-research.ts'
import { VendorElements } from './vendor-elements.ts'

const { run, pipeline, runPhase, step, runEvent, agentCall, buyerPersona } = entities

export const Run = builder.prismaNode('Run', {
  ...nodeOf(run),
  fields: (t) => ({
    ...columnsOf(t, run, ['status']),
    status: t.field({
      type: enumOf('RunStatus'),
      description: run.fields.status!.description,
      select: { status: true, runningUntil: true },
      // As the filters judge it in SQL: by the moment the request's transaction began.
      resolve: ({ status, runningUntil }, _args, { now }) =>
        status === 'FAILED' && runningUntil !== null && runningUntil > now ? 'RUNNING' : status,
    }),
    pipeline: t.relation('pipeline', described(run, 'pipeline')),
    vendor: t.relation('vendor', { nullable: true, ...described(run, 'vendor') }),
    prospect: t.relation('prospect', { nullable: true, ...described(run, 'prospect') }),
    phases: t.relation('phases', { query: { orderBy: { number: 'asc' } }, description: 'Its phases, by number.' }),
    events: t.relation('events', {
      query: { orderBy: [{ position: 'asc' }, { id: 'asc' }] },
      description: 'Its errors, warnings and remarks, in order.',
    }),
    artifacts: t.relation('artifacts', {
      query: { orderBy: [{ position: 'asc' }, { id: 'asc' }] },
      description: 'What its phases left behind, in order.',
    }),
    companyProfile: t.relation('companyProfile', { nullable: true, ...described(run, 'companyProfile') }),
    playbook: t.relation('playbook', { nullable: true, ...described(run, 'playbook') }),
    siteResearch: t.field({
      type: SiteResearch,
      nullable: true,
      args: { side: t.arg({ type: enumOf('CompanySide'), required: true, description: 'Whose website.' }) },
      description: "What it found out about one side's website.",
      select: ({ side }, _context, nestedSelection) => ({
        siteResearches: nestedSelection({ where: { side: side as CompanySide } }),
      }),
      resolve: ({ siteResearches }) => (siteResearches as never[])[0] ?? null,
    }),
    vendorElements: t.variant(VendorElements, { description: 'What it found out about the vendor.' }),
    agentCalls: nestedListField(t, agentCall, AgentCall, ['run_id'], "Its agents' calls."),
    painPoints: painPointsField(t, ['run_id'], 'Pain points it found.'),
    buyerPersonas: nestedListField(t, buyerPersona, BuyerPersona, ['run_id'], 'Buyer personas it found.'),
  }),
})

export const Pipeline = builder.prismaNode('Pipeline', {
  ...nodeOf(pipeline),
  fields: (t) => ({
    ...columnsOf(t, pipeline),
    runs: nestedListField(t, run, Run, ['pipeline_id'], 'Its runs.'),
  }),
})

export const RunPhase = builder.prismaNode('RunPhase', {
  ...nodeOf(runPhase),
  fields: (t) => ({
    ...columnsOf(t, runPhase),
    run: t.relation('run', described(runPhase, 'run')),
    steps: t.relation('steps', {
      query: { orderBy: [{ position: 'asc' }, { id: 'asc' }] },
      description: 'Its steps, in order.',
    }),
    agentCalls: t.relation('agentCalls', {
      query: { orderBy: [{ position: 'asc' }, { id: 'asc' }] },
      description: "Its agents' calls, in order.",
    }),
  }),
})

export const Step = builder.prismaNode('Step', {
  ...nodeOf(step),
  fields: (t) => ({
    ...columnsOf(t, step),
    run: t.relation('run', described(step, 'run')),
    phase: t.relation('phase', described(step, 'phase')),
    agentCalls: t.relation('agentCalls', {
      query: { orderBy: [{ position: 'asc' }, { id: 'asc' }] },
      description: "Its agents' calls, in order.",
    }),
  }),
})

export const RunEvent = builder.prismaNode('RunEvent', {
  ...nodeOf(runEvent),
  fields: (t) => ({
    ...columnsOf(t, runEvent),
    run: t.relation('run', described(runEvent, 'run')),
  }),
})

addList('runs', run, Run, 'The runs of all pipelines.')
addList('pipelines', pipeline, Pipeline, 'The kinds of runs.')

export const runLookup = addLookup('run', {
  entity: run,
  node: Run,
  description: 'One run.',
  keys: {
    externalId: { description: 'Its name in the artifacts.', where: (externalId) => ({ externalId }) },
  },
  companions: {
    pipeline: {
      description: 'The name of its pipeline, for names that several pipelines use.',
      where: (name) => ({ pipeline: { name } }),
    },
  },
})

addLookup('pipeline', {
  entity: pipeline,
  node: Pipeline,
  description: 'One kind of run.',
  keys: { name: { description: 'Its name.', where: (name) => ({ name }) } },
})
