import { findView, listViews, removeView, type SavedView as SavedViewValue, saveView } from '../metrics/saved-views.ts'
import { findTable, readTable } from '../metrics/table.ts'
import { builder } from './builder.ts'
import { organizationOf } from './context.ts'
import { MetricsTable, TableQuery } from './metrics-table.ts'

const SavedView = builder.objectRef<SavedViewValue>('SavedView').implement({
  description: 'A question to the metrics that has a name.',
  fields: (t) => ({
    name: t.exposeString('name', { description: "Its name; unique among the organization's views." }),
    description: t.exposeString('description', { nullable: true, description: 'What it is for.' }),
    query: t.expose('query', { type: 'JSON', description: 'The question, as `metricsTable` takes it.' }),
    table: t.field({
      type: MetricsTable,
      // Also for whoever just saved it.
      authScopes: { read: true },
      description: 'The answer of this moment. Needs the scope READ.',
      resolve: ({ query }, _args, { db, scope }) => findTable(db, readTable(query, scope)),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was first saved.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was last saved.' }),
  }),
})

builder.queryFields((t) => ({
  savedViews: t.field({
    type: [SavedView],
    description: "The organization's saved views, by name.",
    resolve: (_root, _args, { db, scope }) => listViews(db, scope),
  }),
  savedView: t.field({
    type: SavedView,
    nullable: true,
    description: 'The saved view of this name, or null; its `table` is the answer.',
    args: { name: t.arg.string({ required: true, description: 'Its name.' }) },
    resolve: (_root, { name }, { db, scope }) => findView(db, scope, name),
  }),
}))

builder.mutationFields((t) => ({
  saveView: t.field({
    type: SavedView,
    description: 'Gives a question to the metrics a name; a view that has the name already is replaced.',
    args: {
      name: t.arg.string({ required: true, description: 'Its name, up to 200 characters.' }),
      description: t.arg.string({ description: 'What it is for.' }),
      query: t.arg({
        type: TableQuery,
        required: true,
        description: 'The question; it is checked before it is saved.',
      }),
    },
    resolve: (_root, args, context) => saveView(context.db, organizationOf(context), args),
  }),
  removeView: t.field({
    type: 'Boolean',
    description: 'Takes a saved view away; says whether there was one.',
    args: { name: t.arg.string({ required: true, description: 'Its name.' }) },
    resolve: (_root, { name }, context) => removeView(context.db, organizationOf(context), name),
  }),
}))
