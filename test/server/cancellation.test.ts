import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSchema, createYoga } from 'graphql-yoga'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openViewer } from '../../src/access/viewer.ts'
import { readEnvironment } from '../../src/environment.ts'
import { newContext, type ServerContext } from '../../src/server/context.ts'
import { useErrors } from '../../src/server/use-errors.ts'
import { useRequestTransaction } from '../../src/server/use-request-transaction.ts'
import { type Client, openClient } from '../../src/store/client.ts'
import { inRequestTransaction } from '../../src/store/request-transaction.ts'
import { newLog, testDatabase } from '../database.ts'

const database = testDatabase({ isOwn: true })
const environment = readEnvironment({
  CROSSRUN_POOL_SIZE: '2',
  CROSSRUN_POOL_WAIT_MS: '20000',
  CROSSRUN_STATEMENT_TIMEOUT_MS: '30000',
})
const hurried = { ...environment, CROSSRUN_REQUEST_TIMEOUT_MS: 700 }

let client: Client
let afterSleep = 0
const closers: (() => Promise<unknown>)[] = []
/** Addresses of servers whose one question takes long: with the usual limits, and with a short one for the whole request. */
const urls = { usual: '', hurried: '' }

const resolvers = {
  Query: {
    sleep: async (_root: unknown, { seconds }: { seconds: number }, { db }: ServerContext) => {
      await sql`select pg_sleep(${seconds})::text as slept`.execute(db!)
      afterSleep += 1
      return seconds
    },
    naps: async (_root: unknown, { seconds, times }: { seconds: number; times: number }, { db }: ServerContext) => {
      for (let nap = 0; nap < times; nap++) await sql`select pg_sleep(${seconds})::text as slept`.execute(db!)
      return times
    },
    /** Never asks the database, and never answers. */
    stuck: () => new Promise(() => undefined),
    pid: async (_root: unknown, _: object, { db }: ServerContext) =>
      (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db!)).rows[0]!.pid,
  },
  Mutation: {
    addAndSleep: async (_root: unknown, { seconds }: { seconds: number }, { tx, db }: ServerContext) => {
      const id = '00000000-0000-5000-8000-0000000000aa'
      await tx!.agent.create({ data: { id, organizationId: database.organizationId, name: 'half done' } })
      await sql`select pg_sleep(${seconds})::text as slept`.execute(db!)
      return seconds
    },
  },
}

beforeAll(async () => {
  client = openClient(database.url, environment)
  for (const [name, limits] of Object.entries({ usual: environment, hurried })) {
    const yoga = createYoga<object, ServerContext>({
      schema: createSchema({
        typeDefs: `type Query { sleep(seconds: Float!): Float naps(seconds: Float!, times: Int!): Int stuck: Int pid: Int }
          type Mutation { addAndSleep(seconds: Float!): Float }`,
        resolvers,
      }),
      context: ({ request }) => newContext(request, openViewer(database.organizationId)),
      logging: false,
      plugins: [
        useRequestTransaction({ prisma: client.prisma, organizationCondition: true, environment: limits }),
        useErrors(pino({ level: 'silent' })),
      ],
    })
    const server = createServer(yoga)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    urls[name as keyof typeof urls] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
    closers.push(() => new Promise((resolve) => server.close(resolve)))
  }
})

afterAll(async () => {
  for (const close of closers) await close()
  await client.close()
})

async function ask(query: string, { url = urls.usual, signal }: { url?: string; signal?: AbortSignal } = {}) {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query }),
    ...(signal ? { signal } : {}),
  })
  return { status: response.status, ...(await response.json()) }
}

/** What the pool's connections run, and those that are left within a transaction. */
const sleeping = () =>
  database.sql(`select pid from pg_stat_activity where application_name = 'crossrun serve'
  and datname = current_database() and query ~ 'pg_sleep' and state = 'active'`)
const inTransaction = () =>
  database.sql(`select pid, query from pg_stat_activity where application_name = 'crossrun serve'
  and datname = current_database() and state <> 'idle'`)

/** On an idle machine it is gone within a second; on a busy one still long before it would have ended by itself. */
const SOON_MS = 5_000

