import { basename } from 'node:path'
import type { PrepareContext } from '../prepare.ts'
import type { PreparedUnit, ReadFile } from '../prepared.ts'
import { type Issue, reject } from '../read/issue.ts'
import { openStream } from '../read/open.ts'
import { type ReadEvent, readCsv, readElements, readLines } from '../read/records.ts'
import { type Shape, sniffShape } from '../read/sniff.ts'
import { recordsOf, startsListing } from './documents.ts'
import { kindsOf } from './recognize.ts'
import { recordUnits } from './record-units.ts'

/** A file's first bytes tell what it is. */
const SNIFF_BYTES = 64 * 1024

/**
 * Units of a file that is all in memory, when it holds records; null when it is a document of another kind.
 * @param damage what is wrong with the end of the file, whose records before are good
 * @param parsed the document, when it is one and was parsed before
 */
export function heldRecords(
  file: ReadFile,
  content: Buffer,
  damage: Issue | null,
  parsed: { value: unknown } | null,
  context: PrepareContext,
): AsyncGenerator<PreparedUnit> | null {
  const shape = shapeOf(content, file.readPath)
  if (shape === 'json-lines') return recordUnits(file, withDamage(readLines([content]), damage), context)
  if (shape === 'csv') return recordUnits(file, withDamage(readCsv([content]), damage), context)
  const kinds = kindsOf(context.options)
  if (parsed) {
    const listing = recordsOf(kinds, parsed.value)
    if (!listing) return null
    const events = listing.records.map(
      ({ table, pointer, value }): ReadEvent => ({
        record: { value, line: null, byteOffset: null, pointer, issues: [], ...(table !== null && { table }) },
      }),
    )
    return recordUnits(file, [...events, ...unknownTables(listing.unknown)], context)
  }
  // A list that is cut off or broken keeps the records before the damage.
  const patterns = patternsOf(shape, content.subarray(0, SNIFF_BYTES), context)
  return patterns && recordUnits(file, withDamage(elements(readElements([content], patterns)), damage), context)
}

/** Units of a file that is too large to be held; null when it does not hold records. */
export async function streamedRecords(
  file: ReadFile,
  context: PrepareContext,
): Promise<AsyncGenerator<PreparedUnit> | null> {
  const head = await headOf(file.readPath)
  if (!head) return null
  const shape = shapeOf(head, file.readPath)
  const source = () => openStream(file.readPath).content
  if (shape === 'json-lines') return recordUnits(file, readLines(source()), context)
  if (shape === 'csv') return recordUnits(file, readCsv(source()), context)
  const patterns = patternsOf(shape, head, context)
  return patterns && recordUnits(file, elements(readElements(source(), patterns)), context)
}

export function shapeOf(content: Buffer, path: string): Shape {
  return sniffShape(content.subarray(0, SNIFF_BYTES), basename(path))
}

/** Where records lie in a list, a dump of tables or an API's answer. */
function patternsOf(shape: Shape, head: Buffer, context: PrepareContext): string[] | null {
  if (shape === 'json-array') return ['/*']
  if (shape === 'json-object' && startsListing(kindsOf(context.options), head.toString('utf8'))) return ['/*/*']
  return null
}

async function* elements(events: ReturnType<typeof readElements>): AsyncGenerator<ReadEvent> {
  for await (const event of events) {
    if ('rest' in event) continue
    // Of an API's answer: its messages are no records.
    if ('record' in event && /^\/(errors?|metadata|meta)\//.test(event.record.pointer)) continue
    yield event
  }
}

async function* withDamage(events: AsyncGenerator<ReadEvent>, damage: Issue | null): AsyncGenerator<ReadEvent> {
  let isTold = false
  for await (const event of events) {
    // The reader finds the last record cut short, or a record that is no text, for the reason that the damage names.
    if (damage && 'issue' in event && ['TRUNCATED', damage.code].includes(event.issue.code)) isTold = true
    yield event
  }
  if (damage && !isTold) yield { issue: damage }
}

function unknownTables(tables: { pointer: string; records: number }[]): ReadEvent[] {
  return tables.map(({ pointer, records }) => ({
    issue: reject('UNKNOWN_FORMAT', `No table of this name is known; its ${records} records are set aside.`, {
      pointer,
    }),
  }))
}

async function headOf(path: string): Promise<Buffer | null> {
  const pieces: Buffer[] = []
  let length = 0
  try {
    for await (const piece of openStream(path).content) {
      pieces.push(piece)
      length += piece.length
      if (length >= SNIFF_BYTES) break
    }
  } catch {
    // Whoever reads the whole file says what is wrong with it.
    return null
  }
  return Buffer.concat(pieces)
}
