import type pg from 'pg'

/**
 * Sends a migration, in its transaction, so that it sees the rows that are there. Forced row-level security binds the
 * tables' owner too, unless the server gave it BYPASSRLS, which hosted ones do not: it would fill new tables from
 * nothing. So the tables are not forced while such an owner migrates. Until the transaction ends nobody else reaches
 * them, whoever is not the owner is bound all the same, and when it fails they are forced as before.
 */
export async function sendMigration(client: pg.ClientBase, sql: string): Promise<void> {
  if (!(await isBound(client))) {
    await client.query(sql)
    return
  }
  const opened = await openTables(client)
  for (const statement of statementsOf(sql)) {
    await client.query(statement)
    // A table that the migration itself makes, and then fills.
    if (/crossrun_protect|FORCE/i.test(statement)) opened.push(...(await openTables(client)))
  }
  await alterAll(client, opened, 'FORCE')
}

async function isBound(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ bound: boolean }>(
    'SELECT NOT (rolsuper OR rolbypassrls) AS bound FROM pg_roles WHERE rolname = current_user',
  )
  return rows[0]!.bound
}

/** Lifts the force from the owner's tables that have it; their object ids. */
async function openTables(client: pg.ClientBase): Promise<number[]> {
  const { rows } = await client.query<{ oid: number }>(
    `SELECT c.oid FROM pg_class AS c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relforcerowsecurity AND pg_has_role(c.relowner, 'USAGE')
     ORDER BY c.relname`,
  )
  const tables = rows.map(({ oid }) => oid)
  await alterAll(client, tables, 'NO FORCE')
  return tables
}

/** Those that are still there. */
async function alterAll(client: pg.ClientBase, tables: readonly number[], force: 'FORCE' | 'NO FORCE'): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT c.oid::regclass::text AS name FROM pg_class AS c WHERE c.oid = ANY ($1::oid[]) ORDER BY c.relname',
    [tables],
  )
  await client.query(rows.map(({ name }) => `ALTER TABLE ${name} ${force} ROW LEVEL SECURITY`).join('; '))
}

/** A comment, quoted text or name, or a function's body, in which a semicolon ends nothing; or what lies between those. */
const PART = /--[^\n]*|\/\*[\s\S]*?\*\/|'[^']*'|"[^"]*"|(\$\w*\$)[\s\S]*?\1|[^-/'"$;]+|[\s\S]/g

/** The statements of a text, one after the other. */
function statementsOf(sql: string): string[] {
  const statements = ['']
  for (const [part] of sql.matchAll(PART)) {
    statements[statements.length - 1] += part
    if (part === ';') statements.push('')
  }
  return statements
}
