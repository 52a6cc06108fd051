import type { FileOutcome, ReadFile } from './prepared.ts'
import type { Issue } from './read/issue.ts'

/** What was set aside or remarked on, with its file. */
export type PlacedIssue = Issue & { file: string }

export type ImportStatus = 'COMPLETED' | 'COMPLETED_WITH_REJECTS' | 'FAILED' | 'INTERRUPTED'

export type ImportSummary = {
  importId: string
  status: ImportStatus
  files: { read: number; unchanged: number; quarantined: number; bytes: number }
  records: { read: number; inserted: number; updated: number; unchanged: number; quarantined: number }
  rejects: PlacedIssue[]
  warnings: PlacedIssue[]
  /** Rows written, of all tables. */
  rows: number
  /** References, of all imports so far, to records that are not there. */
  dangling: number
  seconds: number
}

/** A file that is as it was, and the number of records in it. */
export type UnchangedFile = { bytes: number; records: number }

/** Summaries name this many issues of a kind; the database has all of them. */
const NAMED_ISSUES = 10_000

/** Counts of an import under way. Always `read = inserted + updated + unchanged + quarantined` for records. */
export class Tally {
  readonly importId: string
  readonly files = { read: 0, unchanged: 0, quarantined: 0, bytes: 0 }
  readonly records = { read: 0, inserted: 0, updated: 0, unchanged: 0, quarantined: 0 }
  readonly rejects: PlacedIssue[] = []
  readonly warnings: PlacedIssue[] = []
  rows = 0
  warningCount = 0
  /** References, of all imports so far, to records that are not there. */
  dangling = 0
  stopped: 'INTERRUPTED' | 'TOO_MANY_ERRORS' | null = null
  readonly #startedAt = performance.now()

  constructor(importId: string) {
    this.importId = importId
  }

  file(file: ReadFile, outcome: FileOutcome): void {
    this.files.read++
    this.files.bytes += file.bytes
    if (file.records.quarantined > 0) this.files.quarantined++
    this.records.inserted += outcome.inserted
    this.records.updated += outcome.updated
    this.records.unchanged += outcome.unchanged
    this.records.quarantined += file.records.quarantined
    this.records.read += outcome.inserted + outcome.updated + outcome.unchanged + file.records.quarantined
    for (const issue of file.issues) {
      const list = issue.severity === 'REJECT' ? this.rejects : this.warnings
      if (issue.severity === 'WARNING') this.warningCount++
      if (list.length < NAMED_ISSUES) list.push({ ...issue, file: file.shown })
    }
  }

  /** Files that are as they were: their records are there already. */
  unchanged(files: readonly UnchangedFile[]): void {
    this.files.read += files.length
    this.files.unchanged += files.length
    this.files.bytes += files.reduce((sum, { bytes }) => sum + bytes, 0)
    const records = files.reduce((sum, file) => sum + file.records, 0)
    this.records.read += records
    this.records.unchanged += records
  }

  stop(reason: NonNullable<Tally['stopped']>): void {
    this.stopped ??= reason
  }

  get seconds(): number {
    return (performance.now() - this.#startedAt) / 1000
  }

  summary(): ImportSummary {
    const status: ImportStatus =
      this.stopped === 'INTERRUPTED'
        ? 'INTERRUPTED'
        : this.stopped === 'TOO_MANY_ERRORS'
          ? 'FAILED'
          : this.records.quarantined > 0
            ? 'COMPLETED_WITH_REJECTS'
            : 'COMPLETED'
    // Within a line, or a file without lines, as they were found.
    const byPlace = (a: PlacedIssue, b: PlacedIssue) =>
      a.file < b.file ? -1 : a.file > b.file ? 1 : (a.line ?? 0) - (b.line ?? 0)
    return {
      importId: this.importId,
      status,
      files: { ...this.files },
      records: { ...this.records },
      rejects: this.rejects.sort(byPlace),
      warnings: this.warnings.sort(byPlace),
      rows: this.rows,
      dangling: this.dangling,
      seconds: this.seconds,
    }
  }
}
