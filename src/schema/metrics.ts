import type { GraphQLResolveInfo } from 'graphql'
import {
  findMetrics,
  findTotals,
  type MetricsRow,
  type MetricsSource as MetricsSourceName,
  metricsSource,
  totalsQuery,
} from '../metrics/compile.ts'
import { encodePlace } from '../metrics/cursor.ts'
import type { Subject } from '../metrics/declaration.ts'
import { latestImport } from '../metrics/freshness.ts'
import type { MetricsQuery } from '../metrics/query.ts'
import { SUBJECTS } from '../metrics/subjects/index.ts'
import { builder } from './builder.ts'
import type { Context } from './context.ts'
import { once } from './lists.ts'
import { checkKeys, type MetricsArguments, metricsArguments, readArguments } from './metrics-arguments.ts'
import { groupsOf, groupType, readTerms, totalsType } from './metrics-types.ts'
import { fieldsIn, selectionOf } from './selections.ts'

type Page = { rows: MetricsRow[]; totalCount: number }

/** An answer that reads what is asked of it, when it is asked. */
export type Metrics = {
  query: MetricsQuery
  /** What tells its cursors from those of other questions. */
  sign: string
  page(): Promise<Page>
  groups(): Promise<ReturnType<typeof groupsOf>>
  totals(): Promise<Record<string, unknown>>
  source: MetricsSourceName
  asOf(): Promise<Date | null>
}

export const MetricsSource = builder.enumType('MetricsSource', {
  description: 'What an answer was computed from; both give the same numbers.',
  values: {
    FACTS: { value: 'FACTS', description: 'From the rows themselves.' },
    ROLLUP: {
      value: 'ROLLUP',
      description:
        'From sums by the hour, the day or the month, kept with every import; percentiles are then within 1 %.',
    },
  } as const,
})

/** What the fields that answer questions to a subject have in common: their type and their arguments. */
export const metricsFields = new Map(SUBJECTS.map((subject) => [subject, fieldOf(subject)]))

function fieldOf(subject: Subject) {
  const name = subject.field[0]!.toUpperCase() + subject.field.slice(1)
  return { type: connectionType(subject, name), args: metricsArguments(subject, name) }
}

for (const subject of SUBJECTS) {
  builder.queryField(subject.field, (t) =>
    t.field({
      ...metricsFields.get(subject)!,
      description: subject.description,
      resolve: (_root, args, context, info) => answer(subject, args as MetricsArguments, context, info),
    }),
  )
}

function connectionType(subject: Subject, name: string) {
  const Group = groupType(subject, name)
  const Totals = totalsType(subject, name)
  return builder.objectRef<Metrics>(`${name}Connection`).implement({
    description: `Groups of ${subject.name}, page by page.`,
    fields: (t) => ({
      nodes: t.field({
        type: [Group],
        description: 'The groups of this page.',
        resolve: ({ groups }) => groups(),
      }),
      totals: t.field({
        type: Totals,
        description: 'The same measures over everything that matches, not only over the groups of this page.',
        resolve: ({ totals }) => totals(),
      }),
      totalCount: t.field({
        type: 'Int',
        description: 'Number of groups.',
        resolve: async ({ page }) => (await page()).totalCount,
      }),
      hasNextPage: t.field({
        type: 'Boolean',
        description: 'Whether there are more groups after this page.',
        resolve: async ({ query, page }) => query.offset + query.size < (await page()).totalCount,
      }),
      endCursor: t.field({
        type: 'String',
        nullable: true,
        description: 'The place after the last group of this page, for `after`; null when there is none.',
        resolve: async ({ query, sign, page }) => {
          const shown = (await page()).rows.length
          return shown === 0 ? null : encodePlace(sign, query.offset + shown)
        },
      }),
      source: t.field({
        type: MetricsSource,
        description: 'What the answer was computed from.',
        resolve: ({ source }) => source,
      }),
      asOf: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When the last import finished that the answer includes; null before the first.',
        resolve: ({ asOf }) => asOf(),
      }),
    }),
  })
}

/** Reads the question: its groups by one statement, its totals by one. */
function answer(subject: Subject, args: MetricsArguments, context: Context, info: GraphQLResolveInfo): Metrics {
  const { query, sign, search, termsOf } = readQuestion(subject, args, context, info)
  const { db } = context
  const page = once(async () => findMetrics(db, { ...query, found: await search(), terms: termsOf('nodes') }))
  return {
    query,
    sign,
    page,
    groups: once(async () => groupsOf(query, (await page()).rows)),
    source: sourceOf(query, args, termsOf),
    totals: once(async () => findTotals(db, { ...query, found: await search(), terms: termsOf('totals') })),
    asOf: once(() => asOf(context)),
  }
}

/** A rollup, when it answers all that is asked for; words are looked for in facts. */
function sourceOf(
  query: MetricsQuery,
  { search }: MetricsArguments,
  termsOf: ReturnType<typeof readQuestion>['termsOf'],
) {
  if (typeof search === 'string') return 'FACTS'
  const parts = [
    { ...query, terms: termsOf('nodes') },
    ...(termsOf('totals').length > 0 ? [totalsQuery({ ...query, terms: termsOf('totals') })] : []),
  ]
  return parts.every((part) => metricsSource(part) === 'ROLLUP') ? 'ROLLUP' : 'FACTS'
}

/** The arguments of a metrics field, checked against what the document asks of its answer. */
export function readQuestion(
  subject: Subject,
  args: MetricsArguments,
  { db, scope }: Context,
  info: GraphQLResolveInfo,
) {
  const asked = fieldsIn(info, selectionOf(info))
  const { query, sign } = readArguments(subject, scope, args, info.parentType.name)
  checkKeys(query, info, asked.get('nodes') ?? [])
  const words = args.search
  return {
    query,
    sign,
    search: once(async () => (typeof words === 'string' ? subject.search!(db, words) : null)),
    termsOf: (field: 'nodes' | 'totals') => readTerms(subject, info, asked.get(field) ?? []),
  }
}

const asOfOf = new WeakMap<Context, Promise<Date | null>>()

/** One statement a request. */
export function asOf(context: Context): Promise<Date | null> {
  const known = asOfOf.get(context) ?? latestImport(context.db, context.scope)
  asOfOf.set(context, known)
  return known
}
