import pg from 'pg'
import { beforeAll, describe, expect, it } from 'vitest'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { testDatabase } from '../database.ts'
import { addPainPoints } from './pain-point-rows.ts'

const database = testDatabase()

/** Named by a word that no other has, so that expectations can be read. */
const PAIN_POINTS = [
  'No proof of ROI for gifting spend',
  'Difficulty proving ROI to stakeholders',
  'Needs ROI proof before any purchase',
  'Return on investment cannot be proved',
  'The ROI is unclear',
  'Investment in tools without return',
  'Manual data-entry across sales/marketing tools',
  'Résumé screening is slow, naïve and costly',
  'Сложно доказать окупаемость вложений',
  'Keine Daten über Kunden',
  'IT has no budget',
  'Tracking attribution of campaigns',
  'Campaign attribution is guesswork',
  'Data silos <b>everywhere</b> & nowhere',
]

beforeAll(async () => {
  await addPainPoints(database, PAIN_POINTS)
  await addPainPoints(
    database,
    ['Zylophone stakehalders everywhere', 'ROI proof of others', 'Proof of SECRET'],
    'others',
  )
})

const SEARCH = `query ($search: String, $where: PainPointWhere, $first: Int, $after: String, $last: Int, $before: String, $orderBy: [PainPointOrderBy!]) {
  painPoints(search: $search, where: $where, first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage }
    edges { cursor relevance highlight node { description } }
  }
}`

type Edge = { cursor: string; relevance: number; highlight: string; node: { description: string } }

async function edges(search: string | null, variables: object = {}): Promise<Edge[]> {
  const { painPoints } = await database.data(SEARCH, { search, first: 100, ...variables })
  return painPoints.edges
}

/** By its first two words: enough to tell which. */
const found = async (search: string, variables: object = {}) =>
  (await edges(search, variables)).map(({ node }) => node.description.split(/[\s/]/).slice(0, 2).join(' '))

const sorted = async (search: string) => (await found(search)).sort()

describe('a search of pain points', () => {
  it('finds what has every word by stem or by a synonym, what is written word for word first, synonyms last', async () => {
    expect(await found('ROI proof')).toEqual(['Needs ROI', 'No proof', 'Difficulty proving', 'Return on'])
  })

  it.each([
    ['stems', 'trackings campaign', ['Tracking attribution']],
    ['synonyms in the other direction', 'prove ROI', ['Difficulty proving', 'Needs ROI', 'No proof', 'Return on']],
    ['synonyms by their stem', 'proves roi', ['Difficulty proving', 'Needs ROI', 'No proof', 'Return on']],
    ['a synonym of several words', 'return on investment gifting', ['No proof']],
    ['several words as a synonym only when they stand together', 'roi tools', []],
    ['words of a synonym by themselves', 'investment return', ['Investment in', 'Return on']],
    ['words between signs', 'entry marketing', ['Manual data-entry']],
    ['words joined by signs', 'data-entry', ['Manual data-entry']],
    ['accents', 'resume NAIVE', ['Résumé screening']],
    ['accents the other way', 'slöw', ['Résumé screening']],
    ['accents written as marks of their own', 're\u0301sume\u0301', ['Résumé screening']],
    ['other alphabets', 'ДОКАЗАТЬ вложений', ['Сложно доказать']],
    ['other languages', 'daten über', ['Keine Daten']],
    [
      'nothing more for words that say nothing',
      'the roi is not',
      ['Difficulty proving', 'Needs ROI', 'No proof', 'Return on', 'The ROI'],
    ],
    ['words that say nothing when there is nothing else', 'it', ['IT has']],
    ['phrases', '"data silos"', ['Data silos']],
    ['phrases by stem', '"attributions of campaign"', ['Tracking attribution']],
    ['phrases only in their order', '"attribution campaign"', []],
    ['no synonyms in phrases', '"ROI proof"', ['Needs ROI']],
    ['what is excluded', 'data -silos', ['Manual data-entry']],
    ['excluded phrases', 'attribution -"campaign attribution"', ['Tracking attribution']],
    ['excluded synonyms', 'proof -roi', []],
    ['excluded words that are written with signs', 'tools -data-entry', ['Investment in']],
    ['nothing excluded by a word that nobody has', 'silos -xyzzy', ['Data silos']],
    ['alternatives', 'silos or guesswork', ['Campaign attribution', 'Data silos']],
    ['alternatives of several words', 'data silos or campaigns guesswork', ['Campaign attribution', 'Data silos']],
    ['an alternative that finds nothing', 'silos or xyzzyplugh', ['Data silos']],
    ['misspellings of words that nobody has', 'stakholders', ['Difficulty proving']],
    // "proven" has another stem; of its 7 trigrams and the 7 of "proved" 5 are the same.
    ['words that only resemble, with synonyms', 'proven gifting', ['No proof']],
    ['misspelled words beside others', 'stakholders ROI proof', ['Difficulty proving']],
    [
      'synonyms of what a misspelling stands for',
      'ROI prooof',
      ['Difficulty proving', 'Needs ROI', 'No proof', 'Return on'],
    ],
    ['no misspellings of words that somebody has', 'spend', ['No proof']],
    ['no misspellings in phrases', '"stakholders"', []],
    ['nothing for words that resemble none', 'xyzzyplugh', []],
    ['nothing when one word of several resembles none', 'ROI xyzzyplugh', []],
  ])('knows %s', async (_what, search, expected) => {
    expect(await sorted(search)).toEqual(expected)
  })

  it.each([
    `' ; drop table pain_points; --`,
    `roi' | 'proof`,
    `"' <-> '"roi`,
    'roi:* & !(proof | \\)',
    'roi\\',
    '$1 %s {{x}}',
    "':A*",
  ])('takes %j as words', async (search) => {
    const { errors } = await database.ask(SEARCH, { search })
    expect(errors).toBe(undefined)
    expect(await sorted('silos')).toEqual(['Data silos'])
  })

  it('takes signs around words as nothing', async () => {
    expect(await sorted(`'silos' & (data | :*)!`)).toEqual(['Data silos'])
  })
})

