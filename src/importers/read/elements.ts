import { partEvents } from './part-reader.ts'
import { keysOf } from './pointer.ts'
import { RECORD_LIMIT_BYTES, type ReadEvent } from './records.ts'

/**
 * Reads the records of a JSON file of any size one by one, from where the patterns say: `*` below the root for an
 * array, `*` below `*` for a dump of tables, `*` below a key for an envelope. What is no record comes as `rest` at the end, with the lists empty.
 * A record that cannot be read is a reject with its pointer and the others go on; when the text itself is broken, that
 * reject is the last event and there is no `rest`. Memory: the largest record, and `rest`.
 */
export async function* readElements(
  source: AsyncIterable<Buffer> | Iterable<Buffer>,
  patterns: string[],
  limitBytes = RECORD_LIMIT_BYTES,
): AsyncGenerator<ReadEvent | { rest: unknown }> {
  for await (const events of partEvents(source, patterns, limitBytes)) {
    for (const event of events) {
      if (!('part' in event)) {
        yield event
        continue
      }
      const { pointer, value, byteOffset, issues } = event.part
      const record = { value, line: null, pointer, byteOffset, issues }
      const tableEnd = pointer.indexOf('/', 1)
      yield { record: tableEnd === -1 ? record : { ...record, table: keysOf(pointer.slice(0, tableEnd))[0]! } }
    }
  }
}
