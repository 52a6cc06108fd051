import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import pg from 'pg'
import type { Sql } from '../metrics/declaration.ts'

const compiler = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

/** SQL as one text without parameters: the definition of a view has none. */
export function textOf(statement: Sql): string {
  const { sql, parameters } = statement.compile(compiler)
  return sql.replace(/\$(\d+)/g, (_, place) => {
    const value = parameters[Number(place) - 1]
    if (typeof value === 'number' || typeof value === 'boolean') return String(value)
    if (typeof value === 'string') return pg.escapeLiteral(value)
    throw new Error(`A view cannot be made with a parameter of the type ${typeof value}.`)
  })
}
