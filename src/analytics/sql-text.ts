import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import pg from 'pg'
import type { Sql } from '../metrics/declaration.ts'

/** Writes values where they stand: a `$1` may also be part of a name. */
class LiteralCompiler extends PostgresQueryCompiler {
  protected override appendValue(value: unknown): void {
    this.append(literalOf(value))
  }
}

const compiler = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new LiteralCompiler(),
  },
})

/** SQL as one text without parameters: the definition of a view and a COPY have none. */
export function textOf(statement: Sql): string {
  return statement.compile(compiler).sql
}

/** @throws Error for values whose text could be read as something else */
function literalOf(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value === 'number' && Number.isFinite(value)) return value < 0 ? `(${value})` : String(value)
  if (typeof value === 'string') return pg.escapeLiteral(value)
  if (Array.isArray(value)) return `array[${value.map(literalOf).join(', ')}]`
  throw new Error(`There is no SQL text for a parameter of the type ${typeof value}.`)
}
