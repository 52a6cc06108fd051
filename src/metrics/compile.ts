import { sql } from 'kysely'
import { all, type Condition, ofOrganization, type Row, rowOf } from '../filters/scope.ts'
import { compileWhere } from '../filters/where.ts'
import type { Db } from '../store/transaction-kysely.ts'
import { aggregationOf } from './aggregations.ts'
import type { Fact, Sql, Subject } from './declaration.ts'
import { byPlace, type Groups, groupsOf } from './groups.ts'
import { planRollup } from './plan-rollup.ts'
import { COMPARISONS, type Interval, type MetricsQuery, type Term, TIME, termKey } from './query.ts'
import { groupsOfCells } from './read-rollup.ts'

/** The values of one group, and of its key, by name; null where there is none. */
export type MetricsRow = { key: Record<string, unknown>; values: Record<string, unknown> }

export const FACT = 'f'

/** One page of the groups, and how many there are; one statement. */
export async function findMetrics(db: Db, query: MetricsQuery): Promise<{ rows: MetricsRow[]; totalCount: number }> {
  const keys = keysOf(query)
  const terms = termsNeeded(query)
  const plan = planRollup(query, terms)
  const groups = plan ? groupsOfCells(query, plan, terms) : { ...groupsOfFacts(query, keys, terms), isPresent: null }
  const { keys: keySql, values, from, isPresent } = groups
  const having = query.having.map(
    ({ term, comparison, value }) =>
      // As exact numbers: a double is compared by the digits that are shown, with numbers that no double holds.
      sql<boolean>`(${values.get(termKey(term))!})::text::numeric ${sql.raw(COMPARISONS[comparison])} ${value}::text::numeric`,
  )
  if (isPresent) having.push(isPresent)
  const order = [
    ...query.orderBy.map(({ by, direction }) => {
      const place =
        typeof by === 'string'
          ? keys.findIndex(({ name }) => name === by) + 1
          : keys.length + terms.findIndex((term) => termKey(term) === termKey(by)) + 1
      return sql`${sql.raw(String(place))} ${sql.raw(direction)} nulls last`
    }),
    // Ties are broken by the keys, so that pages neither overlap nor leave out.
    ...keys.map((_, place) => sql`${sql.raw(String(place + 1))} nulls last`),
  ]
  const columns = [
    ...keySql.map((key, place) => sql`${key} as ${sql.id(`k${place}`)}`),
    ...terms.map((term, place) => sql`${values.get(termKey(term))!} as ${sql.id(`m${place}`)}`),
    sql`count(*) over ()::float8 as found`,
  ]
  const { rows } = await sql<Record<string, unknown>>`
    select ${sql.join(columns)} ${from}
    ${byPlace(keys.length)}
    ${having.length > 0 ? sql`having ${all(having)}` : sql``}
    ${order.length > 0 ? sql`order by ${sql.join(order)}` : sql``}
    limit ${query.size} offset ${query.offset}`.execute(db)
  return {
    rows: rows.map((row) => ({
      key: Object.fromEntries(keys.map(({ name }, place) => [name, row[`k${place}`]])),
      values: Object.fromEntries(terms.map((term, place) => [termKey(term), row[`m${place}`]])),
    })),
    totalCount: rows.length > 0 || isFirstPage(query) ? Number(rows[0]?.found ?? 0) : await countGroups(db, query),
  }
}

function groupsOfFacts(query: MetricsQuery, keys: readonly Key[], terms: readonly Term[]): Groups {
  const aggregations = new Map(terms.map((term) => [termKey(term), aggregationOf(query.subject, term)]))
  return groupsOf({ query, keys, aggregations })
}

/** Where an answer comes from. */
export type MetricsSource = 'FACTS' | 'ROLLUP'

/** What `findMetrics` reads. */
export function metricsSource(query: MetricsQuery): MetricsSource {
  return planRollup(query, termsNeeded(query)) ? 'ROLLUP' : 'FACTS'
}

function termsNeeded(query: MetricsQuery): Term[] {
  return uniqueTerms([...query.terms, ...query.having.map(({ term }) => term), ...orderTerms(query)])
}

const isFirstPage = ({ size, offset }: MetricsQuery): boolean => size > 0 && offset === 0

