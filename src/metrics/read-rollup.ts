import { sql } from 'kysely'
import type { Condition } from '../filters/scope.ts'
import { type Aggregation, count, meanOf, PERCENTILES, ratio } from './aggregations.ts'
import { FACT, type Key, keysOf, Needed } from './compile.ts'
import type { Aggregate, CellMeasure, Measure, Rollup, Sql } from './declaration.ts'
import { byPlace, type Groups, groupsOf, selectGroups } from './groups.ts'
import { isPercentile, type RollupPlan } from './plan-rollup.ts'
import { type MetricsQuery, type Term, termKey } from './query.ts'
import { column } from './subjects/shared.ts'

/** The groups of a question, from cells; `isPresent` when cells may have added up to none. */
export function groupsOfCells(
  query: MetricsQuery,
  { rollup, where, histogram }: RollupPlan,
  terms: readonly Term[],
): Groups & { isPresent: Condition | null } {
  const cells = onCells(query, rollup, where)
  const keys = keysOf(cells)
  const summed = terms.filter((term) => !isPercentile(term))
  const { values, ...groups } = groupsOf({
    query: cells,
    keys,
    aggregations: new Map([
      ...summed.map((term) => [termKey(term), aggregationOf(query, rollup, term)] as const),
      ['facts', count(FACTS)],
    ]),
  })
  const isPresent = keys.length > 0 ? sql<boolean>`${values.get('facts')!} > 0` : null
  if (!histogram) return { ...groups, values, isPresent }

  // Sums and percentiles come from two tables: one row of each for a group, and nulls where the other one knows.
  const sums = selectGroups(
    groups.keys,
    terms.map((term) => values.get(termKey(term)) ?? null),
    groups.from,
    isPresent,
  )
  const classes = percentiles(onCells(query, histogram.rollup, histogram.where), terms)
  return {
    keys: keys.map((_, place) => sql.ref(`u.k${place}`)),
    values: new Map(
      terms.map((term, place) => {
        const value = sql`max(${sql.ref(`u.m${place}`)})`
        const isCount = !isPercentile(term) && query.subject.measures[term.name]!.kind === 'count'
        return [termKey(term), isCount ? sql`coalesce(${value}, 0)` : value]
      }),
    ),
    from: sql`from (${sums} union all ${classes}) as u`,
    isPresent: null,
  }
}

const FACTS = column('facts')

/** The question with cells in the place of facts. */
function onCells(query: MetricsQuery, { table, entity, joins }: Rollup, where: RollupPlan['where']): MetricsQuery {
  const { subject } = query
  return {
    ...query,
    where,
    subject: {
      ...subject,
      entity,
      facts: () => [sql`select * from ${sql.table(table)}`],
      joins: { ...subject.joins, ...joins },
    },
  }
}

function aggregationOf({ subject }: MetricsQuery, rollup: Rollup, { name, aggregate }: Term): Aggregation {
  const measure: CellMeasure = rollup.measures[name]!
  switch (measure.kind) {
    case 'count':
      return count(measure.value)
    case 'ratio':
      return ratio(measure.of, measure.per)
    case 'number':
      return numberOf(subject.measures[name]!, aggregate!, measure.column)
  }
}

const TYPES = { decimal: 'numeric', integer: 'int8', float: 'float8' } as const

function numberOf(measure: Measure, aggregate: Aggregate, name: string): Aggregation {
  const type = measure.kind === 'number' ? measure.type : 'integer'
  return {
    kind: 'parts',
    parts: ({ row }) =>
      [row.column(name), row.column(`${name}_count`)].map((cells) => ({ over: sql`sum(${cells})`, together: 'sum' })),
    value: ([sum, number]) =>
      aggregate === 'sum'
        ? sql`case when ${number} > 0 then ${sum}::${sql.raw(TYPES[type])} end`
        : meanOf(type === 'decimal' ? type : 'integer', sum!, number!),
  }
}

/** Percentiles by the numbers that stand for classes, interpolated as percentile_cont does between facts. */
function percentiles(cells: MetricsQuery, terms: readonly Term[]): Sql {
  const keys: Key[] = keysOf(cells)
  const ids = idsOf(keys)
  const names = keys.map((_, place) => sql.id(`k${place}`))
  const classOf: Key = { name: 'class', value: column('duration_class'), column: 'duration_class' }
  const groups = groupsOf({
    query: cells,
    keys: [...(ids ?? keys), classOf],
    aggregations: new Map([['facts', count(FACTS)]]),
  })
  const facts = groups.values.get('facts')!
  const counted = sql`select ${sql.join([
    ...groups.keys.map((key, place) => sql`${key} as ${names[place] ?? sql.id('class')}`),
    sql`${facts}::float8 as facts`,
  ])} ${groups.from} ${byPlace(keys.length + 1)} having ${facts} > 0`
  const partition = names.length > 0 ? sql`partition by ${sql.join(names)}` : sql``
  const ranked = sql`select *, sum(facts) over (${partition} order by class rows unbounded preceding) as upto,
    sum(facts) over (${partition}) as total from (${counted}) as c`
  const values = terms.map((term) => {
    const share = term.aggregate && isPercentile(term) ? PERCENTILES[term.aggregate]! : null
    if (share === null) return null
    const place = sql`(${sql.lit(share)}::float8 * (total - 1))`
    const below = sql`crossrun_class_seconds(min(class) filter (where upto > floor${place}))`
    const above = sql`crossrun_class_seconds(min(class) filter (where upto > ceil${place}))`
    const rest = sql`max(${place} - floor${place})`
    return sql`${below} + ${rest} * (${above} - ${below})`
  })
  const found = selectGroups(names, values, sql`from (${ranked}) as h`, null)
  return ids ? named(cells, keys, terms, found) : found
}

/** The ids that stand for the keys one to one, when all keys have such: they take less to sort and to rank than names. */
function idsOf(keys: readonly Key[]): Key[] | null {
  const ids = keys.flatMap(({ name, column: id, many }): Key[] =>
    id === undefined || many ? [] : [{ name, value: column(id), column: id }],
  )
  return ids.length === keys.length && ids.length > 0 ? ids : null
}

/** Groups with their names in the place of ids. */
function named(cells: MetricsQuery, keys: readonly Key[], terms: readonly Term[], groups: Sql): Sql {
  const needed = new Needed(cells)
  const ids = keys.map(({ column: id }, place) => sql`${sql.id(`k${place}`)} as ${sql.id(id!)}`)
  const columns = [
    ...keys.map((key, place) => sql`${key.value(needed.fact)} as ${sql.id(`k${place}`)}`),
    // A null that comes from further within would be a text by now.
    ...terms.map(
      (term, place) => sql`${isPercentile(term) ? sql.id(`m${place}`) : sql`null`} as ${sql.id(`m${place}`)}`,
    ),
  ]
  return sql`(select ${sql.join(columns)} from (select ${sql.join(ids)}, h.* from ${groups} as h) as ${sql.id(FACT)}
    ${sql.join(needed.joins(), sql` `)})`
}
