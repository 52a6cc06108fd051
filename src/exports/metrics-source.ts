import { sql } from 'kysely'
import { LimitError } from '../errors.ts'
import type { Scope } from '../filters/scope.ts'
import type { Sql } from '../metrics/declaration.ts'
import { type Column, findTable, MOST_ROWS, readTable, type Table } from '../metrics/table.ts'
import type { Db } from '../store/transaction-kysely.ts'
import type { Source } from './source.ts'

/** Groups are computed, and then written from memory. */
const MOST_GROUPS = 100_000
const LIMIT = { name: 'exportedGroups', allowed: MOST_GROUPS, variable: 'a limit of the question' }

const TYPES: Record<string, Sql> = {
  integer: sql`int8`,
  decimal: sql`numeric`,
  float: sql`float8`,
  boolean: sql`boolean`,
  time: sql`timestamptz`,
}

/**
 * The answer to a question to the metrics, as it is at this moment: all its rows unless it says how many.
 * @param input as `metricsTable` takes it and a saved view keeps it
 * @throws BadInputError naming what is wrong with the question; LimitError when it has too many groups
 */
export async function metricsSource(
  db: Db,
  scope: Scope,
  { name, description, input }: { name: string; description: string; input: unknown },
): Promise<Source> {
  const table = await readAll(db, scope, input)
  const fields = table.columns.map((column, place) => sql`${fieldOf(column, place)} as ${sql.id(column.name)}`)
  return {
    name,
    description,
    columns: table.columns.map((column) => ({ name: column.name, description: descriptionOf(column) })),
    query: sql`select ${sql.join(fields)}
      from json_array_elements(${JSON.stringify(table.rows)}::json) with ordinality as g (value, place) order by g.place`,
  }
}

async function readAll(db: Db, scope: Scope, input: unknown): Promise<Table> {
  const asked = readTable(input, scope)
  const isLimited = typeof (input as { limit?: unknown } | null)?.limit === 'number'
  if (isLimited) return findTable(db, asked)
  const page = (offset: number) =>
    findTable(db, { ...asked, query: { ...asked.query, size: MOST_ROWS, offset: asked.query.offset + offset } })
  const table = await page(0)
  const wanted = table.totalCount - asked.query.offset
  if (wanted > MOST_GROUPS) {
    throw new LimitError(`The question has more than ${MOST_GROUPS} groups; ask by fewer dimensions.`, LIMIT, wanted)
  }
  while (table.rows.length < wanted) {
    const { rows } = await page(table.rows.length)
    if (rows.length === 0) break
    table.rows.push(...rows)
  }
  return table
}

function fieldOf({ type }: Column, place: number): Sql {
  const text = sql`(g.value ->> ${sql.lit(place)}::int)`
  const known = TYPES[type]
  return known ? sql`${text}::${known}` : text
}

function descriptionOf({ role, unit }: Column): string {
  if (role === 'TIME') return 'When the interval begins.'
  return role === 'MEASURE' ? `A measure${unit ? `, in ${unit}` : ''}.` : 'What is grouped by.'
}