/** Milliseconds until it holds. */
async function until(holds: () => Promise<boolean>, limit = 20_000): Promise<number> {
  const started = performance.now()
  while (!(await holds())) {
    if (performance.now() - started > limit) throw new Error('It does not come to hold.')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return performance.now() - started
}

describe('when the client leaves', () => {
  it('its query is soon gone from the database, and nothing more of it is sent', async () => {
    const controller = new AbortController()
    const asked = ask('{ a: sleep(seconds: 30) b: sleep(seconds: 30) }', { signal: controller.signal })
    asked.catch(() => undefined)
    await until(async () => (await sleeping()).length === 1)
    controller.abort()
    expect(await until(async () => (await inTransaction()).length === 0)).toBeLessThan(SOON_MS)
    await expect(asked).rejects.toThrow()
    // The second one would have been sent by now.
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect([await sleeping(), afterSleep]).toEqual([[], 0])
  })

  it('by closing the socket of a half-written answer, too', async () => {
    const body = JSON.stringify({ query: '{ sleep(seconds: 30) }' })
    const headers = { 'content-type': 'application/json', 'content-length': body.length }
    const asked = httpRequest(urls.usual, { method: 'POST', headers })
    asked.on('error', () => undefined)
    asked.end(body)
    await until(async () => (await sleeping()).length === 1)
    asked.socket!.resetAndDestroy()
    expect(await until(async () => (await inTransaction()).length === 0)).toBeLessThan(SOON_MS)
  })

  it('a mutation leaves nothing written', async () => {
    const controller = new AbortController()
    const asked = ask('mutation { addAndSleep(seconds: 30) }', { signal: controller.signal })
    asked.catch(() => undefined)
    await until(async () => (await sleeping()).length === 1)
    controller.abort()
    await until(async () => (await inTransaction()).length === 0)
    expect(await database.sql('select name from agents')).toEqual([])
  })

  it('a connection is whole for the next: fifty who leave a pool of two leave two', async () => {
    const controllers = Array.from({ length: 50 }, () => new AbortController())
    const asked = controllers.map(({ signal }) => ask('{ sleep(seconds: 30) }', { signal }).catch(() => 'left'))
    await until(async () => (await sleeping()).length === 2)
    for (const controller of controllers) {
      controller.abort()
      // They leave one by one, so that cancels meet queries at every stage of their start and end.
      await new Promise((resolve) => setTimeout(resolve, 3))
    }
    expect(await Promise.all(asked)).toEqual(controllers.map(() => 'left'))
    await until(async () => (await inTransaction()).length === 0)
    // Had a cancel come late, or a connection been lost, some of these would fail or wait for ever.
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('{ naps(seconds: 0.01, times: 5) pid }')))
    expect(answers.filter(({ errors }) => errors)).toEqual([])
    expect(new Set(answers.map(({ data }) => data.pid)).size).toBeLessThanOrEqual(2)
  })

  it('before it gets a connection, it never sends anything', async () => {
    const holding = [ask('{ sleep(seconds: 0.5) }'), ask('{ sleep(seconds: 0.5) }')]
    await until(async () => (await sleeping()).length === 2)
    const before = afterSleep
    const controller = new AbortController()
    const asked = ask('{ sleep(seconds: 0) }', { signal: controller.signal }).catch(() => 'left')
    await new Promise((resolve) => setTimeout(resolve, 50))
    controller.abort()
    await Promise.all([...holding, asked])
    expect((await ask('{ pid }')).errors).toBe(undefined)
    expect(afterSleep - before).toBe(2)
  })
})

describe('when the time of a request is up', () => {
  it('a long statement is ended with it', async () => {
    const { status, errors } = await ask('{ sleep(seconds: 30) }', { url: urls.hurried })
    expect([status, errors[0].extensions.code]).toEqual([504, 'QUERY_TIMEOUT'])
    expect(await until(async () => (await inTransaction()).length === 0)).toBeLessThan(SOON_MS)
  })

  it('so are many short ones', async () => {
    const { errors } = await ask('{ naps(seconds: 0.05, times: 400) }', { url: urls.hurried })
    expect(errors[0].extensions.code).toBe('QUERY_TIMEOUT')
    expect(await until(async () => (await inTransaction()).length === 0)).toBeLessThan(SOON_MS)
  })

  it('so is work that is not the database’s', async () => {
    const { errors } = await ask('{ stuck }', { url: urls.hurried })
    expect(errors[0].extensions.code).toBe('QUERY_TIMEOUT')
    expect((await ask('{ pid }', { url: urls.hurried })).errors).toBe(undefined)
  })

  it('a statement’s own timeout is what is left of it, so that the database ends it without this process', async () => {
    const settings = {
      organizationId: database.organizationId,
      access: 'read' as const,
      maxWaitMs: 5_000,
      statementTimeoutMs: 30_000,
      timeoutMs: 20_000,
    }
    const shown = await inRequestTransaction(client.prisma, settings, newLog(), async ({ db }) => {
      const read = async () =>
        (
          await sql<{
            ms: number
          }>`select setting::int as ms from pg_settings where name = 'statement_timeout'`.execute(db)
        ).rows[0]!.ms
      const first = await read()
      await sql`select pg_sleep(0.3)::text as slept`.execute(db)
      return [first, await read()] as const
    })
    expect(shown[0]).toBeLessThanOrEqual(20_000)
    expect(shown[0]).toBeGreaterThan(15_000)
    expect(shown[0] - shown[1]).toBeGreaterThanOrEqual(290)
  })
})
