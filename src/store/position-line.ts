import pg from 'pg'

/** The longest a question may take, and the longest a connection may take to be made, in milliseconds. */
const LONGEST_MS = 2_000

/** A question to a server, and what is read of the row that answers it. */
export type Question<Row, Position> = { sql: string; read: (row: Row) => Position }

/** What a server and a database of it are known by: the same on a server and on its replicas. */
export type Identity = { system: string | null; database: string }

/**
 * How far the write-ahead log of a server is flushed, in bytes: what was finished before is in there, as it is flushed
 * before it is said to be. And which transactions were under way: while these are the same, nothing was finished.
 */
export const WRITTEN: Question<{ bytes: string; under_way: string }, { bytes: bigint; underWay: string }> = {
  sql: `select (pg_current_wal_flush_lsn() - '0/0')::text as bytes, pg_current_snapshot()::text as under_way`,
  read: ({ bytes, under_way }) => ({ bytes: BigInt(bytes), underWay: under_way }),
}

/** How far a replica has replayed it, which can be seen in every snapshot that is taken afterwards; null when it is none. */
export const REPLAYED: Question<{ bytes: string | null }, bigint | null> = {
  sql: `select case when pg_is_in_recovery() then (pg_last_wal_replay_lsn() - '0/0')::text end as bytes`,
  read: ({ bytes }) => (bytes === null ? null : BigInt(bytes)),
}

/**
 * A connection that is asked again and again how far its server is; made when it is needed, and anew when it is lost.
 * Those who ask while a question is under way share the next one: there are never more questions than round trips.
 */
export class PositionLine<Row extends pg.QueryResultRow, Position> {
  readonly #url: string
  readonly #question: Question<Row, Position>
  readonly #onLost: () => void
  #client: Promise<pg.Client> | undefined
  /** The same once it is connected, until it is lost. */
  #live: pg.Client | undefined
  #identity: Promise<Identity> | undefined
  #current: Promise<Position> | undefined
  #next: Promise<Position> | undefined
  #isClosed = false

  /** @param onLost called when the connection that gave the answers is gone: its server may start anew further back */
  constructor(url: string, question: Question<Row, Position>, onLost: () => void = () => undefined) {
    this.#url = url
    this.#question = question
    this.#onLost = onLost
  }

  /**
   * The answer at some moment after this call.
   * @throws Error of the driver when it cannot be asked, or does not answer in time
   */
  ask(): Promise<Position> {
    if (this.#next) return this.#next
    // The server may have answered already: what is under way says nothing of what happened since.
    if (this.#current) {
      this.#next = this.#current.then(later, later).then(() => {
        this.#next = undefined
        return this.#start()
      })
      return this.#next
    }
    return this.#start()
  }

  /** Of the server that is connected to now. */
  async identity(): Promise<Identity> {
    this.#identity ??= this.#connected().then(readIdentity)
    this.#identity.catch(() => {
      this.#identity = undefined
    })
    return this.#identity
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#current?.catch(later)
    await this.#next?.catch(later)
    const client = await this.#client?.catch(later)
    this.#live = undefined
    this.#client = undefined
    await client?.end().catch(later)
  }

  #start(): Promise<Position> {
    const current = this.#send().finally(() => {
      if (this.#current === current) this.#current = undefined
    })
    this.#current = current
    return current
  }

  async #send(): Promise<Position> {
    const client = await this.#connected()
    try {
      const { rows } = await client.query<Row>(this.#question.sql)
      return this.#question.read(rows[0]!)
    } catch (error) {
      // After one that was not answered, the next answer would be taken for that of another question.
      this.#lose(client)
      throw error
    }
  }

  #connected(): Promise<pg.Client> {
    if (this.#isClosed) return Promise.reject(new Error('The line is closed.'))
    this.#client ??= this.#connect()
    return this.#client
  }

  async #connect(): Promise<pg.Client> {
    try {
      const client = new pg.Client({
        connectionString: this.#url,
        application_name: 'crossrun replicas',
        connectionTimeoutMillis: LONGEST_MS,
        query_timeout: LONGEST_MS,
        keepAlive: true,
      })
      client.on('error', () => this.#lose(client))
      client.on('end', () => this.#lose(client))
      await client.connect()
      this.#live = client
      return client
    } catch (error) {
      this.#client = undefined
      throw error
    }
  }

  #lose(client: pg.Client): void {
    if (this.#live !== client) return
    this.#live = undefined
    this.#client = undefined
    this.#identity = undefined
    client.end().catch(later)
    this.#onLost()
  }
}

const later = () => undefined

async function readIdentity(client: pg.Client): Promise<Identity> {
  const { rows } = await client.query<{ database: string }>(
    'select oid::text as database from pg_database where datname = current_database()',
  )
  const system = await client
    .query<{ system: string }>('select system_identifier::text as system from pg_control_system()')
    .then(({ rows: [row] }) => row!.system)
    // Some services keep it to themselves.
    .catch(() => null)
  return { system, database: rows[0]!.database }
}
