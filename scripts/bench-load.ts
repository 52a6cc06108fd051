/**
 * Serves a million generated calls in a process of its own and asks it without a pause over many connections: the
 * questions of bench:metrics, and lists. Prints how many answers a second, how long they took, what went wrong, and
 * whether the server's memory grew.
 *
 *   npm run bench:load -- [--calls 1000000] [--seconds 600] [--connections 50] [--data folder]
 *
 * With --data the database stays in that folder, and the next time only the questions are asked. Ends with 1 when an
 * answer was an error, or when what the server keeps grew by more than MOST_GROWTH.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import autocannon from 'autocannon'
import { readEnvironment } from '../src/environment.ts'
import { openDatabase } from '../src/store/database.ts'
import { migrate } from '../src/store/migrator.ts'
import { loadFacts } from './bench/load-facts.ts'
import { BENCH_QUESTIONS } from './bench/metrics-questions.ts'

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '600' },
    connections: { type: 'string', default: '50' },
    data: { type: 'string' },
  },
})
const seconds = Number(values.seconds)
const connections = Number(values.connections)

const LISTS = [
  `{ runs(first: 20, orderBy: [{ startedAt: DESC }]) { totalCount nodes { externalId status costUsd pipeline { name } prospect { domain name } } } }`,
  `{ runs(first: 50, where: { status: { in: [FAILED, PARTIAL] } }, orderBy: [{ costUsd: DESC }]) { totalCount nodes { externalId status costUsd tags } pageInfo { hasNextPage endCursor } } }`,
  `{ runs(first: 5) { nodes { externalId agentCalls(first: 20, orderBy: [{ costUsd: DESC }]) { totalCount nodes { agent { name } model totalTokens costUsd costSource } } } } }`,
  `{ companies(first: 20, where: { industry: { equals: "Healthcare" } }, orderBy: [{ name: ASC }]) { totalCount nodes { name domain runs(role: PROSPECT, first: 3) { totalCount nodes { externalId status } } } } }`,
]
/** More than a client would wait, so that what is measured is the work: fifty connections wait for ten of the database. */
const PATIENCE = { CROSSRUN_POOL_WAIT_MS: '120000', CROSSRUN_REQUEST_TIMEOUT_MS: '180000' }
const SERVER = { CROSSRUN_METRICS: 'on', CROSSRUN_RATE_LIMIT: '0', LOG_LEVEL: 'warn', ...PATIENCE }

/** So long it is asked before anything is measured: code is compiled, and caches fill. */
const WARM_SECONDS = 20

/**
 * What is left after the garbage is collected while nobody asks may grow by so many MB a minute between the warm-up and
 * the end. The resident memory says less: it goes up and down by hundreds in a minute, as the collector takes its time.
 */
const MOST_GROWTH = 10
/** Lets the server collect its garbage when it is told to. */
const COLLECTS = "data:text/javascript,process.on('SIGUSR2', () => globalThis.gc())"

type Server = { url: string; child: ChildProcess }
type Sample = { minutes: number; rss: number; heap: number; kept: number }

const scratch = values.data ? null : await mkdtemp(join(tmpdir(), 'crossrun-bench-'))
// When root runs it, the server is another user, who must be able to enter.
if (scratch) await chmod(scratch, 0o755)
const environment = readEnvironment({
  CROSSRUN_DATA_DIR: scratch ? join(scratch, 'data') : values.data,
  CROSSRUN_RATE_LIMIT: '0',
})
const database = await openDatabase(environment)
try {
  const isLoaded = values.data !== undefined && existsSync(join(values.data, 'loaded'))
  if (!isLoaded) {
    await migrate(database.url)
    await loadFacts(database.url, Number(values.calls))
    if (values.data) await writeFile(join(values.data, 'loaded'), '')
  }
  const machine = `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`
  console.log(`${machine}, ${new Date().toISOString().slice(0, 10)}`)
  console.log(`${connections} connections, ${seconds} s, pool of ${environment.CROSSRUN_POOL_SIZE}`)
  const server = await serve(database.url)
  try {
    await load(server)
  } finally {
    server.child.kill('SIGTERM')
    await once(server.child, 'exit')
  }
} finally {
  await database.close()
  if (scratch) await rm(scratch, { recursive: true, force: true })
}

