/**
 * Writes the same generated rows as Parquet, Arrow and XLSX, each in a process of its own, without a database: rows a
 * second, the most memory above what the process had before, and the size of the file.
 *
 *   npm run bench:writers -- [--rows 1000000] [--columns 12]
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { FORMATS } from '../src/exports/formats.ts'
import { benchColumns, benchRows } from './bench/export-rows.ts'

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    columns: { type: 'string', default: '12' },
    format: { type: 'string' },
  },
})
const rows = Number(values.rows)
const columns = Number(values.columns)

if (values.format) await measure(values.format)
else {
  const names = ['rows', ...FORMATS.filter(({ loadWriter }) => loadWriter).map(({ name }) => name)]
  for (const format of names) {
    const own = [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2), '--format', format]
    const { status } = spawnSync(process.execPath, own, { stdio: 'inherit' })
    if (status !== 0) process.exit(status ?? 1)
  }
}

/** @param name an ending, or `rows` for the rows alone, which is the floor */
async function measure(name: string): Promise<void> {
  const write = await FORMATS.find((format) => format.name === name)?.loadWriter?.()
  const before = process.memoryUsage().rss
  let peak = before
  const began = performance.now()
  let bytes = 0
  let longestWait = 0
  let last = began
  const beat = setInterval(() => {
    const now = performance.now()
    longestWait = Math.max(longestWait, now - last)
    last = now
  }, 1)
  const watched = async function* () {
    for await (const batch of benchRows(rows, columns)) {
      peak = Math.max(peak, process.memoryUsage.rss())
      // As a database would.
      await new Promise(setImmediate)
      yield batch
    }
  }
  const pieces: AsyncIterable<unknown> = write ? write(benchColumns(columns), watched()) : watched()
  for await (const piece of pieces) {
    if (piece instanceof Uint8Array) bytes += piece.length
    peak = Math.max(peak, process.memoryUsage.rss())
  }
  clearInterval(beat)
  const seconds = (performance.now() - began) / 1000
  console.log(
    [
      `${name}: ${rows} rows × ${columns} columns in ${seconds.toFixed(1)} s`,
      `${Math.round(rows / seconds)} rows/s`,
      `${megabytes(peak - before)} MB above ${megabytes(before)} MB`,
      `${megabytes(bytes)} MB`,
      `longest wait of others ${Math.round(longestWait)} ms`,
    ].join(', '),
  )
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}
