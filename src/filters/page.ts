import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../store/transaction-kysely.ts'
import { decodeCursor, encodeCursor, type SortValues } from './cursor.ts'
import { type Entity, float } from './declaration.ts'
import { isAfter, orderClause, reversed, type SortKey, sortKeys, sortValues } from './order.ts'
import { all, type Condition, ofOrganization, type Row, rowOf, type Scope } from './scope.ts'
import { compileWhere, type Where } from './where.ts'

/** Which rows a list holds. */
export type Selection = {
  entity: Entity
  scope: Scope
  /** The client's filter. */
  where?: Where | null
  /** A further condition of the list itself; as SQL where an index takes only a condition that is written out. */
  only?: Where | ((row: Row) => Condition)
  /** What a search found: the list holds nothing else. */
  found?: Found
}

/** Rows that a search found; a list of them comes best first unless asked otherwise. */
export type Found = {
  /** A query of the organization's rows: each `id` once, with its `relevance` (float8, greatest for the best). */
  rows: RawBuilder<unknown>
  /** What was searched for: tells the places of one search from those of another. */
  search: string
}

/** Which of them to read, in which order: `size` rows after or (from the end) before a cursor. */
export type Paging = {
  orderBy?: unknown
  size: number
  fromEnd?: boolean
  cursor?: string | null
}

export type PageRow = {
  id: string
  cursor: string
  /** How well it fits what was searched for; null where nothing was. */
  relevance?: number | null
}

export type Page = {
  rows: PageRow[]
  /** Whether there are more rows in the direction of reading. */
  hasMore: boolean
}

const T = rowOf('t')

/** One page of a list, as ids with their cursors; one statement that reads at most `size` + 1 rows. */
export async function findPage(db: Db, selection: Selection, paging: Paging): Promise<Page> {
  const query = prepare(selection, paging)
  const { rows } = await pageSql(query, paging.size + 1).execute(db)
  // The second part continues the first; within a part rows come in the order that was asked for.
  const inOrder = rows.some(({ part }) => part !== rows[0]!.part) ? [...rows].sort((a, b) => a.part - b.part) : rows
  return query.page(inOrder, paging.size)
}

/**
 * How the children of several parents are found: by the columns that may hold the parent's id, or by a condition on a
 * row and the parent's id, for those that refer to it by way of others.
 */
export type Link =
  | { columns: readonly string[] }
  | { through: (row: Row, parent: RawBuilder<unknown>, scope: Scope) => Condition }

/** The lists of several parents, all asked the same. */
export type Lists = { selection: Selection; link: Link; parents: readonly string[] }

/** A page of each parent's list, for lists of several kinds at once; one statement that reads at most `size` + 1 rows of each. */
export async function findPages(db: Db, lists: readonly (Lists & { paging: Paging })[]): Promise<Map<string, Page>[]> {
  const prepared = lists.map((list) => prepare(list.selection, list.paging))
  const parts = lists.map((list, place) => {
    const { keys, condition, start } = prepared[place]!
    const { selection, link, parents, paging } = list
    const order = orderClause(keys, T)
    return sql`
      select ${sql.lit(place)}::int as list, p.id as parent, c.id, c.keys, c.relevance, c.place
      from unnest(${parents}::text[]::uuid[]) as p (id) cross join lateral (
        select ${T.column('id')}, ${sortValues(keys, T)} as keys, ${relevanceOf(selection)} as relevance,
          row_number() over (order by ${order}) as place
        from ${tableOf(selection, place)}
        where ${all([isChild(link, selection.scope), condition, ...after(keys, start)])}
        order by ${order} limit ${paging.size + 1}
      ) as c`
  })
  const { rows } = await sql<FoundRow & { list: number; parent: string }>`
    ${withFound(lists.map(({ selection }) => selection))}
    select list, parent, id, keys, relevance from (${sql.join(parts, sql` union all `)}) as pages
    order by list, parent, place`.execute(db)
  return lists.map(({ parents, paging }, place) => {
    const found = new Map<string, FoundRow[]>(parents.map((parent) => [parent, []]))
    for (const row of rows) if (row.list === place) found.get(row.parent)?.push(row)
    return new Map([...found].map(([parent, own]) => [parent, prepared[place]!.page(own, paging.size)]))
  })
}

