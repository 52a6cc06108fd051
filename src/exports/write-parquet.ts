import type { ByteWriter } from 'hyparquet-writer'
import { version } from '../version.ts'
import { type Arrow, arrowSchema } from './arrow-schema.ts'
import type { PackedColumn } from './packed-column.ts'
import { packedRows } from './packed-rows.ts'
import { parquetSchema } from './parquet-schema.ts'
import type { ExportColumn, WriteFile } from './table.ts'

/** A Parquet file, compressed with Snappy, with the least and greatest values of each row group. */
export const writeParquet: WriteFile = async function* (columns, batches) {
  const [{ ByteWriter, ParquetWriter }, arrow] = await Promise.all([import('hyparquet-writer'), import('apache-arrow')])
  const bytes = new ByteWriter()
  const file = new ParquetWriter({
    writer: bytes,
    schema: parquetSchema(columns),
    createdBy: `crossrun version ${version}`,
    kvMetadata: [{ key: 'ARROW:schema', value: describedSchema(arrow, columns) }],
  })
  for await (const packed of packedRows(columns, batches)) {
    file.write({ columnData: packed.map((column) => new ColumnData(column)), rowGroupSize: packed[0]!.length })
    yield taken(bytes)
  }
  file.finish()
  yield taken(bytes)
}

/**
 * Parquet has no place for what a column means; Arrow's programs (pandas, Polars, R) look for it in a schema of theirs
 * that the file's own properties hold.
 */
function describedSchema(arrow: Arrow, columns: readonly ExportColumn[]): string {
  const message = new arrow.RecordBatchStreamWriter()
  message.reset(undefined, arrowSchema(arrow, columns))
  message.close()
  return Buffer.from(message.toUint8Array(true)).toString('base64')
}

/** A column as the library takes it. Its values are made when it is written, so that only one column's are held. */
class ColumnData {
  readonly name: string
  readonly #packed: PackedColumn

  constructor(packed: PackedColumn) {
    this.name = packed.column.name
    this.#packed = packed
  }

  get data(): unknown[] {
    const values: unknown[] = new Array(this.#packed.length)
    for (let place = 0; place < values.length; place += 1) values[place] = this.#packed.at(place)
    return values
  }
}

/** What was written since the last time; the writer counts on from where it was. */
function taken(bytes: ByteWriter): Uint8Array {
  const piece = bytes.getBytes().slice()
  bytes.index = 0
  return piece
}
