import { pointerTo } from '../read/pointer.ts'
import { isObject } from '../wire.ts'
import { kindOfTable } from './recognize.ts'
import type { RecordKind } from './record-kind.ts'

/** A record within a JSON document. */
export type ListedRecord = { table: string | null; pointer: string; value: unknown }

/** Records of a document, and lists in it that no kind of record has the name of. */
export type Listing = { records: ListedRecord[]; unknown: { pointer: string; records: number }[] }

/** Keys of an API's answer that hold no records. */
const ENVELOPE = new Set([
  'success',
  'error',
  'errors',
  'message',
  'timestamp',
  'processed',
  'failed',
  'metadata',
  'meta',
])

/**
 * The records of a JSON document: a list of them, a dump with a key per table, an API's answer around either, or one
 * record alone. Null when it is none of these.
 */
export function recordsOf(kinds: readonly RecordKind[], value: unknown, pointer = ''): Listing | null {
  if (Array.isArray(value)) return { records: listed(value, null, pointer), unknown: [] }
  if (!isObject(value)) return null
  if (kinds.some((kind) => kind.fits(value))) return { records: [{ table: null, pointer, value }], unknown: [] }
  if (isEnvelopeOf(value, 'data')) return recordsOf(kinds, value.data, pointerTo(pointer, 'data'))

  const listing: Listing = { records: [], unknown: [] }
  let isDump = false
  for (const [key, content] of Object.entries(value)) {
    const at = pointerTo(pointer, key)
    if (kindOfTable(kinds, key)) {
      // Not spread into one call: a table may be longer than a call takes arguments.
      if (Array.isArray(content)) for (const record of listed(content, key, at)) listing.records.push(record)
      else if (isObject(content)) listing.records.push({ table: key, pointer: at, value: content })
      else if (content !== null) continue
      isDump = true
    } else if (!ENVELOPE.has(key) && Array.isArray(content) && content.some(isObject))
      listing.unknown.push({ pointer: at, records: content.length })
  }
  return isDump ? listing : null
}

/** Whether a document's first keys are those of a dump or an API's answer; for documents too large to be parsed. */
export function startsListing(kinds: readonly RecordKind[], head: string): boolean {
  const key = /^\s*\{\s*"((?:[^"\\]|\\.)*)"/.exec(head)?.[1]
  return key !== undefined && (key === 'success' || kindOfTable(kinds, key) !== null)
}

function isEnvelopeOf(value: Record<string, unknown>, key: string): boolean {
  return 'success' in value && typeof value[key] === 'object' && value[key] !== null
}

function listed(values: unknown[], table: string | null, pointer: string): ListedRecord[] {
  return values.map((value, index) => ({ table, pointer: pointerTo(pointer, index), value }))
}
