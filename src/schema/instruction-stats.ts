import { entities } from '../filters/entities/index.ts'
import { type InstructionStats, instructionStatsOf } from '../measures/instruction-stats.ts'
import { accuracyPercent, passRate } from '../measures/run-progress.ts'
import { PromptVersion } from './agents.ts'
import { builder } from './builder.ts'
import { described } from './columns.ts'
import { nestedListField } from './list-fields.ts'
import { question } from './loaders.ts'
import { Run } from './runs.ts'

const { promptVersion, run } = entities

const NONE: InstructionStats = {
  runs: 0,
  tasks: 0,
  compared: 0,
  matched: 0,
  evaluated: 0,
  passed: 0,
  averageDurationSeconds: null,
  costPerTaskUsd: null,
}

const statsOf = question<void, InstructionStats>(({ db, scope }, ids) => instructionStatsOf(db, scope, ids), NONE)

builder.prismaObjectFields(PromptVersion, (t) => ({
  campaign: t.relation('campaign', { nullable: true, ...described(promptVersion, 'campaign') }),
  parent: t.relation('parent', { nullable: true, ...described(promptVersion, 'parent') }),
  children: t.relation('children', {
    query: { orderBy: [{ versionNumber: 'asc' }, { id: 'asc' }] },
    description: 'The versions of the campaign that follow it.',
  }),
  extractionRuns: nestedListField(t, run, Run, ['instruction_id'], 'The extraction runs made with it.'),
  runs: t.int({
    description: 'Number of runs made with it.',
    select: { id: true },
    resolve: async ({ id }, _args, context) => (await statsOf(context, id)).runs,
  }),
  tasks: t.int({
    description: 'Number of tasks of its extraction runs.',
    select: { id: true },
    resolve: async ({ id }, _args, context) => (await statsOf(context, id)).tasks,
  }),
  accuracyPercent: t.float({
    nullable: true,
    description: 'Matched of compared fields over all its extraction runs, 0–100; null when none is compared.',
    select: { id: true },
    resolve: async ({ id }, _args, context) => accuracyPercent(await statsOf(context, id)),
  }),
  passRate: t.float({
    nullable: true,
    description:
      'Tasks whose compared fields all match, of those that count for accuracy, over all its extraction runs, 0–1.',
    select: { id: true },
    resolve: async ({ id }, _args, context) => passRate(await statsOf(context, id)),
  }),
  averageDurationSeconds: t.float({
    nullable: true,
    description: 'Mean duration of its tasks that have one, in seconds.',
    select: { id: true },
    resolve: async ({ id }, _args, context) => (await statsOf(context, id)).averageDurationSeconds,
  }),
  costPerTaskUsd: t.field({
    type: 'Decimal',
    nullable: true,
    description: 'Known cost of its attempts ÷ its tasks with an attempt, in US dollars; null when no cost is known.',
    select: { id: true },
    resolve: async ({ id }, _args, context) => (await statsOf(context, id)).costPerTaskUsd,
  }),
}))
