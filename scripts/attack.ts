/**
 * Sends over two hundred requests that mean harm to a server of its own, over HTTP, and prints by kind how many were
 * refused, how long that took, and how many SQL statements it cost. Exits with 1 when one was answered, any statement was
 * sent, the 99th percentile is above 50 ms, or memory grew by more than 50 MB.
 *
 * The server asks for no key here: with keys, each new one is looked up once before anything is refused.
 *
 *   npm run attack -- [--rounds 10]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { pino } from 'pino'
import { readEnvironment } from '../src/environment.ts'
import { organizationIdOf } from '../src/model/identifiers.ts'
import { createServer } from '../src/server/index.ts'
import { openClient } from '../src/store/client.ts'
import { openDatabase } from '../src/store/database.ts'
import { migrate } from '../src/store/migrator.ts'
import { StatementCount } from './attack/count-statements.ts'
import { attacks } from './attack/documents.ts'
import { type Outcome, send } from './attack/send.ts'

const MOST_MS = 50
const MOST_GROWTH_MB = 50

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '10' } } })
setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const folder = await mkdtemp(join(tmpdir(), 'crossrun-attack-'))
const environment = readEnvironment({ CROSSRUN_DATA_DIR: join(folder, 'data'), CROSSRUN_RATE_LIMIT: '0' })
const database = await openDatabase(environment)
let isGood = true
try {
  await migrate(database.url)
  const { prisma } = openClient(database.url, environment)
  const organizationId = organizationIdOf('default')
  const logger = pino({ level: 'silent' })
  const server = createServer({ prisma, organizationId, openness: 'always', environment, logger })
  const { url } = await server.listen({ host: '127.0.0.1', port: 0 })
  const count = new StatementCount()
  count.start()
  // Code that runs for the first time is compiled: the first round is not measured.
  await round(url)
  const before = memory()
  const outcomes: Outcome[] = []
  for (let done = 0; done < Number(values.rounds); done += 1) outcomes.push(...(await round(url)))
  const growth = memory() - before
  count.stop()
  isGood = report(outcomes, count.texts, growth)
  await server.close()
} finally {
  await database.close()
  await rm(folder, { recursive: true, force: true })
}
process.exitCode = isGood ? 0 : 1

async function round(url: string): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const attack of attacks()) outcomes.push(await send(url, attack))
  return outcomes
}

/** What is held, in megabytes. */
function memory(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1e6
}

function report(outcomes: Outcome[], statements: string[], growth: number): boolean {
  const kinds = grouped(outcomes)
  console.log(
    `${'kind'.padEnd(22)}${'sent'.padStart(7)}${'refused'.padStart(9)}${'p50 ms'.padStart(9)}${'p99 ms'.padStart(9)}${'max ms'.padStart(9)}`,
  )
  for (const [kind, own] of [...kinds, ['all', outcomes] as const]) {
    const refused = own.filter(({ isRefused }) => isRefused).length
    const times = [0.5, 0.99, 1].map((share) => percentile(own, share).toFixed(1).padStart(9))
    console.log(`${kind.padEnd(22)}${String(own.length).padStart(7)}${String(refused).padStart(9)}${times.join('')}`)
  }
  const answered = outcomes.filter(({ isRefused }) => !isRefused)
  for (const { kind, name, status, codes } of answered.slice(0, 20))
    console.log(`NOT REFUSED  ${kind}: ${name}  ${status} ${codes.join(' ')}`)
  console.log(
    `${statements.length} SQL statements${statements.length ? `: ${[...new Set(statements)].slice(0, 5).join(' | ')}` : ''}`,
  )
  console.log(
    `memory held grew by ${growth.toFixed(1)} MB; resident ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`,
  )
  return (
    answered.length === 0 && statements.length === 0 && percentile(outcomes, 0.99) < MOST_MS && growth < MOST_GROWTH_MB
  )
}

function grouped(outcomes: Outcome[]): Map<string, Outcome[]> {
  const kinds = new Map<string, Outcome[]>()
  for (const outcome of outcomes) kinds.set(outcome.kind, [...(kinds.get(outcome.kind) ?? []), outcome])
  return kinds
}

function percentile(outcomes: readonly Outcome[], share: number): number {
  const sorted = outcomes.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
