import { execFileSync, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { newKey } from '../../src/access/secrets.ts'
import { testDatabase } from '../database.ts'
import { type Json, keyOf, type Served, serve } from './served.ts'

const database = testDatabase()
const READ = '{ runs { totalCount } }'
const opened: Served[] = []

async function open(...given: Parameters<typeof serve> extends [unknown, ...infer Rest] ? Rest : never) {
  const server = await serve(database, ...given)
  opened.push(server)
  return server
}

afterEach(async () => {
  for (const server of opened.splice(0)) await server.close()
})

describe('whoever asks too often', () => {
  it('is told when to ask again, and others are not', async () => {
    const [one, other] = [await keyOf(database, ['READ']), await keyOf(database, ['READ'])]
    const server = await open({ CROSSRUN_RATE_LIMIT: '3' })
    for (const remaining of ['2', '1', '0']) {
      const { status, headers } = await server.ask(READ, {}, one)
      expect([status, headers.get('ratelimit-limit'), headers.get('ratelimit-remaining')]).toEqual([
        200,
        '3',
        remaining,
      ])
    }
    const { status, headers, data, error } = await server.ask(READ, {}, one)
    expect([status, data, error.extensions.code]).toEqual([429, undefined, 'RATE_LIMITED'])
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60)
    expect(headers.get('ratelimit-remaining')).toBe('0')
    expect((await server.ask(READ, {}, other)).status).toBe(200)
  })

  it('is known by the address where no key is asked for', async () => {
    const server = await open(
      { CROSSRUN_RATE_LIMIT: '1', CROSSRUN_CLIENT_ADDRESS_HEADER: 'x-forwarded-for' },
      { openness: 'always' },
    )
    const from = async (address: string) => (await server.ask(READ, {}, { 'x-forwarded-for': address })).status
    expect([await from('203.0.113.1'), await from('203.0.113.1'), await from('203.0.113.2')]).toEqual([200, 429, 200])
    // What stands before the last entry is what the client wrote itself.
    expect(await from('198.51.100.7, 203.0.113.1')).toBe(429)
    // Within 64 bits of IPv6 one client has any address it likes.
    expect([await from('2001:db8::1'), await from('2001:db8:0:0:ffff::9'), await from('2001:db8:0:1::1')]).toEqual([
      200, 429, 200,
    ])
    expect([await from('::ffff:203.0.113.9'), await from('203.0.113.9')]).toEqual([200, 429])
  })

  it('is counted for each operation of a list', async () => {
    const key = await keyOf(database, ['READ'])
    const server = await open({ CROSSRUN_RATE_LIMIT: '5' })
    const list = (length: number) => server.post(Array(length).fill({ query: READ }), key)
    expect((await list(4)).headers.get('ratelimit-remaining')).toBe('1')
    const { status, headers, body } = await list(2)
    expect([status, headers.has('retry-after')]).toEqual([429, true])
    expect(body.map(({ errors }: Json) => errors[0].extensions.code)).toEqual(['RATE_LIMITED', 'RATE_LIMITED'])
  })

  it('is not counted at all when the limit is 0', async () => {
    const server = await open({ CROSSRUN_RATE_LIMIT: '0' }, { openness: 'always' })
    const { status, headers } = await server.ask(READ)
    expect([status, headers.get('ratelimit-limit')]).toEqual([200, null])
  })
})

describe('whoever guesses keys', () => {
  const wrong = () => ({ authorization: `Bearer ${newKey().text}` })

  it('is told no more than that it is too often, while right keys of the same address work, known or not', async () => {
    const [used, unused] = [await keyOf(database, ['READ']), await keyOf(database, ['READ'])]
    const server = await open({ CROSSRUN_FAILED_KEYS_LIMIT: '4' })
    expect((await server.ask(READ, {}, used)).status).toBe(200)
    const statuses: number[] = []
    for (let tried = 0; tried < 6; tried += 1) statuses.push((await server.ask(READ, {}, wrong())).status)
    expect(statuses).toEqual([401, 401, 401, 401, 429, 429])
    const { status, error, headers } = await server.ask(READ, {}, wrong())
    expect([status, error.extensions.code, headers.has('retry-after')]).toEqual([429, 'RATE_LIMITED', true])
    expect((await server.ask(READ, {}, used)).status).toBe(200)
    expect((await server.ask(READ, {}, unused)).status).toBe(200)
  })

  it('is counted once for a list of operations, and not when no key is sent', async () => {
    await keyOf(database, ['READ'])
    const server = await open({ CROSSRUN_FAILED_KEYS_LIMIT: '2' })
    await server.post(Array(5).fill({ query: READ }), wrong())
    for (let asked = 0; asked < 4; asked += 1) expect((await server.ask(READ)).status).toBe(401)
    expect([(await server.ask(READ, {}, wrong())).status, (await server.ask(READ, {}, wrong())).status]).toEqual([
      401, 429,
    ])
  })
})

describe('several servers', () => {
  it('count together in PostgreSQL, where only their own login can', async () => {
    const key = await keyOf(database, ['READ'])
    const variables = { CROSSRUN_RATE_LIMIT: '3', CROSSRUN_RATE_LIMIT_STORE: 'postgres' }
    const [one, other] = [await open(variables), await open(variables)]
    const statuses: number[] = []
    for (const server of [one, other, one, other, one]) statuses.push((await server.ask(READ, {}, key)).status)
    expect(statuses).toEqual([200, 200, 200, 429, 429])
    const [row] = await database.sql(`select max(points) as points from x_rate_limits where key like 'operations:%'`)
    expect(row!.points).toBeGreaterThan(3)
    const [{ may }] = (await database.sql(
      `select has_table_privilege('crossrun_app', 'x_rate_limits', 'select, insert, update, delete') as may`,
    )) as [{ may: boolean }]
    expect(may).toBe(false)
  })

  it('count each by itself while the store is away', async () => {
    const key = await keyOf(database, ['READ'])
    const variables = { CROSSRUN_RATE_LIMIT: '2', CROSSRUN_RATE_LIMIT_STORE: 'postgres' }
    const server = await open(variables, { url: 'postgresql://nobody:x@127.0.0.1:1/none' })
    const statuses: number[] = []
    for (let asked = 0; asked < 3; asked += 1) statuses.push((await server.ask(READ, {}, key)).status)
    expect(statuses).toEqual([200, 200, 429])
  })

  it.runIf(hasRedis())('count together in Redis', async () => {
    const port = await freePort()
    const redis = spawn('redis-server', ['--port', String(port), '--save', ''], { stdio: 'ignore' })
    try {
      await sleep(500)
      const key = await keyOf(database, ['READ'])
      const variables = { CROSSRUN_RATE_LIMIT: '3', CROSSRUN_RATE_LIMIT_STORE: `redis://127.0.0.1:${port}` }
      const [one, other] = [await open(variables), await open(variables)]
      await sleep(200)
      const statuses: number[] = []
      for (const server of [one, other, one, other]) statuses.push((await server.ask(READ, {}, key)).status)
      expect(statuses).toEqual([200, 200, 200, 429])
    } finally {
      redis.kill()
    }
  })

  it('count each by itself while Redis is away', async () => {
    const key = await keyOf(database, ['READ'])
    const store = `redis://127.0.0.1:${await freePort()}`
    const server = await open({ CROSSRUN_RATE_LIMIT: '1', CROSSRUN_RATE_LIMIT_STORE: store })
    expect([(await server.ask(READ, {}, key)).status, (await server.ask(READ, {}, key)).status]).toEqual([200, 429])
  })
})

function hasRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
