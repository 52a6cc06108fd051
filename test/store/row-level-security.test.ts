import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { testDatabase } from '../database.ts'
import { isolationBreaches, openings, samplesOf } from './isolation/breaches.ts'
import { hostedDatabase } from './isolation/hosted-database.ts'
import { fillTables, type TenantTable, tenantTables, withinOrganization } from './isolation/tenant-tables.ts'

/** Where no organization is set, whatever stands in its place. */
const NO_ORGANIZATION: [string, string | null][] = [
  ['absent', null],
  ['empty', ''],
  ['blank', ' '],
  ['all zeros', '00000000-0000-0000-0000-000000000000'],
  ['nobody’s', '00000000-0000-5000-8000-00000000000a'],
  ['malformed', 'acme'],
  ['cut off', organizationIdOf('acme').slice(0, -1)],
  ['SQL', "' or true --"],
]

const [acme, globex] = [organizationIdOf('acme'), organizationIdOf('globex')]
const own = testDatabase({ isOwn: true })
const hosted = hostedDatabase()

describe.each([
  ['of a role that bypasses row-level security', own],
  ['of a role without rights, as a hosted one is', hosted],
])('in a database %s', (_owner, database) => {
  let client: pg.Client
  let tables: TenantTable[]

  beforeAll(async () => {
    client = new pg.Client({ connectionString: database.url })
    await client.connect()
    tables = await tenantTables(client)
    for (const organization of [acme, globex]) {
      await fillTables(client, tables, organization)
      await fillSearched(client, organization)
    }
  })
  afterAll(() => client.end())

  it('no organization can see, change, delete, lock, write or take over a row of another, in any table', async () => {
    expect(tables.length).toBeGreaterThan(80)
    expect(await isolationBreaches(client, { ours: acme, theirs: globex })).toEqual([])
  })

  it.each(NO_ORGANIZATION)('an organization that is %s has no rows, and can write none', async (_kind, setting) => {
    const samples = await samplesOf(client, tables, acme)
    const fresh = new pg.Client({ connectionString: database.url })
    await fresh.connect()
    expect(await openings(fresh, setting, tables, samples)).toEqual([])
    await fresh.end()
  })

  it('a search that runs as its owner finds the rows of the organization only, and none without one', async () => {
    expect(Object.keys(SEARCHES)).toEqual(await definers(client))
    for (const [name, sql] of Object.entries(SEARCHES)) {
      const found = async (organization: string | null) =>
        withinOrganization(client, organization, async () => (await client.query(sql)).rows.map((row) => row.found))
      expect([name, await found(acme)]).toEqual([name, ['zebra']])
      expect([name, await found(globex)]).toEqual([name, ['tapir']])
      for (const [kind, setting] of NO_ORGANIZATION) {
        const rows = await found(setting).catch((error: { code: string }) => error.code)
        // invalid_text_representation: what is set is no organization at all.
        expect([name, kind, rows]).toEqual([name, kind, rows === '22P02' ? '22P02' : []])
      }
    }
  })

  it('what forgets words forgets those of the organization only, and none without one', async () => {
    const words = (organization: string) =>
      withinOrganization(client, organization, async () => {
        const { rows } = await client.query(`select word from x_pain_point_words where word = 'stale'`)
        return rows.length
      })
    const note = `insert into x_pain_point_words values ((select crossrun_organization_id()), 'stale', '''stale''', $1)`
    const gone = randomUUID()
    for (const organization of [acme, globex])
      await withinOrganization(client, organization, () => client.query(note, [gone]))
    const forget = () => client.query(`select crossrun_forget_words($1, '{stale}')`, [[gone]])
    for (const [, setting] of NO_ORGANIZATION) await withinOrganization(client, setting, forget).catch(() => undefined)
    expect([await words(acme), await words(globex)]).toEqual([1, 1])
    await withinOrganization(client, acme, forget)
    expect([await words(acme), await words(globex)]).toEqual([0, 1])
  })
})

it('in a hosted database not even the owner of the tables sees rows without an organization', async () => {
  const client = new pg.Client({ connectionString: hosted.url })
  await client.connect()
  for (const { name } of await tenantTables(client)) {
    const { rows } = await client.query(`select count(*)::int as rows from ${name}`)
    expect([name, rows]).toEqual([name, [{ rows: 0 }]])
  }
  await client.end()
})

/** What each function that runs as its owner finds; `zebra` are words of acme, `tapir` those of globex. */
const SEARCHES: Record<string, string> = {
  // What it finds it erases.
  crossrun_erase_in_snapshots: `
    select s.name as found from crossrun_erase_in_snapshots('symptom', 'symptom') as f
      left join x_result_snapshots as s on s.id = f.id`,
  crossrun_known_stems: `select btrim(stem, '''') as found from crossrun_known_stems(array['''zebra''', '''tapir'''])`,
  crossrun_resembling_words: `select word as found from crossrun_resembling_words(array['zebraa', 'tapirr'])`,
  crossrun_search_pain_points: `
    select split_part(p.description, ' ', 1) as found
    from crossrun_search_pain_points('[{"words": "x", "phrase": "both", "stems": "both", "meant": "both", "looked": "both", "wanted": "both", "likes": []}]') as f
      -- Whose row it is, whoever may look.
      left join pain_points as p on p.id = f.id`,
  crossrun_similar_issues: `
    select r.issue_name as found from crossrun_similar_issues('symptom') as f left join issue_resolutions as r on r.id = f.id`,
  crossrun_words_in_use: `select word as found from crossrun_words_in_use(array['tapir', 'zebra'])`,
}

async function fillSearched(client: pg.Client, organization: string) {
  const word = organization === acme ? 'zebra' : 'tapir'
  await withinOrganization(client, organization, async () => {
    await client.query(
      `insert into pain_points (id, organization_id, origin, description, theme, position)
       values ($1, $2, 'PROSPECT', $3, '', 1)`,
      [randomUUID(), organization, `${word} both`],
    )
    const snapshot = randomUUID()
    await client.query(
      `insert into x_snapshot_rows values ((select crossrun_organization_id()), $1, 1, '{"c1": "a symptom"}')`,
      [snapshot],
    )
    await client.query(
      `insert into x_result_snapshots (organization_id, id, name, source, column_list, row_count, content_sha256, created_at, created_by)
       values ((select crossrun_organization_id()), $1, $2, '{}', '[]', 1, '', now(), 'a test')`,
      [snapshot, word],
    )
    await client.query(
      `update issue_resolutions set issue_name = $1, lesson_learned = 'symptom' where organization_id = $2`,
      [word, organization],
    )
  })
}

/** The functions that run as their owner, whatever schema they are in. */
async function definers(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    select p.proname::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema') order by 1`)
  return rows.map(({ name }) => name)
}
