/**
 * Asks every question document of a generated world, one at a time, and compares the time and the number of SQL
 * statements with what they may be. Exits with 1 when a question misses: the plan of its slowest statement is printed
 * then, or all its statements when it is not slow.
 *
 *   npm run bench:questions -- [--factor 100] [--rounds 20] [--questions test/questions]
 */
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { pino } from 'pino'
import { readEnvironment } from '../src/environment.ts'
import { DEFAULT_IMPORT_OPTIONS } from '../src/importers/options.ts'
import { runImport } from '../src/importers/run-import.ts'
import { organizationIdOf } from '../src/model/identifiers.ts'
import { createServer, type Server } from '../src/server/index.ts'
import { openClient } from '../src/store/client.ts'
import { openDatabase } from '../src/store/database.ts'
import { migrate } from '../src/store/migrator.ts'
import { readDocuments, STATEMENTS_BEYOND_LEVELS, valueAt } from './bench/documents.ts'
import { openWatchedClient, type Watch } from './bench/watched-client.ts'
import type { Questions } from './generate/world/questions.ts'

const LIMIT_MS = 100
/** Questions that go through all there is. */
const LIMITS_MS: Record<string, number> = { 'compare-two-runs': 500, rescore: 500 }
/** The least that a request costs: for comparison. */
const FLOOR = { name: '(floor)', text: '{ runs(first: 1) { totalCount } }', levels: 2 }
const WARM_UP_ROUNDS = 3

const { values } = parseArgs({
  options: {
    factor: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '20' },
    questions: { type: 'string', default: fileURLToPath(new URL('../test/questions', import.meta.url)) },
  },
})
const rounds = Number(values.rounds)
const documents = readDocuments(values.questions)

const folder = await mkdtemp(join(tmpdir(), 'crossrun-bench-'))
const environment = readEnvironment({ CROSSRUN_DATA_DIR: join(folder, 'data'), CROSSRUN_RATE_LIMIT: '0' })
const generator = fileURLToPath(new URL('./generate/world.ts', import.meta.url))
const world = join(folder, 'world')
const generated = await timed(async () =>
  // In a process of its own, so that its memory is given back.
  execFileSync(process.execPath, ['--import', 'tsx', generator, world, '--factor', values.factor], {
    stdio: 'inherit',
  }),
)
const questions: Questions = JSON.parse(await readFile(join(world, 'questions.json'), 'utf8'))
console.log(`world of factor ${values.factor}: generated in ${generated.seconds.toFixed(1)} s`)

const database = await openDatabase(environment)
try {
  await migrate(database.url)
  const imported = await timed(() => runImport(database.url, [join(world, 'data')], { ...DEFAULT_IMPORT_OPTIONS }))
  const { records, rows } = imported.result
  console.log(
    `import: ${imported.seconds.toFixed(1)} s, ${records.inserted.toLocaleString('en-US')} records, ${rows.toLocaleString('en-US')} rows, ${records.quarantined} set aside`,
  )
  await vacuum(database.url)
  const misses = await bench(database.url)
  if (misses > 0) process.exitCode = 1
} finally {
  await database.close()
  await rm(folder, { recursive: true, force: true })
}

async function bench(url: string): Promise<number> {
  const settings = {
    organizationId: organizationIdOf(DEFAULT_IMPORT_OPTIONS.organization),
    environment,
    logger: pino({ level: 'silent' }),
  }
  const { prisma, close } = openClient(url, environment)
  const server = createServer({ prisma, ...settings })
  const watch: Watch = { queries: [], explain: null, plan: [] }
  const watchedPrisma = openWatchedClient(url, watch)
  const watchedServer = createServer({ prisma: watchedPrisma, ...settings })
  const missed: { name: string; why: string[] }[] = []
  console.log(line('question', 'levels', 'statements', 'p50 ms', 'p95 ms', 'limit', ''))
  for (const { name, text, levels } of [FLOOR, ...documents]) {
    const { variables, holds } = questions[name] ?? { variables: {}, holds: {} }
    const body = JSON.stringify({ query: text, variables })
    const problems = wrongIn(await ask(server, body), holds)
    for (let round = 1; round < WARM_UP_ROUNDS; round++) await ask(server, body)
    const times: number[] = []
    for (let round = 0; round < rounds; round++) times.push((await timed(() => ask(server, body))).seconds * 1000)
    times.sort((a, b) => a - b)
    const p95 = times[Math.ceil(rounds * 0.95) - 1]!

    const { statements, slowest } = await watchOnce(watchedServer, watch, body)
    const limit = LIMITS_MS[name] ?? LIMIT_MS
    const allowed = levels + STATEMENTS_BEYOND_LEVELS
    if (p95 > limit) problems.push('slow')
    if (statements.length > allowed) problems.push('statements')
    const verdict = problems.length === 0 ? 'ok' : `MISS ${problems.join(', ')}`
    const p50 = times[Math.floor((rounds - 1) / 2)]!
    console.log(line(name, levels, `${statements.length} (${allowed})`, p50.toFixed(1), p95.toFixed(1), limit, verdict))
    if (p95 > limit) missed.push({ name, why: await planOf(watchedServer, watch, body, slowest) })
    else if (problems.length > 0) missed.push({ name, why: statements.map(firstWords) })
  }
  for (const { name, why } of missed) console.log(`\n${name}\n${why.join('\n')}`)
  await server.close()
  await watchedServer.close()
  await close()
  await watchedPrisma.$disconnect()
  return missed.length
}

type Answer = { data?: unknown; errors?: { message: string }[] }

async function ask(server: Server, body: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json' }
  const response = await server.fetch('http://bench/graphql', { method: 'POST', headers, body })
  return (await response.json()) as Answer
}

function wrongIn({ data, errors }: Answer, holds: Record<string, unknown>): string[] {
  if (errors) return errors.map(({ message }) => message)
  return Object.entries(holds)
    .filter(([path, value]) => valueAt(data, path) !== value)
    .map(([path, value]) => `${path} is ${JSON.stringify(valueAt(data, path))}, not ${JSON.stringify(value)}`)
}

/** The SQL of the statements beyond the one that enters the transaction, and of the one that took longest. */
async function watchOnce(server: Server, watch: Watch, body: string) {
  await ask(server, body)
  watch.queries = []
  await ask(server, body)
  const [, ...queries] = watch.queries.filter(({ query }) => query.sql !== 'COMMIT' && query.sql !== 'ROLLBACK')
  const slowest = [...queries].sort((a, b) => b.milliseconds - a.milliseconds)[0]
  return { statements: queries.map(({ query }) => query.sql), slowest: slowest?.query.sql ?? null }
}

async function planOf(server: Server, watch: Watch, body: string, sql: string | null): Promise<string[]> {
  watch.explain = sql
  watch.plan = []
  await ask(server, body)
  watch.explain = null
  return sql === null ? [] : [sql, ...watch.plan]
}

function firstWords(sql: string): string {
  return sql.replace(/\s+/g, ' ').trim().slice(0, 160)
}

/** What autovacuum does a minute after a large import. */
async function vacuum(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('vacuum (analyze)')
  await client.end()
}

function line(...cells: (string | number)[]): string {
  const [name, ...others] = cells.map(String)
  return [name!.padEnd(22), ...others.slice(0, -1).map((cell) => cell.padStart(10)), ` ${others.at(-1)}`].join(' ')
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const start = performance.now()
  const result = await work()
  return { result, seconds: (performance.now() - start) / 1000 }
}
