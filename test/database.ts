import pg from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, inject } from 'vitest'
import { openViewer } from '../src/access/viewer.ts'
import { type Environment, readEnvironment } from '../src/environment.ts'
import { organizationIdOf } from '../src/model/identifiers.ts'
import type { Context } from '../src/schema/context.ts'
import { createServer, type Server, type ServerOptions } from '../src/server/index.ts'
import { type Client, openClient } from '../src/store/client.ts'
import type { PrismaClient } from '../src/store/generated/prisma/client.ts'
import { inRequestTransaction, type RequestTransaction } from '../src/store/request-transaction.ts'
import type { StatementLog } from '../src/store/statements.ts'
import { type PooledDatabase, takeDatabase } from './database-pool.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers are compared, not computed with.
type Json = any

export type Answer = { data?: Json; errors?: { message: string; path?: string[]; extensions: Record<string, Json> }[] }

/** A database of its own for one test file, and a server on it. */
export class TestDatabase {
  url = ''
  readonly organizationId = organizationIdOf('default')
  /** Tests may ask as often as they like. */
  readonly environment: Environment = readEnvironment({ CROSSRUN_RATE_LIMIT: '0' })
  #client: Client | undefined
  #server: Server | undefined
  #owner: pg.Client | undefined
  #pooled: PooledDatabase | undefined

  /** @param isOwn a database that no other test file has had or will have */
  async open(isOwn = false): Promise<void> {
    this.#pooled = await takeDatabase(inject('server'), isOwn)
    this.url = this.#pooled.url
    this.#client = openClient(this.url, this.environment)
    this.#server = this.newServer()
    this.#owner = new pg.Client({ connectionString: this.url })
    await this.#owner.connect()
  }

  async close(): Promise<void> {
    await this.#owner?.end()
    await this.#server?.close()
    await this.#client?.close()
    await this.#pooled?.release()
  }

  get prisma(): PrismaClient {
    return this.#client!.prisma
  }

  /** What resolvers get of a transaction when whoever asks may do everything. */
  contextOf(transaction: RequestTransaction): Context {
    const { organizationId } = this
    return { ...transaction, scope: { organizationId }, viewer: openViewer(organizationId), requestId: 'test' }
  }

  newServer(options: Partial<ServerOptions> = {}): Server {
    const { organizationId, environment } = this
    return createServer({
      prisma: this.prisma,
      organizationId,
      environment,
      logger: pino({ level: 'silent' }),
      ...options,
    })
  }

  /** SQL as the owner of the tables, whom row-level security does not bind. */
  async sql(text: string, values: unknown[] = []): Promise<Record<string, Json>[]> {
    return (await this.#owner!.query(text, values)).rows
  }

  /** Inserts rows whose values go by column name. */
  async insert(table: string, rows: Record<string, unknown>[]): Promise<void> {
    for (const row of rows) {
      const columns = Object.keys(row)
      const places = columns.map((_, place) => `$${place + 1}`)
      await this.sql(`insert into ${table} (${columns.join(', ')}) values (${places.join(', ')})`, Object.values(row))
    }
  }

  /** Asks the server; the answer as it came. */
  async ask(query: string, variables: object = {}, server: Server = this.#server!): Promise<Answer> {
    const response = await server.fetch('http://test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    return (await response.json()) as Answer
  }

  /** Asks the server; the data of an answer without errors. */
  async data(query: string, variables: object = {}, server?: Server): Promise<Json> {
    const { data, errors } = await this.ask(query, variables, server)
    if (errors) throw new Error(JSON.stringify(errors))
    return data
  }

  /** Works in a transaction like that of a request; the log says what it sent. */
  async transaction<T>(work: (transaction: RequestTransaction) => Promise<T>, log = newLog()): Promise<T> {
    const { organizationId } = this
    return inRequestTransaction(
      this.prisma,
      { organizationId, access: 'read', maxWaitMs: 5_000, statementTimeoutMs: 30_000 },
      log,
      work,
    )
  }
}

export function newLog(): StatementLog {
  return { statements: 0, rows: 0, failure: undefined, texts: [] }
}

/**
 * Opens an empty database before the tests of the file, and closes it after them.
 * @param isOwn for tests that change tables or look at plans, which statistics of earlier tests would bend
 */
export function testDatabase({ isOwn = false } = {}): TestDatabase {
  const database = new TestDatabase()
  beforeAll(() => database.open(isOwn))
  afterAll(() => database.close())
  return database
}
