import type { Subject } from '../metrics/declaration.ts'
import { COMPARISONS, isAdditiveTerm, termKey, termsOf, unitOf } from '../metrics/query.ts'
import { SUBJECTS } from '../metrics/subjects/index.ts'
import { type Column, findTable, MOST_ROWS, readTable, type Table, USUAL_ROWS } from '../metrics/table.ts'
import { builder } from './builder.ts'
import { asOf, MetricsSource } from './metrics.ts'
import { COMPARISON_IS, IntervalEnum } from './metrics-arguments.ts'
import { SortDirection } from './order-inputs.ts'

const SubjectEnum = builder.enumType('MetricsSubject', {
  description: 'What can be measured.',
  values: Object.fromEntries(SUBJECTS.map(({ name, description }) => [name, { value: name, description }])),
})

const Role = builder.enumType('MetricsColumnRole', {
  description: 'What a column of a table of metrics is.',
  values: {
    DIMENSION: { value: 'DIMENSION', description: 'What rows are grouped by.' },
    MEASURE: { value: 'MEASURE', description: 'What is computed of each group.' },
    TIME: { value: 'TIME', description: 'When the interval begins.' },
  } as const,
})

const TableColumn = builder.objectRef<Column>('MetricsColumn').implement({
  description: 'A column of a table of metrics.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, such as `agent` or `costUsd.sum`.' }),
    type: t.exposeString('type', {
      description: 'What its values are: text, enum, boolean, time, integer, float, or decimal (exact, as text).',
    }),
    unit: t.exposeString('unit', { nullable: true, description: 'The unit of a measure.' }),
    role: t.expose('role', { type: Role, description: 'What it is.' }),
  }),
})

export const MetricsTable = builder.objectRef<Table>('MetricsTable').implement({
  description: 'Metrics as a table, for tools that build their questions at run time.',
  fields: (t) => ({
    columns: t.field({
      type: [TableColumn],
      description: 'The columns: time, dimensions, measures.',
      resolve: ({ columns }) => columns,
    }),
    rows: t.field({
      type: t.listRef(t.listRef('JSON', { nullable: true })),
      description:
        'The rows, each with a value a column: null, text, number, true or false; times in RFC 3339, exact decimals as text.',
      resolve: ({ rows }) => rows,
    }),
    totalCount: t.exposeInt('totalCount', { description: 'Number of rows before `limit` and `offset`.' }),
    source: t.expose('source', { type: MetricsSource, description: 'What the answer was computed from.' }),
    asOf: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the last import finished that the answer includes; null before the first.',
      resolve: (_table, _args, context) => asOf(context),
    }),
  }),
})

const OrderBy = builder.inputType('MetricsTableOrderBy', {
  description: 'A column to sort by. Rows without a value come last.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Name of a column of the table, or of any measure.' }),
    direction: t.field({ type: SortDirection, description: 'Which way; ASC unless given.' }),
  }),
})

const Having = builder.inputType('MetricsTableHaving', {
  description: 'Conditions on a measure of the rows; all of them must hold. A row without a value meets none.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Name of any measure of the subject.' }),
    ...Object.fromEntries(
      Object.keys(COMPARISONS).map((name) => [
        name,
        t.field({ type: 'Decimal', description: COMPARISON_IS[name as keyof typeof COMPARISON_IS] }),
      ]),
    ),
  }),
})

