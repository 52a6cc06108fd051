import { type Failure, failuresOf } from '../measures/failures.ts'
import { builder } from './builder.ts'
import { enumOf } from './enums.ts'
import { question } from './loaders.ts'
import { Run } from './runs.ts'

const ofRun = question<void, Failure[]>(({ db, scope }, ids) => failuresOf(db, scope, ids), [])

const RunFailure = builder.objectRef<Failure>('RunFailure').implement({
  description: 'Failed tasks of a run that failed for one reason.',
  fields: (t) => ({
    category: t.field({
      type: enumOf('FailureCategory'),
      nullable: true,
      description: 'The kind of the reason.',
      resolve: ({ category }) => category,
    }),
    reason: t.exposeString('reason', { nullable: true, description: 'The reason, as written.' }),
    tasks: t.exposeInt('tasks', { description: 'Number of tasks.' }),
    examples: t.exposeStringList('examples', { description: 'Addresses of up to three of their sites, sorted.' }),
  }),
})

builder.prismaObjectField(Run, 'failures', (t) =>
  t.field({
    type: [RunFailure],
    description:
      'Why tasks of an extraction run failed: the reason of most tasks first, then by category; empty for other runs.',
    select: { id: true },
    resolve: ({ id }, _args, context) => ofRun(context, id),
  }),
)
