/**
 * Imports generated runs into an embedded PostgreSQL of its own and compares the time with two floors on the same bytes,
 * measured in the same process: reading and parsing every file, and COPY of the same rows into empty copies of the same
 * tables with the same indexes.
 *
 *   npm run bench:import -- [runs, 2000 unless given]
 */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { readEnvironment } from '../src/environment.ts'
import { DEFAULT_IMPORT_OPTIONS } from '../src/importers/options.ts'
import { runImport } from '../src/importers/run-import.ts'
import { openDatabase } from '../src/store/database.ts'
import { migrate } from '../src/store/migrator.ts'

const runs = Number(process.argv[2] ?? 2000)
const folder = await mkdtemp(join(tmpdir(), 'crossrun-bench-'))
const artifacts = join(folder, 'runs')
const environment = readEnvironment({ CROSSRUN_DATA_DIR: join(folder, 'data') })

await mkdir(artifacts)
// In a process of its own, so that its memory is not counted as the import's.
execFileSync(
  process.execPath,
  ['--import', 'tsx', fileURLToPath(new URL('./generate/runs.ts', import.meta.url)), artifacts, String(runs)],
  { stdio: 'inherit' },
)
let bytes = 0
for (const name of await readdir(artifacts)) bytes += (await stat(join(artifacts, name))).size
console.log(`${runs} runs, ${megabytes(bytes)} MB, ${Math.round(bytes / runs / 1000)} kB each`)

const database = await openDatabase(environment)
try {
  await migrate(database.url)
  const before = process.memoryUsage.rss()
  const memory = watchMemory()
  const options = { ...DEFAULT_IMPORT_OPTIONS }
  const first = await timed(() => runImport(database.url, [artifacts], options))
  const peak = memory.end()
  const again = await timed(() => runImport(database.url, [artifacts], options))
  const parse = await timed(readAndParse)
  const hash = await timed(readAndHash)
  const copy = await copyFloor(database.url)
  const floor = parse.seconds + copy
  const { rows, records } = first.result
  console.log(
    `import        ${first.seconds.toFixed(2)} s  ${megabytes(bytes / first.seconds)} MB/s  ${Math.round(rows / first.seconds).toLocaleString('en-US')} rows/s  ${rows.toLocaleString('en-US')} rows, ${records.inserted} runs inserted, ${records.quarantined} set aside`,
  )
  console.log(
    `floors        ${floor.toFixed(2)} s  = read + JSON.parse ${parse.seconds.toFixed(2)} s + COPY ${copy.toFixed(2)} s`,
  )
  console.log(`ratio         ${(first.seconds / floor).toFixed(2)} x the sum of the floors (aim: 1.5)`)
  console.log(`peak memory   ${megabytes(peak)} MB resident (aim: 300), ${megabytes(before)} MB before the import`)
  console.log(
    `second import ${again.seconds.toFixed(2)} s  ${megabytes(bytes / again.seconds)} MB/s, ${again.result.rows} rows written; reading and hashing alone ${hash.seconds.toFixed(2)} s`,
  )
} finally {
  await database.close()
  await rm(folder, { recursive: true, force: true })
}

async function readAndParse() {
  for (const name of await readdir(artifacts)) JSON.parse(await readFile(join(artifacts, name), 'utf8'))
}

async function readAndHash() {
  const { createHash } = await import('node:crypto')
  for (const name of await readdir(artifacts))
    createHash('sha256')
      .update(await readFile(join(artifacts, name)))
      .digest('hex')
}

/** Seconds that COPY takes to load what the import wrote into empty copies of the tables. */
async function copyFloor(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('create schema floor')
  const { rows: tables } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname not like '\\_prisma%' order by 1`,
  )
  let seconds = 0
  for (const { name } of tables) {
    await client.query(`create table floor.${name} (like public.${name} including all)`)
    const file = join(folder, `${name}.copy`)
    await pipeline(client.query(copyTo(`copy public.${name} to stdout`)), createWriteStream(file))
    const load = await timed(async () => {
      const stream = client.query(copyFrom(`copy floor.${name} from stdin`))
      const done = once(stream, 'finish')
      createReadStream(file, { highWaterMark: 1024 * 1024 }).pipe(stream)
      await done
    })
    seconds += load.seconds
    await rm(file)
  }
  await client.query('drop schema floor cascade')
  await client.end()
  return seconds
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const start = performance.now()
  const result = await work()
  return { result, seconds: (performance.now() - start) / 1000 }
}

/** The greatest resident memory of this process, in bytes, while it is watched. */
function watchMemory(): { end(): number } {
  let peak = 0
  const look = () => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }
  const timer = setInterval(look, 20)
  return {
    end() {
      clearInterval(timer)
      look()
      return peak
    },
  }
}

function megabytes(value: number): string {
  return (value / 1e6).toFixed(value < 1e7 ? 1 : 0)
}
