import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { revokeLogin } from '../../src/access/bi-logins.ts'
import { viewsOf } from '../../src/analytics/views.ts'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { testDatabase } from '../database.ts'
import { biLogin } from './bi-login.ts'

const database = testDatabase({ isOwn: true })
const other = organizationIdOf('other')
let bi: pg.Client
let login: string

beforeAll(async () => {
  for (const [organization, name] of [
    [database.organizationId, 'own'],
    [other, 'foreign'],
  ] as const) {
    await database.sql(`insert into organizations (id, slug, name) values ($1, $2, $2)`, [organization, name])
    await database.sql(`insert into pipelines (id, organization_id, name) values (gen_random_uuid(), $1, 'playbook')`, [
      organization,
    ])
    await database.sql(
      `insert into runs (id, organization_id, pipeline_id, external_id, status, record_sha256)
       select gen_random_uuid(), $1, id, $2 || '-' || n, 'COMPLETED', '' from pipelines, generate_series(1, 3) as n where organization_id = $1`,
      [organization, name],
    )
  }
  ;({ bi, login } = await biLogin(database.url))
})

afterAll(() => bi?.end())

const runs = async () =>
  (await bi.query('select external_id from analytics.runs order by 1')).rows.map((row) => row.external_id)
const OWN = ['own-1', 'own-2', 'own-3']

describe('a login of a BI tool', () => {
  it('reads the rows of its organization, without naming the schema too', async () => {
    expect(await runs()).toEqual(OWN)
    expect((await bi.query('select count(*)::int as n from runs')).rows).toEqual([{ n: 3 }])
  })

  it('sees in no view a row of another organization', async () => {
    for (const { name } of viewsOf()) {
      const { rows } = await bi.query(`select v::text as row from analytics.${name} as v`)
      expect(
        rows.filter(({ row }) => row.includes('foreign')),
        name,
      ).toEqual([])
    }
  })

  it('would see them if the policy of the views were another', async () => {
    await database.sql('alter policy shown on runs using (true)')
    expect(await runs()).toHaveLength(6)
    await database.sql(
      'alter policy shown on runs using (organization_id = (select l.organization_id from x_bi_logins as l where l.login = current_user))',
    )
    expect(await runs()).toEqual(OWN)
  })

  it.each([
    ['another schema', 'select * from public.runs'],
    ['the list of logins', 'select * from public.x_bi_logins'],
    ['keys', 'select * from public.api_keys'],
    ['migrations', 'select * from public._prisma_migrations'],
    ['a function of Crossrun', `select * from public.crossrun_search_pain_points('[]')`],
    ['an organization by a function', 'select public.crossrun_organization_id()'],
    ['passwords', 'select * from pg_authid'],
    ['passwords by their view', 'select * from pg_shadow'],
    ['the role of the API', 'set role crossrun_app'],
    ['the role of the views', 'set role crossrun_analytics'],
    ['the role of the readers', 'set role crossrun_bi'],
    ['the owner', 'set role crossrun'],
    ['the owner as its session', 'set session authorization crossrun'],
    ['more rights', `alter role current_user superuser`],
    ['more rights for its connection', `alter role current_user bypassrls`],
    ['a membership', 'grant crossrun_app to current_user'],
    ['a file, reading it', `select pg_read_file('/etc/passwd')`],
    ['a folder', `select * from pg_ls_dir('/')`],
    ['a file, writing it', `copy (select 1) to '/tmp/crossrun-escape'`],
    ['a program, for its input', `copy (select 1) to program 'cat'`],
    ['a large object', `select lo_create(0)`],
    ['a large object, by its older function', `select lo_creat(-1)`],
    ['a large object with bytes in it', `select lo_from_bytea(0, 'x')`],
    ['a file as a large object', `select lo_import('/etc/passwd')`],
    ['an extension', 'create extension dblink'],
    ['another language', 'create function analytics.f() returns int language c as $$x$$, $$y$$'],
    ['a view over tables', 'create view analytics.mine as select * from public.runs'],
    ['a view, to change it', 'create or replace view analytics.runs as select 1 as id'],
    ['rows, writing them', `insert into analytics.agents (name) values ('x')`],
    ['rows, deleting them', 'delete from analytics.runs'],
    ['a setting of the server', `alter system set log_statement = 'all'`],
    ['the cancellation of others', `select pg_cancel_backend(pid) from pg_stat_activity where usename = 'crossrun'`],
    ['the end of others', `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'crossrun'`],
  ])('is refused %s', async (_what, statement) => {
    for (const mode of ['on', 'off']) {
      await bi.query(`set default_transaction_read_only = ${mode}`)
      await expect(bi.query(statement)).rejects.toMatchObject({
        // Not allowed, not there, or nothing that can be written to.
        code: expect.stringMatching(/^(42501|42P01|3F000|25006|55000|42809|42883|0A000|0LP01|42704|42P16)$/),
      })
    }
  })

  it.each(['postgres', 'template1'])(
    'cannot enter the database %s, where all may make temporary tables',
    async (name) => {
      const address = new URL(database.url)
      const { user, password } = bi
      Object.assign(address, { username: user, password, pathname: `/${name}` })
      const client = new pg.Client({ connectionString: address.href })
      await expect(client.connect()).rejects.toMatchObject({ code: '28000' })
    },
  )

  it.each([
    ['a temporary table', 'create temporary table t (a int)'],
    ['a table', 'create table analytics.t (a int)'],
    ['a table in the other schema', 'create table public.t (a int)'],
    ['a schema', 'create schema mine'],
    ['a function', 'create function analytics.f() returns int language sql as $$ select 1 $$'],
    ['a program', `create temporary table t (a text); copy t from program 'id'`],
  ])('cannot make %s, even when it turns read-only off', async (_what, statement) => {
    await bi.query('set default_transaction_read_only = off')
    await expect(bi.query(statement)).rejects.toMatchObject({ code: '42501' })
  })

  it.each([
    [`set app.organization_id = '${other}'`],
    [`set app.api_key_id = '${other}'`],
    ['set row_security = off'],
    ['set search_path = public, analytics'],
    ['reset role'],
    ['set session_replication_role = replica'],
    ['discard all'],
  ])('sees the same rows after %s', async (statement) => {
    await bi.query(statement).catch(() => undefined)
    const seen = await runs().catch((error: { code: string }) => error.code)
    // Without row security PostgreSQL refuses to answer at all.
    expect(seen === '42501' ? OWN : seen).toEqual(OWN)
    await bi.query('reset all')
  })

  it('does not see through a condition that tells what it is given', async () => {
    const probe = `select external_id from analytics.runs where (case when external_id like 'foreign%' then 1 / (length(external_id) - length(external_id)) else 1 end) = 1 order by 1`
    expect((await bi.query(probe)).rows.map(({ external_id }) => external_id)).toEqual(OWN)
  })

  it('begins with a read-only transaction and limits', async () => {
    await bi.query('reset all')
    const names = [
      'default_transaction_read_only',
      'statement_timeout',
      'idle_in_transaction_session_timeout',
      'search_path',
    ]
    const found: unknown[] = []
    for (const name of names) found.push((await bi.query(`show ${name}`)).rows[0][name])
    expect(found).toEqual(['on', '5min', '1min', 'analytics'])
  })

  it('ends, with its connections, when it is revoked', async () => {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query('begin')
    expect(await revokeLogin(client, login, other)).toBe(false)
    expect(await revokeLogin(client, login, database.organizationId)).toBe(true)
    await client.query('commit')
    await client.end()
    await expect(runs()).rejects.toThrow()
  })
})
