import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { DEFAULT_IMPORT_OPTIONS } from '../../src/importers/options.ts'
import { reimport } from '../../src/importers/reimport.ts'
import { completeRun } from './playbook-fixture.ts'
import { importWorkspace } from './workspace.ts'

const { fresh } = importWorkspace()

const numbered = (number: number) =>
  completeRun({ run_id: `run-${number}`, run_timestamp: new Date(1.76e12 + number * 1000).toISOString() })

describe('what cannot be read', () => {
  it('is set aside with its code, and never takes good files with it', async () => {
    const workspace = await fresh()
    await workspace.write('a/good.json', numbered(1))
    await workspace.write('a/empty.json', '')
    await workspace.write('a/cut.json', JSON.stringify(numbered(2)).slice(0, 900))
    await workspace.write('a/weather.json', { station: 'EDDB', readings: [1, 2] })
    await workspace.write('a/syntax.json', '{"run_id": nope}')
    await workspace.write('z/good.json', numbered(3))
    const summary = await workspace.import()
    expect(summary.status).toBe('COMPLETED_WITH_REJECTS')
    expect(summary.records).toEqual({ read: 6, inserted: 2, updated: 0, unchanged: 0, quarantined: 4 })
    expect(summary.rejects.map(({ file, code }) => [file.split('/').at(-1), code])).toEqual([
      ['cut.json', 'TRUNCATED'],
      ['empty.json', 'EMPTY'],
      ['syntax.json', 'SYNTAX'],
      ['weather.json', 'UNKNOWN_FORMAT'],
    ])
    const ledger = await workspace.query(
      'select status::text, records_read, records_quarantined from imported_files order by path',
    )
    expect(ledger.map(({ status }) => status)).toEqual([
      'QUARANTINED',
      'QUARANTINED',
      'IMPORTED',
      'QUARANTINED',
      'QUARANTINED',
      'IMPORTED',
    ])
    const stored = await workspace.query(
      'select status::text, records_read, records_inserted, records_quarantined, files_quarantined from imports',
    )
    expect(stored).toEqual([
      {
        status: 'COMPLETED_WITH_REJECTS',
        records_read: 6,
        records_inserted: 2,
        records_quarantined: 4,
        files_quarantined: 4,
      },
    ])
  })

  it('is looked at again next time, and forgotten once it is mended', async () => {
    const workspace = await fresh()
    await workspace.write('run.json', '{"run_id": ')
    expect((await workspace.import()).rejects).toHaveLength(1)
    expect((await workspace.import()).rejects).toHaveLength(1)
    expect(await workspace.query('select code from rejected_records')).toEqual([{ code: 'TRUNCATED' }])
    await workspace.write('run.json', numbered(1))
    expect((await workspace.import()).records).toMatchObject({ inserted: 1, quarantined: 0 })
    expect(await workspace.query('select code from rejected_records')).toEqual([])
  })

  it('keeps text that PostgreSQL refuses, with the characters replaced and a warning that says where', async () => {
    const workspace = await fresh()
    await workspace.write('run.json', JSON.stringify(completeRun({ notes: 'a\u0000b', created_by: 'c\ud800d' })))
    await workspace.write(
      'nan.json',
      JSON.stringify(numbered(1)).replace('"execution_time_seconds":61.5', '"execution_time_seconds":NaN'),
    )
    const summary = await workspace.import()
    expect(summary.records).toMatchObject({ inserted: 2, quarantined: 0 })
    expect(summary.warnings.map(({ code, pointer }) => `${code} ${pointer}`).sort()).toEqual([
      'LONE_SURROGATE /created_by',
      'NOT_A_NUMBER /execution_time_seconds',
      'NUL_CHARACTER /notes',
    ])
    expect(await workspace.query('select notes, created_by, duration_seconds from runs order by external_id')).toEqual([
      { notes: 'a\ufffdb', created_by: 'c\ufffdd', duration_seconds: 61.5 },
      { notes: 'A note', created_by: 'dana', duration_seconds: null },
    ])
  })

  it('stops the import when there is more of it than --max-errors allows', async () => {
    const workspace = await fresh()
    for (let number = 0; number < 40; number++) await workspace.write(`bad-${number}.json`, '{')
    const summary = await workspace.import({ maxErrors: 5 })
    expect(summary.status).toBe('FAILED')
    expect(summary.records.quarantined).toBeLessThan(40)
  })
})

describe('an import that is killed', () => {
  it('leaves whole files only, and the next one completes the rest', async () => {
    const workspace = await fresh()
    for (let number = 0; number < 200; number++)
      await workspace.write(`runs/${String(number).padStart(3, '0')}.json`, numbered(number))
    const script = fileURLToPath(new URL('./import-process.ts', import.meta.url))
    const child = spawn(process.execPath, ['--import', 'tsx', script, workspace.url, workspace.folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    // The process prints a line after each batch it has committed.
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')

    const torn = await workspace.query(
      `select r.id from runs r where (select count(*) from steps s where s.run_id = r.id) <> 16`,
    )
    expect(torn).toEqual([])
    const summary = await workspace.import()
    expect(summary.records).toMatchObject({ read: 200, quarantined: 0, updated: 0 })
    expect(summary.records.inserted + summary.records.unchanged).toBe(200)
    expect(await workspace.query('select count(*)::int as runs from runs')).toEqual([{ runs: 200 }])
  }, 60_000)
})

describe('reimport', () => {
  it('builds the same rows from stored payloads when the files are gone', async () => {
    const workspace = await fresh()
    await workspace.write('runs/a.json', numbered(1))
    await workspace.write('runs/b.json', numbered(2))
    await workspace.write('phase3_output_20251102_005929.json', { pain_points: [{ description: 'Slow' }] })
    await workspace.import()
    const before = await workspace.rows()
    await workspace.remove()
    await workspace.query(`update pain_points set description = 'spoilt'; delete from steps; select 1`)
    const summaries = await reimport(workspace.url, DEFAULT_IMPORT_OPTIONS, {})
    expect(summaries.map(({ records }) => records)).toEqual([
      { read: 3, inserted: 0, updated: 3, unchanged: 0, quarantined: 0 },
    ])
    expect(await workspace.rows()).toEqual(before)
  })
})

it('two organizations with the same files do not see each other', async () => {
  const workspace = await fresh()
  await workspace.write('run.json', completeRun())
  await workspace.import()
  await workspace.write('run.json', completeRun({ notes: 'theirs' }))
  await workspace.import({ organization: 'other' })
  expect(await workspace.query('select notes from runs')).toEqual([{ notes: 'A note' }])
  expect(await workspace.query('select notes from runs', 'other')).toEqual([{ notes: 'theirs' }])
  expect(await workspace.query('select notes from runs', 'third')).toEqual([])
})
