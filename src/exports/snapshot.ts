import pg from 'pg'
import { RetryableError } from '../errors.ts'
import { APP_ROLE } from '../store/tenant-session.ts'

export type SnapshotSettings = {
  url: string
  organizationId: string
  /** The longest one statement may run, in milliseconds. */
  statementTimeoutMs: number
}

/** A connection of its own in a transaction that reads one organization's rows as they were when it began. */
export class Snapshot {
  readonly client: pg.Client
  readonly #settings: SnapshotSettings
  readonly #backend: number
  #isClosed = false

  private constructor(client: pg.Client, settings: SnapshotSettings, backend: number) {
    this.client = client
    this.#settings = settings
    this.#backend = backend
  }

  /** @throws RetryableError `DATABASE_UNAVAILABLE` */
  static async open(settings: SnapshotSettings): Promise<Snapshot> {
    const client = new pg.Client({ connectionString: settings.url, application_name: 'crossrun export' })
    // A connection that breaks between two statements must not end the process; the next statement reports it.
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.query('begin isolation level repeatable read read only')
      const { rows } = await client.query<{ backend: number }>(
        `select set_config('app.organization_id', $1, true), set_config('role', $2, true),
                set_config('statement_timeout', $3, true), set_config('TimeZone', 'UTC', true),
                set_config('DateStyle', 'ISO', true), pg_backend_pid() as backend`,
        [settings.organizationId, APP_ROLE, String(settings.statementTimeoutMs)],
      )
      return new Snapshot(client, settings, rows[0]!.backend)
    } catch (error) {
      await client.end().catch(() => undefined)
      throw new RetryableError('DATABASE_UNAVAILABLE', 'The database cannot be reached. Ask again in a moment.', {
        cause: error,
      })
    }
  }

  /** Ends the connection, once nothing runs on it. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.client.end().catch(() => undefined)
  }

  /** Ends the connection whatever runs on it. */
  async abort(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    // What it runs would otherwise go on until it next writes.
    const other = new pg.Client({ connectionString: this.#settings.url, application_name: 'crossrun cancel' })
    other.on('error', () => undefined)
    try {
      await other.connect()
      await other.query('select pg_terminate_backend($1)', [this.#backend])
    } catch {
      // Then its statement_timeout ends it.
    } finally {
      await other.end().catch(() => undefined)
      await this.client.end().catch(() => undefined)
    }
  }
}
