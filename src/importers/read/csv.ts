import { Readable } from 'node:stream'
import { type CsvError, type Info, parse } from 'csv-parse'
import { streamUtf8, textOf } from './encoding.ts'
import { type Issue, issueOf, type Place, reject, warning } from './issue.ts'
import { parseJson } from './parse-json.ts'
import { pointerTo } from './pointer.ts'
import { pulled } from './pulled.ts'
import { RECORD_LIMIT_BYTES, type ReadEvent } from './records.ts'
import { repairText } from './repair-json.ts'

type Row = { record: string[]; info: Info }

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
  let names: string[] | null = null
  let end = { line: 0, byteOffset: 0 }
  try {
    for await (const { record: cells, info } of pulled<Row>(Readable.from(streamUtf8(source)), parser)) {
      const place = { line: info.lines - newLines(cells), byteOffset: end.byteOffset }
      end = { line: info.lines, byteOffset: info.bytes }
      if (cells.every((cell) => cell.trim() === '')) continue
      if (!names) {
        const header = headerOf(cells, place)
        yield* header.issues.map((issue) => ({ issue }))
        if (!header.names) return
        names = header.names
      } else if (cells.length === names.length) yield recordOf(names, cells, place)
      else {
        const message = `the row has ${cells.length} cells, the header ${names.length}`
        yield { issue: reject('SCHEMA', message, place) }
      }
    }
  } catch (error) {
    yield { issue: { ...csvIssue(error, limitBytes), line: end.line + 1, byteOffset: end.byteOffset } }
    return
  }
  if (!names) yield { issue: reject('EMPTY', 'there is nothing in it') }
}

function headerOf(cells: string[], place: Place): { names: string[] | null; issues: Issue[] } {
  const issues: Issue[] = []
  const names: string[] = []
  for (const cell of cells) {
    const text = decoded(cell)
    if (typeof text !== 'string') return { names: null, issues: [{ ...text, ...place }] }
    const name = repairText(text.trim(), 'a column name', '', (code, message) =>
      issues.push(warning(code, message, place)),
    )
    const pointer = pointerTo('', name)
    if (names.includes(name))
      issues.push(warning('DUPLICATE_KEY', 'two columns have this name; the last one is kept', { ...place, pointer }))
    names.push(name)
  }
  return { names, issues }
}

function recordOf(names: string[], cells: string[], place: { line: number; byteOffset: number }): ReadEvent {
  const issues: Issue[] = []
  const entries: [string, unknown][] = []
  for (const [index, name] of names.entries()) {
    const text = decoded(cells[index]!)
    const pointer = pointerTo('', name)
    if (typeof text !== 'string') return { issue: { ...text, ...place, pointer } }
    entries.push([name, cellValue(text, { ...place, pointer }, issues)])
  }
  // Not by assignment, which `__proto__` would turn into something else.
  return { record: { value: Object.fromEntries(entries), ...place, pointer: '', issues } }
}

function cellValue(text: string, place: { line: number; byteOffset: number; pointer: string }, issues: Issue[]): unknown {
  if (text === '') return null
  if (looksLikeJson(text.trim())) {
    const parsed = parseJson(text, place)
    if ('value' in parsed) {
      issues.push(...parsed.issues)
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
  return typeof text === 'string' ? text : reject('UNREADABLE', text.message)
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
