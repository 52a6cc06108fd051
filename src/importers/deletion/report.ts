import type { Send } from '../../store/send.ts'

/** What was taken away, or would be. */
export type DeletionReport = {
  dryRun: boolean
  /** How many rows of each table, those with none left out; by table. */
  tables: { table: string; rows: number }[]
  rows: number
  /** Stored files that are gone, and the bytes that were stored of them. */
  storedFiles: { files: number; bytes: number }
}

/** Writes down, in the transaction of a deletion, that somebody did it. */
export type Note = (send: Send, what: DeletionEvent) => Promise<void>

/** What an audit event says of a deletion. */
export type DeletionEvent = {
  action: 'contact.erased' | 'import.deleted' | 'organization.deleted' | 'run.deleted'
  target: { type: string; id: string }
  details: Record<string, unknown>
}

/** Counts rows by table while they are taken away. */
export class Counts {
  readonly #rows = new Map<string, number>()
  readonly storedFiles = { files: 0, bytes: 0 }

  add(table: string, rows: number | null): void {
    if (rows) this.#rows.set(table, (this.#rows.get(table) ?? 0) + rows)
  }

  report(dryRun: boolean): DeletionReport {
    const tables = [...this.#rows].sort().map(([table, rows]) => ({ table, rows }))
    const rows = tables.reduce((sum, each) => sum + each.rows, 0)
    return { dryRun, tables, rows, storedFiles: this.storedFiles }
  }
}

/** The counts as an audit event keeps them. */
export function countsOf({ tables, storedFiles }: DeletionReport): Record<string, unknown> {
  return { rows: Object.fromEntries(tables.map(({ table, rows }) => [table, rows])), storedFiles }
}
