import { beforeAll, describe, expect, it } from 'vitest'
import { holdRecords } from '../../../src/importers/import-lock.ts'
import { accountsDump } from '../accounts-fixture.ts'
import { briefing } from '../briefing-fixture.ts'
import { attempt, dump, olderDump, run, task } from '../extraction-fixture.ts'
import { completeRun } from '../playbook-fixture.ts'
import { importWorkspace, type Workspace } from '../workspace.ts'
import { deletionsIn, dumpOf, rowCounts } from './deletions.ts'

const { fresh } = importWorkspace()
let workspace: Workspace
let deletions: ReturnType<typeof deletionsIn>

const articles = [{ url: 'https://news.example/1', title: 'Prices rise', source: 'Daily Ledger', rank: 1 }]
const files: Record<string, unknown> = {
  'playbook.json': completeRun(),
  'other-playbook.json': completeRun({ run_id: 'other', run_timestamp: '2026-02-01T00:00:00Z' }),
  ...briefing('20251020_060230', { data: { 4: { articles }, 6: { articles } } }),
  ...briefing('20251021_060230', { data: { 4: { articles } } }),
  'campaigns.json': { ...dump(), runs: [run(), run({ id: 'run-9' })] },
  'older.json': olderDump(),
  'accounts.json': accountsDump,
}

beforeAll(async () => {
  workspace = await fresh()
  deletions = deletionsIn(workspace.url)
  for (const [name, content] of Object.entries(files)) await workspace.write(name, content)
  await workspace.import()
}, 60_000)

const names = async () =>
  (await workspace.query(`select external_id as name from runs order by 1`)).map(({ name }) => name as string)

/** Rows of any table that name a run that is not there. */
async function orphans() {
  const tables = await workspace.query(
    `select table_name as name from information_schema.columns where column_name = 'run_id' and table_schema = 'public'`,
  )
  const selects = tables.map(
    ({ name }) =>
      `select '${name}' as table, count(*)::int as rows from ${name} t where run_id is not null and not exists (select from runs r where r.id = t.run_id)`,
  )
  return workspace.query(`select * from (${selects.join(' union all ')}) as found where rows > 0`)
}

describe('deleting a run', () => {
  it('takes away what hangs on it, leaves sums right, and importing again brings every row back', async () => {
    const before = await dumpOf(workspace.url)
    const all = await names()
    for (const name of ['11111111-1111-4111-8111-111111111111', '20251020_060230', 'run-1', 'execution-1']) {
      const counted = await rowCounts(workspace.url, 'default')
      const foreseen = await deletions.run(name, { dryRun: true })
      expect(await rowCounts(workspace.url, 'default')).toEqual(counted)
      const done = await deletions.run(name)
      expect({ ...done, dryRun: true }).toEqual(foreseen)
      const left = await rowCounts(workspace.url, 'default')
      const differences = Object.keys(counted).flatMap((table) => {
        const rows = counted[table]! - (left[table] ?? 0)
        return rows === 0 || table.startsWith('x_') || table === 'audit_events' ? [] : [{ table, rows }]
      })
      // A link to the latest run is no row of a run.
      expect(done.tables).toEqual(differences.filter(({ table }) => table !== 'latest_links'))
      expect(await names()).toEqual(all.filter((each) => each !== name))
      expect(await orphans()).toEqual([])
      expect(await deletions.wrongSums()).toEqual([])
      expect((await workspace.import()).records.quarantined).toBe(0)
      expect(await dumpOf(workspace.url)).toEqual(before)
    }
  }, 120_000)

  it('lets several go and come back in any order', async () => {
    const before = await dumpOf(workspace.url)
    for (const name of await names()) await deletions.run(name)
    expect(await names()).toEqual([])
    expect((await workspace.query('select count(*)::int as calls from agent_calls'))[0]).toEqual({ calls: 0 })
    expect(await deletions.wrongSums()).toEqual([])
    await workspace.import()
    expect(await dumpOf(workspace.url)).toEqual(before)
  })

  it('frees the stored bytes that nothing else uses, and no others', async () => {
    const other = await fresh()
    await other.write('a.json', completeRun())
    await other.write('copy/a.json', completeRun())
    await other.write('b.json', completeRun({ run_id: 'b' }))
    await other.import()
    const stored = async () => (await other.query('select sha256 from payloads order by 1')).length
    expect(await stored()).toBe(2)
    const report = await deletionsIn(other.url).run('b')
    expect(report.storedFiles.files).toBe(1)
    expect(await stored()).toBe(1)
    const [chunks] = await other.query(
      'select count(*)::int as rows from payload_chunks c where not exists (select from payloads p where p.id = c.payload_id)',
    )
    expect(chunks).toEqual({ rows: 0 })
  })

  it('leaves the records that a file holds beside it, and lets no stored byte of it be imported again', async () => {
    const other = await fresh()
    await other.write('campaigns.json', {
      ...dump(),
      runs: [run(), run({ id: 'run-9' })],
      tasks: [task(1), task(2, { run_id: 'run-9' })],
      attempts: [attempt('a1'), attempt('a2', { run_id: 'run-9' })],
    })
    await other.import()
    await deletionsIn(other.url).run('run-9')
    const [file] = await other.query('select status::text, payload_id from imported_files')
    expect(file).toEqual({ status: 'NOTED', payload_id: null })
    const [counts] = await other.query(
      `select (select count(*)::int from runs) as runs, (select count(*)::int from campaigns) as campaigns`,
    )
    expect(counts).toEqual({ runs: 1, campaigns: 1 })
  })

  it('says that there is no such run, of another organization too', async () => {
    const [{ id }] = (await workspace.query('select id from runs limit 1')) as [{ id: string }]
    await expect(deletionsIn(workspace.url, 'other').run(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(deletions.run('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('waits for whoever writes records', async () => {
    const [name] = await names()
    let isDeleted = false
    const deleting = await deletions.session((writer) =>
      writer.transaction(async (client) => {
        await holdRecords(client)
        const deletion = deletions.run(name!).then(() => {
          isDeleted = true
        })
        await new Promise((resolve) => setTimeout(resolve, 300))
        expect(isDeleted).toBe(false)
        return { deletion }
      }),
    )
    await deleting.deletion
    expect(await names()).not.toContain(name)
    await workspace.import()
  })

  it('beside imports leaves nothing half', async () => {
    const other = await fresh()
    const beside = deletionsIn(other.url)
    for (let place = 0; place < 10; place++)
      await other.write(`run-${place}.json`, completeRun({ run_id: `run-${place}` }))
    await other.write('campaigns.json', dump())
    await other.import()
    const before = await dumpOf(other.url)
    let isOver = false
    const importing = (async () => {
      for (let round = 0; round < 2; round++) await other.import({ rebuild: true, concurrency: 2 })
      isOver = true
    })()
    for (let place = 0; !isOver; place = (place + 1) % 10)
      await beside
        .run(`run-${place}`)
        .catch((error: { code?: string }) => expect(error.code).toMatch(/NOT_FOUND|22P02/))
    await importing
    expect(await beside.wrongSums()).toEqual([])
    await other.import()
    expect(await dumpOf(other.url)).toEqual(before)
  }, 60_000)
})
