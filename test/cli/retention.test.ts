import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { DEFAULT_IMPORT_OPTIONS } from '../../src/importers/options.ts'
import { reimport } from '../../src/importers/reimport.ts'
import { retain } from '../../src/importers/retention/retain.ts'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { TestDatabase, testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { completeRun } from '../importers/playbook-fixture.ts'
import { commandLine, makeOrganizations } from './command-line.ts'

const DAY = 86_400_000
const NOW = Date.now()
const daysAgo = (days: number) => new Date(NOW - days * DAY).toISOString()
const named = (name: string, days: number) => completeRun({ run_id: name, run_timestamp: daysAgo(days) })

/** Works with a database of its own: what is dropped is gone for every test after it. */
async function withDatabase(work: (database: TestDatabase, run: ReturnType<typeof commandLine>) => Promise<void>) {
  const database = new TestDatabase()
  await database.open()
  try {
    await work(database, commandLine(database))
  } finally {
    await database.close()
  }
}

/** Seven runs, from new to old: two to be kept whole, two to be packed, of the rest one is too young to be dropped. */
const RUNS = { r1: 1, r2: 2, r3: 3, r4: 4, r5: 20, r6: 40, r7: 50 }
const LIMITS = ['--keep-whole', '2', '--compress-until', '4', '--drop-after-days', '30']

async function sevenRuns(database: TestDatabase, run: ReturnType<typeof commandLine>) {
  await importFiles(
    database,
    Object.fromEntries(Object.entries(RUNS).map(([name, days]) => [`${name}.json`, named(name, days)])),
  )
  expect((await run('retention', 'set', 'playbook', ...LIMITS)).exitCode).toBe(0)
}

/** How the file of each run is stored: its encoding, or null when it is not. */
async function encodings(database: TestDatabase): Promise<Record<string, string | null>> {
  const rows = await database.sql(
    `select distinct r.external_id as name, p.encoding from runs r join artifacts a on a.run_id = r.id
     left join payloads p on p.id = a.payload_id order by 1`,
  )
  return Object.fromEntries(rows.map(({ name, encoding }) => [name, encoding]))
}

/** Everything but what retention is about. */
async function telemetry(database: TestDatabase) {
  const tables = ['runs', 'run_phases', 'steps', 'agent_calls', 'run_events', 'playbooks', 'pain_points']
  const all: Record<string, unknown> = {}
  for (const table of tables) all[table] = await database.sql(`select to_jsonb(t) as row from ${table} t order by id`)
  all.artifacts = await database.sql(`select to_jsonb(t) - 'payload_id' as row from artifacts t order by id`)
  all.imported_files = await database.sql(`select to_jsonb(t) - 'payload_id' as row from imported_files t order by id`)
  return all
}

const storedBytes = async (database: TestDatabase) =>
  Number((await database.sql('select coalesce(sum(octet_length(content)), 0) as bytes from payload_chunks'))[0]!.bytes)

const report = async (run: ReturnType<typeof commandLine>, ...argv: string[]) =>
  JSON.parse((await run('retention', '--json', ...argv)).stdout)

describe('crossrun retention', () => {
  it('keeps the newest runs whole, packs the next, and drops old ones behind them', () =>
    withDatabase(async (database, run) => {
      await sevenRuns(database, run)
      const before = { telemetry: await telemetry(database), bytes: await storedBytes(database) }
      const done = await report(run)
      expect(await encodings(database)).toEqual({
        r1: 'gzip',
        r2: 'gzip',
        r3: 'brotli',
        r4: 'brotli',
        r5: 'brotli',
        r6: null,
        r7: null,
      })
      expect(await telemetry(database)).toEqual(before.telemetry)
      expect(done.pipelines).toMatchObject([
        {
          pipeline: 'playbook',
          runs: { whole: 2, compressed: 3, dropped: 2 },
          payloads: { kept: 2, compressed: 3, dropped: 2 },
        },
      ])
      expect(done.bytesFreed).toBe(before.bytes - (await storedBytes(database)))
      expect(Number((await database.sql('select sum(stored_bytes) as bytes from payloads'))[0]!.bytes)).toBe(
        await storedBytes(database),
      )
      expect(
        (await database.sql('select count(*)::int as dangling from imported_files where payload_id is null'))[0],
      ).toEqual({
        dangling: 2,
      })
    }))

  it('changes nothing a second time', () =>
    withDatabase(async (database, run) => {
      await sevenRuns(database, run)
      await run('retention')
      const rows = () =>
        database.sql(
          'select p.xmin::text, p.*, md5(c.content) from payloads p join payload_chunks c on c.payload_id = p.id order by p.id',
        )
      const before = await rows()
      expect(await report(run)).toMatchObject({
        bytesFreed: 0,
        pipelines: [{ payloads: { kept: 5, compressed: 0, dropped: 0 } }],
      })
      expect(await rows()).toEqual(before)
    }))

  it('foresees in a dry run what it then does, and changes nothing', () =>
    withDatabase(async (database, run) => {
      await sevenRuns(database, run)
      const before = await encodings(database)
      const foreseen = await report(run, '--dry-run')
      expect(await encodings(database)).toEqual(before)
      const done = await report(run)
      expect(foreseen).toEqual({ ...done, dryRun: true })
      expect((await run('retention', '--dry-run')).stdout).toMatch(/Would free 0 B/)
    }))

  it('leaves packed files readable everywhere, as they were', () =>
    withDatabase(async (database, run) => {
      await sevenRuns(database, run)
      const original = named('r3', RUNS.r3)
      await run('retention')
      const query = `{ run(by: { externalId: "r3" }) { artifacts { phaseNumber payload } replay(fromPhase: 2) { inputs { payload } } } }`
      const { run: shown } = await database.data(query)
      expect(shown.artifacts[1].payload).toEqual(original.phase2_output)
      expect(shown.replay.inputs[0].payload).toEqual(original.phase1_output)
      const { bytes } = await run('artifacts', 'view', 'r3', '1', '--raw')
      const [{ sha256 }] = (await database.sql(
        `select a.sha256 from artifacts a join runs r on r.id = a.run_id where r.external_id = 'r3' limit 1`,
      )) as [{ sha256: string }]
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
      const out = await mkdtemp(join(tmpdir(), 'crossrun-replay-'))
      expect((await run('replay', 'r3', '--from-phase', '2', '--out', out)).exitCode).toBe(0)
      expect(JSON.parse(await readFile(join(out, 'phase1_output.json'), 'utf8'))).toEqual(original.phase1_output)
      await rm(out, { recursive: true })
    }))

  it('lets replay say which payloads are missing', () =>
    withDatabase(async (database, run) => {
      await sevenRuns(database, run)
      await run('retention')
      const { exitCode, stderr } = await run('replay', 'r7', '--from-phase', '3', '--out', '/nowhere')
      expect(exitCode).toBe(1)
      expect(stderr).toMatch(/1 {2}intelligence_gathering\n {2}2 {2}vendor_extraction/)
      expect((await run('artifacts', 'view', 'r7', '1')).stderr).toMatch(/PAYLOAD_NOT_STORED/)
      const { run: shown } = await database.data(
        '{ run(by: { externalId: "r7" }) { artifacts { payload } replay(fromPhase: 2) { possible } } }',
      )
      expect(shown.replay.possible).toBe(false)
      expect(shown.artifacts.every(({ payload }: { payload: unknown }) => payload === null)).toBe(true)
    }))

  it('treats a file that several runs share as the one that needs it most', () =>
    withDatabase(async (database, run) => {
      const shared = { pain_points: [{ description: 'The same in every run' }] }
      const files: Record<string, unknown> = {}
      const days = [1, 2, 3, 40, 50]
      for (const [place, day] of days.entries()) {
        const folder = `runs/2025010${place + 1}_101500`
        files[`${folder}/metadata.json`] = {
          timestamp: daysAgo(day),
          vendor_domain: 'vendor.example',
          prospect_domain: 'prospect.example',
        }
        files[`${folder}/step7_prospect_analysis/pain_points.json`] = day === 3 ? { pain_points: [] } : shared
        if (day >= 40) files[`${folder}/step6_vendor_extraction/offerings.json`] = { offerings: [{ name: 'Core' }] }
      }
      await importFiles(database, files)
      await run('retention', 'set', '*', '--keep-whole', '1', '--compress-until', '3', '--drop-after-days', '30')
      await run('retention')
      const rows = await database.sql(
        `select distinct split_part(a.path, '/', -1) as file, p.encoding from artifacts a left join payloads p on p.id = a.payload_id
         where a.path not like '%metadata.json' order by 1, 2`,
      )
      expect(rows).toEqual([
        { file: 'offerings.json', encoding: null },
        { file: 'pain_points.json', encoding: 'brotli' },
        { file: 'pain_points.json', encoding: 'gzip' },
      ])
    }))

  it('never drops a run whose start is unknown, nor files that are not of runs', () =>
    withDatabase(async (database, run) => {
      await importFiles(database, {
        'new.json': named('new', 1),
        'unknown.json': named('unknown', 50),
        'companies.json': [{ id: 'c1', name: 'Company', domain: 'company.example' }],
      })
      await database.sql(`update runs set started_at = null where external_id = 'unknown'`)
      await run('retention', 'set', '*', '--keep-whole', '0', '--compress-until', '0', '--drop-after-days', '0')
      const done = await report(run)
      expect(await encodings(database)).toEqual({ new: null, unknown: 'brotli' })
      expect(done.records.payloads).toBe(
        (
          await database.sql(
            `select 1 from imported_files where path like '%companies.json' and payload_id is not null`,
          )
        ).length,
      )
    }))

  it('drops what nothing refers to any more, and counts it apart', () =>
    withDatabase(async (database, run) => {
      await importFiles(database, { 'run.json': named('run', 1) })
      const organization_id = database.organizationId
      const id = '00000000-0000-5000-8000-000000000001'
      await database.insert('payloads', [
        { id, organization_id, sha256: 'old', bytes: 3, stored_bytes: 3, encoding: 'identity', created_at: new Date() },
      ])
      await database.insert('payload_chunks', [
        { organization_id, payload_id: id, sequence: 0, content: Buffer.from('old') },
      ])
      expect(await report(run, '--pipeline', 'playbook')).toMatchObject({ orphans: { payloads: 0, bytes: 0 } })
      expect(await report(run)).toMatchObject({ orphans: { payloads: 1, bytes: 3 }, bytesFreed: 3 })
      expect(await database.sql('select 1 from payload_chunks where payload_id = $1', [id])).toEqual([])
    }))

  it('touches only the pipeline that is named, and only its organization', () =>
    withDatabase(async (database, run) => {
      await sevenRuns(database, run)
      expect((await report(run, '--pipeline', 'briefing')).bytesFreed).toBe(0)
      await makeOrganizations(database, 'other')
      expect(await report(run, '--organization', 'other')).toMatchObject({ pipelines: [], bytesFreed: 0 })
      expect((await encodings(database)).r7).toBe('gzip')
      expect((await report(run, '--pipeline', 'playbook')).bytesFreed).toBeGreaterThan(0)
    }))

  it('leaves a stored file that is damaged as it is, and says so', () =>
    withDatabase(async (database, run) => {
      await sevenRuns(database, run)
      await database.sql(
        `update payload_chunks set content = substr(content, 1, 50) where payload_id in
         (select a.payload_id from artifacts a join runs r on r.id = a.run_id where r.external_id = 'r4')`,
      )
      const { exitCode, stdout } = await run('retention', '--json')
      expect(exitCode).toBe(2)
      expect(JSON.parse(stdout).damaged).toHaveLength(1)
      expect((await encodings(database)).r4).toBe('gzip')
    }))
})

describe('an import beside retention', () => {
  it('keeps a payload that it refers to while it is being dropped', () =>
    withDatabase(async (database, run) => {
      await sevenRuns(database, run)
      const [{ payload_id: id }] = (await database.sql(
        `select distinct a.payload_id from artifacts a join runs r on r.id = a.run_id where r.external_id = 'r7'`,
      )) as [{ payload_id: string }]
      // What an import does with a file whose content is known: it finds the payload there, and refers to it.
      const importer = new pg.Client({ connectionString: database.url })
      await importer.connect()
      await importer.query('begin')
      await importer.query(
        `select set_config('role', 'crossrun_app', true), set_config('app.organization_id', '${database.organizationId}', true)`,
      )
      await importer.query(`insert into payloads select * from payloads where id = '${id}' on conflict (id) do nothing`)
      const retaining = run('retention', '--json')
      await new Promise((resolve) => setTimeout(resolve, 1500))
      await importer.query(
        `insert into imported_files select (jsonb_populate_record(f, jsonb_build_object(
           'id', gen_random_uuid(), 'path', '/elsewhere/r7.json', 'payload_id', '${id}'))).*
         from imported_files f where f.path like '%/r7.json'`,
      )
      await importer.query('commit')
      await importer.end()
      expect((await retaining).exitCode).toBe(0)
      expect(await encodings(database)).toMatchObject({ r6: null, r7: 'gzip' })
      expect(await database.sql('select 1 from payload_chunks where payload_id = $1', [id])).toHaveLength(1)
    }))

  it('stores dropped bytes anew when it brings them again', () =>
    withDatabase(async (database, run) => {
      await sevenRuns(database, run)
      await run('retention')
      await importFiles(database, { 'copy/r3.json': named('r3', RUNS.r3), 'copy/r7.json': named('r7', RUNS.r7) })
      const copies = await database.sql(
        `select split_part(f.path, '/', -1) as file, p.encoding, p.stored_bytes::int as stored, sum(octet_length(c.content))::int as bytes
         from imported_files f join payloads p on p.id = f.payload_id join payload_chunks c on c.payload_id = p.id
         where f.path like '%/copy/%' group by 1, 2, 3 order by 1`,
      )
      expect(copies.map(({ file, encoding }) => [file, encoding])).toEqual([
        ['r3.json', 'brotli'],
        ['r7.json', 'gzip'],
      ])
      for (const { stored, bytes } of copies) expect(bytes).toBe(stored)
    }))

  it('meets many at once and leaves every reference with its bytes', () =>
    withDatabase(async (database, run) => {
      await run('retention', 'set', '*', '--keep-whole', '0', '--compress-until', '0', '--drop-after-days', '0')
      const names = Array.from({ length: 12 }, (_, place) => `run-${place}`)
      const files = Object.fromEntries(names.map((name) => [`${name}.json`, named(name, 1)]))
      await importFiles(database, files)
      for (let round = 0; round < 4; round++)
        await Promise.all([
          importFiles(
            database,
            Object.fromEntries(Object.entries(files).map(([name, file]) => [`${round}/${name}`, file])),
          ),
          retain(database.url, { organization: 'default', pipeline: null, dryRun: false }),
        ])
      const [{ dangling }] = (await database.sql(
        `select (select count(*) from artifacts a where a.payload_id is not null and not exists (select from payloads p where p.id = a.payload_id))
              + (select count(*) from imported_files f where f.payload_id is not null and not exists (select from payloads p where p.id = f.payload_id))
              + (select count(*) from payloads p where p.stored_bytes > (select coalesce(sum(octet_length(c.content)), 0) from payload_chunks c where c.payload_id = p.id))
              + (select count(*) from payload_chunks c where not exists (select from payloads p where p.id = c.payload_id)) as dangling`,
      )) as [{ dangling: string }]
      expect(Number(dangling)).toBe(0)
    }))

  it('is the only one at a time', () =>
    withDatabase(async (database, run) => {
      const organizationId = organizationIdOf('default')
      const holder = new pg.Client({ connectionString: database.url })
      await holder.connect()
      await holder.query(`select pg_advisory_lock(hashtextextended('crossrun retention of ' || $1::text, 0))`, [
        organizationId,
      ])
      const { exitCode, stderr } = await run('retention')
      expect([exitCode, /RETENTION_RUNNING/.test(stderr)]).toEqual([1, true])
      expect((await run('retention', '--dry-run')).exitCode).toBe(0)
      await holder.end()
    }))
})

describe('reimport after retention', () => {
  it('leaves out files that are not stored, and what is known of their runs stays', () =>
    withDatabase(async (database, run) => {
      await sevenRuns(database, run)
      await run('retention')
      const before = await telemetry(database)
      const notes: string[] = []
      const summaries = await reimport(database.url, DEFAULT_IMPORT_OPTIONS, { note: (text) => notes.push(text) })
      expect(summaries.map(({ records }) => records.read)).toEqual([5])
      expect(notes).toEqual([expect.stringMatching(/^Left out 2 files .*crossrun retention/)])
      const after = await telemetry(database)
      expect({ ...after, imported_files: [] }).toEqual({ ...before, imported_files: [] })
      expect((await encodings(database)).r3).toBe('brotli')
    }))

  it('leaves out the rest of a run of which some files are gone', () =>
    withDatabase(async (database) => {
      const folder = 'runs/20250101_101500'
      await importFiles(database, {
        [`${folder}/metadata.json`]: {
          timestamp: '2025-01-01T10:15:00Z',
          vendor_domain: 'vendor.example',
          prospect_domain: 'prospect.example',
        },
        [`${folder}/step7_prospect_analysis/pain_points.json`]: { pain_points: [{ description: 'Slow' }] },
      })
      await database.sql(`update artifacts set payload_id = null where path like '%pain_points.json'`)
      await database.sql(`update imported_files set payload_id = null where path like '%pain_points.json'`)
      const notes: string[] = []
      expect(await reimport(database.url, DEFAULT_IMPORT_OPTIONS, { note: (text) => notes.push(text) })).toEqual([])
      expect(notes[0]).toMatch(/Left out 2 files/)
      expect(await database.sql('select description from pain_points')).toEqual([{ description: 'Slow' }])
    }))
})

describe('retention rules', () => {
  const database = testDatabase()
  const run = commandLine(database)

  it('are the default until they are set, and change only in what is said', async () => {
    expect(JSON.parse((await run('retention', 'rules', '--json')).stdout)).toEqual({
      rules: [],
      default: { keepWhole: 10, compressUntil: 100, dropAfterDays: 90 },
    })
    expect((await run('retention', 'rules')).stdout).toMatch(/\* \(default\) +10 +100 {2}90 days/)
    await run('retention', 'set', '*', '--drop-after-days', 'never')
    await run('retention', 'set', 'briefing', '--keep-whole', '5')
    await run('retention', 'set', 'briefing', '--compress-until', '50')
    expect(JSON.parse((await run('retention', 'rules', '--json')).stdout).rules).toEqual([
      { pipeline: '*', keepWhole: 10, compressUntil: 100, dropAfterDays: null },
      { pipeline: 'briefing', keepWhole: 5, compressUntil: 50, dropAfterDays: null },
    ])
    await makeOrganizations(database, 'other')
    expect(JSON.parse((await run('retention', 'rules', '--json', '--organization', 'other')).stdout).rules).toEqual([])
    expect((await run('retention', 'unset', 'briefing')).stdout).toMatch(/Took/)
    for (const more of [[], ['--json']]) {
      const { exitCode, stdout, stderr } = await run('retention', 'unset', 'briefing', ...more)
      expect([exitCode, stdout, stderr]).toEqual([1, '', expect.stringContaining('briefing has no rule')])
    }
  })

  it('are refused when they make no sense, naming the argument', async () => {
    for (const [argument, ...argv] of [
      ['--keep-whole', '--keep-whole', 'ten'],
      ['--drop-after-days', '--drop-after-days', '-1'],
      ['--compress-until', '--keep-whole', '20', '--compress-until', '10'],
      ['--keep-whole', '--keep-whole', '99999999999'],
      ['--keep-whole'],
    ] as const) {
      const { exitCode, stderr } = await run('retention', 'set', 'playbook', ...argv)
      expect([argv, exitCode, stderr.includes(argument)]).toEqual([argv, 1, true])
    }
  })
})

it('packed bytes are brotli, and what the import stores is gzip', () =>
  withDatabase(async (database, run) => {
    await sevenRuns(database, run)
    await run('retention')
    const rows = await database.sql(
      `select p.encoding, p.sha256, c.content from payloads p join payload_chunks c on c.payload_id = p.id`,
    )
    for (const { encoding, sha256, content } of rows) {
      const raw = encoding === 'brotli' ? brotliDecompressSync(content) : gunzipSync(content)
      expect(createHash('sha256').update(raw).digest('hex')).toBe(sha256)
    }
  }))
