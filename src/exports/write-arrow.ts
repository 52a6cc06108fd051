import type { Data, RecordBatch, Schema } from 'apache-arrow'
import { type Arrow, arrowSchema } from './arrow-schema.ts'
import type { PackedColumn } from './packed-column.ts'
import { packedRows } from './packed-rows.ts'
import type { WriteFile } from './table.ts'

/**
 * A file of Arrow's IPC format (`application/vnd.apache.arrow.file`, also called Feather 2): the file form, whose footer
 * comes last, because more programs open it than the stream form, and readers of streams can read it from its ninth byte.
 * Not compressed: not every reader knows how to undo that.
 */
export const writeArrow: WriteFile = async function* (columns, batches) {
  const arrow = await import('apache-arrow')
  const schema = arrowSchema(arrow, columns)
  const writer = new arrow.RecordBatchFileWriter()
  const written = new Written(writer[Symbol.asyncIterator]())
  // Begins the file, so that one without rows has its schema too.
  writer.reset(undefined, schema)
  for await (const packed of packedRows(columns, batches)) {
    writer.write(recordBatch(arrow, schema, packed))
    yield await written.take()
  }
  writer.close()
  yield await written.take()
}

function recordBatch(arrow: Arrow, schema: Schema, packed: readonly PackedColumn[]): RecordBatch {
  const { length } = packed[0]!
  const children = packed.map((column, place) => {
    const { nullCount, presence: nullBitmap } = column
    const { type } = schema.fields[place]!
    const properties = { type, length, nullCount, nullBitmap, ...column.buffers() }
    return arrow.makeData(properties) as Data
  })
  const struct = new arrow.Struct(schema.fields)
  return new arrow.RecordBatch(schema, arrow.makeData({ type: struct, length, nullCount: 0, children }))
}

const NOTHING = Promise.resolve(undefined)

/**
 * What a writer has written so far. The library hands it out as an iterator that waits for more when there is none, and
 * takes record batches however slowly they are read; so each batch's bytes are taken before the next one is made.
 */
class Written {
  readonly #pieces: AsyncIterator<Uint8Array>
  #next: Promise<IteratorResult<Uint8Array>>

  constructor(pieces: AsyncIterator<Uint8Array>) {
    this.#pieces = pieces
    this.#next = pieces.next()
  }

  async take(): Promise<Uint8Array> {
    const taken: Uint8Array[] = []
    for (;;) {
      const piece = await Promise.race([this.#next, NOTHING])
      if (!piece || piece.done) return Buffer.concat(taken)
      taken.push(piece.value)
      this.#next = this.#pieces.next()
    }
  }
}