/** How many rows the list has. */
export async function countRows(db: Db, selection: Selection): Promise<number> {
  const { found, where, only } = selection
  // Where nothing else is asked, the rows that were found need not be read.
  const counted = found && !where && !only ? sql`found_0` : sql`${tableOf(selection)} where ${matches(selection)}`
  const { rows } = await sql<{ count: number }>`
    ${withFound([selection])} select count(*)::float8 as count from ${counted}`.execute(db)
  return rows[0]!.count
}

/** How many rows each parent's list has, for lists of several kinds at once; one statement. */
export async function countRowsOf(db: Db, lists: readonly Lists[]): Promise<Map<string, number>[]> {
  const parts = lists.map(
    ({ selection, link, parents }, place) => sql`
      select ${sql.lit(place)}::int as list, p.id as parent, (
        select count(*)::float8 from ${tableOf(selection, place)}
        where ${all([isChild(link, selection.scope), matches(selection)])}
      ) as count
      from unnest(${parents}::text[]::uuid[]) as p (id)`,
  )
  const { rows } = await sql<{
    list: number
    parent: string
    count: number
  }>`${withFound(lists.map(({ selection }) => selection))} ${sql.join(parts, sql` union all `)}`.execute(db)
  return lists.map(
    (_, place) => new Map(rows.flatMap((row) => (row.list === place ? [[row.parent, row.count] as const] : []))),
  )
}

type FoundRow = { id: string; keys: (string | null)[]; relevance: number | null }

type Prepared = {
  selection: Selection
  /** In the direction of reading. */
  keys: SortKey[]
  /** What every row of the list meets. */
  condition: Condition
  /** The sort values that the page's rows come after. */
  start: SortValues | null
  page(rows: FoundRow[], size: number): Page
}

function prepare(selection: Selection, { orderBy, cursor, fromEnd = false }: Paging): Prepared {
  const { entity, found } = selection
  const keys = sortKeys(entity, orderBy)
  const isAsked = Array.isArray(orderBy) ? orderBy.length > 0 : orderBy !== null && orderBy !== undefined
  const shown = found && !isAsked ? [byRelevance(found), ...keys] : keys
  return {
    selection,
    keys: fromEnd ? reversed(shown) : shown,
    condition: matches(selection),
    start: typeof cursor === 'string' ? decodeCursor(entity, shown, cursor, fromEnd ? 'before' : 'after') : null,
    page(read, size) {
      const rows = read
        .slice(0, size)
        .map(({ id, keys, relevance }) => ({ id, cursor: encodeCursor(entity, shown, keys), relevance }))
      return { rows: fromEnd ? rows.reverse() : rows, hasMore: read.length > size }
    },
  }
}

/** The best first. */
function byRelevance({ search }: Found): SortKey {
  const relevance = float('How well it fits the search.', { required: true, computed: () => sql`f.relevance` })
  return {
    name: `relevance to ${search}`,
    field: { ...relevance, column: 'relevance' },
    direction: 'DESC',
    nulls: 'last',
  }
}

/** What was found for each of the selections, as tables of the statement. */
function withFound(selections: readonly Selection[]): RawBuilder<unknown> {
  const tables = selections.flatMap(({ found }, place) =>
    found ? [sql`${foundTable(place)} as materialized (${found.rows})`] : [],
  )
  return tables.length > 0 ? sql`with ${sql.join(tables)}` : sql``
}

