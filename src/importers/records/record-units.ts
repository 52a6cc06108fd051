import { hash } from 'node:crypto'
import type { RowBatch } from '../../store/bulk/row-batch.ts'
import { Decoding } from '../decoding.ts'
import { OWNED_TABLES, ownerOf } from '../owners.ts'
import type { PrepareContext } from '../prepare.ts'
import type { PreparedRecord, PreparedUnit, ReadFile, RecordPlace } from '../prepared.ts'
import { type Issue, reject, warning } from '../read/issue.ts'
import type { ReadEvent, SourceRecord } from '../read/records.ts'
import { isObject } from '../wire.ts'
import { kindOfRecord, kindOfTable, kindsOf, tableOfFile } from './recognize.ts'
import type { RecordKind } from './record-kind.ts'
import { SeenIds } from './seen-ids.ts'

/** A transaction writes about so many records, or so much JSON, of one file. */
const UNIT_RECORDS = 2_000
const UNIT_CHARACTERS = 1024 * 1024
/** Of a file whose first records are of no known kind, no more than these are looked at. */
const MOST_UNKNOWN = 100

/** Makes units of a file's records as they come. The last unit, which may be empty, is the final one. */
export async function* recordUnits(
  file: ReadFile,
  events: AsyncIterable<ReadEvent> | Iterable<ReadEvent>,
  context: PrepareContext,
): AsyncGenerator<PreparedUnit> {
  const reading = new RecordReading(file, context)
  for await (const event of events) {
    if ('issue' in event) reading.issue(event.issue)
    else reading.record(event.record)
    if (reading.isUnknown) break
    if (reading.isFull) yield reading.take(false)
  }
  yield reading.take(true)
}

/** One file of records being read: what kind they are, and which were there before. */
class RecordReading {
  readonly #file: ReadFile
  readonly #kinds: readonly RecordKind[]
  readonly #named: RecordKind | null
  /** The kinds of the dump's tables that were met. */
  readonly #listed = new Map<string, RecordKind | null>()
  readonly #decoding: Decoding
  readonly #encodeRow: PrepareContext['encodeRow']
  readonly #ids = new SeenIds()
  /** The kind of the first record that was known: that of others which tell nothing of themselves. */
  #usual: RecordKind | null = null
  /** Records before the first that is known. */
  #waiting: SourceRecord[] = []
  #records: PreparedRecord[] = []
  #weight = 0
  isUnknown = false

  constructor(file: ReadFile, { ids, options, prices, encodeRow }: PrepareContext) {
    this.#file = file
    this.#encodeRow = encodeRow
    file.records = { read: 0, quarantined: 0 }
    this.#kinds = kindsOf(options)
    this.#named = kindOfTable(this.#kinds, tableOfFile(file.path))
    this.#decoding = new Decoding(ids, options.timeZone, prices)
  }

  get isFull(): boolean {
    return this.#records.length >= UNIT_RECORDS || this.#weight >= UNIT_CHARACTERS
  }

  issue(found: Issue): void {
    this.#file.issues.push(found)
    if (found.severity !== 'REJECT') return
    this.#file.records.read++
    this.#file.records.quarantined++
  }

  record(source: SourceRecord): void {
    const kind =
      this.#kindOfTable(source.table) ??
      kindOfRecord(this.#kinds, source.value, this.#named) ??
      this.#usual ??
      this.#named
    if (kind) this.#decodeAll(kind, source)
    else this.#wait(source)
  }

  #kindOfTable(table: string | undefined): RecordKind | null {
    if (table === undefined) return null
    let kind = this.#listed.get(table)
    if (kind === undefined) {
      kind = kindOfTable(this.#kinds, table)
      this.#listed.set(table, kind)
    }
    return kind
  }

