import { AsyncLocalStorage } from 'node:async_hooks'
import { PrismaPg } from '@prisma/adapter-pg'

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
}

const openLogs = new AsyncLocalStorage<StatementLog>()

/** Runs work whose transactions are written to the log. */
export function logStatements<T>(log: StatementLog, work: () => Promise<T>): Promise<T> {
  return openLogs.run(log, work)
}

/** Prisma's adapter for node-postgres, with transactions that run one statement after another and keep a log. */
export class LoggedPrismaPg extends PrismaPg {
  override async connect(): Promise<Adapter> {
    const adapter = await super.connect()
    const start = adapter.startTransaction.bind(adapter)
    adapter.startTransaction = async (isolationLevel) => logged(await start(isolationLevel), openLogs.getStore())
    return adapter
  }
}

function logged(transaction: Transaction, log: StatementLog | undefined): Transaction {
  // Resolvers ask at once, but a connection answers one after another; node-postgres stops queueing for its callers.
  let last: Promise<unknown> = Promise.resolve()
  function run<T>(query: Query, send: (query: Query) => Promise<T>, countRows: (result: T) => number): Promise<T> {
    const sent = last.then(async () => {
      const isCounted = log !== undefined && query.sql !== 'COMMIT' && query.sql !== 'ROLLBACK'
      if (isCounted) {
        log.statements += 1
        log.texts?.push(query.sql)
      }
      try {
        const result = await send(query)
        if (isCounted) log.rows += countRows(result)
        return result
      } catch (error) {
        if (log) log.failure ??= error
        throw error
      }
    })
    last = sent.catch(() => undefined)
    return sent
  }
  const queryRaw = transaction.queryRaw.bind(transaction)
  const executeRaw = transaction.executeRaw.bind(transaction)
  transaction.queryRaw = (query) => run(query, queryRaw, (result) => result.rows.length)
  transaction.executeRaw = (query) => run(query, executeRaw, () => 0)
  return transaction
}
