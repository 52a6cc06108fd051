import { AsyncLocalStorage } from 'node:async_hooks'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import type { CancelBackend, RequestStop } from './request-stop.ts'

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>
type Transaction = Awaited<ReturnType<Adapter['startTransaction']>>
type Query = Parameters<Transaction['queryRaw']>[0]

/** What one transaction asked of the database; BEGIN, COMMIT and ROLLBACK are not counted. */
export type StatementLog = {
  statements: number
  /** Rows read, over all statements. */
  rows: number
  /** Why the first statement failed that did; what fails after it in the transaction fails because of it. */
  failure: unknown
  /** Every statement's SQL when the one who opened the log wants to read it. */
  texts?: string[]
  /** Told of each statement that is sent, and by what it returns, of its end and its error. */
  observe?: (sql: string) => (error?: unknown) => void
}

type Watch = { log?: StatementLog; stop?: RequestStop | undefined; statementTimeoutMs?: number | undefined }

const watches = new AsyncLocalStorage<Watch>()

/**
 * Runs work whose transactions are written to the log.
 * @param ended what may end the work, and the longest one of its statements may run, in milliseconds
 */
export function logStatements<T>(
  log: StatementLog,
  work: () => Promise<T>,
  ended: { stop?: RequestStop; statementTimeoutMs?: number } = {},
): Promise<T> {
  return watches.run({ log, ...ended }, work)
}

/** Prisma's adapter for node-postgres, with transactions that run one statement after another and keep a log. */
export class LoggedPrismaPg extends PrismaPg {
  readonly #settings: pg.PoolConfig

  constructor(settings: pg.PoolConfig) {
    super(settings)
    this.#settings = settings
  }

  override async connect(): Promise<Adapter> {
    const adapter = await super.connect()
    // The pool stops listening when it hands a connection over, a moment before the adapter begins to: an error that came
    // in one packet with what made the connection ready would end the process. Whoever asks next is told of it.
    adapter.underlyingDriver().on('connect', (client) => client.on('error', () => undefined))
    const { cancel, close } = canceller(this.#settings)
    const start = adapter.startTransaction.bind(adapter)
    adapter.startTransaction = async (isolationLevel) => {
      const watch = watches.getStore() ?? {}
      return watched(await start(isolationLevel), watch, cancel)
    }
    const dispose = adapter.dispose.bind(adapter)
    adapter.dispose = async () => {
      await close()
      await dispose()
    }
    return adapter
  }
}

/** One connection of its own, while there is something to cancel: those of the pool may all be busy with just that. */
function canceller(settings: pg.PoolConfig): { cancel: CancelBackend; close(): Promise<void> } {
  const pool = new pg.Pool({
    ...settings,
    application_name: 'crossrun cancel',
    max: 1,
    idleTimeoutMillis: 1_000,
    statement_timeout: 5_000,
  })
  // A connection that breaks while nothing is asked of it must not end the process.
  pool.on('error', () => undefined)
  return {
    async cancel(pid) {
      await pool.query('select pg_cancel_backend($1)', [pid])
    },
    close: () => pool.end(),
  }
}

function watched(transaction: Transaction, watch: Watch, cancel: CancelBackend): Transaction {
  const { log, stop, statementTimeoutMs = 0 } = watch
  // Resolvers ask at once, but a connection answers one after another; node-postgres stops queueing for its callers.
  let last: Promise<unknown> = Promise.resolve()
  function run<T>(query: Query, send: (query: Query) => Promise<T>, countRows: (result: T) => number): Promise<T> {
    const sent = last.then(async () => {
      const isEnd = query.sql === 'COMMIT' || query.sql === 'ROLLBACK'
      if (isEnd) await stop?.untilCancelled()
      else if (stop?.reason) throw stop.reason
      const isCounted = log !== undefined && !isEnd
      if (isCounted) {
        log.statements += 1
        log.texts?.push(query.sql)
      }
      const ended = log?.observe?.(query.sql)
      try {
        const result = await (stop && !isEnd ? stop.send(cancel, () => sendInTime(query, send)) : send(query))
        if (isCounted) log.rows += countRows(result)
        ended?.()
        return result
      } catch (error) {
        ended?.(error)
        if (log) log.failure ??= error
        throw error
      }
    })
    last = sent.catch(() => undefined)
    return sent
  }
  /** Lets no statement run on when the time of its request is up, whatever becomes of this process. */
  async function sendInTime<T>(query: Query, send: (query: Query) => Promise<T>): Promise<T> {
    const left = stop?.leftMs ?? statementTimeoutMs
    if (left < statementTimeoutMs) {
      await executeRaw({ sql: `set local statement_timeout = ${left}`, args: [], argTypes: [] })
      if (stop?.reason) throw stop.reason
    }
    return send(query)
  }
  const queryRaw = transaction.queryRaw.bind(transaction)
  const executeRaw = transaction.executeRaw.bind(transaction)
  transaction.queryRaw = (query) => run(query, queryRaw, (result) => result.rows.length)
  transaction.executeRaw = (query) => run(query, executeRaw, () => 0)
  return transaction
}
