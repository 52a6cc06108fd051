import type { RowBatch } from '../store/bulk/row-batch.ts'
import type { FormatName } from './options.ts'
import type { OwnerName } from './owners.ts'
import type { StoredPayload } from './payload-rows.ts'
import type { Issue } from './read/issue.ts'
import type { SettlerName, Touch } from './settlers.ts'
import type { SourceFile } from './units.ts'

/** What became of a file's records. */
export type FileOutcome = { inserted: number; updated: number; unchanged: number }

/** A file that was read, whatever came of it. */
export type ReadFile = SourceFile & {
  /** Of its raw bytes; null when it could not be read. */
  sha256: string | null
  /** Its bytes as they are kept; null when they could not be read or are too many to hold. */
  payload: StoredPayload | null
  /** Too many bytes to hold: they are kept piece by piece, read again. */
  isStreamed: boolean
  format: FormatName | null
  issues: Issue[]
  /** Records in the file, those set aside included. */
  records: { read: number; quarantined: number }
  /** What the ledger knew of the path. */
  before: LedgerEntry | null
  /** What became of its records in transactions before the last. */
  kept: FileOutcome
  /** What its records touch, to be settled with its last. */
  touched: Map<SettlerName, Set<string>>
}

/** What the ledger knows of a path. */
export type LedgerEntry = {
  sha256: string | null
  status: string
  importerVersion: string
  optionsHash: string
  /** Records that were kept. */
  records: number
}

/** Where a record lies in a file that holds many. */
export type RecordPlace = { line: number | null; byteOffset: number | null; pointer: string }

/** One record on its way to the database, with all the rows that belong to it. */
export type PreparedRecord = {
  owner: OwnerName
  /** Of the row that stands for it, in the owner's table. */
  id: string
  recordAt: Date | null
  recordSha256: string
  /** Of what may not change. */
  contentSha256?: string
  rows: RowBatch
  touches: readonly Touch[]
  /** The files it was made from. */
  files: ReadFile[]
  /** Null when the record is the file, or several files. */
  place: RecordPlace | null
  /** Earlier records of the same file with its id, whose place it takes: they count as unchanged. */
  replaced: number
  /** The record that an earlier unit of the same file wrote with this id, by the start of its SHA-256. */
  written: string | null
}

/** Records that are written in one transaction. */
export type PreparedUnit = {
  files: ReadFile[]
  records: PreparedRecord[]
  /** Rough size in memory, in bytes. */
  weight: number
  /** Whether nothing of its files follows: their ledger entries are written with it. */
  isFinal: boolean
}

/** A file too large to be held: it is read again, part by part, when it is written. */
export type LargeUnit = { large: ReadFile }

/** A file of records that comes in units, each written on its own, in order. */
export type RecordFile = { file: ReadFile; units: AsyncGenerator<PreparedUnit> }
