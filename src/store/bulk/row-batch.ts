import type { Insertable } from 'kysely'
import type { DB } from '../generated/database.ts'
import type { TableName } from './tables.ts'

export type RowOf<T extends TableName> = Insertable<DB[T]>

/** Rows on their way to the database, by table; of two rows of one id the later one's values count. */
export class RowBatch {
  readonly #rows = new Map<TableName, Map<string, Record<string, unknown>>>()
  #size = 0

  /** Number of rows. */
  get size(): number {
    return this.#size
  }

  add<T extends TableName>(table: T, row: RowOf<T>): void {
    const rows = this.#rows.get(table) ?? new Map<string, Record<string, unknown>>()
    this.#rows.set(table, rows)
    const record = row as Record<string, unknown>
    const key = (record.id as string | undefined) ?? `${record.payload_id} ${record.sequence}`
    const there = rows.get(key)
    if (!there) this.#size++
    // Of a row that is named here and told of there, both say something.
    rows.set(key, there ? { ...there, ...record } : record)
  }

  addAll(other: RowBatch): void {
    for (const [table, rows] of other.#rows) for (const row of rows.values()) this.add(table, row as never)
  }

  tables(): TableName[] {
    return [...this.#rows.keys()].sort()
  }

  rows(table: TableName): Iterable<Record<string, unknown>> {
    return this.#rows.get(table)?.values() ?? []
  }

  count(table: TableName): number {
    return this.#rows.get(table)?.size ?? 0
  }
}