describe('the ranking', () => {
  it('has bands: word for word, stems, synonyms, misspellings', async () => {
    const byStart = new Map(
      (await edges('ROI proof')).map(({ node, relevance }) => [node.description.slice(0, 5), relevance]),
    )
    expect(byStart.get('Needs')).toBeGreaterThanOrEqual(0.75)
    expect(byStart.get('No pr')).toBeGreaterThanOrEqual(0.5)
    expect(byStart.get('No pr')).toBeLessThan(0.75)
    for (const start of ['Diffi', 'Retur']) {
      expect(byStart.get(start)).toBeGreaterThanOrEqual(0.25)
      expect(byStart.get(start)).toBeLessThan(0.5)
    }
    for (const { relevance } of await edges('stakholders')) {
      expect(relevance).toBeGreaterThan(0)
      expect(relevance).toBeLessThan(0.25)
    }
  })

  it('takes words as they are written for more than their stems', async () => {
    expect(await found('campaigns')).toEqual(['Tracking attribution', 'Campaign attribution'])
    expect(await found('campaign')).toEqual(['Campaign attribution', 'Tracking attribution'])
  })

  it('takes a phrase that stands there for more than its words', async () => {
    expect(await found('campaign attribution')).toEqual(['Campaign attribution', 'Tracking attribution'])
  })

  it.each([
    ['near', ['Gimlet so far from a quibble', 'Gimlet and quibble for this once']],
    ['with little beside them', ['Gimlet quibble beside very much else', 'Gimlet quibble']],
  ])('takes words that stand %s for more', async (organization, texts) => {
    await addPainPoints(database, texts, organization)
    const server = database.newServer({ organizationId: organizationIdOf(organization) })
    const { painPoints } = await database.data(SEARCH, { search: 'quibbles gimlets', first: 10 }, server)
    expect(painPoints.edges.map(({ node }: Edge) => node.description)).toEqual([texts[1], texts[0]])
  })

  it('takes what resembles more for more', async () => {
    await addPainPoints(database, ['Forecastle', 'Forecast', 'Foreclose'], 'alike')
    const server = database.newServer({ organizationId: organizationIdOf('alike') })
    const { painPoints } = await database.data(SEARCH, { search: 'forecasst', first: 10 }, server)
    // Trigrams in common: 8 of 11, 7 of 14 and 4 of 16.
    expect(painPoints.edges.map(({ node }: Edge) => node.description)).toEqual(['Forecast', 'Forecastle'])
  })

  it('takes the newer of equals first, then those without a time, then by id', async () => {
    const texts = ['2026-01-02', null, '2026-01-03', null].map((day) => ({
      description: 'Gimlet',
      ...(day && { occurredAt: `${day}T00:00:00Z` }),
    }))
    const ids = await addPainPoints(database, texts, 'equals')
    const server = database.newServer({ organizationId: organizationIdOf('equals') })
    const { painPoints } = await database.data(
      '{ painPoints(search: "gimlet") { nodes { id occurredAt } } }',
      {},
      server,
    )
    const times = painPoints.nodes.map(({ occurredAt }: { occurredAt: string | null }) => occurredAt?.slice(0, 10))
    expect(times).toEqual(['2026-01-03', '2026-01-02', undefined, undefined])
    const untimed = [ids[1]!, ids[3]!].sort().reverse()
    const globalIds = painPoints.nodes.slice(2).map(({ id }: { id: string }) => Buffer.from(id, 'base64').toString())
    expect(globalIds.map((id: string) => id.slice(-36))).toEqual(untimed)
  })
})

