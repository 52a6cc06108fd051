import { entities } from '../filters/entities/index.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'
import { Company } from './companies.ts'
import { addList, nestedListField } from './list-fields.ts'
import { addLookup } from './lookups.ts'

const { task, taskField } = entities

export const Task = builder.prismaNode('Task', {
  ...nodeOf(task),
  fields: (t) => ({
    ...columnsOf(t, task),
    run: t.relation('run', { nullable: true, ...described(task, 'run') }),
    campaign: t.relation('campaign', { nullable: true, ...described(task, 'campaign') }),
    dataset: t.relation('dataset', { nullable: true, ...described(task, 'dataset') }),
    datasetRow: t.relation('datasetRow', { nullable: true, ...described(task, 'datasetRow') }),
    company: t.relation('company', { nullable: true, ...described(task, 'company') }),
    lastAttempt: t.relation('lastAttempt', { nullable: true, ...described(task, 'lastAttempt') }),
    attempts: t.relation('attempts', {
      query: { orderBy: [{ number: { sort: 'asc', nulls: 'last' } }, { startedAt: 'asc' }, { id: 'asc' }] },
      description: 'Its attempts, by number.',
    }),
    fields: t.relation('fields', {
      query: { orderBy: [{ position: 'asc' }, { id: 'asc' }] },
      description: 'Its fields: what was extracted, and what should have been.',
    }),
  }),
})

export const TaskField = builder.prismaNode('TaskField', {
  ...nodeOf(taskField),
  fields: (t) => ({
    ...columnsOf(t, taskField),
    task: t.relation('task', described(taskField, 'task')),
    run: t.relation('run', { nullable: true, ...described(taskField, 'run') }),
  }),
})

builder.prismaObjectField(Company, 'tasks', (t) =>
  nestedListField(t, task, Task, ['company_id'], 'The extraction tasks on its sites, in all runs.'),
)

addList('tasks', task, Task, 'The sites that extraction runs read.')
addList('taskFields', taskField, TaskField, 'The fields of all extraction tasks.')

addLookup('task', {
  entity: task,
  node: Task,
  description: 'One extraction task.',
  keys: { sourceId: { description: "The source system's id of it.", where: (sourceId) => ({ sourceId }) } },
})
