import pg from 'pg'
import { beforeAll, describe, expect, it } from 'vitest'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { testDatabase } from '../database.ts'

const database = testDatabase({ isOwn: true })
const ROWS = 20_000

/** Words that one of these many rows has: all, one of seven, and so on. */
beforeAll(async () => {
  await database.sql(
    `insert into pain_points (id, organization_id, origin, description, theme, position)
     select gen_random_uuid(), (case when n % 2 = 0 then $1 else $2 end)::uuid, 'PROSPECT', text, text, n
     from (
       select n, concat_ws(' ', 'common', case when n % 7 = 0 then 'seventh' end, case when n % 5000 < 2 then 'seldom' end,
         'word' || n % 997, 'other' || n % 499) as text
       from generate_series(1, ${ROWS}) as n
     ) as t`,
    [database.organizationId, organizationIdOf('others')],
  )
  await database.sql('analyze pain_points')
  await database.sql('analyze x_pain_point_words')
}, 120_000)

/** Runs a statement as a request would; its rows, and how often it and what it calls read indexes, and tables from end to end. */
async function counted(sql: string, values: unknown[]): Promise<{ rows: unknown[]; scans: Record<string, number> }> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    await client.query('begin')
    await client.query(`select set_config('app.organization_id', $1, true), set_config('role', 'crossrun_app', true)`, [
      database.organizationId,
    ])
    const { rows } = await client.query(sql, values)
    const { rows: scans } = await client.query<{ name: string; scans: number }>(
      `select c.relname as name, pg_stat_get_xact_numscans(c.oid)::int as scans from pg_class as c
       where c.relname in ('pain_points', 'x_pain_point_words', 'x_pain_points_stems', 'x_pain_point_words_stem', 'x_pain_point_words_trigram')
         and pg_stat_get_xact_numscans(c.oid) > 0`,
    )
    return { rows, scans: Object.fromEntries(scans.map(({ name, scans }) => [name, scans])) }
  } finally {
    await client.end()
  }
}

const search = (query: string) => [
  JSON.stringify([{ words: 'x', phrase: query, stems: query, meant: query, looked: query, wanted: query, likes: [] }]),
]

describe('as the app role, under row-level security', () => {
  it.each([
    ["'seldom'", 4],
    ["'seldom' & 'common'", 4],
    ["'seventh' & 'word3'", expect.any(Number)],
    ["'seldom' | ('other3' <-> 'nothing')", 4],
    ["'common'", ROWS / 2],
    ["'nothing'", 0],
  ])('a search for %s reads the index of stems', async (query, count) => {
    const { rows, scans } = await counted('select * from crossrun_search_pain_points($1)', search(query))
    expect(rows.length).toEqual(count)
    expect(scans).toEqual({ x_pain_points_stems: 1 })
  })

  it('a look whether a word is there reads no table from end to end', async () => {
    const stems = ["'seldom'", "'common'", "'nothing'", "'word3'"]
    const { rows, scans } = await counted('select * from crossrun_known_stems($1)', [stems])
    expect(rows.map((row) => (row as { stem: string }).stem).sort()).toEqual(["'common'", "'seldom'", "'word3'"])
    expect(scans).toEqual({ x_pain_point_words_stem: expect.any(Number) })
  })

  it('a look for words that resemble one reads the index of their trigrams', async () => {
    const { rows, scans } = await counted('select * from crossrun_resembling_words($1)', [['seldomm']])
    expect(rows).toMatchObject([{ asked: 'seldomm', word: 'seldom', stem: "'seldom'" }])
    expect(scans).toMatchObject({ x_pain_point_words_trigram: 1 })
    expect(scans).not.toHaveProperty('pain_points')
  })

  it('a word is noted once for an organization, however many rows have it', async () => {
    const counts = await database.sql('select count(*)::int as count from x_pain_point_words group by organization_id')
    // common, seventh, seldom, 997 of word… and 499 of other….
    expect(counts).toEqual([{ count: 1499 }, { count: 1499 }])
    await database.sql(`update pain_points set position = position + 1 where position < 100`)
    expect(await database.sql('select count(*)::int as count from x_pain_point_words')).toEqual([{ count: 2998 }])
  })
})
