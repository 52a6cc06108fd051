import { PrismaClient } from '../../src/store/generated/prisma/client.ts'
import { LoggedPrismaPg } from '../../src/store/statements.ts'

type Adapter = Awaited<ReturnType<LoggedPrismaPg['connect']>>
type Transaction = Awaited<ReturnType<Adapter['startTransaction']>>
type Query = Parameters<Transaction['queryRaw']>[0]

/** What was asked of the database while it was watched. */
export type Watch = {
  /** Queries by their SQL, with the milliseconds that the last of each took. */
  queries: { query: Query; milliseconds: number }[]
  /** Runs a query's plan in the transaction of the query itself: same role, organization and snapshot. */
  explain: string | null
  plan: string[]
}

/** A client that tells what each statement took, and the plan of the one that is asked for. */
export function openWatchedClient(url: string, watch: Watch): PrismaClient {
  return new PrismaClient({ adapter: new WatchedPrismaPg({ connectionString: url, max: 2 }, watch) })
}

class WatchedPrismaPg extends LoggedPrismaPg {
  readonly #watch: Watch

  constructor(settings: ConstructorParameters<typeof LoggedPrismaPg>[0], watch: Watch) {
    super(settings)
    this.#watch = watch
  }

  override async connect(): Promise<Adapter> {
    const adapter = await super.connect()
    const start = adapter.startTransaction.bind(adapter)
    adapter.startTransaction = async (isolationLevel) => watched(await start(isolationLevel), this.#watch)
    return adapter
  }
}

function watched(transaction: Transaction, watch: Watch): Transaction {
  const queryRaw = transaction.queryRaw.bind(transaction)
  // Resolvers ask at once, and a connection answers one after another: only then is a query's time its own.
  let last: Promise<unknown> = Promise.resolve()
  transaction.queryRaw = (query) => {
    const asked = last.then(async () => {
      const start = performance.now()
      const result = await queryRaw(query)
      watch.queries.push({ query, milliseconds: performance.now() - start })
      if (query.sql === watch.explain && watch.plan.length === 0) {
        const { rows } = await queryRaw({ ...query, sql: `explain (analyze, buffers) ${query.sql}` })
        watch.plan = rows.map(([line]) => String(line))
      }
      return result
    })
    last = asked.catch(() => undefined)
    return asked
  }
  return transaction
}
