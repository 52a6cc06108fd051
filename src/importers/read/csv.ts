import { Readable } from 'node:stream'
import { type CsvError, type Info, parse } from 'csv-parse'
import { streamUtf8, textOf } from './encoding.ts'
import { type Issue, issueOf, reject, warning } from './issue.ts'
import { parseJson } from './parse-json.ts'
import { pointerTo } from './pointer.ts'
import { pulled } from './pulled.ts'
import { RECORD_LIMIT_BYTES, type ReadEvent } from './records.ts'
import { repairText } from './repair-json.ts'

type Row = { record: string[]; info: Info }
type RowPlace = { line: number; byteOffset: number }
type Column = { name: string; pointer: string }

/**
 * Reads a CSV file with a header row, one record a row, as objects of the header's names. A cell that holds a JSON
 * object or array is parsed, an empty one is null, any other stays text. A row with too few or too many cells is a
 * reject with its line and the others go on.
 */
export async function* readCsv(
  source: AsyncIterable<Buffer> | Iterable<Buffer>,
  limitBytes = RECORD_LIMIT_BYTES,
): AsyncGenerator<ReadEvent> {
  const parser = parse({
    // Latin-1 keeps every byte, so that each cell can be checked to be UTF-8.
    encoding: 'latin1',
    info: true,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: limitBytes,
  })
  let columns: Column[] | null = null
  let end = { line: 0, byteOffset: 0 }
  try {
    for await (const { record: cells, info } of pulled<Row>(Readable.from(streamUtf8(source)), parser)) {
      const place = { line: info.lines - newLines(cells), byteOffset: end.byteOffset }
      end = { line: info.lines, byteOffset: info.bytes }
      if (cells.every((cell) => cell.trim() === '')) continue
      if (!columns) {
        const header = headerOf(cells, place)
        yield* header.issues.map((issue) => ({ issue }))
        if (!header.columns) return
        columns = header.columns
      } else if (cells.length === columns.length) yield recordOf(columns, cells, place)
      else {
        const message = `the row has ${cells.length} cells, the header ${columns.length}`
        yield { issue: reject('SCHEMA', message, place) }
      }
    }
  } catch (error) {
    yield { issue: { ...csvIssue(error, limitBytes), line: end.line + 1, byteOffset: end.byteOffset } }
    return
  }
  if (!columns) yield { issue: reject('EMPTY', 'there is nothing in it') }
}

function headerOf(cells: string[], place: RowPlace): { columns: Column[] | null; issues: Issue[] } {
  const issues: Issue[] = []
  const columns: Column[] = []
  for (const cell of cells) {
    const text = decoded(cell)
    if (typeof text !== 'string') return { columns: null, issues: [{ ...text, ...place }] }
    const name = repairText(text.trim(), 'a column name', '', (code, message) =>
      issues.push(warning(code, message, place)),
    )
    const pointer = pointerTo('', name)
    if (columns.some((column) => column.name === name))
      issues.push(warning('DUPLICATE_KEY', 'two columns have this name; the last one is kept', { ...place, pointer }))
    columns.push({ name, pointer })
  }
  return { columns, issues }
}

function recordOf(columns: Column[], cells: string[], place: RowPlace): ReadEvent {
  const issues: Issue[] = []
  const value: Record<string, unknown> = {}
  for (let index = 0; index < columns.length; index++) {
    const { name, pointer } = columns[index]!
    const cell = cells[index]!
    let read: unknown = cell || null
    if (!isPlain(cell)) {
      const text = decoded(cell)
      if (typeof text !== 'string') return { issue: { ...text, ...place, pointer } }
      read = cellValue(text, { ...place, pointer }, issues)
    }
    if (name !== '__proto__') value[name] = read
    // An assignment would set the prototype.
    else Object.defineProperty(value, name, { value: read, writable: true, enumerable: true, configurable: true })
  }
  return { record: { value, ...place, pointer: '', issues } }
}

/** Nearly every cell: ASCII that is no JSON. */
function isPlain(cell: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what PostgreSQL refuses
  return !/^\s*[[{]|[\u0000\u0080-\u00ff]/.test(cell)
}

function cellValue(text: string, place: RowPlace & { pointer: string }, issues: Issue[]): unknown {
  if (looksLikeJson(text.trim())) {
    const parsed = parseJson(text, place)
    if ('value' in parsed) {
      for (const issue of parsed.issues) issues.push(issue)
      return parsed.value
    }
  }
  return repairText(text, 'a cell', place.pointer, (code, message, pointer) =>
    issues.push(warning(code, message, { ...place, pointer })),
  )
}

function looksLikeJson(text: string): boolean {
  return (text.startsWith('{') && text.endsWith('}')) || (text.startsWith('[') && text.endsWith(']'))
}

function decoded(cell: string): string | Issue {
  if (!/[\u0080-\u00ff]/.test(cell)) return cell
  const text = textOf(Buffer.from(cell, 'latin1'))
  // Not its own message: a character that the cell ends within need not be one that the file ends within.
  return typeof text === 'string' ? text : reject('UNREADABLE', 'the encoding is not valid UTF-8')
}

function newLines(cells: string[]): number {
  let count = 0
  for (const cell of cells) for (let at = cell.indexOf('\n'); at !== -1; at = cell.indexOf('\n', at + 1)) count++
  return count
}

function csvIssue(error: unknown, limitBytes: number): Issue {
  const { code } = error as Partial<CsvError>
  if (code === 'CSV_QUOTE_NOT_CLOSED') return reject('TRUNCATED', 'a quoted cell is not closed')
  if (code === 'CSV_MAX_RECORD_SIZE')
    return reject('TOO_LARGE', `the row is longer than ${limitBytes} bytes; is a quote not closed?`)
  if (code?.startsWith('CSV_')) return reject('SYNTAX', `not CSV: ${(error as Error).message}`)
  return issueOf(error)
}
