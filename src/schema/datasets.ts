import { entities } from '../filters/entities/index.ts'
import { PREVIEW_ROWS, previewsOf } from '../measures/dataset-preview.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'
import { addList, nestedListField } from './list-fields.ts'
import { question } from './loaders.ts'
import { addLookup } from './lookups.ts'
import { Run } from './runs.ts'
import { Task } from './tasks.ts'

const { dataset, datasetRow, run, task } = entities

const previewOf = question<void, unknown[]>(({ db, scope }, ids) => previewsOf(db, scope, ids), [])

export const DatasetRow = builder.prismaNode('DatasetRow', {
  ...nodeOf(datasetRow),
  fields: (t) => ({
    ...columnsOf(t, datasetRow),
    dataset: t.relation('dataset', described(datasetRow, 'dataset')),
    tasks: nestedListField(t, task, Task, ['dataset_row_id'], 'The tasks on it, in all runs.'),
  }),
})

export const Dataset = builder.prismaNode('Dataset', {
  ...nodeOf(dataset),
  fields: (t) => ({
    ...columnsOf(t, dataset),
    campaign: t.relation('campaign', { nullable: true, ...described(dataset, 'campaign') }),
    preview: t.field({
      type: ['JSON'],
      description: `Its first ${PREVIEW_ROWS} rows, as written.`,
      select: { id: true },
      resolve: ({ id }, _args, context) => previewOf(context, id),
    }),
    rows: nestedListField(t, datasetRow, DatasetRow, ['dataset_id'], 'Its rows.'),
    runs: nestedListField(t, run, Run, ['dataset_id'], 'The runs on it.'),
    tasks: nestedListField(t, task, Task, ['dataset_id'], 'The tasks on its rows, in all runs.'),
  }),
})

addList('datasets', dataset, Dataset, 'The datasets of all campaigns.')
addList('datasetRows', datasetRow, DatasetRow, 'The rows of all datasets.')

addLookup('dataset', {
  entity: dataset,
  node: Dataset,
  description: 'One dataset.',
  keys: { sourceId: { description: "The source system's id of it.", where: (sourceId) => ({ sourceId }) } },
})