describe('pages of a search', () => {
  it.each([1, 2, 3])('of %i are the whole, from either end', async (size) => {
    const whole = (await edges('ROI or data or attribution')).map(({ node }) => node.description)
    expect(whole.length).toBe(9)
    const forth: string[] = []
    for (let after: string | null = null; ; ) {
      const { painPoints } = await database.data(SEARCH, { search: 'ROI or data or attribution', first: size, after })
      expect(painPoints.totalCount).toBe(9)
      forth.push(...painPoints.edges.map(({ node }: Edge) => node.description))
      if (!painPoints.pageInfo.hasNextPage) break
      after = painPoints.edges.at(-1).cursor
    }
    expect(forth).toEqual(whole)
    const back: string[] = []
    for (let before: string | null = null; ; ) {
      const { painPoints } = await database.data(SEARCH, { search: 'ROI or data or attribution', last: size, before })
      back.unshift(...painPoints.edges.map(({ node }: Edge) => node.description))
      if (!painPoints.pageInfo.hasPreviousPage) break
      before = painPoints.edges[0].cursor
    }
    expect(back).toEqual(whole)
  })

  it('come in another order when it is asked for, with their relevance', async () => {
    const sortedByText = await edges('data', { orderBy: [{ theme: 'ASC' }] })
    expect(sortedByText.map(({ node }) => node.description.slice(0, 6))).toEqual(['Data s', 'Manual'])
    expect(sortedByText.every(({ relevance }) => relevance >= 0.75)).toBe(true)
    const { painPoints } = await database.data(SEARCH, {
      search: 'data',
      first: 1,
      orderBy: [{ theme: 'ASC' }],
    })
    const [next] = await edges('data', {
      first: 1,
      after: painPoints.edges[0].cursor,
      orderBy: [{ theme: 'ASC' }],
    })
    expect(next!.node.description.slice(0, 6)).toBe('Manual')
  })

  it('sort by a value that some lack', async () => {
    expect(await edges('ROI', { orderBy: [{ occurredAt: 'ASC' }] })).toHaveLength(5)
    expect(await edges('ROI', { orderBy: [{ category: 'DESC' }], first: 2 })).toHaveLength(2)
  })

  it('go with a filter, which counts too', async () => {
    const { painPoints } = await database.data(SEARCH, {
      search: 'ROI',
      where: { description: { contains: 'proof' } },
    })
    expect([painPoints.totalCount, painPoints.edges.length]).toEqual([2, 2])
  })

  it('are the whole list without a search, and say nothing of it', async () => {
    const { painPoints } = await database.data(SEARCH, { first: 100 })
    expect(painPoints.totalCount).toBe(PAIN_POINTS.length)
    expect(painPoints.edges[0]).toMatchObject({ relevance: null, highlight: null })
  })

  it('do not take a place of another search', async () => {
    const [{ cursor }] = (await edges('ROI')) as [Edge]
    const { errors } = await database.ask(SEARCH, { search: 'data', after: cursor })
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'after' })
  })

  it.each(['', '   ', '-ROI', '""', 'or', 'x\u0000', 'x'.repeat(1001)])('refuse %j', async (search) => {
    for (const field of [
      'painPoints(search: $search) { totalCount }',
      'painPointThemes(search: $search) { totalCount }',
      'companies { nodes { id } } painPoints(search: $search) { nodes { id } }',
    ]) {
      const { errors } = await database.ask(`query ($search: String) { ${field} }`, { search })
      expect(errors).toHaveLength(1)
      expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'search' })
    }
  })
})

