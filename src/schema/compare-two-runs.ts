import { BadInputError } from '../errors.ts'
import {
  type ComparedPhase as ComparedPhaseValue,
  compareItems,
  comparePhases,
  type ItemComparison as ItemComparisonValue,
  type PhaseComparison as PhaseComparisonValue,
  type RankChange as RankChangeValue,
  type RunPair,
  rankChangesOf,
} from '../measures/compare-two-runs.ts'
import { builder } from './builder.ts'
import type { Context } from './context.ts'
import { DERIVED_PAGING } from './derived-lists.ts'
import { enumOf } from './enums.ts'
import { MOST_AT_TOP, readPaging } from './list-arguments.ts'
import { Run, runLookup } from './runs.ts'

const ComparedPhase = builder.objectRef<ComparedPhaseValue>('ComparedPhase').implement({
  description: 'A phase as one of two compared runs had it.',
  fields: (t) => ({
    status: t.field({ type: enumOf('StepStatus'), description: 'How it ended.', resolve: ({ status }) => status }),
    inputCount: t.exposeInt('inputCount', { nullable: true, description: 'Items that went in.' }),
    outputCount: t.exposeInt('outputCount', { nullable: true, description: 'Items that came out.' }),
    durationSeconds: t.exposeFloat('durationSeconds', {
      nullable: true,
      description: 'How long it took, in seconds.',
    }),
    llmCalls: t.exposeInt('llmCalls', { nullable: true, description: 'Number of calls to language models.' }),
    costUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What it cost, in US dollars.',
      resolve: ({ costUsd }) => costUsd,
    }),
  }),
})

const PhaseComparison = builder.objectRef<PhaseComparisonValue>('PhaseComparison').implement({
  description: 'A phase of two runs, and the difference: that of b minus that of a.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'Its number.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    a: t.field({
      type: ComparedPhase,
      nullable: true,
      description: 'The phase in run a; null when that has none.',
      resolve: ({ a }) => a,
    }),
    b: t.field({
      type: ComparedPhase,
      nullable: true,
      description: 'The phase in run b; null when that has none.',
      resolve: ({ b }) => b,
    }),
    outputCountDifference: t.exposeInt('outputCountDifference', {
      nullable: true,
      description: 'How many more items came out in run b.',
    }),
    durationSecondsDifference: t.exposeFloat('durationSecondsDifference', {
      nullable: true,
      description: 'How much longer it took in run b, in seconds.',
    }),
    costUsdDifference: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'How much more it cost in run b, in US dollars.',
      resolve: ({ costUsdDifference }) => costUsdDifference,
    }),
  }),
})

const ItemComparison = builder.objectRef<ItemComparisonValue>('ItemComparison').implement({
  description: 'How many items two runs share in the last phase that lists items in both.',
  fields: (t) => ({
    phase: t.exposeInt('phase', {
      nullable: true,
      description: 'The number of that phase; null when no phase lists items in both.',
    }),
    inBoth: t.exposeInt('inBoth', { description: 'Items that both runs have.' }),
    onlyInA: t.exposeInt('onlyInA', { description: 'Items that only run a has.' }),
    onlyInB: t.exposeInt('onlyInB', { description: 'Items that only run b has.' }),
  }),
})

const RankChange = builder.objectRef<RankChangeValue>('RankChange').implement({
  description: 'An item that two runs rank differently.',
  fields: (t) => ({
    url: t.exposeString('url', { description: 'Its URL, else its id.' }),
    title: t.exposeString('title', { nullable: true, description: 'Its title in run b, else in run a.' }),
    rankA: t.exposeInt('rankA', { description: 'Its rank in run a; 1 is the best.' }),
    rankB: t.exposeInt('rankB', { description: 'Its rank in run b; 1 is the best.' }),
  }),
})

const TwoRunsComparison = builder.objectRef<RunPair>('TwoRunsComparison').implement({
  description: 'Two runs, phase by phase and item by item.',
  fields: (t) => ({
    a: t.prismaField({
      type: Run,
      description: 'The first run.',
      resolve: (query, { a }, _args, { tx }) => tx.run.findUniqueOrThrow({ ...query, where: { id: a } }),
    }),
    b: t.prismaField({
      type: Run,
      description: 'The second run.',
      resolve: (query, { b }, _args, { tx }) => tx.run.findUniqueOrThrow({ ...query, where: { id: b } }),
    }),
    phases: t.field({
      type: [PhaseComparison],
      description: 'The phases that either run has, by number, then name.',
      resolve: (pair, _args, { db, scope }) => comparePhases(db, scope, pair),
    }),
    items: t.field({
      type: ItemComparison,
      description: 'How many items they share, told by URL, in the last phase that lists items in both.',
      resolve: (pair, _args, { db, scope }) => compareItems(db, scope, pair),
    }),
    rankChanges: t.field({
      type: [RankChange],
      args: { first: t.arg.int(DERIVED_PAGING.first) },
      description: 'Items of that phase that both rank, differently: by largest absolute change, then URL.',
      resolve: (pair, { first }, { db, scope }) =>
        rankChangesOf(db, scope, pair, readPaging({ first }, MOST_AT_TOP).size),
    }),
  }),
})

builder.queryField('compareTwoRuns', (t) =>
  t.field({
    type: TwoRunsComparison,
    description: 'Compares two runs, phase by phase and item by item; differences are those from a to b.',
    args: {
      a: t.arg({ type: runLookup.By, required: true, description: 'What names the first run.' }),
      b: t.arg({ type: runLookup.By, required: true, description: 'What names the second run.' }),
    },
    resolve: async (_root, { a, b }, context) => ({
      a: await named('a', a, context),
      b: await named('b', b, context),
    }),
  }),
)

async function named(argument: string, by: unknown, context: Context): Promise<string> {
  const id = await runLookup.idOf(argument, by, context)
  if (id === null) throw new BadInputError(`${argument} names no run.`, { argument })
  return id
}
