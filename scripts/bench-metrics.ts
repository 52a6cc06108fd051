/**
 * Loads generated runs and calls into an embedded PostgreSQL of its own by COPY, with the triggers that keep rollups and
 * into copies of the tables with the same indexes and without them; then asks questions about metrics of the greatest of
 * twelve organizations, beside SQL over the facts that was written by hand for the same answers.
 *
 *   npm run bench:metrics -- [--calls 2500000] [--rounds 20] [--data folder]
 *
 * With --data the database stays in that folder, and the next time only the questions are asked.
 */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { pino } from 'pino'
import { readEnvironment } from '../src/environment.ts'
import { createServer, type Server } from '../src/server/index.ts'
import { openClient } from '../src/store/client.ts'
import { openDatabase } from '../src/store/database.ts'
import { migrate } from '../src/store/migrator.ts'
import { checkRollups } from '../src/store/rollups.ts'
import { TenantSession } from '../src/store/tenant-session.ts'
import { type Chunk, factsOf, namesOf, type Organization, organizationsOf } from './bench/metrics-facts.ts'
import { BENCH_QUESTIONS } from './bench/metrics-questions.ts'

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '2500000' },
    rounds: { type: 'string', default: '20' },
    data: { type: 'string' },
  },
})
const rounds = Number(values.rounds)
/** Rounds that are not counted: a server that just began has to compile its own code yet. */
const WARMING = 10
const organizations = organizationsOf(Number(values.calls))

const scratch = values.data ? null : await mkdtemp(join(tmpdir(), 'crossrun-bench-'))
// When root runs it, the server is another user, who must be able to enter.
if (scratch) await chmod(scratch, 0o755)
const environment = readEnvironment({
  CROSSRUN_DATA_DIR: scratch ? join(scratch, 'data') : values.data,
  CROSSRUN_RATE_LIMIT: '0',
})
const isLoaded = values.data !== undefined && existsSync(join(values.data, 'loaded'))
const database = await openDatabase(environment)
try {
  console.log(
    `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
  )
  if (!isLoaded) {
    await migrate(database.url)
    await load(database.url)
    await check(database.url, organizations[0]!)
    if (values.data) await writeFile(join(values.data, 'loaded'), '')
  }
  await ask(database.url, organizations[0]!)
} finally {
  await database.close()
  if (scratch) await rm(scratch, { recursive: true, force: true })
}

/** Loads every chunk twice, one after the other, so that both meet the same machine. */
async function load(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('create schema plain')
  for (const table of ['agent_calls', 'runs'])
    await client.query(`create table plain.${table} (like public.${table} including all)`)
  let [seconds, plain, chunks] = [0, 0, 0]
  for (const organization of organizations) {
    await client.query(`select set_config('app.organization_id', $1, false)`, [organization.id])
    await copy(client, namesOf(organization), 'public')
    for (const chunk of factsOf(organization)) {
      // By turns, so that neither always comes first.
      const both = [
        async () => {
          seconds += await copy(client, chunk, 'public')
        },
        async () => {
          plain += await copy(client, chunk, 'plain')
        },
      ]
      for (const one of chunks++ % 2 ? both.reverse() : both) await one()
    }
  }
  await client.query('drop schema plain cascade')
  await client.query('vacuum analyze')
  const { rows } = await client.query<{ name: string; rows: string; bytes: string }>(
    `select c.relname as name, c.reltuples::int8 as rows, pg_size_pretty(pg_total_relation_size(c.oid)) as bytes from pg_class c
     where c.relname in ('agent_calls', 'runs') or c.relname ~ '^x_(usage|run)_[a-z]+$' and c.relkind = 'r' order by 1`,
  )
  await client.end()
  for (const table of rows)
    console.log(`${table.name.padEnd(20)} ${number(Number(table.rows)).padStart(12)} rows  ${table.bytes}`)
  console.log(
    `import of facts ${seconds.toFixed(1)} s, plain COPY ${plain.toFixed(1)} s: ${(seconds / plain).toFixed(2)} x (aim: 1.5)`,
  )
}

/** Seconds that COPY takes. */
async function copy(client: pg.Client, chunk: Chunk, schema: string): Promise<number> {
  let seconds = 0
  for (const [table, { columns, text }] of chunk) {
    const bytes = Buffer.from(text)
    const start = performance.now()
    const stream = client.query(copyFrom(`copy ${schema}.${table} (${columns.join(', ')}) from stdin`))
    const done = once(stream, 'finish')
    stream.end(bytes)
    await done
    seconds += (performance.now() - start) / 1000
  }
  return seconds
}

async function check(url: string, { id }: Organization): Promise<void> {
  const session = await TenantSession.open(url, id)
  const wrong = (await checkRollups(session)).filter((table) => table.wrong > 0)
  await session.close()
  console.log(wrong.length === 0 ? 'rollups are what the facts add up to' : `wrong rollups: ${JSON.stringify(wrong)}`)
  if (wrong.length > 0) process.exitCode = 1
}

async function ask(url: string, organization: Organization): Promise<void> {
  const { prisma, close } = openClient(url, environment)
  const logger = pino({ level: 'silent' })
  const server = createServer({ prisma, organizationId: organization.id, environment, logger })
  const session = await TenantSession.open(url, organization.id)
  console.log(`\nof ${number(organization.calls)} calls; milliseconds, ${rounds} rounds`)
  console.log(line('question', 'source', 'p50', 'p95', 'SQL p50', 'p95', 'ratio'))
  const memory: number[] = []
  for (const { name, graphql, sql } of BENCH_QUESTIONS) {
    const [asked, written]: [number[], number[]] = [[], []]
    let source = ''
    for (let round = -WARMING; round < rounds; round++) {
      const took = await timed(async () => {
        source = await answer(server, graphql)
      })
      const sqlTook = await session.transaction((client) => timed(() => client.query(sql)))
      if (round < 0) continue
      asked.push(took)
      written.push(sqlTook)
    }
    memory.push(process.memoryUsage.rss())
    const ratio = quantile(asked, 0.5) / quantile(written, 0.5)
    const cells = [quantile(asked, 0.5), quantile(asked, 0.95), quantile(written, 0.5), quantile(written, 0.95)]
    console.log(line(name, source, ...cells.map((cell) => cell.toFixed(1)), ratio.toFixed(2)))
  }
  console.log(`memory of the server: ${memory.map((bytes) => Math.round(bytes / 1e6)).join(' ')} MB`)
  await session.close()
  await server.close()
  await close()
}

/** Where the answer came from. */
async function answer(server: Server, query: string): Promise<string> {
  const response = await server.fetch('http://bench/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  const { data, errors } = (await response.json()) as { data: Record<string, { source?: string }>; errors?: unknown }
  if (errors) throw new Error(JSON.stringify(errors))
  return Object.values(data)[0]!.source ?? ''
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function quantile(times: readonly number[], share: number): number {
  return [...times].sort((a, b) => a - b)[Math.ceil(share * times.length) - 1]!
}

function line(name: string, ...cells: string[]): string {
  return `${name.padEnd(42)}${cells.map((cell) => cell.padStart(9)).join('')}`
}

function number(value: number): string {
  return value.toLocaleString('en-US')
}
