import pg from 'pg'
import { DatabaseError } from '../../errors.ts'

/** A connection to the server; a connection that breaks later fails its next query, never the process. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, application_name: 'crossrun' })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/**
 * True when the embedded server takes the url's password; false when it refuses it. Creates the database when
 * somebody has dropped it.
 * @throws DatabaseError `DATABASE_UNREACHABLE` for anything else.
 */
export async function acceptsPassword(url: string): Promise<boolean> {
  try {
    await withClient(url, async () => undefined)
    return true
  } catch (error) {
    const { code } = error as { code?: string }
    // invalid_password, invalid_authorization_specification
    if (code === '28P01' || code === '28000') return false
    // too_many_connections: it is ready, and the caller's own connections will say so.
    if (code === '53300') return true
    // invalid_catalog_name
    if (code === '3D000') return createDatabase(url)
    throw new DatabaseError(
      'DATABASE_UNREACHABLE',
      `The embedded database does not answer: ${(error as Error).message}.`,
      {
        hint: '`crossrun db status` says where its log is; `crossrun db stop` and `crossrun db start` restart it.',
        cause: error,
      },
    )
  }
}

async function createDatabase(url: string): Promise<true> {
  const maintenance = new URL(url)
  maintenance.pathname = '/postgres'
  await withClient(maintenance.href, (client) => client.query('CREATE DATABASE crossrun'))
  return true
}

/** Connections that are not this process's: people and tools that connected by the url. None when the url is not let in. */
export async function otherConnections(url: string): Promise<string[]> {
  try {
    const { rows } = await withClient(url, (client) =>
      client.query<{ name: string }>(
        `SELECT coalesce(nullif(application_name, ''), usename) AS name FROM pg_stat_activity
          WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
      ),
    )
    return rows.map(({ name }) => name)
  } catch (error) {
    return (error as { code?: string }).code === '53300' ? ['as many as it allows'] : []
  }
}
