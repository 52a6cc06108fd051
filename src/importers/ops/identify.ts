import type { Decoding } from '../decoding.ts'
import type { RecordSource } from '../records/record-kind.ts'
import { extraOf } from '../wire.ts'
import { contentHash } from './content-hash.ts'

type Given = {
  record: Record<string, unknown>
  /** The record's known fields. */
  shape: Record<string, unknown>
  source: RecordSource
}

/**
 * The columns that all records of the operations agent have. Few carry an id: the others are told apart by what they are
 * about, their time and what they say, so that the same record in another file is the same row.
 * @param about the service or the issue
 * @param timestamp the record's own, as written
 */
export function identify(
  decoding: Decoding,
  kind: string,
  about: string,
  { record, shape, source }: Given,
  timestamp: string | null,
) {
  const { ids } = decoding
  const recordAt = decoding.time(timestamp)
  const given = idOf(record)
  // The source's id is no column of its own: it stays with the unknown fields.
  const { id: _, ...known } = shape
  return {
    id: given === null ? ids.of(kind, about, recordAt?.toISOString() ?? '', contentHash(record)) : ids.of(kind, given),
    organization_id: ids.organizationId,
    extra: extraOf(record, given === null ? shape : known),
    record_at: recordAt,
    record_sha256: source.sha256,
  }
}

/** The record's own id, when it has one. */
export function idOf({ id }: Record<string, unknown>): string | null {
  return typeof id === 'number' || (typeof id === 'string' && id !== '') ? String(id) : null
}