export const TableQuery = builder.inputType('MetricsTableQuery', {
  description: 'A question to one subject; `metricCatalog` lists the names.',
  fields: (t) => ({
    subject: t.field({ type: SubjectEnum, required: true, description: 'What to measure.' }),
    measures: t.stringList({
      required: true,
      description: 'Names of measures, such as `calls` or `costUsd.sum`; may be empty where something is grouped by.',
    }),
    dimensions: t.stringList({ description: 'Names of dimensions to group by; everything is one group unless given.' }),
    where: t.field({
      type: 'JSON',
      description: "Which rows to count, in the shape of the subject's own filter; enum values as text.",
    }),
    search: t.string({ description: 'Only rows that these words find, for subjects that can be searched.' }),
    interval: t.field({ type: IntervalEnum, description: 'Also groups by time.' }),
    timeZone: t.field({ type: 'TimeZone', description: 'Where days, weeks and months begin; UTC unless given.' }),
    having: t.field({ type: [Having], description: 'Which rows to take, by their measures; all unless given.' }),
    orderBy: t.field({ type: [OrderBy], description: 'How to sort; by time and dimensions unless given.' }),
    limit: t.int({
      description: `How many rows: ${USUAL_ROWS} unless given, at most ${MOST_ROWS}.`,
      extensions: { size: { usual: USUAL_ROWS, most: MOST_ROWS } },
    }),
    offset: t.int({ description: 'How many rows to leave out at the beginning.' }),
  }),
})

builder.queryField('metricsTable', (t) =>
  t.field({
    type: MetricsTable,
    description: 'The numbers of the `…Metrics` fields as a table, for tools that build their questions at run time.',
    args: { query: t.arg({ type: TableQuery, required: true, description: 'What to compute.' }) },
    resolve: (_root, { query }, { db, scope }) => findTable(db, readTable(query, scope)),
  }),
)

type Entry = { name: string; description: string }
type MeasureEntry = Entry & { unit: string; additive: boolean; type: string }

const CatalogDimension = builder.objectRef<Entry & { type: string; isMany: boolean }>('CatalogDimension').implement({
  description: 'What a subject can be grouped by.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, as `metricsTable` and `key` have it.' }),
    type: t.exposeString('type', { description: 'What its values are: text, enum or boolean.' }),
    description: t.exposeString('description', { description: 'What it is.' }),
    isMany: t.exposeBoolean('isMany', {
      description: 'Whether a row can have several values; it counts in the group of each, and once in totals.',
    }),
  }),
})

const CatalogMeasure = builder.objectRef<MeasureEntry>('CatalogMeasure').implement({
  description: 'What can be computed of a subject.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, as `metricsTable` has it: `calls`, `costUsd.sum`.' }),
    unit: t.exposeString('unit', { description: 'Its unit.' }),
    type: t.exposeString('type', { description: 'What its values are: integer, float, or decimal (exact, as text).' }),
    additive: t.exposeBoolean('additive', {
      description:
        'Whether the values of groups may be added up. Averages, ratios, percentiles and distinct counts may not.',
    }),
    description: t.exposeString('description', { description: 'What it is, and how it is computed.' }),
  }),
})

const CatalogSubject = builder.objectRef<Subject>('CatalogSubject').implement({
  description: 'What can be measured, with what it can be grouped by and what can be computed of it.',
  fields: (t) => ({
    subject: t.field({ type: SubjectEnum, description: 'Its name.', resolve: ({ name }) => name }),
    field: t.exposeString('field', { description: 'The query field that answers questions to it.' }),
    description: t.exposeString('description', { description: 'What its rows are.' }),
    time: t.string({ description: 'What its time is, for intervals.', resolve: ({ time }) => time.description }),
    dimensions: t.field({
      type: [CatalogDimension],
      description: 'What it can be grouped by.',
      resolve: ({ dimensions }) =>
        Object.entries(dimensions).map(([name, { type, description, many }]) => ({
          name,
          type,
          description,
          isMany: many !== undefined,
        })),
    }),
    measures: t.field({
      type: [CatalogMeasure],
      description: 'What can be computed of it.',
      resolve: (subject) =>
        termsOf(subject).map((term) => ({
          name: termKey(term),
          description: subject.measures[term.name]!.description,
          additive: isAdditiveTerm(subject, term),
          ...unitOf(subject, term),
        })),
    }),
  }),
})

builder.queryField('metricCatalog', (t) =>
  t.field({
    type: [CatalogSubject],
    description: 'The semantic model as data: every subject, dimension and measure with its unit.',
    resolve: () => [...SUBJECTS],
  }),
)
