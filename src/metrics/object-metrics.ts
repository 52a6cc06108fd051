import { sql } from 'kysely'
import { all, rowOf } from '../filters/scope.ts'
import type { Db } from '../store/transaction-kysely.ts'
import { aggregationOf } from './aggregations.ts'
import { fromOf, keysOf, type MetricsRow, Needed, orderTerms, uniqueTerms } from './compile.ts'
import { valueInGroup } from './groups.ts'
import { COMPARISONS, type MetricsQuery, type Term, termKey } from './query.ts'

type Page = { rows: MetricsRow[]; totalCount: number }

/**
 * The same question about each of several objects: its own page of groups, and how many groups it has. One statement,
 * however many objects.
 * @param query with `object` set: how facts belong to objects
 * @param ids of the objects; each is in the answer
 */
export async function findMetricsOf(db: Db, query: MetricsQuery, ids: readonly string[]): Promise<Map<string, Page>> {
  const keys = keysOf(query)
  const terms = uniqueTerms([...query.terms, ...query.having.map(({ term }) => term), ...orderTerms(query)])
  const needed = new Needed(query)
  const object = query.object!.value(needed.fact)
  const columns = [
    sql`${object} as object`,
    ...keys.map((key, place) => sql`${key.value(needed.fact)} as ${sql.id(`k${place}`)}`),
    ...terms.map(
      (term, place) => sql`${valueInGroup(aggregationOf(query.subject, term), needed)} as ${sql.id(`m${place}`)}`,
    ),
  ]
  const from = fromOf(query, needed, keys, [sql<boolean>`${object} = any(${ids}::text[]::uuid[])`])
  const places = [object, ...keys].map((_, place) => sql.raw(String(place + 1)))
  const last = query.offset + query.size
  // The first group of an object says how many it has, whatever the page.
  const { rows } = await sql<Record<string, unknown> & { object: string; place: number }>`
    select * from (
      select g.*, count(*) over (partition by g.object)::float8 as found,
        row_number() over (partition by g.object ${orderOf(query, terms)})::float8 as place
      from (select ${sql.join(columns)} ${from} group by ${sql.join(places)}) as g
      where ${havingOf(query, terms)}
    ) as p where p.place = 1 or (p.place > ${query.offset} and p.place <= ${last})
    order by p.object, p.place`.execute(db)
  const pages = new Map(ids.map((id) => [id, emptyPage(query)]))
  for (const row of rows) {
    const page = row.place === 1 ? { rows: [], totalCount: Number(row.found) } : pages.get(row.object)!
    pages.set(row.object, page)
    if (row.place <= query.offset || row.place > last) continue
    page.rows.push({
      key: Object.fromEntries(keys.map(({ name }, place) => [name, row[`k${place}`]])),
      values: Object.fromEntries(terms.map((term, place) => [termKey(term), row[`m${place}`]])),
    })
  }
  return pages
}

/** The measures over all facts of each of several objects. One statement. */
export async function findTotalsOf(db: Db, query: MetricsQuery, ids: readonly string[]) {
  const asked = { ...query, groupBy: [], interval: null, having: [], orderBy: [], size: 1, offset: 0 }
  const pages = await findMetricsOf(db, asked, ids)
  return new Map([...pages].map(([id, { rows }]) => [id, rows[0]?.values ?? {}]))
}

const group = rowOf('g')

function orderOf({ orderBy, ...query }: MetricsQuery, terms: readonly Term[]) {
  const keys = keysOf({ orderBy, ...query })
  const order = [
    ...orderBy.map(({ by, direction }) => {
      const column =
        typeof by === 'string'
          ? `k${keys.findIndex(({ name }) => name === by)}`
          : `m${terms.findIndex((term) => termKey(term) === termKey(by))}`
      return sql`${group.column(column)} ${sql.raw(direction)} nulls last`
    }),
    ...keys.map((_, place) => sql`${group.column(`k${place}`)} nulls last`),
  ]
  return order.length > 0 ? sql`order by ${sql.join(order)}` : sql``
}

function havingOf({ having }: MetricsQuery, terms: readonly Term[]) {
  return all(
    having.map(({ term, comparison, value }) => {
      const place = terms.findIndex((each) => termKey(each) === termKey(term))
      return sql<boolean>`${group.column(`m${place}`)} ${sql.raw(COMPARISONS[comparison])} ${value}::text::numeric`
    }),
  )
}

/** What is said of an object without facts: no groups, but the one of everything when nothing is grouped by. */
function emptyPage(query: MetricsQuery): Page {
  const { subject, terms, having, groupBy, interval, offset, size } = query
  const valueWithout = ({ name }: Term) => (['count', 'distinct'].includes(subject.measures[name]!.kind) ? 0 : null)
  const isMet = having.every(({ term, comparison, value }) => {
    const found = valueWithout(term)
    return found !== null && compares(found, comparison, Number(value))
  })
  if (groupBy.length > 0 || interval || !isMet) return { rows: [], totalCount: 0 }
  const values = Object.fromEntries(terms.map((term) => [termKey(term), valueWithout(term)]))
  return { rows: offset === 0 && size > 0 ? [{ key: {}, values }] : [], totalCount: 1 }
}

function compares(value: number, comparison: MetricsQuery['having'][number]['comparison'], other: number): boolean {
  if (comparison === 'equals') return value === other
  if (comparison === 'gt') return value > other
  if (comparison === 'gte') return value >= other
  return comparison === 'lt' ? value < other : value <= other
}
