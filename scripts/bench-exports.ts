/**
 * Exports generated calls of one organization in every format, each in a process of its own, and copies the same query to
 * the same process by plain `COPY … TO STDOUT`: seconds, rows a second, and the most memory above what there was before.
 *
 *   npm run bench:exports -- [--calls 1000000] [--data folder]
 *
 * With --data the database stays in that folder for the next time.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { sql } from 'kysely'
import { to as copyTo } from 'pg-copy-streams'
import { textOf } from '../src/analytics/sql-text.ts'
import { readEnvironment } from '../src/environment.ts'
import { datasetSource } from '../src/exports/datasets.ts'
import { openExport } from '../src/exports/export-stream.ts'
import { FORMATS, formatNamed } from '../src/exports/formats.ts'
import { Snapshot } from '../src/exports/snapshot.ts'
import { openDatabase } from '../src/store/database.ts'
import { migrate } from '../src/store/migrator.ts'
import { loadFacts } from './bench/load-facts.ts'
import { organizationsOf } from './bench/metrics-facts.ts'

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '1000000' },
    data: { type: 'string' },
    // For the processes of its own.
    url: { type: 'string' },
    format: { type: 'string' },
  },
})
const calls = Number(values.calls)
const COPY = ['COPY, CSV', 'COPY, text of JSON']
const MANY_MS = 3_600_000

if (values.url && values.format) await measure(values.url, values.format)
else await bench()

async function bench(): Promise<void> {
  const scratch = values.data ? null : await mkdtemp(join(tmpdir(), 'crossrun-bench-'))
  // When root runs it, the server is another user, who must be able to enter.
  if (scratch) await chmod(scratch, 0o755)
  const data = scratch ? join(scratch, 'data') : values.data!
  const database = await openDatabase(readEnvironment({ CROSSRUN_DATA_DIR: data }))
  try {
    if (!existsSync(join(data, 'loaded'))) {
      await migrate(database.url)
      await loadFacts(database.url, calls)
      await writeFile(join(data, 'loaded'), '')
    }
    console.log(
      `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
    )
    console.log(
      `${'format'.padEnd(22)}${['rows', 'MB', 'seconds', 'rows/s', 'MB above'].map((name) => name.padStart(12)).join('')}`,
    )
    for (const name of [...COPY, ...FORMATS.map((format) => format.name), ...COPY]) {
      const own = [
        ...process.execArgv,
        fileURLToPath(import.meta.url),
        '--calls',
        values.calls,
        '--url',
        database.url,
        '--format',
        name,
      ]
      const { status } = spawnSync(process.execPath, own, { stdio: 'inherit' })
      if (status !== 0) process.exitCode = status ?? 1
    }
  } finally {
    await database.close()
    if (scratch) await rm(scratch, { recursive: true, force: true })
  }
}

/** The largest organization's calls with all their columns. */
async function measure(url: string, name: string): Promise<void> {
  const [{ id: organizationId } = { id: '' }] = organizationsOf(calls)
  const source = datasetSource('agent_calls', {}, { organizationId })
  const settings = { url, organizationId, statementTimeoutMs: MANY_MS }
  const before = process.memoryUsage.rss()
  let peak = before
  let bytes = 0
  let rows = 0
  const began = performance.now()
  const read = async (pieces: AsyncIterable<unknown>) => {
    for await (const piece of pieces) {
      bytes += (piece as Uint8Array).length
      peak = Math.max(peak, process.memoryUsage.rss())
    }
  }
  if (COPY.includes(name)) {
    const snapshot = await Snapshot.open(settings)
    const query = name === COPY[0] ? source.query : sql`select row_to_json(q)::text from (${source.query}) as q`
    const stream = snapshot.client.query(
      copyTo(`copy (${textOf(query)}) to stdout with (format ${name === COPY[0] ? 'csv' : 'text'})`),
    )
    await read(stream)
    rows = stream.rowCount
    await snapshot.close()
  } else {
    const exporting = await openExport({ ...settings, source, format: formatNamed(name)! })
    await read(exporting.stream)
    rows = exporting.rows()
  }
  const seconds = (performance.now() - began) / 1_000
  const figures = [rows, bytes / 1e6, seconds, rows / seconds, (peak - before) / 1e6]
  const shown = figures.map((figure, place) =>
    figure.toLocaleString('en-US', { maximumFractionDigits: place === 2 ? 1 : 0 }).padStart(12),
  )
  console.log(`${name.padEnd(22)}${shown.join('')}`)
}
