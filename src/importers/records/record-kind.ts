import type { Decoding } from '../decoding.ts'
import type { FormatName } from '../options.ts'
import type { OwnerName } from '../owners.ts'
import type { WarningCode } from '../read/issue.ts'
import type { Touch } from '../settlers.ts'

/** A kind of record that files hold many of: a signal, a contact, a task. */
export type RecordKind = {
  /** For people, singular: `signal`. */
  readonly name: string
  readonly format: FormatName
  /** Names of dump keys and files (without extension, in snake case) that hold such records. */
  readonly tables: readonly string[]
  /**
   * Whether an object is one, by keys that no other kind has together; for records whose table has no telling name.
   * Not whether it is a good one: that is for `decode` to say.
   */
  fits(record: Record<string, unknown>): boolean
  /**
   * Makes rows of a record, in `decoding.rows`. Pointers are relative to the record.
   * @returns null, with a reject in the decoding, when it is not a record of its kind
   */
  decode(decoding: Decoding, record: Record<string, unknown>, source: RecordSource): DecodedRecord | null
}

/** What a decoder may know of a record beyond its content. */
export type RecordSource = {
  /** SHA-256 of the record's JSON: its `record_sha256`. */
  readonly sha256: string
}

/** What stands for a decoded record. */
export type DecodedRecord = {
  readonly owner: OwnerName
  /** Of the row in the owner's table. */
  readonly id: string
  /** The record's own time: of two versions the newer wins. */
  readonly recordAt: Date | null
  /** Of what may not change, for owners that are immutable. */
  readonly contentSha256?: string
  /** How a later record of the same file that has this id is remarked on; DUPLICATE_ID at /id unless it says so. */
  readonly duplicate?: { readonly code: WarningCode; readonly pointer: string }
  /** What has to be brought up to date when the record's file is done, whether the record changed or not. */
  readonly touches?: readonly Touch[]
}
