import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { identifiersOf, organizationIdOf } from '../../src/model/identifiers.ts'
import { migrationsFolder } from '../../src/store/migration-files.ts'
import { migrate } from '../../src/store/migrator.ts'
import { hostedDatabase } from './isolation/hosted-database.ts'
import { rows } from './scratch-server.ts'

/** The migrations from here on make something of rows that are there. */
const FIRST_THAT_FILLS = '20261121000500'

const hosted = hostedDatabase({ isMigrated: false })
const organizations = [organizationIdOf('acme'), organizationIdOf('globex')]
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crossrun-migrations-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** The same database for whoever made the server, who sees every row. */
function administratorsUrl(): string {
  const url = new URL(inject('server'))
  url.pathname = new URL(hosted.url).pathname
  return url.href
}

const asAdministrator = (sql: string) => rows(administratorsUrl(), sql)

const notForced = () =>
  asAdministrator(
    `select relname from pg_class where relnamespace = 'public'::regnamespace and relrowsecurity and not relforcerowsecurity`,
  )

it('the owner is bound by row-level security', async () => {
  expect(await rows(hosted.url, 'select rolsuper, rolbypassrls from pg_roles where rolname = current_user')).toEqual([
    { rolsuper: false, rolbypassrls: false },
  ])
})

it('what migrations make of the rows that are there, they make of all rows of all organizations', async () => {
  for (const name of await readdir(migrationsFolder()))
    if (name < FIRST_THAT_FILLS) await cp(join(migrationsFolder(), name), join(folder, name), { recursive: true })
  await migrate(hosted.url, { folder })
  for (const organization of organizations) await fill(organization)
  const before = await asAdministrator('select from pain_points')
  expect([before.length, await rows(hosted.url, 'select from pain_points')]).toEqual([2, []])

  const { applied } = await migrate(hosted.url)
  expect(applied.length).toBeGreaterThan(3)
  for (const organization of organizations) {
    const own = `organization_id = '${organization}'`
    const { of } = identifiersOf(organization)
    expect(await asAdministrator(`select word from x_pain_point_words where ${own} order by word`)).toEqual([
      { word: 'manual' },
      { word: 'reconciliation' },
    ])
    expect(await asAdministrator(`select file_id, record_ids from x_file_records where ${own}`)).toEqual([
      { file_id: of('file'), record_ids: [of('run')] },
    ])
    for (const table of ['x_usage_years', 'x_usage_months', 'x_usage_days_by_year', 'x_usage_days', 'x_usage_hours'])
      expect([table, await asAdministrator(`select calls::int, cost_usd::float8 from ${table} where ${own}`)]).toEqual([
        table,
        [{ calls: 3, cost_usd: 1.5 }],
      ])
    for (const table of ['x_usage_durations', 'x_usage_durations_by_year', 'x_run_months', 'x_run_hours'])
      expect([table, await asAdministrator(`select facts::int from ${table} where ${own}`)]).toEqual([
        table,
        [{ facts: 1 }],
      ])
  }
})

it('afterwards every table is forced, and the owner sees nothing', async () => {
  expect(await notForced()).toEqual([])
  expect(await asAdministrator('select from x_usage_hours')).toHaveLength(2)
  expect(await rows(hosted.url, 'select from x_usage_hours')).toEqual([])
})

it('a migration that fails leaves them forced', async () => {
  await cp(migrationsFolder(), folder, { recursive: true })
  const name = '99999999999999_broken'
  await mkdir(join(folder, name))
  const sql = `
    create table broken (organization_id uuid); call crossrun_protect('broken'); -- the owner's; and its "rows"
    insert into broken select organization_id from runs;
    do $do$ begin assert (select count(*) from broken) = 2, 'it sees the rows; all of them'; raise 'too late'; end $do$;`
  await writeFile(join(folder, name, 'migration.sql'), sql)
  await expect(migrate(hosted.url, { folder })).rejects.toMatchObject({
    code: 'MIGRATION_FAILED',
    message: expect.stringContaining('too late'),
  })
  expect([await notForced(), await rows(hosted.url, `select to_regclass('broken') as broken`)]).toEqual([
    [],
    [{ broken: null }],
  ])
})

/** A run of three calls and a file that it came from, and a pain point. */
async function fill(organizationId: string): Promise<void> {
  const { of } = identifiersOf(organizationId)
  const at = '2026-03-04T05:06:07Z'
  const cell = { organization_id: organizationId, pipeline_id: of('pipeline'), started_at: at, duration_seconds: 4 }
  const file = { organization_id: organizationId, path: 'run.json', sha256: '0'.repeat(64), bytes: 1 }
  const counts = Object.fromEntries(
    ['read', 'inserted', 'updated', 'unchanged', 'quarantined'].map((count) => [`records_${count}`, 0]),
  )
  const client = new pg.Client({ connectionString: administratorsUrl() })
  await client.connect()
  for (const [table, row] of Object.entries({
    runs: { ...cell, id: of('run'), external_id: 'a run', status: 'COMPLETED', record_sha256: '' },
    agent_calls: {
      ...cell,
      id: of('call'),
      run_id: of('run'),
      agent_id: of('agent'),
      position: 0,
      status: 'COMPLETED',
      calls: 3,
      cost_usd: '1.5',
      cost_source: 'REPORTED',
    },
    pain_points: {
      organization_id: organizationId,
      id: of('pain point'),
      origin: 'ACCOUNT_RESEARCH',
      description: 'Manual reconciliation',
      theme: 'other',
      position: 0,
    },
    imported_files: {
      ...file,
      ...counts,
      id: of('file'),
      import_id: of('import'),
      status: 'IMPORTED',
      importer_version: '1',
      options_hash: '',
      imported_at: at,
    },
    artifacts: {
      ...file,
      id: of('artifact'),
      run_id: of('run'),
      position: 0,
      name: 'a run',
      kind: 'JSON',
      pointer: '',
    },
  })) {
    const columns = Object.keys(row)
    const places = columns.map((_, place) => `$${place + 1}`)
    await client.query(`insert into ${table} (${columns.join(', ')}) values (${places.join(', ')})`, Object.values(row))
  }
  await client.end()
}
