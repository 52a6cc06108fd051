import type { Insertable } from 'kysely'
import type { DB } from '../generated/database.ts'
import type { TableName } from './tables.ts'

export type RowOf<T extends TableName> = Insertable<DB[T]>

/** Makes a row of a table a line of COPY text. */
export type EncodeRow = (table: TableName, row: Record<string, unknown>) => string

/** Rows that are lines of COPY text already: they take less room than objects and nothing looks at them any more. */
type Encoded = { texts: Buffer[]; count: number }

/** Rows on their way to the database, by table; of two rows of one id the later one's values count. */
export class RowBatch {
  readonly #rows = new Map<TableName, Map<string, Record<string, unknown>>>()
  readonly #encoded = new Map<TableName, Encoded>()
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
    for (const [table, { texts, count }] of other.#encoded) this.#addEncoded(table, texts, count)
  }

  /** Makes text of the rows of these tables, which must be rows that no other batch has: they are not compared by id. */
  encode(tables: Iterable<TableName>, encodeRow: EncodeRow): void {
    for (const table of tables) {
      const rows = this.#rows.get(table)
      if (!rows) continue
      let text = ''
      for (const row of rows.values()) text += encodeRow(table, row)
      this.#rows.delete(table)
      this.#size -= rows.size
      // Bytes, not a string: it would be a tree of its pieces until it is sent.
      this.#addEncoded(table, [Buffer.from(text)], rows.size)
    }
  }

  #addEncoded(table: TableName, texts: readonly Buffer[], count: number): void {
    const there = this.#encoded.get(table)
    this.#size += count
    if (!there) this.#encoded.set(table, { texts: [...texts], count })
    else {
      there.texts.push(...texts)
      there.count += count
    }
  }

  tables(): TableName[] {
    return [...new Set([...this.#rows.keys(), ...this.#encoded.keys()])].sort()
  }

  /** Lines of COPY text. */
  texts(table: TableName): readonly Buffer[] {
    return this.#encoded.get(table)?.texts ?? []
  }

  /** Rows that are not text yet. */
  rows(table: TableName): Iterable<Record<string, unknown>> {
    return this.#rows.get(table)?.values() ?? []
  }

  count(table: TableName): number {
    return (this.#rows.get(table)?.size ?? 0) + (this.#encoded.get(table)?.count ?? 0)
  }
}
