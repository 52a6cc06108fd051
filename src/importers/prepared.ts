import type { Decoding } from './decoding.ts'
import type { FormatName } from './options.ts'
import type { StoredPayload } from './payload-rows.ts'
import type { Issue } from './read/issue.ts'
import type { SourceFile } from './units.ts'

/** A file that was read, whatever came of it. */
export type ReadFile = SourceFile & {
  /** Of its raw bytes; null when it could not be read. */
  sha256: string | null
  /** Its bytes as they are kept; null when they could not be read or are too many to hold. */
  payload: StoredPayload | null
  format: FormatName | null
  issues: Issue[]
  /** Records in the file, those set aside included. */
  records: { read: number; quarantined: number }
  /** What the ledger knew of the path. */
  before: LedgerEntry | null
}

/** What the ledger knows of a path. */
export type LedgerEntry = { sha256: string | null; status: string; importerVersion: string; optionsHash: string }

/** One record on its way to the database, with all the rows that belong to it. */
export type PreparedRecord = {
  /** The table and id of the row that stands for it. */
  table: 'runs'
  id: string
  recordAt: Date | null
  recordSha256: string
  decoding: Decoding
  /** The files it was made from. */
  files: ReadFile[]
}

/** A unit that was read and decoded, ready to be written in one transaction. */
export type PreparedUnit = {
  files: ReadFile[]
  records: PreparedRecord[]
  /** Rough size in memory, in bytes. */
  weight: number
}

/** A file too large to be held: it is read again, part by part, when it is written. */
export type LargeUnit = { large: ReadFile }
