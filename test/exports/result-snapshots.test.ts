import pg from 'pg'
import { beforeAll, describe, expect, it } from 'vitest'
import { openViewer } from '../../src/access/viewer.ts'
import { extractionResults } from '../../src/exports/extraction-results.ts'
import type { ResultsOf } from '../../src/exports/find-results.ts'
import { createSnapshot, findSnapshot, listSnapshots, revokeSnapshot } from '../../src/exports/result-snapshots.ts'
import { storedResults } from '../../src/exports/stored-results.ts'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { inRequestTransaction } from '../../src/store/request-transaction.ts'
import { sendOfRequest } from '../../src/store/send.ts'
import { newLog, testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { accountsDump, wideContact } from '../importers/accounts-fixture.ts'
import { deletionsIn } from '../importers/deletion/deletions.ts'
import { attempt, dump, task } from '../importers/extraction-fixture.ts'
import { withinOrganization } from '../store/isolation/tenant-tables.ts'
import { exported, rowsOf } from './exported.ts'

const database = testDatabase()
const maker = { actor: openViewer('').actor }

const HOSTILE = {
  'a.b': 'line\nbreak, "quoted" \\ ☃ null',
  null: null,
  'costs $1': { nested: ['"', '\\', 1.5] },
  '': ' ',
}

/** Imports the same records for an organization; what is extracted can be another. */
const importCampaign = (organization: string, extracted: object = HOSTILE, at = '2026-02-11T10:00:00.000Z') =>
  importFiles(
    database,
    {
      'campaign.json': {
        ...dump(),
        tasks: [
          task(1),
          task(2, {
            extracted_data: { ...extracted, price: 'Ask Zebulonia Quackenbush' },
            updated_at: at,
          }),
        ],
        attempts: [
          attempt('attempt-1', { cost: '0.000000000001' }),
          attempt('attempt-2', { task_id: 'task-2', cost: null, model: null }),
        ],
      },
    },
    organization,
  )

function within(organization: string) {
  const organizationId = organizationIdOf(organization)
  const scope = { organizationId }
  const settings = { organizationId, maxWaitMs: 5_000, statementTimeoutMs: 30_000 }
  const transact = <T>(access: 'read' | 'write', work: Parameters<typeof inRequestTransaction<T>>[3]) =>
    inRequestTransaction(database.prisma, { ...settings, access }, newLog(), work)
  return {
    make: (of: ResultsOf, fields: string[] | null = null) =>
      transact('write', ({ db }) => createSnapshot(db, scope, { of, fields, expiresAt: null }, maker)),
    list: () => transact('read', ({ db }) => listSnapshots(sendOfRequest(db))),
    revoke: (id: string) => transact('write', ({ db }) => revokeSnapshot(sendOfRequest(db), id, maker)),
    live: async (of: ResultsOf, format: 'csv' | 'jsonl' = 'csv') => {
      const source = await transact('read', ({ db }) => extractionResults(db, scope, of))
      return (await exported(database.url, organizationId, source, format)).toString()
    },
    kept: async (id: string, format: 'csv' | 'jsonl' = 'csv') => {
      const stored = await transact('read', ({ db }) => findSnapshot(sendOfRequest(db), id))
      return (await exported(database.url, organizationId, storedResults(stored!, scope), format)).toString()
    },
  }
}

const LATER = '2026-02-12T10:00:00.000Z'
const RUN: ResultsOf = { run: 'run-1' }

beforeAll(async () => {
  for (const organization of ['default', 'acme', 'globex', 'people']) await importCampaign(organization)
})

describe('a snapshot of results', () => {
  const ours = within('default')

  it('is byte for byte what the export of the run was when it was made', async () => {
    const { snapshot } = await ours.make(RUN)
    for (const format of ['csv', 'jsonl'] as const)
      expect(await ours.kept(snapshot.id, format)).toBe(await ours.live(RUN, format))
    expect(snapshot).toMatchObject({ name: 'run-1', rowCount: 2, erasedAt: null, createdBy: 'without a key' })
    const rows = rowsOf(Buffer.from(await ours.kept(snapshot.id)))
    expect(rows.map(({ cost_usd }) => cost_usd)).toEqual(['0.000000000001', '0.299999999999'])
    expect(rows[1]).toMatchObject({ 'a.b': HOSTILE['a.b'], field: ' ', 'costs $1': '{"nested":["\\"","\\\\",1.5]}' })
    const chosen = await ours.make(RUN, ['seats', 'price'])
    expect(chosen.snapshot.columns.slice(17, 21).map(({ name }) => name)).toEqual([
      'seats',
      'seats_truth',
      'seats_match',
      'price',
    ])
  })

  it('has a hash that tells contents apart', async () => {
    const [one, other, fewer] = [await ours.make(RUN), await ours.make(RUN), await ours.make(RUN, ['price'])]
    expect(one.snapshot.contentSha256).toMatch(/^[0-9a-f]{64}$/)
    expect(other.snapshot.contentSha256).toBe(one.snapshot.contentSha256)
    expect(fewer.snapshot.contentSha256).not.toBe(one.snapshot.contentSha256)
  })

  it('stays as it is when the run is imported anew, changed, or deleted', async () => {
    const { snapshot } = await ours.make(RUN)
    const before = await ours.kept(snapshot.id)
    await importCampaign('default', { seats: 'changed' }, LATER)
    expect(await ours.live(RUN)).not.toBe(before)
    expect(await ours.kept(snapshot.id)).toBe(before)
    await deletionsIn(database.url).run('run-1')
    await expect(ours.live(RUN)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await ours.kept(snapshot.id)).toBe(before)
    expect((await ours.list()).find(({ id }) => id === snapshot.id)).toMatchObject({
      contentSha256: snapshot.contentSha256,
    })
  })

  it('is not made of what does not exist, and leaves nothing behind then', async () => {
    const count = async () => (await database.sql('select count(*)::int from x_snapshot_rows'))[0]!.count
    const before = await count()
    await expect(ours.make({ run: 'nothing' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await count()).toBe(before)
  })
})

describe('whoever serves requests', () => {
  it('cannot change, add to or take from what a snapshot holds', async () => {
    const { make, kept } = within('acme')
    const { snapshot } = await make(RUN)
    const before = await kept(snapshot.id)
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    const attempts: [string, string][] = [
      [`update x_snapshot_rows set cells = '{}'`, '42501'],
      [`update x_result_snapshots set content_sha256 = ''`, '42501'],
      [
        `insert into x_snapshot_rows select organization_id, snapshot_id, place + 100, cells from x_snapshot_rows`,
        '23001',
      ],
      [`delete from x_snapshot_rows`, '23001'],
      [`delete from x_snapshot_rows where place = 1`, '23001'],
      [
        `insert into x_snapshot_rows select organization_id, snapshot_id, place, '{}' from x_snapshot_rows on conflict (organization_id, snapshot_id, place) do update set cells = '{}'`,
        '42501',
      ],
      [
        `merge into x_snapshot_rows r using x_result_snapshots s on s.id = r.snapshot_id when matched then update set cells = '{}'`,
        '42501',
      ],
      [`truncate x_snapshot_rows`, '42501'],
      [`alter table x_snapshot_rows disable trigger all`, '42501'],
    ]
    for (const [statement, code] of attempts) {
      const tried = withinOrganization(client, organizationIdOf('acme'), () => client.query(statement))
      await expect(tried, statement).rejects.toMatchObject({ code })
    }
    await client.end()
    expect(await kept(snapshot.id)).toBe(before)
  })
})

describe('snapshots', () => {
  it('are listed newest first, of one organization', async () => {
    const { make, list } = within('globex')
    const made = [await make(RUN), await make(RUN)]
    expect((await list()).map(({ id }) => id)).toEqual(made.map(({ snapshot }) => snapshot.id).reverse())
    expect(JSON.stringify(await list())).not.toMatch(/salt|secret/i)
    expect(await within('nobody').list()).toEqual([])
  })

  it('are revoked once, by an id or its beginning, and only by whose they are', async () => {
    const { make, revoke } = within('globex')
    const { snapshot } = await make(RUN)
    await expect(within('acme').revoke(snapshot.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(revoke('zz')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    expect(await revoke(snapshot.id.slice(0, 13))).toMatchObject({ id: snapshot.id, revokedAt: expect.any(Date) })
    await expect(revoke(snapshot.id)).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('go with their organization, and another’s stay', async () => {
    const counts = async (organization: string) =>
      (
        await database.sql(
          `select (select count(*)::int from x_result_snapshots where organization_id = $1) as snapshots,
                  (select count(*)::int from x_snapshot_rows where organization_id = $1) as rows,
                  (select count(*)::int from x_result_permalinks where organization_id = $1) as links`,
          [organizationIdOf(organization)],
        )
      )[0]
    await within('globex').make(RUN)
    const others = await counts('acme')
    expect(others!.rows).toBeGreaterThan(0)
    await deletionsIn(database.url, 'globex').organization()
    expect([await counts('globex'), await counts('acme')]).toEqual([{ snapshots: 0, rows: 0, links: 0 }, others])
  })
})

describe('erasing a person', () => {
  const ours = within('people')
  const PERSON = {
    ...wideContact,
    first_name: 'Zebulonia',
    last_name: 'Quackenbush',
    email: 'Zeb"ulonia@prospect.example',
  }

  it('takes what says who they are out of every snapshot, and says when', async () => {
    await importFiles(database, { 'accounts.json': { ...accountsDump, contacts: [PERSON] } }, 'people')
    const team = { lead: 'ZEBULONIA QUACKENBUSH', mail: 'zeb"ulonia@PROSPECT.example' }
    await importCampaign('people', { team, note: 'x' }, LATER)
    const { snapshot } = await ours.make(RUN)
    const untouched = await ours.make(RUN, ['seats'])
    const foreign = await within('acme').make(RUN)
    const before = await ours.kept(snapshot.id)
    expect(before).toMatch(/zebulonia quackenbush/i)
    const deletions = deletionsIn(database.url, 'people')
    await deletions.erase({ text: PERSON.email }, { dryRun: true })
    expect(await ours.kept(snapshot.id)).toBe(before)

    const { tables } = await deletions.erase({ text: PERSON.email })
    expect(tables).toContainEqual({ table: 'x_snapshot_rows', rows: 1 })
    const after = await ours.kept(snapshot.id)
    expect(after).not.toMatch(/zebulonia|quackenbush/i)
    const [, row] = rowsOf(Buffer.from(after))
    expect(row).toMatchObject({ price: 'Ask [erased]', team: '{"lead":"[erased]","mail":"[erased]"}', note: 'x' })
    // All else is as it was.
    expect(after).toBe(before.replaceAll(/zebulonia quackenbush|zeb\\""ulonia@prospect.example/gi, '[erased]'))
    const list = await ours.list()
    const [erased, same] = [snapshot.id, untouched.snapshot.id].map((id) => list.find((each) => each.id === id)!)
    expect(erased).toMatchObject({ erasedAt: expect.any(Date), rowCount: 2 })
    expect(erased!.contentSha256).not.toBe(snapshot.contentSha256)
    expect(same).toMatchObject({ erasedAt: null, contentSha256: untouched.snapshot.contentSha256 })
    expect(await within('acme').kept(foreign.snapshot.id)).toMatch(/zebulonia quackenbush/i)
  })

  it('fails a snapshot that is being made of what was there before', async () => {
    await importFiles(
      database,
      {
        'more.json': {
          ...accountsDump,
          contacts: [{ ...PERSON, id: 'contact-9', email: 'other@prospect.example', last_name: 'Lagerlöf' }],
        },
      },
      'people',
    )
    await importCampaign('people', { lead: 'Zebulonia Lagerlöf' }, '2026-02-13T10:00:00.000Z')
    expect(await ours.live(RUN)).toContain('Lagerlöf')
    const organizationId = organizationIdOf('people')
    const making = inRequestTransaction(
      database.prisma,
      { organizationId, access: 'write', maxWaitMs: 5_000, statementTimeoutMs: 30_000 },
      newLog(),
      async ({ db }) => {
        // The transaction sees the rows as they are from here on.
        await sendOfRequest(db)('select 1')
        await deletionsIn(database.url, 'people').erase({ text: 'other@prospect.example' })
        return createSnapshot(db, { organizationId }, { of: RUN, expiresAt: null }, maker)
      },
    )
    await expect(making).rejects.toMatchObject({ code: 'CONFLICT' })
    const { snapshot } = await ours.make(RUN)
    expect(await ours.kept(snapshot.id)).not.toContain('Lagerlöf')
  })
})
