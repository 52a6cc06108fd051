import pg from 'pg'
import { deleteImport } from '../../../src/importers/deletion/delete-import.ts'
import { deleteOrganization } from '../../../src/importers/deletion/delete-organization.ts'
import { deleteRun } from '../../../src/importers/deletion/delete-run.ts'
import { eraseContact, type WhichContact } from '../../../src/importers/deletion/erase-contact.ts'
import type { DeletionEvent } from '../../../src/importers/deletion/report.ts'
import { danglingReferences } from '../../../src/importers/resolve-references.ts'
import { organizationIdOf } from '../../../src/model/identifiers.ts'
import { checkRollups } from '../../../src/store/rollups.ts'
import { TenantSession } from '../../../src/store/tenant-session.ts'

/** Deletions in a database, each on a connection of its own. */
export function deletionsIn(url: string, organization = 'default') {
  const organizationId = organizationIdOf(organization)
  const noted: DeletionEvent[] = []
  async function session<T>(work: (session: TenantSession) => Promise<T>): Promise<T> {
    const opened = await TenantSession.open(url, organizationId)
    try {
      return await work(opened)
    } finally {
      await opened.close()
    }
  }
  const options = (dryRun: boolean) => ({
    organizationId,
    dryRun,
    patienceMs: 30_000,
    note: async (_send: unknown, event: DeletionEvent) => void noted.push(event),
  })
  const idOf = (sql: string, value: string) =>
    session((open) =>
      open.transaction(async (client) => (await client.query<{ id: string }>(sql, [value])).rows[0]?.id ?? value),
    )
  return {
    noted,
    session,
    /** By its name, or its id. */
    run: async (name: string, { dryRun = false } = {}) => {
      const id = await idOf('select id from runs where external_id = $1', name)
      return session((open) => deleteRun(open, id, options(dryRun)))
    },
    import: (id: string, { dryRun = false } = {}) => session((open) => deleteImport(open, id, options(dryRun))),
    organization: ({ dryRun = false } = {}) => session((open) => deleteOrganization(open, options(dryRun))),
    erase: (which: WhichContact, { dryRun = false } = {}) =>
      session((open) => eraseContact(open, which, options(dryRun))),
    dangling: () => session((open) => open.transaction(danglingReferences)),
    wrongSums: async () => (await session(checkRollups)).filter(({ wrong }) => wrong > 0),
  }
}

/** How many rows each table has of an organization, by the tables' owner, whom no policy binds. */
export async function rowCounts(url: string, organization: string): Promise<Record<string, number>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
       where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname = 'organization_id' order by 1`,
    )
    const { rows } = await client.query<{ name: string; count: number }>(
      tables
        .map(({ name }) => `select '${name}' as name, count(*)::int as count from ${name} where organization_id = $1`)
        .join(' union all '),
      [organizationIdOf(organization)],
    )
    return Object.fromEntries(rows.flatMap(({ name, count }) => (count > 0 ? [[name, count]] : [])))
  } finally {
    await client.end()
  }
}

/** What says when, from where or by which import something was written, not what it is. */
const CIRCUMSTANCES = ['import_id', 'imported_at', 'created_at', 'rejected_at', 'file', 'path']
const LEFT_OUT = ['audit_events', 'imported_files', 'imports', 'organizations']

/** Every row of every table of the organization, by table, in a fixed order, on one connection. */
export function dumpOf(url: string, organization = 'default'): Promise<Record<string, Record<string, unknown>[]>> {
  return deletionsIn(url, organization).session((session) =>
    session.transaction(async (client) => {
      const { rows: tables } = await client.query<{ name: string }>(
        `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
         where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname = 'organization_id'
           and not starts_with(c.relname, 'x_') and c.relname <> all($1::text[]) order by 1`,
        [LEFT_OUT],
      )
      const all: Record<string, Record<string, unknown>[]> = {}
      for (const { name } of tables) {
        const { rows } = await client.query<{ row: Record<string, unknown> }>(
          `select to_jsonb(t) - $1::text[] as row from ${name} as t order by 1`,
          [CIRCUMSTANCES],
        )
        if (rows.length > 0) all[name] = rows.map(({ row }) => row)
      }
      return all
    }),
  )
}
