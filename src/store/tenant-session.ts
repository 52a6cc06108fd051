import pg from 'pg'
import { readTables } from './bulk/tables.ts'
import { BulkWriter } from './bulk/write-rows.ts'

/** The role that reads and writes rows: neither superuser nor owner, so that row-level security holds for it. */
export const APP_ROLE = 'crossrun_app'

/** How often a transaction is tried when others are in its way. */
const COLLISION_TRIES = 5

/** A connection of one organization, for work that is SQL from end to end (importing, maintenance). */
export class TenantSession {
  readonly client: pg.Client
  readonly writer: BulkWriter
  readonly #organizationId: string

  constructor(client: pg.Client, writer: BulkWriter, organizationId: string) {
    this.client = client
    this.writer = writer
    this.#organizationId = organizationId
  }

  static async open(url: string, organizationId: string): Promise<TenantSession> {
    const client = new pg.Client({ connectionString: url, application_name: 'crossrun import' })
    // A connection that breaks between two statements must not end the process; the next statement reports it.
    client.on('error', () => undefined)
    await client.connect()
    // Rows are staged in temporary tables: those of a batch should fit.
    await client.query(`set temp_buffers = '64MB'`)
    const tables = await readTables(client)
    return new TenantSession(client, new BulkWriter(client, tables), organizationId)
  }

  /**
   * Runs the work in one transaction as the app role within the organization.
   * @param options `keep: false` rolls it back in the end; `durable: false` does not wait for the disk: for work that the
   * next durable transaction completes, and that is done again when a power cut takes it
   */
  transaction<T>(
    work: (client: pg.Client, writer: BulkWriter) => Promise<T>,
    options: { keep?: boolean; durable?: boolean } = {},
  ): Promise<T> {
    return this.#transaction(APP_ROLE, work, options)
  }

  /** A transaction as the login itself: for what the app role may not, such as taking a database login away. */
  asLogin<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    return this.#transaction('none', work, {})
  }

  async #transaction<T>(
    role: string,
    work: (client: pg.Client, writer: BulkWriter) => Promise<T>,
    options: { keep?: boolean; durable?: boolean },
  ): Promise<T> {
    await this.client.query('begin')
    try {
      await this.client.query(
        `select set_config('role', $1, true), set_config('app.organization_id', $2, true), set_config('synchronous_commit', $3, true)`,
        [role, this.#organizationId, options.durable === false ? 'off' : 'on'],
      )
      this.writer.begin()
      const result = await work(this.client, this.writer)
      await this.client.query(options.keep === false ? 'rollback' : 'commit')
      if (options.keep === false) this.writer.rolledBack()
      return result
    } catch (error) {
      // The connection may be what failed; the first error says why.
      await this.client.query('rollback').catch(() => undefined)
      this.writer.rolledBack()
      throw error
    }
  }

  /** A transaction that is begun anew when another writer was in its way; its work can be done again from the start. */
  async retried<T>(
    work: (client: pg.Client, writer: BulkWriter) => Promise<T>,
    options: { keep?: boolean; durable?: boolean } = {},
  ): Promise<T> {
    for (let left = COLLISION_TRIES - 1; ; left--) {
      try {
        return await this.transaction(work, options)
      } catch (error) {
        if (left === 0 || !isCollision(error)) throw error
      }
    }
  }

  async close(): Promise<void> {
    await this.client.end()
  }
}

/**
 * Deadlock detected, or could not serialize, or a key that another writer made at the same moment: `on conflict` of one
 * key does not see those of the others. It may go well the next time.
 */
function isCollision(error: unknown): boolean {
  return ['40P01', '40001', '23505'].includes(String((error as { code?: unknown } | null)?.code))
}