/** A page without groups does not say how many there are on the others. */
async function countGroups(db: Db, query: MetricsQuery): Promise<number> {
  const { totalCount } = await findMetrics(db, { ...query, terms: [], orderBy: [], size: 1, offset: 0 })
  return totalCount
}

/** The values over all facts, not over the groups: a fact of many values counts once. One statement. */
export async function findTotals(db: Db, query: MetricsQuery): Promise<Record<string, unknown>> {
  const { rows } = await findMetrics(db, totalsQuery(query))
  return rows[0]?.values ?? {}
}

/** The question about everything at once. */
export function totalsQuery(query: MetricsQuery): MetricsQuery {
  return { ...query, groupBy: [], interval: null, having: [], orderBy: [], size: 1, offset: 0 }
}

export type Key = {
  name: string
  value(fact: Fact): Sql
  many?: (fact: Fact) => Sql
  /** The column whose values are as many as the key's, one for each. */
  column?: string | undefined
}

export function keysOf({ subject, scope, groupBy, interval, timeZone }: MetricsQuery): Key[] {
  const time: Key[] = interval
    ? [
        {
          name: TIME,
          value: (fact) => startOf(interval, subject.time.value(fact), timeZone),
        },
      ]
    : []
  const dimensions = groupBy.map((name): Key => {
    const { value, many, column } = subject.dimensions[name]!
    return { name, value, column, ...(many && { many: (fact: Fact) => many(fact, scope) }) }
  })
  return [...time, ...dimensions]
}

/** Where an interval begins; what begins before the year 1, which no answer can say, begins with it. */
function startOf(interval: Interval, time: Sql, timeZone: string): Sql {
  const start = sql`date_trunc(${sql.lit(interval.toLowerCase())}, ${time}, ${timeZone}::text)`
  return sql`case when ${time} < '0002-01-01T00:00:00Z'::timestamptz
    then greatest(${start}, '0001-01-01T00:00:00Z'::timestamptz) else ${start} end`
}

/** Notes which joins are asked for while SQL is made, in an order in which each finds what it joins to. */
export class Needed {
  readonly #subject: Subject
  readonly #query: MetricsQuery
  readonly #joins = new Map<string, Sql>()
  readonly fact: Fact

  constructor(query: MetricsQuery, row: Row = rowOf(FACT)) {
    this.#query = query
    this.#subject = query.subject
    this.fact = {
      row,
      to: (join: string): Row => {
        if (!this.#joins.has(join)) {
          const made = this.#subject.joins[join]
          if (!made) throw new Error(`${this.#subject.name} declares no join ${join}.`)
          // What a join joins to is noted while its SQL is made, so before it.
          const clause = made(this.fact, this.#query.scope)
          this.#joins.set(join, clause)
        }
        return rowOf(join)
      },
    }
  }

  joins(): Sql[] {
    return [...this.#joins.values()]
  }
}

/** Queries whose rows, all together, are the subject's facts. */
export function factsOf({ subject, scope }: MetricsQuery): readonly Sql[] {
  return subject.facts?.(scope) ?? [sql`select * from ${sql.table(subject.entity.table)}`]
}

/** @param more joins that follow those that are needed */
export function fromOf(
  query: MetricsQuery,
  needed: Needed,
  keys: readonly Key[],
  only: readonly Condition[] = [],
  more: readonly Sql[] = [],
  facts = factsOf(query),
): Sql {
  const { subject, scope, where, found } = query
  const row = needed.fact.row
  const many = keys.flatMap((key) => (key.many ? [key.many(needed.fact)] : []))
  const conditions = [ofOrganization(row, scope), compileWhere(subject.entity, where, row, scope), ...only]
  if (found) conditions.push(sql`${row.column('id')} in (select s.id from (${found.rows}) as s)`)
  return sql`from (${sql.join(facts, sql` union all `)}) as ${sql.id(FACT)} ${sql.join([...needed.joins(), ...many, ...more], sql` `)} where ${all(conditions)}`
}

export function orderTerms({ orderBy }: MetricsQuery): Term[] {
  return orderBy.flatMap(({ by }) => (typeof by === 'string' ? [] : [by]))
}

export function uniqueTerms(terms: readonly Term[]): Term[] {
  return [...new Map(terms.map((term) => [termKey(term), term])).values()]
}
