import type { ClientBase } from 'pg'
import type { DB } from '../generated/database.ts'

export type TableName = keyof DB & string

export type Column = {
  name: string
  /** PostgreSQL's name of the type, such as `text`, `text[]`, `jsonb`. */
  type: string
  /** What the database would put in a missing value's place, as COPY text; null when that is NULL. */
  fallback: string | null
}

export type Table = { name: TableName; columns: Column[]; key: string[] }

/**
 * Reads columns, types, defaults and primary keys from the catalog, so that the bulk writer never repeats the schema.
 * One statement for the catalog and one for the values of the defaults.
 */
export async function readTables(client: ClientBase): Promise<Map<TableName, Table>> {
  const { rows } = await client.query<{
    table: TableName
    name: string
    type: string
    fallback: string | null
    key: boolean
  }>(`
    select c.relname as table, a.attname as name, format_type(a.atttypid, null) as type,
           pg_get_expr(d.adbin, d.adrelid) as fallback, coalesce(a.attnum = any(k.conkey), false) as key
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    left join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    order by c.relname, a.attnum`)
  const defaults = [...new Set(rows.flatMap(({ fallback }) => (fallback ? [fallback] : [])))]
  const values = await client.query({
    rowMode: 'array',
    text: `select ${defaults.map((text) => `(${text})::text`).join(', ') || 'null'}`,
  })
  const evaluated = new Map(defaults.map((text, place) => [text, (values.rows[0] as (string | null)[])[place] ?? null]))
  const tables = new Map<TableName, Table>()
  for (const row of rows) {
    const table = tables.get(row.table) ?? { name: row.table, columns: [], key: [] }
    tables.set(row.table, table)
    table.columns.push({
      name: row.name,
      type: row.type,
      fallback: row.fallback ? (evaluated.get(row.fallback) ?? null) : null,
    })
    if (row.key) table.key.push(row.name)
  }
  return tables
}
