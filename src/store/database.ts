import pg from 'pg'
import type { Environment } from '../environment.ts'
import { DatabaseError } from '../errors.ts'
import { enterDatabase } from './embedded/enter.ts'

/** A database that is running and can be connected to until `close`. */
export type DatabaseHandle = {
  url: string
  /** False when DATABASE_URL names the server. */
  embedded: boolean
  /** True when this call started the embedded server. */
  startedHere: boolean
  /**
   * Leaves the database; the embedded server stops when no other process uses it. Close connections first: they are
   * ended by the stop. May be called more than once.
   */
  close(): Promise<void>
}

/** The oldest server version Crossrun's SQL runs on. */
const oldestVersion = 15

/**
 * Opens the database: the server that DATABASE_URL names, else the embedded one, which is created and started as
 * needed.
 * @throws DatabaseError with a code, a sentence and the next step.
 */
export async function openDatabase(environment: Environment): Promise<DatabaseHandle> {
  if (environment.DATABASE_URL !== undefined) {
    await checkServer(environment.DATABASE_URL)
    return { url: environment.DATABASE_URL, embedded: false, startedHere: false, close: async () => undefined }
  }
  const { url, startedHere, close } = await enterDatabase(environment)
  return { url, embedded: true, startedHere, close }
}

/**
 * Connects once and looks at the version.
 * @returns The server's version, such as `16.3`.
 * @throws DatabaseError `DATABASE_UNREACHABLE`, `DATABASE_AUTHENTICATION`, `DATABASE_MISSING` or `DATABASE_TOO_OLD`.
 */
export async function checkServer(url: string): Promise<string> {
  const client = clientFor(url)
  try {
    await client.connect()
    const { rows } = await client.query<{ number: string; version: string }>(
      `SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS version`,
    )
    const { number, version } = rows[0]!
    if (Number(number) >= oldestVersion * 10_000) return version
    throw new DatabaseError(
      'DATABASE_TOO_OLD',
      `The server at ${withoutPassword(url)} is PostgreSQL ${version}; Crossrun needs ${oldestVersion} or newer.`,
      {
        hint: 'Upgrade it, or unset DATABASE_URL to use the embedded PostgreSQL 18.',
      },
    )
  } catch (error) {
    throw connectionFailure(error, url)
  } finally {
    await client.end().catch(() => undefined)
  }
}

function clientFor(url: string): pg.Client {
  try {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: 10_000,
      application_name: 'crossrun',
    })
    // A connection that breaks later must not end the process; the query that needs it fails by itself.
    client.on('error', () => undefined)
    return client
  } catch (cause) {
    throw new DatabaseError('DATABASE_UNREACHABLE', 'DATABASE_URL is not a valid address.', {
      hint: 'It looks like postgresql://user:password@host:5432/database; special characters in it are percent-encoded.',
      cause,
    })
  }
}

function connectionFailure(error: unknown, url: string): unknown {
  if (error instanceof DatabaseError || !(error instanceof Error)) return error
  const { code } = error as { code?: string }
  const where = withoutPassword(url)
  if (code === '28P01' || code === '28000' || /password must be a (non-empty )?string/i.test(error.message)) {
    return new DatabaseError('DATABASE_AUTHENTICATION', `The server at ${where} refused the login: ${error.message}.`, {
      hint: 'Check the user and password in DATABASE_URL.',
      cause: error,
    })
  }
  if (code === '3D000') {
    return new DatabaseError('DATABASE_MISSING', `The server at ${where} has no such database: ${error.message}.`, {
      hint: 'Create it with `createdb`, or name another one in DATABASE_URL.',
      cause: error,
    })
  }
  return new DatabaseError('DATABASE_UNREACHABLE', `The server at ${where} cannot be reached: ${causeOf(error)}.`, {
    hint: 'Check that it runs and that DATABASE_URL names its host and port; unset it to use the embedded PostgreSQL.',
    cause: error,
  })
}

/** A host with two addresses fails with an AggregateError that has no message of its own. */
const causeOf = (error: Error): string =>
  error.message ||
  (error instanceof AggregateError ? error.errors.map((each: Error) => each.message).join(', ') : error.name)

/** The url for people: host, port and database, no credentials. */
export function withoutPassword(url: string): string {
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}
