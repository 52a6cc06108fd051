import { afterEach, expect, it } from 'vitest'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { ensureOrganization } from '../../src/store/organizations.ts'
import { sendOfSession } from '../../src/store/send.ts'
import { TenantSession } from '../../src/store/tenant-session.ts'
import { testDatabase } from '../database.ts'

const database = testDatabase()
const sessions: TenantSession[] = []
const open = async (slug = 'default') => {
  const session = await TenantSession.open(database.url, organizationIdOf(slug))
  sessions.push(session)
  return session
}

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()))
})

it('makes an organization once when many bring it at the same moment', async () => {
  const slugs = Array.from({ length: 40 }, (_, number) => `together-${number}`)
  for (const slug of slugs) {
    const together = await Promise.all(Array.from({ length: 6 }, () => open(slug)))
    await Promise.all(
      together.map((session) =>
        session.transaction((client) => ensureOrganization(sendOfSession(client), slug), { durable: false }),
      ),
    )
    await Promise.all(sessions.splice(0).map((session) => session.close()))
  }
  const found = await database.sql(`select slug from organizations where slug like 'together-%'`)
  expect(found).toHaveLength(slugs.length)
})

it('begins work anew when another writer made the same key meanwhile', async () => {
  const [first, second] = [await open(), await open()]
  const insert = `insert into agents (id, organization_id, name)
    select $1, $2, 'twin' where not exists (select from agents where name = 'twin')`
  const idOf = (number: number) => `00000000-0000-4000-8000-00000000000${number}`
  let tries = 0
  let isWaiting = () => {}
  const waiting = new Promise<void>((resolve) => {
    isWaiting = resolve
  })
  let late: Promise<number | null> | undefined
  await first.transaction(async (client) => {
    await client.query(insert, [idOf(1), database.organizationId])
    late = second.retried(async (other) => {
      tries++
      isWaiting()
      return (await other.query(insert, [idOf(2), database.organizationId])).rowCount
    })
    await waiting
    // Not before its statement has met the row: a key that is not committed yet is waited for.
    for (let blocked = false; !blocked; )
      blocked = (
        await database.sql(
          `select count(*) > 0 as blocked from pg_stat_activity where wait_event = 'transactionid' and datname = current_database()`,
        )
      )[0]!.blocked
  })
  expect(await late).toBe(0)
  expect(tries).toBe(2)
})

it('gives up on what is in the way each time', async () => {
  const session = await open()
  let tries = 0
  const refused = session.retried(async (client) => {
    tries++
    await client.query(
      `insert into agents (id, organization_id, name) select gen_random_uuid(), $1, 'same' from generate_series(1, 2)`,
      [database.organizationId],
    )
  })
  await expect(refused).rejects.toMatchObject({ code: '23505' })
  expect(tries).toBe(5)
})
