import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type { DB } from './generated/database.ts'
import { Prisma } from './generated/prisma/client.ts'

/** Kysely on the transaction of a request. */
export type Db = Kysely<DB>

/** What reading needs of a Prisma transaction. */
type RawQueries = Pick<Prisma.TransactionClient, '$queryRawUnsafe'>

/**
 * Kysely that sends its queries through a Prisma transaction, so that both read the same snapshot. Values are as the
 * generated types say: bigint for int8, text for numeric, Date for times.
 */
export function kyselyOn(transaction: RawQueries): Db {
  return new Kysely<DB>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createDriver: () => new TransactionDriver(transaction),
    },
  })
}

class TransactionDriver implements Driver {
  readonly #connection: DatabaseConnection

  constructor(transaction: RawQueries) {
    this.#connection = {
      async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
        const rows = await transaction.$queryRawUnsafe<Record<string, unknown>[]>(sql, ...parameters)
        for (const row of rows) decimalsToText(row)
        return { rows: rows as R[] }
      },
      streamQuery: () => {
        throw new Error('A Prisma transaction cannot stream.')
      },
    }
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }

  async beginTransaction(): Promise<void> {
    throw new Error('The request is a transaction already.')
  }

  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}

function decimalsToText(row: Record<string, unknown>): void {
  for (const name in row) {
    const value = row[name]
    if (Prisma.Decimal.isDecimal(value)) row[name] = (value as Prisma.Decimal).toFixed()
  }
}
