import { sql } from 'kysely'
import { type Condition, type Row, rowOf } from '../filters/scope.ts'
import type { Aggregation, Part } from './aggregations.ts'
import { FACT, factsOf, fromOf, type Key, Needed } from './compile.ts'
import type { Sql } from './declaration.ts'
import { type MetricsQuery, TIME } from './query.ts'

/** What a statement over groups is made of. */
export type Groups = {
  keys: readonly Sql[]
  /** A value a group for each aggregation, by its name. */
  values: ReadonlyMap<string, Sql>
  from: Sql
}

type Question = {
  query: MetricsQuery
  keys: readonly Key[]
  aggregations: ReadonlyMap<string, Aggregation>
}

/** The groups of facts: in two steps when that reads less, else in one. */
export function groupsOf(question: Question): Groups {
  return inTwoSteps(question) ?? inOneStep(question)
}

function inOneStep({ query, keys, aggregations }: Question): Groups {
  const needed = new Needed(query)
  const values = new Map([...aggregations].map(([name, each]) => [name, valueInGroup(each, needed)]))
  // The joins are known when keys and values are made.
  return { keys: keys.map((key) => key.value(needed.fact)), values, from: fromOf(query, needed, keys) }
}

/** A value over all facts of a group at once. */
export function valueInGroup(aggregation: Aggregation, { fact }: Needed): Sql {
  switch (aggregation.kind) {
    case 'parts':
      return aggregation.value(aggregation.parts(fact).map(({ over }) => over))
    case 'distinct':
      return sql`count(distinct ${aggregation.of(fact)})`
    case 'whole':
      return aggregation.value(fact)
  }
}

const STARTED = 'x_started'

/**
 * Groups facts by the ids that they hold, and only then joins the names to group by, to as many rows as there are
 * different ids. Null when that is not possible (percentiles need all facts of a group at once, and what is joined by
 * the facts' own ids is not less than they are) and when there is nothing to gain.
 */
function inTwoSteps({ query, keys, aggregations }: Question): Groups | null {
  const columns = new Set<string>()
  const outer = new Needed(query, noting(columns))
  const keySql = keys.map((key) => (key.name === TIME ? sql.ref(`${FACT}.${STARTED}`) : key.value(outer.fact)))
  const many = keys.flatMap((key) => (key.many ? [key.many(outer.fact)] : []))
  const ofKeys = new Set(columns)

  const inner = new Needed(query)
  const parts: Part[] = []
  const values = new Map<string, Sql>()
  const distincts: string[] = []
  for (const [name, aggregation] of aggregations) {
    if (aggregation.kind === 'whole') return null
    if (aggregation.kind === 'distinct') {
      distincts.push(name)
      values.set(name, sql`count(distinct ${aggregation.of(outer.fact)})`)
      continue
    }
    const first = parts.length
    const own = aggregation.parts(inner.fact)
    parts.push(...own)
    values.set(
      name,
      aggregation.value(own.map((part, place) => combined(part, sql.ref(`${FACT}.${partName(first + place)}`)))),
    )
  }
  const sources = factsOf(query)
  const isOne = sources.length === 1 && outer.joins().length === 0 && many.length === 0 && distincts.length === 0
  if (isOne || columns.has('id')) return null

  const started = keys.find(({ name }) => name === TIME)
  const held = [
    ...(started ? [sql`${started.value(inner.fact)} as ${sql.id(STARTED)}`] : []),
    ...[...columns].map((name) => sql`${inner.fact.row.column(name)} as ${sql.id(name)}`),
  ]
  const summed = parts.map(({ over }, place) => sql`${over} as ${sql.id(partName(place))}`)
  // By now it is noted which joins the values need.
  const grouped = (rows: readonly Sql[]) =>
    sql`select ${sql.join([...held, ...summed])} ${fromOf(query, inner, [], [], [], rows)} ${byPlace(held.length)}`

  const counted = countedBefore({ query, keys, aggregations }, distincts, ofKeys)
  let facts: Sql
  if (counted) {
    const kept = [...(started ? [STARTED] : []), ...ofKeys].map((name) => sql.ref(name))
    const sums = parts.map(
      (part, place) => sql`${combined(part, sql.ref(partName(place)))} as ${sql.id(partName(place))}`,
    )
    const number = sql`count(${sql.ref(counted.column)}) as x_distinct`
    facts = sql`select ${sql.join([...kept, number, ...sums])} from (${grouped(sources)}) as x_held ${byPlace(kept.length)}`
    values.set(counted.name, sql`coalesce(sum(${sql.ref(`${FACT}.x_distinct`)}), 0)::int8`)
  } else {
    // Each source by itself, so that each is read in the way that is best for it.
    facts = sql.join(
      sources.map((source) => grouped([source])),
      sql` union all `,
    )
  }
  return {
    keys: keySql,
    values,
    from: sql`from (${facts}) as ${sql.id(FACT)} ${sql.join([...outer.joins(), ...many], sql` `)}`,
  }
}

/** A part of a group, of the same part of several. */
const combined = ({ together }: Part, part: Sql): Sql => sql`${sql.raw(together)}(${part})`

/**
 * A count of different values that needs no sorting: when a group's key stands for its ids one to one, each value is in
 * one row of the first step.
 */
function countedBefore(
  { keys, aggregations }: Question,
  [name, ...more]: readonly string[],
  ofKeys: ReadonlySet<string>,
): { name: string; column: string } | null {
  const aggregation = name === undefined ? undefined : aggregations.get(name)
  if (aggregation?.kind !== 'distinct' || more.length > 0) return null
  const { column } = aggregation
  if (column === undefined || ofKeys.has(column)) return null
  const ofNames = new Set(keys.map((key) => key.column))
  const isOneToOne =
    keys.every((key) => key.name === TIME || (key.column !== undefined && !key.many)) &&
    [...ofKeys].every((held) => ofNames.has(held))
  return isOneToOne ? { name: name!, column } : null
}

const partName = (place: number): string => `x_part${place}`

function noting(columns: Set<string>): Row {
  const row = rowOf(FACT)
  return {
    ...row,
    column(name) {
      columns.add(name)
      return row.column(name)
    },
  }
}

/** @param keys how many of the first columns are grouped by */
export function byPlace(keys: number): Sql {
  return keys === 0
    ? sql`group by ()`
    : sql`group by ${sql.join(Array.from({ length: keys }, (_, place) => sql.raw(String(place + 1))))}`
}

/** A query of its own with the groups that meet a condition; columns k0, k1, … and m0, m1, … */
export function selectGroups(
  keys: readonly Sql[],
  values: readonly (Sql | null)[],
  from: Sql,
  having: Condition | null,
): Sql {
  const columns = [
    ...keys.map((key, place) => sql`${key} as ${sql.id(`k${place}`)}`),
    ...values.map((value, place) => sql`${value ?? sql`null`} as ${sql.id(`m${place}`)}`),
  ]
  return sql`(select ${sql.join(columns)} ${from} ${byPlace(keys.length)} ${having ? sql`having ${having}` : sql``})`
}
