/**
 * Writes 300,000 rows as the format that is named, or holds them all when it is `held`, and prints how many megabytes that
 * took at most above what the process had before. Run with a small heap, it ends with an error when they have no room.
 */
import { FORMATS } from '../../src/exports/formats.ts'
import type { Batch, WriteFile } from '../../src/exports/table.ts'
import { column } from './written-files.ts'

const ROWS = 300_000
const BATCH = 2_000
const COLUMNS = [
  column('id', { kind: 'text' }),
  column('title', { kind: 'text' }),
  column('count', { kind: 'integer' }),
  column('money', { kind: 'decimal', precision: 38, scale: 6 }),
  column('rate', { kind: 'float' }),
  column('at', { kind: 'timestamp' }),
]

let most = 0

async function* rows(): AsyncGenerator<Batch> {
  for (let first = 0; first < ROWS; first += BATCH) {
    // As a database would, leave others their turn.
    await new Promise(setImmediate)
    most = Math.max(most, process.memoryUsage.rss())
    yield Array.from({ length: BATCH }, (_, place) => {
      const row = first + place
      const id = `${row}`.padStart(32, '0')
      return [id, `What the step no. ${row} did`, `${row * 3}`, `${row}.250000`, `${row / 7}`, `${1.7e12 + row}`]
    })
  }
}

const held: WriteFile = async function* (_, batches) {
  const all: Batch[] = []
  for await (const batch of batches) all.push(batch)
  yield Buffer.from(String(all.length))
}

const name = process.argv[2]
const write = name === 'held' ? held : await FORMATS.find((format) => format.name === name)!.loadWriter!()
const before = process.memoryUsage.rss()
// Not `maxRSS`, which begins with what the process had that started this one.
most = before
for await (const _ of write(COLUMNS, rows())) most = Math.max(most, process.memoryUsage.rss())
console.log(Math.round((most - before) / 1e6))
