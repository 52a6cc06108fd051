import type { ClientBase } from 'pg'
import { listLogins, revokeLogin } from '../../access/bi-logins.ts'
import { CrossrunError, RetryableError } from '../../errors.ts'
import { sendOfSession } from '../../store/send.ts'
import type { TenantSession } from '../../store/tenant-session.ts'
import { withNoImportUnderWay } from '../import-lock.ts'
import { OWN } from './marked.ts'
import { Counts, countsOf, type DeletionReport, type Note } from './report.ts'

/** Before all others, so that nobody comes in meanwhile. */
const FIRST = ['api_keys', 'x_result_permalinks']
/** What happened stays written. */
const KEPT = 'audit_events'

/**
 * Deletes an organization: its keys, permalinks and database logins first, then the rows of every table, a transaction each,
 * last its own row. When it is interrupted, the same call goes on from there; rows that are left of an organization whose
 * own row is gone are deleted too. The audit events stay.
 * @throws CrossrunError `NOT_FOUND`; `NOT_ALLOWED` when it has logins and whoever is connected may not take them away
 * @throws RetryableError `IMPORT_RUNNING`
 */
export async function deleteOrganization(
  session: TenantSession,
  options: { organizationId: string; dryRun: boolean; note: Note },
): Promise<DeletionReport> {
  const { organizationId, dryRun, note } = options
  const tables = await session.transaction(tablesOf)
  const slug = await session.transaction((client) => slugOf(client, organizationId))
  // Rows may be there without the organization's own: of who was let in while it was deleted, or before it was made.
  if (slug === null && !(await session.transaction((client) => isAnyLeft(client, tables))))
    throw new CrossrunError('NOT_FOUND', 'There is no such organization.')
  const counts = new Counts()
  if (dryRun) {
    await session.transaction((client) => countAll(client, tables, counts))
    if (slug !== null) counts.add('organizations', 1)
    return counts.report(true)
  }
  return withNoImportUnderWay(session, organizationId, async () => {
    const logins = await revokeLogins(session, organizationId)
    for (const table of tables) await patiently(session, (client) => empty(client, table, counts))
    return patiently(session, async (client) => {
      // What came meanwhile, of whoever was let in before the keys were gone.
      for (const table of tables) await empty(client, table, counts)
      counts.add(
        'organizations',
        (await client.query('delete from organizations where id = $1', [organizationId])).rowCount,
      )
      const report = counts.report(false)
      await note(sendOfSession(client), {
        action: 'organization.deleted',
        target: { type: 'Organization', id: organizationId },
        details: { ...(slug !== null && { slug }), ...countsOf(report), ...(logins.length > 0 && { logins }) },
      })
      return report
    })
  })
}

/** Each in a transaction of its own, with the row that says whose it is: a login that nobody knows of could not be revoked. */
async function revokeLogins(session: TenantSession, organizationId: string): Promise<string[]> {
  const logins = await session.asLogin((client) => listLogins(client, organizationId))
  for (const { login } of logins) await session.asLogin((client) => revokeLogin(client, login, organizationId))
  return logins.map(({ login }) => login)
}

/** Waits a while for whoever holds rows of the organization, and no longer. */
async function patiently<T>(session: TenantSession, work: (client: ClientBase) => Promise<T>): Promise<T> {
  try {
    return await session.transaction(async (client) => {
      await client.query(`set local lock_timeout = '5s'`)
      return work(client)
    })
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code !== '55P03') throw error
    throw new RetryableError('CONFLICT', 'Somebody holds rows of the organization.', {
      hint: 'A part is deleted, its keys among it. `crossrun delete organization` goes on from there.',
      cause: error,
    })
  }
}

/** Every table that has rows of organizations; sums that triggers keep come after the rows that they are of. */
async function tablesOf(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_class as c join pg_attribute as a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'organization_id'
       and not a.attisdropped and c.relname <> $1
     order by c.relname <> all($2::text[]), starts_with(c.relname, 'x_'), c.relname`,
    [KEPT, FIRST],
  )
  return rows.map(({ name }) => name)
}

async function slugOf(client: ClientBase, organizationId: string): Promise<string | null> {
  const { rows } = await client.query<{ slug: string }>('select slug from organizations where id = $1', [
    organizationId,
  ])
  return rows[0]?.slug ?? null
}

async function isAnyLeft(client: ClientBase, tables: readonly string[]): Promise<boolean> {
  const { rows } = await client.query<{ left: boolean }>(
    `select ${tables.map((table) => `exists (select from ${table} where ${OWN})`).join(' or ')} as left`,
  )
  return rows[0]!.left
}

async function empty(client: ClientBase, table: string, counts: Counts): Promise<void> {
  if (table === 'payloads') await noteStoredFiles(client, counts)
  const { rowCount } = await client.query(`delete from ${table} where ${OWN}`)
  if (isShown(table)) counts.add(table, rowCount)
}

async function countAll(client: ClientBase, tables: readonly string[], counts: Counts): Promise<void> {
  await noteStoredFiles(client, counts)
  for (const table of tables.filter(isShown)) {
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::float8 as count from ${table} where ${OWN}`,
    )
    counts.add(table, rows[0]!.count)
  }
}

async function noteStoredFiles(client: ClientBase, counts: Counts): Promise<void> {
  const { rows } = await client.query<{ files: number; bytes: number }>(
    `select count(*)::float8 as files, coalesce(sum(stored_bytes), 0)::float8 as bytes from payloads where ${OWN}`,
  )
  counts.storedFiles.files += rows[0]!.files
  counts.storedFiles.bytes += rows[0]!.bytes
}

/** Sums and lists that are kept beside the rows follow them, and their numbers say nothing. */
function isShown(table: string): boolean {
  return !table.startsWith('x_')
}
