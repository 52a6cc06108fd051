import { type FieldAccuracy, fieldAccuracyOf } from '../measures/field-accuracy.ts'
import { builder } from './builder.ts'
import { question } from './loaders.ts'
import { Run } from './runs.ts'

const accuracyOf = question<void, FieldAccuracy[]>(({ db, scope }, ids) => fieldAccuracyOf(db, scope, ids), [])

const FieldAccuracyType = builder.objectRef<FieldAccuracy>('FieldAccuracy').implement({
  description: "How well a field was extracted over a run's tasks.",
  fields: (t) => ({
    field: t.exposeString('field', { description: 'Its name.' }),
    compared: t.exposeInt('compared', { description: 'Number of tasks with a ground-truth value of it.' }),
    matched: t.exposeInt('matched', { description: 'Number of them that extracted that value.' }),
    missing: t.exposeInt('missing', { description: 'Number of them that extracted no value.' }),
    accuracyPercent: t.exposeFloat('accuracyPercent', {
      nullable: true,
      description: 'Matched of compared, 0–100; null when there is none to compare.',
    }),
    averageConfidence: t.exposeFloat('averageConfidence', {
      nullable: true,
      description: 'How sure the agent was of it, 0–1: the mean over the tasks that say so.',
    }),
  }),
})

builder.prismaObjectField(Run, 'fieldAccuracy', (t) =>
  t.field({
    type: [FieldAccuracyType],
    description: 'How well each field was extracted over the tasks of an extraction run; empty for other runs.',
    select: { id: true },
    resolve: ({ id }, _args, context) => accuracyOf(context, id),
  }),
)
