import type { Readable } from 'node:stream'
import { sql } from 'kysely'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { textOf } from '../analytics/sql-text.ts'
import type { Sql } from '../metrics/declaration.ts'
import type { DescribedColumn } from './describe.ts'
import type { Source } from './source.ts'

export type TextOptions = {
  /** Puts an apostrophe before texts that a spreadsheet would take for a formula. */
  guardFormulas?: boolean | undefined
  /** Begins with the mark by which Excel knows UTF-8. */
  byteOrderMark?: boolean | undefined
}

/** Told of rows as they are written. */
export type CountRows = (rows: number) => void

/**
 * CSV by RFC 4180 as PostgreSQL writes it: nothing between two commas is null, and two quotes are an empty text.
 * Moments are in UTC, decimals exact.
 */
export async function* copyCsv(
  client: pg.ClientBase,
  source: Source,
  columns: readonly DescribedColumn[],
  { guardFormulas = false, byteOrderMark = false }: TextOptions,
  count: CountRows,
): AsyncGenerator<Uint8Array> {
  const shown = columns.map((column) => {
    const text = textIn('csv', column)
    // Names may come from artifacts too.
    const name = guardFormulas && FORMULA.test(column.name) ? `'${column.name}` : column.name
    return sql`${guardFormulas && column.type.kind === 'text' ? guarded(text) : text} as ${sql.id(name)}`
  })
  const query = sql`select ${sql.join(shown)} from (${source.query}) as q`
  if (byteOrderMark) yield Buffer.from('\ufeff')
  const lines = new CsvLines()
  // The first line has the names.
  count(-1)
  for await (const piece of copy(client, textOf(query), 'format csv, header')) {
    const { ended, breaks } = lines.ended(piece)
    count(breaks)
    yield ended
  }
}

/** A JSON object a line; decimals are texts, which keep every digit. */
export async function* copyJsonLines(
  client: pg.ClientBase,
  source: Source,
  columns: readonly DescribedColumn[],
  count: CountRows,
): AsyncGenerator<Uint8Array> {
  const shown = columns.map((column) => sql`${textIn('jsonl', column)} as ${sql.id(column.name)}`)
  const query = sql`select row_to_json(r)::text from (select ${sql.join(shown)} from (${source.query}) as q) as r`
  // JSON has neither of these characters, so that nothing of it is quoted.
  for await (const piece of copy(client, textOf(query), `format csv, quote e'\\x01', delimiter e'\\x02'`)) {
    count(breaksIn(piece))
    yield piece
  }
}

function copy(client: pg.ClientBase, query: string, options: string): Readable {
  return client.query(copyTo(`copy (${query}) to stdout with (${options})`))
}

function textIn(format: 'csv' | 'jsonl', { type, value }: DescribedColumn): Sql {
  switch (type.kind) {
    case 'timestamp':
      return sql`to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
    case 'decimal':
      return format === 'csv' ? sql`trim_scale(${value})` : sql`trim_scale(${value})::text`
    case 'boolean':
      return format === 'csv' ? sql`${value}::text` : value
    case 'text':
    case 'date':
      return sql`${value}::text`
    case 'integer':
    case 'float':
      return value
  }
}

/** Spreadsheets begin formulas with these characters, some of them also where they are written twice as wide. */
const FORMULA = /^[=+@\t\r\n＝＋－＠-]/

function guarded(text: Sql): Sql {
  return sql`case when ${text} ~ '^[=+@\\t\\r\\n＝＋－＠-]' then '''' || ${text} else ${text} end`
}

const QUOTE = 0x22
const NEW_LINE = 0x0a
const CARRIAGE_RETURN = 0x0d

/** Ends lines as RFC 4180 does; line breaks within a value stay as they are. */
class CsvLines {
  #isQuoted = false

  /** @returns the piece with its lines ended, and how many of them end in it */
  ended(piece: Uint8Array): { ended: Uint8Array; breaks: number } {
    const out = Buffer.allocUnsafe(piece.length + breaksIn(piece))
    let length = 0
    let breaks = 0
    let isQuoted = this.#isQuoted
    for (const byte of piece) {
      // A quote within a value is written twice, which turns this over and back.
      if (byte === QUOTE) isQuoted = !isQuoted
      else if (byte === NEW_LINE && !isQuoted) {
        out[length++] = CARRIAGE_RETURN
        breaks += 1
      }
      out[length++] = byte
    }
    this.#isQuoted = isQuoted
    return { ended: out.subarray(0, length), breaks }
  }
}

function breaksIn(piece: Uint8Array): number {
  let breaks = 0
  for (let at = piece.indexOf(NEW_LINE); at >= 0; at = piece.indexOf(NEW_LINE, at + 1)) breaks += 1
  return breaks
}
