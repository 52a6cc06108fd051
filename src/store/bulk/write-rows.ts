import { once } from 'node:events'
import type { ClientBase, QueryResult } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { lineEncoder } from './copy-text.ts'
import type { RowBatch } from './row-batch.ts'
import type { Table, TableName } from './tables.ts'

/** How rows whose id is there already are treated. */
export type Conflict =
  /** The new values win where they differ; equal rows are not written. */
  | 'update'
  /** What is there stays: for rows that many artifacts share and none owns. */
  | 'keep'
  /** There are none: the caller knows that the owner is new. */
  | 'none'
  /** Only these columns, and only by rows that have a value in the column `when`; other rows stay as they are. */
  | { update: readonly string[] | 'all'; when: string }

const CHUNK_CHARACTERS = 256 * 1024

/**
 * Writes rows in bulk within the caller's transaction: COPY into a temporary table (row-level security refuses COPY into
 * the table itself), then one INSERT a table.
 */
export class BulkWriter {
  readonly #client: ClientBase
  readonly #tables: Map<TableName, Table>
  readonly #staged = new Set<TableName>()
  readonly #filled = new Set<TableName>()
  readonly #encoders = new Map<TableName, (row: Record<string, unknown>) => string>()

  constructor(client: ClientBase, tables: Map<TableName, Table>) {
    this.#client = client
    this.#tables = tables
  }

  /** @returns the number of rows written (inserted or changed) */
  async write(table: TableName, batch: RowBatch, conflict: Conflict): Promise<number> {
    return this.writeAll(batch, (other) => (other === table ? conflict : null))
  }

  /**
   * Writes tables of a batch: all are staged, then merged by one message, so that the server works through them while the
   * program makes the next batch.
   * @param conflictOf what to do with a table; null leaves it out
   * @param onStaged called when the server has all rows, and the program is free
   * @returns the number of rows written (inserted or changed)
   */
  async writeAll(
    batch: RowBatch,
    conflictOf: (table: TableName) => Conflict | null,
    onStaged: () => void = () => undefined,
  ): Promise<number> {
    const merges: string[] = []
    for (const table of batch.tables()) {
      const conflict = conflictOf(table)
      if (conflict === null || batch.count(table) === 0) continue
      await this.#stage(table, batch)
      merges.push(this.#merge(table, conflict))
    }
    onStaged()
    if (merges.length === 0) return 0
    const results = (await this.#client.query(merges.join(';\n'))) as QueryResult | QueryResult[]
    return [results].flat().reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0)
  }

  /**
   * Like `write` with `keep`, for rows that are mostly bytes: they travel in binary and are stored once, where COPY's text
   * would double them and the temporary table would store them twice.
   */
  async writeBytes(table: TableName, batch: RowBatch): Promise<number> {
    const { columns } = this.#tables.get(table)!
    const rows = [...batch.rows(table)]
    if (rows.length === 0) return 0
    let parameter = 0
    const values = rows.map(() => `(${columns.map(() => `$${++parameter}`).join(', ')})`).join(', ')
    const result = await this.#client.query(
      `insert into ${table} (${this.#columns(table)}) values ${values} on conflict do nothing`,
      rows.flatMap((row) => columns.map(({ name }) => row[name])),
    )
    return result.rowCount ?? 0
  }

  /** Makes a row a line of COPY text, for batches that are encoded before they are written. */
  readonly encodeRow = (table: TableName, row: Record<string, unknown>): string => this.#encoderOf(table)(row)

  /** To be called when a transaction begins: the temporary tables are empty then. */
  begin(): void {
    this.#filled.clear()
  }

  /** To be called when a transaction was rolled back: temporary tables that it made are gone with it. */
  rolledBack(): void {
    this.#staged.clear()
  }

  async #stage(table: TableName, batch: RowBatch): Promise<void> {
    if (!this.#staged.has(table)) {
      await this.#client.query(
        `create temp table if not exists ${stageOf(table)} (like ${table}) on commit delete rows`,
      )
      this.#staged.add(table)
    }
    if (this.#filled.has(table)) await this.#client.query(`truncate ${stageOf(table)}`)
    this.#filled.add(table)
    const encode = this.#encoderOf(table)
    const stream = this.#client.query(copyFrom(`copy ${stageOf(table)} (${this.#columns(table)}) from stdin`))
    const done = once(stream, 'finish')
    done.catch(() => undefined)
    const write = async (chunk: string | Buffer) => {
      if (!stream.write(chunk)) await Promise.race([once(stream, 'drain'), done])
    }
    try {
      if (batch.texts(table).length > 0) await write(Buffer.concat(batch.texts(table)))
      let text = ''
      for (const row of batch.rows(table)) {
        text += encode(row)
        if (text.length < CHUNK_CHARACTERS) continue
        await write(text)
        text = ''
      }
      stream.end(text)
    } catch (error) {
      // A COPY that is left open would keep the connection, and the rollback behind it, for ever.
      stream.destroy(error as Error)
      await done.catch(() => undefined)
      throw error
    }
    await done
  }

  #merge(table: TableName, conflict: Conflict): string {
    const { key, columns } = this.#tables.get(table)!
    const names = this.#columns(table)
    const insert = `insert into ${table} as t (${names}) select ${names} from ${stageOf(table)}`
    if (conflict === 'none') return insert
    // Sorted, so that two importers lock the rows they share in one order.
    const sorted = `${insert} order by ${key.map(quote).join(', ')} on conflict (${key.map(quote).join(', ')})`
    if (conflict === 'keep') return `${sorted} do nothing`
    const chosen = typeof conflict === 'object' && conflict.update !== 'all' ? conflict.update : null
    const others = columns
      .filter(({ name }) => !key.includes(name) && (chosen?.includes(name) ?? true))
      .map(({ name }) => quote(name))
    const condition = typeof conflict === 'object' ? `excluded.${quote(conflict.when)} is not null and ` : ''
    return `${sorted} do update set ${others.map((name) => `${name} = excluded.${name}`).join(', ')}
      where ${condition}(${others.map((name) => `t.${name}`).join(', ')}) is distinct from (${others.map((name) => `excluded.${name}`).join(', ')})`
  }

  #columns(table: TableName): string {
    return this.#tables
      .get(table)!
      .columns.map(({ name }) => quote(name))
      .join(', ')
  }

  #encoderOf(table: TableName): (row: Record<string, unknown>) => string {
    const known = this.#encoders.get(table)
    if (known) return known
    const made = lineEncoder(this.#tables.get(table)!)
    this.#encoders.set(table, made)
    return made
  }
}

function stageOf(table: TableName): string {
  return `stage_${table}`
}

function quote(name: string): string {
  return `"${name}"`
}
