import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { readEnvironment } from '../../src/environment.ts'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { openClient } from '../../src/store/client.ts'
import { inRequestTransaction, type RequestSettings } from '../../src/store/request-transaction.ts'
import { newLog, testDatabase } from '../database.ts'

const database = testDatabase()
const settings: RequestSettings = {
  organizationId: database.organizationId,
  access: 'read',
  maxWaitMs: 2_000,
  statementTimeoutMs: 5_000,
}

beforeAll(async () => {
  const organization_id = database.organizationId
  await database.insert('agents', [
    { id: '00000000-0000-5000-8000-000000000001', organization_id, name: 'ours' },
    { id: '00000000-0000-5000-8000-000000000002', organization_id: organizationIdOf('others'), name: 'theirs' },
  ])
})

describe('a request', () => {
  it('is a role that owns nothing, in one organization, in UTC', async () => {
    const [row] = await database.transaction(
      ({ tx }) => tx.$queryRaw<Record<string, unknown>[]>`
      select current_user::text as role, current_setting('transaction_isolation') as isolation, current_setting('TimeZone') as zone,
             current_setting('transaction_read_only') as read_only, (select string_agg(name, ',') from agents) as agents`,
    )
    expect(row).toEqual({
      role: 'crossrun_app',
      isolation: 'repeatable read',
      zone: 'UTC',
      read_only: 'on',
      agents: 'ours',
    })
  })

  it('sees one snapshot, through Prisma and through Kysely', async () => {
    await database.transaction(async ({ tx, db }) => {
      expect(await tx.agent.count()).toBe(1)
      await database.insert('agents', [
        { id: '00000000-0000-5000-8000-000000000003', organization_id: database.organizationId, name: 'late' },
      ])
      expect(await tx.agent.count()).toBe(1)
      expect(await db.selectFrom('agents').select('name').execute()).toEqual([{ name: 'ours' }])
    })
    expect(await database.transaction(({ tx }) => tx.agent.count())).toBe(2)
  })

  it('that reads cannot write', async () => {
    const write = database.transaction(({ tx }) => tx.agent.deleteMany())
    await expect(write).rejects.toMatchObject({ cause: { originalCode: '25006' } })
  })

  it('that writes writes only its organization’s rows', async () => {
    const removed = await inRequestTransaction(database.prisma, { ...settings, access: 'write' }, newLog(), ({ tx }) =>
      tx.agent.deleteMany({ where: { name: 'theirs' } }),
    )
    expect(removed.count).toBe(0)
  })

  it('leaves nothing of itself on the connection', async () => {
    const environment = readEnvironment({ CROSSRUN_POOL_SIZE: '1' })
    const { prisma, close } = openClient(database.url, environment)
    await inRequestTransaction(prisma, settings, newLog(), ({ tx }) => tx.agent.count())
    const [row] = await prisma.$queryRaw<Record<string, unknown>[]>`
      select current_user::text = session_user::text as same, current_setting('app.organization_id', true) as organization`
    expect(row!.same).toBe(true)
    expect(row!.organization || null).toBe(null)
    await close()
  })

  it('keeps exact values on their way through Kysely', async () => {
    await database.transaction(async ({ db }) => {
      const { rows } =
        await sql`select 0.000000000001::numeric as decimal, 9007199254740993::int8 as bigint, '{"a": [1]}'::jsonb as json,
        timestamptz '2025-01-01 01:00+01' as time, array['a', null] as list, '\\x00ff'::bytea as bytes, ${['x,y', '"q"']}::text[] as echoed`.execute(
          db,
        )
      expect(rows).toEqual([
        {
          decimal: '0.000000000001',
          bigint: 9007199254740993n,
          json: { a: [1] },
          time: new Date('2025-01-01T00:00:00Z'),
          list: ['a', null],
          bytes: new Uint8Array([0, 255]),
          echoed: ['x,y', '"q"'],
        },
      ])
    })
  })

  it('fails as a whole with its first cause when a statement fails, even when the work swallows it', async () => {
    const log = newLog()
    const work = inRequestTransaction(database.prisma, settings, log, async ({ tx }) => {
      await tx.$queryRaw`select 1 / 0`.catch(() => undefined)
      await tx.agent.count().catch(() => undefined)
      return 'half an answer'
    })
    await expect(work).rejects.toMatchObject({ cause: { originalCode: '22012' } })
  })

  it('is ended when a statement takes too long', async () => {
    const work = inRequestTransaction(
      database.prisma,
      { ...settings, statementTimeoutMs: 100 },
      newLog(),
      ({ tx }) => tx.$queryRaw`select pg_sleep(5)::text`,
    )
    await expect(work).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' })
  })

  it('is ended when it takes too long in all', async () => {
    const started = Date.now()
    const work = inRequestTransaction(database.prisma, { ...settings, timeoutMs: 400 }, newLog(), async ({ tx }) => {
      for (let again = 0; again < 50; again++) await tx.$queryRaw`select pg_sleep(0.05)::text`
    })
    await expect(work).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' })
    expect(Date.now() - started).toBeLessThan(2_000)
  })

  it('is told to retry when no connection is free in time', async () => {
    const environment = readEnvironment({ CROSSRUN_POOL_SIZE: '1', CROSSRUN_POOL_WAIT_MS: '150' })
    const { prisma, close } = openClient(database.url, environment)
    const impatient = { ...settings, maxWaitMs: 150 }
    const slow = inRequestTransaction(prisma, settings, newLog(), ({ tx }) => tx.$queryRaw`select pg_sleep(1)::text`)
    await new Promise((resolve) => setTimeout(resolve, 50))
    await expect(inRequestTransaction(prisma, impatient, newLog(), async () => 'never')).rejects.toMatchObject({
      code: 'SERVICE_BUSY',
    })
    await slow
    expect(await inRequestTransaction(prisma, impatient, newLog(), async () => 'again')).toBe('again')
    await close()
  })

  it('is told to retry when the database is away', async () => {
    const { prisma, close } = openClient('postgresql://nobody:x@127.0.0.1:1/none', readEnvironment({}))
    await expect(inRequestTransaction(prisma, settings, newLog(), async () => 'never')).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
    })
    await close()
  })
})

describe('the statements of a request', () => {
  it('are sent one after another, however many ask at once', async () => {
    const warnings: string[] = []
    const warn = (warning: Error) => warnings.push(warning.message)
    process.on('warning', warn)
    const log = newLog()
    await database.transaction(
      ({ tx, db }) =>
        Promise.all([
          tx.agent.findMany(),
          tx.run.findMany(),
          db.selectFrom('agents').selectAll().execute(),
          tx.$queryRaw`select 1`,
        ]),
      log,
    )
    await new Promise(setImmediate)
    process.off('warning', warn)
    expect(warnings).toEqual([])
    expect(log.statements).toBe(1 + 4)
  })

  it('are those the server saw', async () => {
    const log = newLog()
    await database.transaction(({ tx }) => tx.agent.findMany({ select: { name: true } }), log)
    expect(log.texts!.at(-1)).toMatch(/^SELECT .* FROM "public"."agents"/)
    expect(log.rows).toBe(1 + 2)
  })
})
