import { randomUUID } from 'node:crypto'
import type pg from 'pg'

export type TenantTable = {
  name: string
  /** The column that says whose a row is. */
  owner: string
  /** Those that can be written, with PostgreSQL's name of the type. */
  columns: { name: string; type: string; isEnum: boolean; isRequired: boolean }[]
}

/** Every table of an organization, as the catalog has it. */
export async function tenantTables(client: pg.ClientBase): Promise<TenantTable[]> {
  const { rows } = await client.query<TenantTable>(`
    select c.relname as name, case c.relname when 'organizations' then 'id' else 'organization_id' end as owner,
           json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null), 'isEnum', t.typtype = 'e',
             'isRequired', a.attnotnull and not a.atthasdef) order by a.attnum) as columns
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    join pg_type t on t.oid = a.atttypid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    group by c.relname
    having c.relname = 'organizations' or bool_or(a.attname = 'organization_id')
    order by c.relname`)
  return rows
}

/** Works as a request does: in a transaction of the app role within the organization; null sets none. */
export async function withinOrganization<T>(
  client: pg.ClientBase,
  organizationId: string | null,
  work: () => Promise<T>,
): Promise<T> {
  await client.query('begin')
  try {
    await client.query(`set local role crossrun_app`)
    if (organizationId !== null)
      await client.query(`select set_config('app.organization_id', $1, true)`, [organizationId])
    const result = await work()
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

/** Puts a row of an organization into every table: whatever each asks for, and nothing that means anything. */
export async function fillTables(client: pg.ClientBase, tables: TenantTable[], organizationId: string): Promise<void> {
  await withinOrganization(client, organizationId, async () => {
    for (const table of tables) await fill(client, table, organizationId)
  })
}

async function fill(client: pg.ClientBase, { name, owner, columns }: TenantTable, organizationId: string) {
  const required = columns.filter((column) => column.isRequired)
  const values = required.map((column) => (column.name === owner ? organizationId : anyValue(column)))
  const places = required.map(({ type, isEnum }, place) =>
    isEnum ? `(enum_range(null::${type}))[1]` : `$${values.slice(0, place + 1).filter(isGiven).length}::${type}`,
  )
  await client.query(
    `insert into ${name} (${required.map((column) => `"${column.name}"`).join(', ')}) values (${places.join(', ')})`,
    values.filter(isGiven),
  )
}

const isGiven = (value: string | null) => value !== null

function anyValue({ type, isEnum }: TenantTable['columns'][number]): string | null {
  if (isEnum) return null
  if (type === 'uuid' || type === 'text' || type === 'name' || type.startsWith('character')) return randomUUID()
  if (type.endsWith('[]') || type === 'jsonb') return '{}'
  if (type.startsWith('timestamp') || type === 'date') return '2026-01-01'
  if (type === 'boolean') return 'false'
  if (type === 'bytea') return '\\x00'
  return '1'
}
