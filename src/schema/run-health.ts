import { runHealth, usualMediansOf } from '../measures/run-health.ts'
import {
  accuracyPercent,
  passRate,
  progressPercent,
  retryRate,
  type TaskFacts,
  taskFactsOf,
} from '../measures/run-progress.ts'
import type { Health, HealthFactor } from '../model/run-health.ts'
import { builder } from './builder.ts'
import { question } from './loaders.ts'
import { Run } from './runs.ts'

const factsOf = question<void, TaskFacts | null>(({ db, scope }, ids) => taskFactsOf(db, scope, ids), null)
const usualMedianOf = question<void, number | null>(({ db, scope }, ids) => usualMediansOf(db, scope, ids), null)

const RunProgress = builder.objectRef<TaskFacts>('RunProgress').implement({
  description: "How far a run's tasks are.",
  fields: (t) => ({
    total: t.exposeInt('total', { description: 'Number of its tasks.' }),
    completed: t.exposeInt('completed', { description: 'Number of those that are completed.' }),
    running: t.exposeInt('running', { description: 'Number of those that are running.' }),
    queued: t.exposeInt('queued', { description: 'Number of those that are queued.' }),
    failed: t.exposeInt('failed', { description: 'Number of those that failed.' }),
    skipped: t.exposeInt('skipped', { description: 'Number of those that were skipped.' }),
    percent: t.float({
      nullable: true,
      description: 'Completed, failed and skipped ones of all, in percent; null without tasks.',
      resolve: progressPercent,
    }),
  }),
})

const RunHealthFactor = builder.objectRef<HealthFactor>('RunHealthFactor').implement({
  description: "A part of a run's health score.",
  fields: (t) => ({
    factor: t.exposeString('factor', { description: 'Its name: success, confidence, duration or retries.' }),
    value: t.exposeFloat('value', { description: 'How good it is, 0–100.' }),
    weight: t.exposeFloat('weight', {
      description: 'How much it counts, 0–1; the weights of the factors that can be computed sum to 1.',
    }),
    points: t.exposeFloat('points', { description: 'What it adds to the score: its weight × its value.' }),
  }),
})

const RunHealth = builder.objectRef<Health>('RunHealth').implement({
  description: 'How well a run goes, or went.',
  fields: (t) => ({
    score: t.exposeInt('score', {
      nullable: true,
      description: 'The sum of its factors, 0–100, rounded half up; null when no factor can be computed.',
    }),
    factors: t.field({
      type: [RunHealthFactor],
      description: 'What it is made of; a factor that cannot be computed is left out.',
      resolve: ({ factors }) => factors,
    }),
  }),
})

builder.prismaObjectFields(Run, (t) => ({
  progress: t.field({
    type: RunProgress,
    nullable: true,
    description: 'How far the tasks of an extraction run are; null for other runs.',
    select: { id: true },
    resolve: ({ id }, _args, context) => factsOf(context, id),
  }),
  health: t.field({
    type: RunHealth,
    nullable: true,
    description: 'How well an extraction run goes, or went; null for other runs.',
    select: { id: true },
    resolve: async ({ id }, _args, context) => {
      const facts = await factsOf(context, id)
      return facts && runHealth(facts, await usualMedianOf(context, id))
    },
  }),
  accuracyPercent: t.float({
    nullable: true,
    description: 'Matched of compared fields, 0–100; null when no task of the run counts for accuracy.',
    select: { id: true },
    resolve: async ({ id }, _args, context) => answer(await factsOf(context, id), accuracyPercent),
  }),
  passRate: t.float({
    nullable: true,
    description:
      'Tasks whose compared fields all match, of those that count for accuracy, 0–1; null when there are none.',
    select: { id: true },
    resolve: async ({ id }, _args, context) => answer(await factsOf(context, id), passRate),
  }),
  retryRate: t.float({
    nullable: true,
    description: 'Tasks with more than one attempt, of those with any, 0–1; null when there are none.',
    select: { id: true },
    resolve: async ({ id }, _args, context) => answer(await factsOf(context, id), retryRate),
  }),
}))

function answer(facts: TaskFacts | null, measure: (facts: TaskFacts) => number | null): number | null {
  return facts && measure(facts)
}
