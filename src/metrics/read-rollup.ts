import { sql } from 'kysely'
import { fromOf, type Key, keysOf, Needed } from './compile.ts'
import type { Aggregate, CellMeasure, Fact, Measure, Rollup, Sql } from './declaration.ts'
import { isPercentile, type RollupPlan } from './plan-rollup.ts'
import { type MetricsQuery, type Term, termKey } from './query.ts'

/** What a statement over groups is made of. */
export type Groups = {
  keys: readonly Sql[]
  /** The value of a term in a group, by its key. */
  terms: ReadonlyMap<string, Sql>
  from: Sql
  /** That a group has facts: cells may have added up to none. */
  isPresent: Sql | null
}

/** The groups of a question, from cells. */
export function groupsOfCells(
  query: MetricsQuery,
  { rollup, where, histogram }: RollupPlan,
  terms: readonly Term[],
): Groups {
  const cells = onCells(query, rollup, where)
  const { keys, needed, from } = groupedCells(cells)
  const values = terms.map((term) => (isPercentile(term) ? null : termOf(query, rollup, term, needed.fact)))
  const isPresent = keys.length > 0 ? sql`sum(${needed.fact.row.column('facts')}) > 0` : null
  if (!histogram) return { keys, terms: byKey(terms, values as Sql[]), from: from(), isPresent }

  // Sums and percentiles come from two tables: one row of each for a group, and nulls where the other one knows.
  const summed = selectGroups(keys, values, from(), isPresent)
  const places = keys.map((_, place) => sql.ref(`u.k${place}`))
  return {
    keys: places,
    terms: byKey(
      terms,
      terms.map((term, place) => {
        const value = sql`max(${sql.ref(`u.m${place}`)})`
        return !isPercentile(term) && query.subject.measures[term.name]!.kind === 'count'
          ? sql`coalesce(${value}, 0)`
          : value
      }),
    ),
    from: sql`from (${summed} union all ${percentiles(onCells(query, histogram.rollup, histogram.where), terms)}) as u`,
    isPresent: null,
  }
}

function byKey(terms: readonly Term[], values: readonly Sql[]): Map<string, Sql> {
  return new Map(terms.map((term, place) => [termKey(term), values[place]!]))
}

/** The question with cells in the place of facts. */
function onCells(query: MetricsQuery, { table, entity, joins }: Rollup, where: RollupPlan['where']): MetricsQuery {
  const { subject } = query
  return {
    ...query,
    where,
    subject: { ...subject, entity, facts: () => sql.table(table), joins: { ...subject.joins, ...joins } },
  }
}

function groupedCells(cells: MetricsQuery) {
  const keys: Key[] = keysOf(cells)
  const needed = new Needed(cells)
  return { keys: keys.map((key) => key.value(needed.fact)), needed, from: () => fromOf(cells, needed, keys) }
}

function selectGroups(keys: readonly Sql[], values: readonly (Sql | null)[], from: Sql, isPresent: Sql | null): Sql {
  const columns = [
    ...keys.map((key, place) => sql`${key} as ${sql.id(`k${place}`)}`),
    ...values.map((value, place) => sql`${value ?? sql`null`} as ${sql.id(`m${place}`)}`),
  ]
  return sql`(select ${sql.join(columns)} ${from} ${groupBy(keys.length)} ${isPresent ? sql`having ${isPresent}` : sql``})`
}

function groupBy(keys: number): Sql {
  return keys === 0
    ? sql`group by ()`
    : sql`group by ${sql.join(Array.from({ length: keys }, (_, place) => sql.raw(String(place + 1))))}`
}

function termOf({ subject }: MetricsQuery, rollup: Rollup, { name, aggregate }: Term, cell: Fact): Sql {
  const measure: CellMeasure = rollup.measures[name]!
  switch (measure.kind) {
    case 'count':
      return sql`coalesce(sum(${measure.value(cell)}), 0)::int8`
    case 'ratio':
      return sql`coalesce(sum(${measure.of(cell)}), 0)::float8 / nullif(sum(${measure.per(cell)}), 0)::float8`
    case 'number':
      return numberOf(
        subject.measures[name]!,
        aggregate!,
        cell.row.column(measure.column),
        cell.row.column(`${measure.column}_count`),
      )
  }
}

const TYPES = { decimal: 'numeric', integer: 'int8', float: 'float8' } as const

function numberOf(measure: Measure, aggregate: Aggregate, sum: Sql, count: Sql): Sql {
  const type = measure.kind === 'number' ? measure.type : 'integer'
  if (aggregate === 'sum') return sql`case when sum(${count}) > 0 then sum(${sum})::${sql.raw(TYPES[type])} end`
  const mean = sql`sum(${sum}) / nullif(sum(${count}), 0)`
  return type === 'decimal' ? sql`trim_scale(round(${mean}, 15))` : sql`(${mean})::float8`
}

const SHARES: Partial<Record<Aggregate, number>> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 }

/** Percentiles by the numbers that stand for classes, interpolated as percentile_cont does between facts. */
function percentiles(cells: MetricsQuery, terms: readonly Term[]): Sql {
  const { keys, needed, from } = groupedCells(cells)
  const names = keys.map((_, place) => sql.id(`k${place}`))
  const counted = sql`select ${sql.join([
    ...keys.map((key, place) => sql`${key} as ${names[place]!}`),
    sql`${needed.fact.row.column('duration_class')} as class`,
    sql`sum(${needed.fact.row.column('facts')})::float8 as facts`,
  ])} ${from()} ${groupBy(keys.length + 1)} having sum(${needed.fact.row.column('facts')}) > 0`
  const partition = names.length > 0 ? sql`partition by ${sql.join(names)}` : sql``
  const ranked = sql`select *, sum(facts) over (${partition} order by class) as upto, sum(facts) over (${partition}) as total from (${counted}) as c`
  const values = terms.map((term) => {
    const share = term.aggregate && isPercentile(term) ? SHARES[term.aggregate]! : null
    if (share === null) return null
    const place = sql`(${sql.lit(share)}::float8 * (total - 1))`
    const below = sql`crossrun_class_seconds(min(class) filter (where upto > floor${place}))`
    const above = sql`crossrun_class_seconds(min(class) filter (where upto > ceil${place}))`
    const rest = sql`max(${place} - floor${place})`
    return sql`${below} + ${rest} * (${above} - ${below})`
  })
  return selectGroups(names, values, sql`from (${ranked}) as h`, null)
}
