import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { commandLine, makeOrganizations } from './command-line.ts'

const database = testDatabase({ isOwn: true })
const crossrun = commandLine(database)

describe('crossrun bi', () => {
  it('grants a login that reads, lists it, grants a new password, and revokes it', async () => {
    const login = `bi_${Date.now().toString(36)}`
    const grant = ['bi', 'grant', '--read-only-user', login, '--json']
    const first = JSON.parse((await crossrun(...grant)).stdout)
    expect(first).toMatchObject({ user: login, database: new URL(database.url).pathname.slice(1) })
    expect(await read(first.url)).toBe('0')

    const again = JSON.parse((await crossrun(...grant)).stdout)
    expect(again.password).not.toBe(first.password)
    await expect(read(first.url)).rejects.toMatchObject({ code: '28P01' })
    expect(await read(again.url)).toBe('0')

    const { logins } = JSON.parse((await crossrun('bi', 'list', '--json')).stdout)
    expect(logins).toMatchObject([{ login, connections: 0 }])
    await makeOrganizations(database, 'other')
    expect((await crossrun('bi', 'revoke', login, '--organization', 'other')).stderr).toMatch(/There is no login/)
    expect((await crossrun('bi', 'revoke', login)).exitCode).toBe(0)
    await expect(read(again.url)).rejects.toMatchObject({ code: '28P01' })

    const events = await database.sql('select action, details::text from audit_events order by occurred_at')
    expect(events.map(({ action }) => action)).toEqual(['bi-login.granted', 'bi-login.granted', 'bi-login.revoked'])
    expect(JSON.stringify(events)).not.toContain(again.password)
  })

  it('revokes a login that left something behind', async () => {
    const login = `bi_${Date.now().toString(36)}_left`
    const { url } = JSON.parse((await crossrun('bi', 'grant', '--read-only-user', login, '--json')).stdout)
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query('begin read write; alter default privileges grant select on tables to public; commit')
    await client.end()
    const { exitCode, stderr } = await crossrun('bi', 'revoke', login)
    expect([exitCode, stderr]).toEqual([0, ''])
    await expect(read(url)).rejects.toMatchObject({ code: '28P01' })
    expect(await database.sql('select rolname from pg_roles where rolname = $1', [login])).toEqual([])
  })

  it.each([
    ['a name that is no login', ['--read-only-user', 'Robert"; drop table runs']],
    ['the name of a role that is there', ['--read-only-user', 'crossrun_app']],
    ['no number', ['--connections', 'many']],
    ['more connections than there can be', ['--connections', '99999999999']],
    ['a timeout that cannot be kept', ['--statement-timeout', '99999999999']],
    ['an organization that cannot be made', ['--organization', 'Acme Inc']],
  ])('does not grant %s', async (_what, more) => {
    const { exitCode, stderr } = await crossrun('bi', 'grant', ...more)
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('BAD_USER_INPUT')])
  })

  it('says how to connect, tool by tool', async () => {
    const { stdout } = await crossrun('bi', 'grant', '--organization', 'Acme-Inc')
    expect(stdout).toMatch(/User +acme_inc_bi\n/)
    expect(stdout).toMatch(/^jdbc:postgresql:/m)
    expect(stdout).toMatch(/^Driver=\{PostgreSQL Unicode\}/m)
    await crossrun('bi', 'revoke', 'acme_inc_bi', '--organization', 'Acme-Inc')
  })
})

async function read(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query('select count(*) from runs')).rows[0].count
  } finally {
    await client.end()
  }
}