/** The rows of a selection before any condition; those that were found when it searches. */
function tableOf({ entity, found }: Selection, place = 0): RawBuilder<unknown> {
  const table = sql`${sql.table(entity.table)} as t`
  return found ? sql`${foundTable(place)} as f join ${table} on ${T.column('id')} = f.id` : table
}

const foundTable = (place: number): RawBuilder<unknown> => sql.id(`found_${place}`)

function relevanceOf({ found }: Selection): RawBuilder<unknown> {
  return found ? sql`f.relevance` : sql`null::float8`
}

function matches({ entity, scope, where, only }: Selection): Condition {
  const conditions = [ofOrganization(T, scope), compileWhere(entity, where, T, scope)]
  if (!only) return all(conditions)
  return all([...conditions, typeof only === 'function' ? only(T) : compileWhere(entity, only, T, scope, 'only')])
}

function isChild(link: Link, scope: Scope): Condition {
  const parent = sql.ref('p.id')
  if ('through' in link) return link.through(T, parent, scope)
  return sql`(${sql.join(
    link.columns.map((column) => sql`${T.column(column)} = ${parent}`),
    sql` or `,
  )})`
}

/**
 * A nullable first key makes two parts, the rows with a value and those without: each is a range of the plain index on
 * (organization, key, id) that is read in its order from either end, which "nulls last" would not allow. The second
 * part is read only when the first does not fill the page.
 */
function pageSql(query: Prepared, limit: number): RawBuilder<FoundRow & { part: number }> {
  const [head, tail] = partsOf(query)
  const found = withFound([query.selection])
  if (!tail) return sql`${found} select p.*, 0 as part from (${partSql(query, head!, limit)}) as p`
  const rest = { ...tail, condition: all([tail.condition, sql`(select count(*) from head) < ${limit}`]) }
  return sql`
    ${query.selection.found ? sql`${found},` : sql`with`} head as materialized (${partSql(query, head!, limit)}), tail as materialized (${partSql(query, rest, limit)})
    select *, 0 as part from head union all select *, 1 as part from tail`
}

type Part = { condition: Condition; order: RawBuilder<unknown> }

/** The parts of the list from the start on, in order. */
function partsOf({ keys, condition, start }: Prepared): Part[] {
  const [first, second, ...others] = keys
  if (!first || !second || first.field.required || first.field.computed) {
    return [{ condition: all([condition, ...after(keys, start)]), order: orderClause(keys, T) }]
  }
  const column = T.column(first.field.column)
  const startsAt = start && (start[0] === null ? 'missing' : 'valued')
  const valuedKeys = [notNull(first), second, ...others]
  const valued = {
    condition: all([condition, sql`${column} is not null`, ...after(valuedKeys, startsAt === 'valued' ? start : null)]),
    order: orderClause(valuedKeys, T),
  }
  // All are null in the first key; sorting by it nevertheless, in the direction of the next, names the index's order.
  const missingKeys = [{ ...notNull(first), direction: second.direction }, second, ...others]
  const startWithin = startsAt === 'missing' ? start!.slice(1) : null
  const missing = {
    condition: all([condition, sql`${column} is null`, ...after([second, ...others], startWithin)]),
    order: orderClause(missingKeys, T),
  }
  if (first.nulls === 'last') return startsAt === 'missing' ? [missing] : [valued, missing]
  return startsAt === 'valued' ? [valued] : [missing, valued]
}

const after = (keys: readonly SortKey[], start: SortValues | null): Condition[] =>
  start ? [isAfter(keys, start, T)] : []

const notNull = (key: SortKey): SortKey => ({ ...key, field: { ...key.field, required: true } })

function partSql({ selection, keys }: Prepared, { condition, order }: Part, limit: number): RawBuilder<FoundRow> {
  return sql`
    select ${T.column('id')}, ${sortValues(keys, T)} as keys, ${relevanceOf(selection)} as relevance
    from ${tableOf(selection)}
    where ${condition}
    order by ${order} limit ${limit}`
}
