import { entities } from '../filters/entities/index.ts'
import { type FunnelRow, funnelsOf } from '../measures/funnel.ts'
import { builder } from './builder.ts'
import { enumOf } from './enums.ts'
import { question } from './loaders.ts'
import { Run } from './runs.ts'

const { fields } = entities.runPhase

const funnelOf = question<void, FunnelRow[]>(({ db, scope }, runIds) => funnelsOf(db, scope, runIds), [])

const FunnelPhase = builder.objectRef<FunnelRow>('FunnelPhase').implement({
  description: 'A phase of a run: what went in, what came out, and what it took.',
  fields: (t) => ({
    phase: t.exposeInt('phase', { description: 'Its number.' }),
    name: t.exposeString('name', { description: fields.name!.description }),
    status: t.field({
      type: enumOf('StepStatus'),
      description: 'How it ended; FAILED also for the phase that a failed run did not come to.',
      resolve: ({ status }) => status,
    }),
    inputCount: t.exposeInt('inputCount', { nullable: true, description: fields.inputCount!.description }),
    outputCount: t.exposeInt('outputCount', { nullable: true, description: fields.outputCount!.description }),
    dropped: t.exposeInt('dropped', {
      nullable: true,
      description: 'Items that went in and did not come out, at least 0; null when none went in.',
    }),
    durationSeconds: t.exposeFloat('durationSeconds', {
      nullable: true,
      description: fields.durationSeconds!.description,
    }),
    llmCalls: t.exposeInt('llmCalls', { nullable: true, description: fields.llmCalls!.description }),
    costUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: fields.costUsd!.description,
      resolve: ({ costUsd }) => costUsd,
    }),
  }),
})

builder.prismaObjectField(Run, 'funnel', (t) =>
  t.field({
    type: [FunnelPhase],
    description:
      'Its phases by number, with what each let through. A FAILED run also lists the phase that it did not come to, when other runs of its pipeline have it.',
    select: { id: true },
    resolve: ({ id }, _args, context) => funnelOf(context, id),
  }),
)
