import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createServer, type Server } from '../../src/server/index.ts'
import { type Client, openClient } from '../../src/store/client.ts'
import { askAs, makeKey } from '../access/asking.ts'
import { testDatabase } from '../database.ts'

const database = testDatabase()
const READ = '{ runs { totalCount } }'
const REVOKE = 'mutation ($id: ID!) { revokeApiKey(id: $id) { id } }'
let client: Client
let server: Server
let url: string
let admin: string

beforeAll(async () => {
  client = openClient(database.url, database.environment)
  const { organizationId, environment } = database
  server = createServer({ prisma: client.prisma, organizationId, environment, logger: pino({ level: 'silent' }) })
  url = (await server.listen({ host: '127.0.0.1', port: 0 })).url
})
afterAll(() => server.close())

describe('an open server', () => {
  it('answers without a key until the first is made, and nobody without one within a second after', async () => {
    const before = await askAs(url, null, READ)
    expect([before.status, before.data]).toEqual([200, { runs: { totalCount: 0 } }])
    admin = (await makeKey(url, null, ['ADMIN'])).text
    await sleep(1_000)
    const after = await askAs(url, null, READ)
    expect([after.status, after.code, after.data]).toEqual([401, 'UNAUTHENTICATED', undefined])
    expect(after.headers.get('www-authenticate')).toBe('Bearer')
    expect(Object.keys(after.errors![0]!.extensions).sort()).toEqual(['code', 'hint'])
    expect((await askAs(url, admin, READ)).status).toBe(200)
  })

  it('stays closed when the last key is gone', async () => {
    const other = database.newServer()
    await database.sql('create temporary table kept as select * from api_keys')
    await database.sql('delete from api_keys')
    expect((await askAs(other, null, READ)).code).toBe('UNAUTHENTICATED')
    await database.sql('insert into api_keys select * from kept')
  })

  it('that is to stay open answers without a key, and still refuses a wrong one', async () => {
    const open = database.newServer({ openness: 'always' })
    expect((await askAs(open, null, READ)).status).toBe(200)
    expect((await askAs(open, `crossrun_${'0'.repeat(32)}_${'0'.repeat(64)}`, READ)).status).toBe(401)
  })
})

describe('a key', () => {
  it('that is revoked lets nobody in a second later, over a connection that is open', async () => {
    const { id, text } = await makeKey(url, admin, ['READ'])
    expect((await askAs(url, text, READ)).status).toBe(200)
    expect((await askAs(url, admin, REVOKE, { id })).errors).toBe(undefined)
    await sleep(1_000)
    const reply = await askAs(url, text, READ)
    expect([reply.status, reply.code, reply.errors![0]!.message]).toEqual([
      401,
      'UNAUTHENTICATED',
      'The key was revoked.',
    ])
  })

  it('that has expired lets nobody in', async () => {
    const { id, text } = await makeKey(url, admin, ['READ'], { expiresAt: '2099-01-01T00:00:00Z' })
    expect((await askAs(url, text, READ)).status).toBe(200)
    await database.sql(`update api_keys set expires_at = now() - interval '1 second' where id = $1`, [id])
    await sleep(1_000)
    const reply = await askAs(url, text, READ)
    expect([reply.status, reply.errors![0]!.message]).toEqual([401, 'The key has expired.'])
  })

  it('is all of its text, and of one key', async () => {
    const [one, other] = [await makeKey(url, admin, ['READ']), await makeKey(url, admin, ['READ'])]
    const [, id, secret] = one.text.split('_') as [string, string, string]
    const [, otherId] = other.text.split('_') as [string, string]
    const flipped = `${secret.slice(0, -1)}${secret.endsWith('0') ? '1' : '0'}`
    const wrong = [
      `crossrun_${id}_${flipped}`,
      `crossrun_${id}_${secret.slice(0, -1)}`,
      `crossrun_${id}_${secret}0`,
      `crossrun_${id}_`,
      `crossrun_${otherId}_${secret}`,
      `crossrun_${id}_${secret.toUpperCase()}`,
      `crossrun_${'f'.repeat(32)}_${secret}`,
      'crossrun_',
      'crossrun_%00',
    ]
    for (const text of wrong) {
      const reply = await askAs(url, text, READ)
      // Neither the status nor the message tells which part is wrong.
      expect([text, reply.status, reply.errors]).toMatchObject([text, 401, [{ message: 'The key is not valid.' }]])
    }
    expect((await askAs(url, one.text, READ)).status).toBe(200)
  })

  it.each([
    ['Basic YTpi', 401],
    ['Bearer', 401],
    ['Bearer  ', 401],
    ['not a key', 401],
    ['Bearer some.other.token', 401],
  ])('does not come as %j', async (authorization, status) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query: READ }),
    })
    expect(response.status).toBe(status)
  })

  it('tells when it was used last, to the minute', async () => {
    const { id, text } = await makeKey(url, admin, ['READ'])
    const lastUsed = async () =>
      (await database.sql('select last_used_at as at from api_keys where id = $1', [id]))[0]!.at as Date | null
    expect(await lastUsed()).toBe(null)
    await askAs(url, text, READ)
    await vi.waitFor(async () => expect(await lastUsed()).not.toBe(null), 5_000)
    const at = (await lastUsed())!
    expect([at.getUTCSeconds(), at.getUTCMilliseconds()]).toEqual([0, 0])
    expect(Math.abs(Date.now() - at.getTime())).toBeLessThan(120_000)
  })

  it('answers its holder though its use cannot be noted', async () => {
    const { id, text } = await makeKey(url, admin, ['READ'])
    const holder = await client.prisma.$transaction(
      async (tx) => {
        await tx.$queryRaw`select 1 from api_keys where id = ${id}::uuid for update`
        const reply = await askAs(url, text, READ)
        await sleep(300)
        return { reply, rows: await tx.$queryRaw`select last_used_at from api_keys where id = ${id}::uuid` }
      },
      { timeout: 20_000 },
    )
    expect(holder.reply.status).toBe(200)
    expect(holder.rows).toEqual([{ last_used_at: null }])
  })
})

describe('whoever may not come in', () => {
  it('does not learn whether the document would have been right', async () => {
    for (const document of ['{ nonsense', '{ noSuchField }', READ]) {
      const reply = await askAs(url, null, document)
      expect([reply.status, reply.errors]).toMatchObject([401, [{ message: 'This server asks for a key.' }]])
    }
  })
})
