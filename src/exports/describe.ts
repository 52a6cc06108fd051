import { sql } from 'kysely'
import type pg from 'pg'
import { textOf } from '../analytics/sql-text.ts'
import type { Sql } from '../metrics/declaration.ts'
import type { Source } from './source.ts'
import type { ColumnType, ExportColumn } from './table.ts'

/** Digits that an exact decimal of Arrow and Parquet has at most. */
const MOST_DIGITS = 38
/** PostgreSQL's numbers of its types. */
const TYPES: Record<number, ColumnType> = {
  16: { kind: 'boolean' },
  20: { kind: 'integer' },
  21: { kind: 'integer' },
  23: { kind: 'integer' },
  700: { kind: 'float' },
  701: { kind: 'float' },
  1082: { kind: 'date' },
  1114: { kind: 'timestamp' },
  1184: { kind: 'timestamp' },
}
const NUMERIC = 1700
const TIMESTAMP_WITHOUT_ZONE = 1114

export type DescribedColumn = ExportColumn & {
  /** The column of `q`, the source's query; a moment has a zone. */
  value: Sql
}

/** What the columns of a source are. One statement that reads no row. */
export async function describe(client: pg.ClientBase, source: Source): Promise<DescribedColumn[]> {
  const { fields } = await client.query(textOf(sql`select * from (${source.query}) as q limit 0`))
  return source.columns.map(({ name, description }, place) => {
    const { dataTypeID, dataTypeModifier } = fields[place]!
    // A name may hold a dot.
    const own = sql.id('q', name)
    return {
      name,
      description,
      type: dataTypeID === NUMERIC ? decimalOf(dataTypeModifier) : (TYPES[dataTypeID] ?? { kind: 'text' }),
      value: dataTypeID === TIMESTAMP_WITHOUT_ZONE ? sql`${own} at time zone 'UTC'` : own,
    }
  })
}

/** A decimal whose digits are not declared has none here; `withDigits` counts them. */
function decimalOf(modifier: number): ColumnType {
  if (modifier < 4) return { kind: 'decimal', precision: 0, scale: 0 }
  const declared = modifier - 4
  return { kind: 'decimal', precision: declared >> 16, scale: declared & 0x7ff }
}

/**
 * The same columns with the digits of each decimal; where they are not declared, those of the values, and where values
 * need more than there is room for, or are no numbers, the column is text. At most one statement, which reads all rows.
 */
export async function withDigits(
  client: pg.ClientBase,
  source: Source,
  columns: readonly DescribedColumn[],
): Promise<DescribedColumn[]> {
  const isOpen = ({ type }: DescribedColumn) =>
    type.kind === 'decimal' && (type.precision === 0 || type.precision > MOST_DIGITS)
  const open = columns.filter(isOpen)
  if (open.length === 0) return [...columns]
  const digits = open.flatMap(({ value }) => [
    sql`coalesce(max(length(trunc(abs(${value}))::text)), 0)::int`,
    // What is no number has no scale.
    sql`coalesce(max(case when ${value} is not null then coalesce(scale(trim_scale(${value})), ${MOST_DIGITS + 1}) end), 0)::int`,
  ])
  const { rows } = await client.query<number[]>({
    text: textOf(sql`select ${sql.join(digits)} from (${source.query}) as q`),
    rowMode: 'array',
  })
  return columns.map((column) => {
    const place = open.indexOf(column)
    if (place < 0) return column
    const [whole, scale] = rows[0]!.slice(place * 2) as [number, number]
    const fits = whole + scale <= MOST_DIGITS
    return { ...column, type: fits ? { kind: 'decimal', precision: MOST_DIGITS, scale } : { kind: 'text' } }
  })
}
