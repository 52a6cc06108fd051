import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { Agent, createServer as createHttpServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { readEnvironment } from '../../src/environment.ts'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { createServer } from '../../src/server/index.ts'
import { openClient } from '../../src/store/client.ts'
import { openDatabase } from '../../src/store/database.ts'
import { migrate } from '../../src/store/migrator.ts'
import { testDatabase } from '../database.ts'
import { makeQuick } from '../quick-settings.ts'

const database = testDatabase({ isOwn: true })
const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const QUERY = JSON.stringify({ query: 'query Held { runs { totalCount } }' })
const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: QUERY }

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** `crossrun serve` as a process of its own, once it listens. */
async function serve(variables: Record<string, string> = {}) {
  const env = { PATH: process.env.PATH!, HOME: process.env.HOME ?? '/', DATABASE_URL: database.url, ...variables }
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, 'serve', '--port', '0'], { env })
  children.push(child)
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  await until(async () => /\/graphql/.test(output.stdout) || child.exitCode !== null)
  const [url] = /http:\/\/\S+(?=\/graphql)/.exec(output.stdout) ?? [output.stderr]
  return { url: url!, child, output, exited }
}

async function until(holds: () => Promise<boolean>, limit = 30_000): Promise<void> {
  const started = Date.now()
  while (!(await holds())) {
    if (Date.now() - started > limit) throw new Error('It does not come to hold.')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Keeps every query about runs waiting, until it is released. */
async function lockRuns(): Promise<{ waiting(): Promise<number>; release(): Promise<void> }> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query('begin; lock table runs in access exclusive mode')
  return {
    waiting: async () => {
      const [row] = await database.sql(`select count(*)::int as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`)
      return row!.waiting
    },
    release: () => client.end(),
  }
}

/** A request on a connection that its client would keep. */
function keepAlive(
  url: string,
  agent: Agent,
): Promise<{ status: number; connection: string | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/graphql`, { method: 'POST', agent, headers: post.headers }, async (response) => {
      let body = ''
      for await (const chunk of response.setEncoding('utf8')) body += chunk
      resolve({ status: response.statusCode!, connection: response.headers.connection, body })
    })
    asked.on('error', reject)
    asked.end(QUERY)
  })
}

describe('SIGTERM', () => {
  it('lets fifty requests in flight finish, takes no new ones, and ends with code 0; its traces are sent', async () => {
    const spans: { name: string; traceId: string; attributes: { key: string; value: { stringValue: string } }[] }[] = []
    const collector = createHttpServer(async (incoming, response) => {
      let body = ''
      for await (const chunk of incoming.setEncoding('utf8')) body += chunk
      const { resourceSpans } = JSON.parse(body)
      for (const { scopeSpans } of resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans)
      response.setHeader('content-type', 'application/json').end('{}')
    }).listen(0, '127.0.0.1')
    await once(collector, 'listening')
    const { url, child, output, exited } = await serve({
      CROSSRUN_POOL_SIZE: '5',
      CROSSRUN_POOL_WAIT_MS: '20000',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    })
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    const traced = await fetch(`${url}/graphql`, {
      ...post,
      headers: { ...post.headers, traceparent: `00-${traceId}-b7ad6b7169203331-01` },
      body: JSON.stringify({
        query: 'query Traced { runs(where: { externalId: { equals: "a secret value" } }) { totalCount } }',
      }),
    })
    expect(traced.status).toBe(200)

    const agent = new Agent({ keepAlive: true, maxSockets: 50 })
    const lock = await lockRuns()
    const asked = Array.from({ length: 50 }, () => keepAlive(url, agent))
    await until(async () => (await lock.waiting()) === 5)
    // What is asked later is answered, so that the fifty have arrived: those that knock when it stops are not let in.
    for (let times = 0; times < 10; times++) await (await fetch(`${url}/health`)).text()
    child.kill('SIGTERM')
    await until(() =>
      fetch(`${url}/health`).then(
        () => false,
        () => true,
      ),
    )
    await lock.release()
    const answers = await Promise.all(asked)
    expect(answers.map(({ body }) => JSON.parse(body).data)).toEqual(answers.map(() => ({ runs: { totalCount: 0 } })))
    expect(new Set(answers.map(({ status, connection }) => `${status} ${connection}`))).toEqual(new Set(['200 close']))
    expect(await exited).toBe(0)
    agent.destroy()
    collector.close()

    const ours = spans.filter((span) => span.traceId === traceId)
    expect(ours.map(({ name }) => name).sort()).toEqual(['COMMIT', 'SELECT', 'SELECT', 'query'])
    expect(spans.filter(({ name }) => name === 'query').length).toBe(51)
    expect(JSON.stringify(ours)).toContain('pg_backend_pid')
    expect(JSON.stringify(spans)).not.toContain('a secret value')
    expect(output.stderr).not.toContain(new URL(database.url).password)
  })
})

describe('/ready', () => {
  it('is 503 as soon as the server begins to stop, and /health is not', async () => {
    const { prisma, close } = openClient(database.url, database.environment)
    const stopping = createServer({
      prisma,
      organizationId: database.organizationId,
      environment: database.environment,
      logger: pino({ level: 'silent' }),
    })
    expect((await stopping.fetch('http://test/ready')).status).toBe(200)
    const { url } = await stopping.listen({ host: '127.0.0.1', port: 0 })
    const lock = await lockRuns()
    const asked = fetch(`${url}/graphql`, post)
    await until(async () => (await lock.waiting()) === 1)
    const closed = stopping.close()
    const ready = await stopping.fetch('http://test/ready')
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'the server is stopping' }])
    expect((await stopping.fetch('http://test/health')).status).toBe(200)
    await lock.release()
    expect((await asked).status).toBe(200)
    await closed
    await close()
  })
})

describe('without its database', () => {
  it('is not ready, and is again within five seconds after it is back', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'crossrun-serving-'))
    // When root runs the tests, the server is another user, who must be able to enter.
    await chmod(directory, 0o755)
    await makeQuick(join(directory, 'data'))
    const own = readEnvironment({ CROSSRUN_DATA_DIR: join(directory, 'data') })
    let running = await openDatabase(own)
    await migrate(running.url)
    const { prisma, close } = openClient(running.url, own)
    const server = createServer({
      prisma,
      organizationId: organizationIdOf('default'),
      environment: own,
      logger: pino({ level: 'silent' }),
    })
    const status = async () => (await server.fetch('http://test/ready')).status
    const asked = async () => (await server.fetch('http://test/graphql', post)).status
    expect([await status(), await asked()]).toEqual([200, 200])
    const { url } = running
    await running.close()
    expect([await status(), await asked()]).toEqual([503, 503])
    running = await openDatabase(own)
    expect(running.url).toBe(url)
    const back = Date.now()
    await until(async () => (await status()) === 200)
    expect(Date.now() - back).toBeLessThan(5_000)
    expect(await asked()).toBe(200)
    await server.close()
    await close()
    await running.close()
    await rm(directory, { recursive: true, force: true })
  })
})

describe('more requests than connections', () => {
  it('are answered or told to ask again; none hangs', async () => {
    const environment = readEnvironment({ CROSSRUN_POOL_SIZE: '2', CROSSRUN_POOL_WAIT_MS: '300' })
    const { prisma, close } = openClient(database.url, environment)
    const logger = pino({ level: 'silent' })
    const server = createServer({
      prisma,
      organizationId: database.organizationId,
      openness: 'always',
      environment,
      logger,
    })
    const lock = await lockRuns()
    const answers = Array.from({ length: 30 }, () => server.fetch('http://test/graphql', post))
    let answered = 0
    for (const answer of answers) answer.then(() => (answered += 1))
    await until(async () => answered === 28)
    expect(await lock.waiting()).toBe(2)
    await lock.release()
    const all = await Promise.all(answers)
    const busy = all.filter(({ status }) => status === 503)
    expect([all.filter(({ status }) => status === 200).length, busy.length]).toEqual([2, 28])
    for (const each of busy) {
      expect(each.headers.get('retry-after')).toBe('1')
      expect((await each.json()).errors[0].extensions.code).toBe('SERVICE_BUSY')
    }
    expect((await server.fetch('http://test/graphql', post)).status).toBe(200)
    await server.close()
    await close()
  })
})