async function serve(url: string): Promise<Server> {
  const env = { ...process.env, ...SERVER, DATABASE_URL: url }
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--import', COLLECTS, '--import', 'tsx', 'src/cli/main.ts', 'serve', '--port', '0'],
    {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  for await (const text of child.stdout!.setEncoding('utf8')) {
    const [address] = /http:\/\/\S+(?=\/graphql)/.exec(text) ?? []
    if (address) return { url: address, child }
  }
  throw new Error('The server ended before it listened.')
}

async function load({ url, child }: Server): Promise<void> {
  const documents = [...BENCH_QUESTIONS.map(({ graphql }) => graphql), ...LISTS]
  const codes = new Map<string, number>()
  const samples: Sample[] = []
  const started = performance.now()
  const ask = (duration: number) =>
    autocannon({
      url: `${url}/graphql`,
      connections,
      duration,
      timeout: 180,
      requests: documents.map((query) => ({
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
        onResponse: (_status, body) => count(codes, body),
      })),
    })
  const collected = async () => {
    // What was under way when the last client left is over soon.
    await setTimeout(2_000)
    const samples: Sample[] = []
    for (let times = 0; times < 5; times++) {
      child.kill('SIGUSR2')
      await setTimeout(200)
      samples.push(await sample(url, started))
    }
    return samples.reduce((one, other) => (other.kept < one.kept ? other : one))
  }
  const warm = await ask(WARM_SECONDS)
  const before = await collected()
  const sampling = setInterval(() => void sample(url, started).then((one) => samples.push(one)), everyMs())
  const result = await ask(seconds)
  clearInterval(sampling)
  report(warm, result, codes, samples, [before, await collected()])
}

/** The errors of an answer by code. */
function count(codes: Map<string, number>, body: string): void {
  if (!body.includes('"errors":[')) return
  for (const [, code] of body.matchAll(/"code":"([A-Z_]+)"/g)) codes.set(code!, (codes.get(code!) ?? 0) + 1)
}

/** Some hundred samples, at most one a second. */
function everyMs(): number {
  return Math.max(1_000, (seconds * 1_000) / 120)
}

async function sample(url: string, started: number): Promise<Sample> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const gauge = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
  return {
    minutes: (performance.now() - started) / 60_000,
    rss: gauge('process_resident_memory_bytes') / 1e6,
    heap: gauge('nodejs_heap_size_used_bytes') / 1e6,
    kept: (gauge('nodejs_heap_size_used_bytes') + gauge('nodejs_external_memory_bytes')) / 1e6,
  }
}

function report(
  warm: autocannon.Result,
  result: autocannon.Result,
  codes: Map<string, number>,
  samples: readonly Sample[],
  [before, after]: readonly [Sample, Sample],
): void {
  const { requests, latency, errors, timeouts } = result
  console.log(`answers        ${requests.total.toLocaleString('en-US')}, ${requests.average.toFixed(1)} a second`)
  console.log(`milliseconds   p50 ${latency.p50}  p97.5 ${latency.p97_5}  p99 ${latency.p99}  max ${latency.max}`)
  const statuses = Object.entries(result.statusCodeStats ?? {}).map(([status, { count = 0 }]) => `${status}: ${count}`)
  console.log(`by status      ${statuses.join('  ')}  connections broken: ${errors}  timeouts: ${timeouts}`)
  console.log(`errors         ${[...codes].map(([code, times]) => `${code}: ${times}`).join('  ') || 'none'}`)
  for (const name of ['rss', 'heap'] as const) {
    const shown = samples
      .filter((_, place) => place % Math.ceil(samples.length / 12) === 0)
      .map((one) => one[name].toFixed(0))
    const slope = slopeOf(samples.map((one) => [one.minutes, one[name]])).toFixed(2)
    console.log(`${`${name}, MB`.padEnd(14)} ${shown.join(' ')}; ${slope} a minute`)
  }
  const growth = (after.kept - before.kept) / (after.minutes - before.minutes)
  const kept = `${before.kept.toFixed(0)} ${after.kept.toFixed(0)}; ${growth.toFixed(2)} a minute`
  console.log(`kept, MB       ${kept}, ${MOST_GROWTH} are allowed`)
  const failed = [warm, result].reduce((sum, each) => sum + each.non2xx + each.errors + each.timeouts, codes.size)
  if (failed > 0 || !(growth <= MOST_GROWTH)) process.exitCode = 1
}

/** By least squares. */
function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (place: 0 | 1) => points.reduce((sum, point) => sum + point[place], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const along = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0)
  return along / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
}