  take(isFinal: boolean): PreparedUnit {
    if (isFinal && this.#waiting.length > 0) this.#unknown()
    const unit = { files: isFinal ? [this.#file] : [], records: this.#records, weight: this.#weight, isFinal }
    this.#records = []
    this.#weight = 0
    return unit
  }

  #decodeAll(kind: RecordKind, source: SourceRecord): void {
    this.#usual ??= kind
    this.#file.format ??= kind.format
    const waiting = this.#waiting
    this.#waiting = []
    for (const earlier of waiting) this.#decode(kind, earlier)
    this.#decode(kind, source)
  }

  #wait(source: SourceRecord): void {
    this.#waiting.push(source)
    if (this.#waiting.length >= MOST_UNKNOWN) this.#unknown()
  }

  #unknown(): void {
    this.isUnknown = true
    this.#waiting = []
    const named = this.#kinds.map(({ name }) => name).join(', ')
    this.issue(
      reject('UNKNOWN_FORMAT', `Its records have the keys of no kind of record that Crossrun knows (${named}).`),
    )
  }

  #decode(kind: RecordKind, { value, line, byteOffset, pointer, issues }: SourceRecord): void {
    const { records } = this.#file
    const place = { line, byteOffset, pointer }
    records.read++
    if (!isObject(value)) {
      records.quarantined++
      this.#file.issues.push(reject('SCHEMA', `A ${kind.name} is an object with keys.`, place))
      return
    }
    const text = JSON.stringify(value)
    const sha256 = hash('sha256', text)
    const decoded = kind.decode(this.#decoding, value, { sha256 })
    const { rows, found } = this.#taken()
    if (!decoded) {
      records.quarantined++
      // One record is one reject, whatever the number of things wrong with it.
      this.#file.issues.push(joined(found, kind, place))
      return
    }
    for (const issue of issues) this.#file.issues.push(issue)
    for (const issue of found) this.#file.issues.push(placed(issue, place))
    for (const issue of found) {
      if (issue.severity !== 'REJECT') continue
      // A part that was set aside counts as a record of its own.
      records.read++
      records.quarantined++
    }
    const before = this.#ids.set(decoded.id, sha256)
    if (before !== null) {
      const { code, pointer: at } = decoded.duplicate ?? { code: 'DUPLICATE_ID', pointer: '/id' }
      this.#file.issues.push(
        warning(code, 'An earlier record of this file is the same one; this one takes its place.', {
          ...place,
          pointer: pointer + at,
        }),
      )
    }
    rows.encode(OWNED_TABLES, this.#encodeRow)
    this.#weight += text.length
    for (const [settler, key] of decoded.touches ?? []) {
      const keys = this.#file.touched.get(settler) ?? new Set()
      this.#file.touched.set(settler, keys.add(key))
    }
    // Of two in one unit only the last is left, so that other files compare with what this one says in the end.
    const earlier = before === null ? -1 : this.#records.findIndex(({ id }) => id === decoded.id)
    const replaced = earlier === -1 ? 0 : this.#records[earlier]!.replaced + 1
    const written = earlier === -1 ? before : this.#records[earlier]!.written
    if (earlier !== -1) {
      const [left] = this.#records.splice(earlier, 1)
      // Another id of the same company, say: whoever goes by it finds it still.
      for (const table of ownerOf(left!.owner).always ?? [])
        for (const row of left!.rows.rows(table)) rows.add(table, row as never)
    }
    this.#records.push({
      owner: decoded.owner,
      id: decoded.id,
      recordAt: decoded.recordAt,
      recordSha256: sha256,
      ...(decoded.contentSha256 !== undefined && { contentSha256: decoded.contentSha256 }),
      rows,
      touches: decoded.touches ?? [],
      files: [this.#file],
      place,
      replaced,
      written,
    })
  }

  #taken(): { rows: RowBatch; found: Issue[] } {
    return { rows: this.#decoding.takeRows(), found: this.#decoding.issues.splice(0) }
  }
}

/** A finding within a record, as it lies in the file. */
function placed(issue: Issue, { line, byteOffset, pointer }: RecordPlace): Issue {
  return { ...issue, line, byteOffset, pointer: pointer + (issue.pointer ?? '') }
}

function joined(found: Issue[], kind: RecordKind, place: RecordPlace): Issue {
  const rejects = found.filter(({ severity }) => severity === 'REJECT')
  const first = rejects[0] ?? reject('SCHEMA', `This is not a ${kind.name}.`, { pointer: '' })
  return placed({ ...first, message: rejects.map(({ message }) => message).join('; ') || first.message }, place)
}
