import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBTimestampTZValue,
  type DuckDBValue,
} from '@duckdb/node-api'
import { tableFromIPC } from '@uwdata/flechette'
import { v4 } from 'uuid'
import type { Batch, ColumnType, ExportColumn, WriteFile } from '../../src/exports/table.ts'

/** What a reader of another maker found in a file: a decimal as a whole number of its last places, moments in milliseconds. */
export type ReadFile = { names: string[]; types: string[]; rows: unknown[][] }

/** The bytes of a file of these rows, handed over in batches. */
export async function written(
  write: WriteFile,
  columns: readonly ExportColumn[],
  ...batches: Batch[]
): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of write(columns, batchesOf(batches))) pieces.push(piece)
  return Buffer.concat(pieces)
}

export async function* batchesOf(batches: Iterable<Batch>): AsyncGenerator<Batch> {
  yield* batches
}

export function column(name: string, type: ColumnType, description = `What ${name} is.`): ExportColumn {
  return { name, type, description }
}

/** What readers should find for a text of the database. */
export function expectedOf(text: string | null, { type }: ExportColumn): unknown {
  if (text === null) return null
  switch (type.kind) {
    case 'text':
      return text.toWellFormed()
    case 'boolean':
      return text === 't'
    case 'integer':
    case 'timestamp':
      return BigInt(text)
    case 'float':
    case 'date':
      return Number(text)
    case 'decimal': {
      const [whole, places = ''] = text.split('.')
      return BigInt(whole + places.padEnd(type.scale, '0'))
    }
  }
}

/** Reads Parquet files by DuckDB. */
export class ParquetReader {
  readonly #instance: DuckDBInstance

  private constructor(instance: DuckDBInstance) {
    this.#instance = instance
  }

  static async open(): Promise<ParquetReader> {
    return new ParquetReader(await DuckDBInstance.create(':memory:', { threads: '1' }))
  }

  close(): void {
    this.#instance.closeSync()
  }

  read(bytes: Uint8Array): Promise<ReadFile> {
    return this.query(bytes, (path) => `select * from read_parquet('${path}')`)
  }

  /** @param sqlOf makes a query of the file's path */
  async query(bytes: Uint8Array, sqlOf: (path: string) => string): Promise<ReadFile> {
    const path = join(tmpdir(), `crossrun-${v4()}.parquet`)
    await writeFile(path, bytes)
    const connection = await this.#instance.connect()
    try {
      const reader = await connection.runAndReadAll(sqlOf(path))
      return {
        names: reader.columnNames(),
        types: reader.columnTypes().map(String),
        rows: reader.getRows().map((row) => row.map(plain)),
      }
    } finally {
      connection.closeSync()
      await rm(path)
    }
  }
}

function plain(value: DuckDBValue): unknown {
  if (value instanceof DuckDBDecimalValue) return value.value
  if (value instanceof DuckDBTimestampTZValue) return value.micros / 1000n
  if (value instanceof DuckDBDateValue) return value.days
  return value
}

/** Reads Arrow files by a library that shares no code with the one that writes them. */
export function readArrow(bytes: Uint8Array): ReadFile & { descriptions: (string | undefined)[] } {
  const table = tableFromIPC(bytes, { useDecimalInt: true, useBigInt: true, useBigIntTimestamp: true })
  const { fields } = table.schema
  const columns = fields.map((field, place) => {
    const values = [...table.getChildAt(place)]
    // Days are read as milliseconds.
    return String(field.type.typeId) === '8'
      ? values.map((value) => (value === null ? null : Number(value) / 86_400_000))
      : values
  })
  return {
    names: fields.map(({ name }) => name),
    types: fields.map(({ type }) =>
      JSON.stringify(type, (_, value) => (typeof value === 'function' ? undefined : value)),
    ),
    rows: Array.from({ length: table.numRows }, (_, row) => columns.map((values) => values[row])),
    descriptions: fields.map(({ metadata }) => metadata?.get('description')),
  }
}
