import type { Issue } from './issue.ts'

/** One record of a file, and where it was. */
export type SourceRecord = {
  value: unknown
  /** In JSONL and CSV, from 1. */
  line: number | null
  /** `''` for a whole file or line, `/3` in an array, `/tasks/17` in a dump of tables. */
  pointer: string
  /** Of the record's first byte in the unpacked file. */
  byteOffset: number | null
  /** Warnings about what was changed in it. */
  issues: Issue[]
  /** The key it is listed under in a dump of tables. */
  table?: string
}

/** A record, or why there is none; after an issue the others go on. */
export type ReadEvent = { record: SourceRecord } | { issue: Issue }

/** A record, line or element of more bytes than this is set aside. */
export const RECORD_LIMIT_BYTES = 32 * 1024 * 1024

export { readCsv } from './csv.ts'
export { readElements } from './elements.ts'
export { readLines } from './lines.ts'
export { partsOf, readParts } from './parts.ts'