describe('the highlight', () => {
  it.each([
    ['stems', 'campaigns', 'Campaign attribution is guesswork', '<mark>Campaign</mark> attribution is guesswork'],
    ['synonyms', 'roi gifting', 'No proof', 'No proof of <mark>ROI</mark> for <mark>gifting</mark> spend'],
    [
      'synonyms of several words',
      'roi proof',
      'Return on',
      '<mark>Return on investment</mark> cannot be <mark>proved</mark>',
    ],
    ['accents', 'resume', 'Résumé', '<mark>Résumé</mark> screening is slow, naïve and costly'],
    ['misspellings', 'stakholders', 'Difficulty', 'Difficulty proving ROI to <mark>stakeholders</mark>'],
    ['phrases', '"data silos"', 'Data silos', '<mark>Data silos</mark> &lt;b&gt;everywhere&lt;/b&gt; &amp; nowhere'],
    ['other alphabets', 'доказать', 'Сложно', 'Сложно <mark>доказать</mark> окупаемость вложений'],
    ['words that say nothing, alone', 'it', 'IT has', '<mark>IT</mark> has no budget'],
    [
      'nothing that is excluded',
      'data -silos',
      'Manual',
      'Manual <mark>data</mark>-entry across sales/marketing tools',
    ],
  ])('marks %s', async (_what, search, start, expected) => {
    const edge = (await edges(search)).find(({ node }) => node.description.startsWith(start))
    expect(edge?.highlight).toBe(expected)
  })
})

describe('words that were used once', () => {
  it('no longer count when their last pain point is gone or rewritten', async () => {
    const organization = 'changing'
    const [first, second] = await addPainPoints(database, ['Zephyr gone', 'Zephyrus'], organization)
    const server = database.newServer({ organizationId: organizationIdOf(organization) })
    const texts = async (search: string) =>
      (await database.data(SEARCH, { search, first: 10 }, server)).painPoints.edges.map(
        ({ node }: Edge) => node.description,
      )
    expect(await texts('zephyr')).toEqual(['Zephyr gone'])
    await database.sql(`delete from pain_points where id = $1`, [first])
    // Now nobody has "zephyr"; "zephyrus" resembles it: 6 of their 10 trigrams are the same.
    expect(await texts('zephyr')).toEqual(['Zephyrus'])
    await database.sql(`update pain_points set description = 'Breeze' where id = $1`, [second])
    expect(await texts('zephyr')).toEqual([])
    expect(await texts('breeze')).toEqual(['Breeze'])
    expect(await texts('breezze')).toEqual(['Breeze'])
  })
})

describe('another organization', () => {
  const others = organizationIdOf('others')

  it('is not found, and lends no words, by row-level security alone', async () => {
    const open = database.newServer({ organizationCondition: false })
    for (const search of ['SECRET', 'zylophone', 'xylophone', 'stakehalders', 'proof of others']) {
      const { painPoints } = await database.data(SEARCH, { search }, open)
      expect(JSON.stringify(painPoints)).not.toMatch(/SECRET|Zylophone|others/)
    }
    // Theirs would be the word most like it.
    const { painPoints } = await database.data(SEARCH, { search: 'stakehalders' }, open)
    expect(painPoints.edges.map(({ node }: Edge) => node.description)).toEqual([
      'Difficulty proving ROI to stakeholders',
    ])
    expect((await database.data(SEARCH, { search: 'proof' }, open)).painPoints.totalCount).toBe(4)
  })

  it('finds its own', async () => {
    const theirs = database.newServer({ organizationId: others })
    const { painPoints } = await database.data(SEARCH, { search: 'stakeholders' }, theirs)
    expect(painPoints.edges.map(({ node }: Edge) => node.description)).toEqual(['Zylophone stakehalders everywhere'])
  })

  it('is not found when none is set: the searches deny', async () => {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    try {
      await client.query('begin')
      await client.query("select set_config('role', 'crossrun_app', true)")
      const alternative = Object.fromEntries(
        ['words', 'phrase', 'stems', 'meant', 'looked', 'wanted'].map((name) => [name, "'roi'"]),
      )
      const search = JSON.stringify([{ ...alternative, likes: [] }])
      expect((await client.query('select * from crossrun_search_pain_points($1)', [search])).rows).toEqual([])
      expect((await client.query(`select * from crossrun_known_stems(array['''roi'''])`)).rows).toEqual([])
      expect((await client.query(`select * from crossrun_resembling_words(array['stakeholder'])`)).rows).toEqual([])
      expect((await client.query('select * from x_pain_point_words')).rows).toEqual([])
    } finally {
      await client.end()
    }
  })
})
