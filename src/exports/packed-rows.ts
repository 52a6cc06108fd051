import { type PackedColumn, packedColumn } from './packed-column.ts'
import type { Batch, ExportColumn } from './table.ts'

/** Rows of a group at most: readers of the files like many. */
const ROWS = 10_000
/** Values of a group: a group is written at once, and nothing else happens in the process meanwhile. */
const VALUES = 100_000
/** Bytes of texts after which a group ends, however few rows it has. */
const TEXT_BYTES = 8_000_000

/**
 * Rows as columns, some thousand at a time. It is the same columns each time, filled anew: what is wanted of them must
 * be taken before the next group is asked for.
 */
export async function* packedRows(
  columns: readonly ExportColumn[],
  batches: AsyncIterable<Batch>,
): AsyncGenerator<readonly PackedColumn[]> {
  const most = Math.min(ROWS, Math.ceil(VALUES / columns.length))
  const packed = columns.map((column) => packedColumn(column, most))
  const texts = packed.filter(({ column }) => column.type.kind === 'text')
  let rows = 0
  for await (const batch of batches) {
    for (const row of batch) {
      for (let place = 0; place < packed.length; place += 1) packed[place]!.add(row[place]!)
      rows += 1
      let bytes = 0
      for (const text of texts) bytes += text.extraBytes
      if (rows < most && bytes < TEXT_BYTES) continue
      yield packed
      for (const column of packed) column.clear()
      rows = 0
    }
  }
  if (rows > 0) yield packed
}
