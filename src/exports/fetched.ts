import { sql } from 'kysely'
import type pg from 'pg'
import { textOf } from '../analytics/sql-text.ts'
import type { Sql } from '../metrics/declaration.ts'
import type { CountRows } from './copied.ts'
import type { DescribedColumn } from './describe.ts'
import type { Source } from './source.ts'
import type { Batch } from './table.ts'

const ROWS = 2_000
const AS_SENT = { getTypeParser: () => (text: unknown) => text }

/** The rows of a source, a few thousand at a time, as texts. */
export async function* fetchBatches(
  client: pg.ClientBase,
  source: Source,
  columns: readonly DescribedColumn[],
  count: CountRows,
): AsyncGenerator<Batch> {
  const shown = columns.map((column) => sql`${numberOf(column)} as ${sql.id(column.name)}`)
  const query = sql`select ${sql.join(shown)} from (${source.query}) as q`
  await client.query(`declare exported no scroll cursor for ${textOf(query)}`)
  for (;;) {
    const { rows } = await client.query({
      text: `fetch forward ${ROWS} from exported`,
      rowMode: 'array',
      types: AS_SENT as never,
    })
    if (rows.length > 0) {
      count(rows.length)
      yield rows as unknown as Batch
    }
    if (rows.length < ROWS) break
  }
  await client.query('close exported')
}

/** Times as the numbers that writers take. */
function numberOf({ type, value }: DescribedColumn): Sql {
  switch (type.kind) {
    case 'timestamp':
      return sql`(date_part('epoch', ${value}) * 1000)::int8`
    case 'date':
      return sql`(${value} - date '1970-01-01')`
    case 'text':
      return sql`${value}::text`
    default:
      return value
  }
}
