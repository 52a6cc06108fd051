import pg from 'pg'
import { beforeAll, describe, expect, it } from 'vitest'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'

const database = testDatabase()

const issue = (issue_name: string, more: object = {}, day = 1) => ({
  issue_name,
  timestamp: `2026-01-${String(day).padStart(2, '0')}T00:00:00Z`,
  diagnosis: null,
  ...more,
})

const ISSUES = [
  issue('disk_full', { diagnosis: 'Debug logs filled the disk', embedding: [1, 0, 0] }, 1),
  issue('backup', { action_taken: 'Stopped logging to the backup disk', embedding: [0.6, 0.8, 0] }, 2),
  issue('slow', { lesson_learned: 'A disk has a speed', embedding: [0, 1, 0] }, 3),
  issue('café', { diagnosis: 'Résolveur forwarded to itself', embedding: [-1, 0, 0] }, 4),
  issue(
    'gateway',
    { symptoms: { timeouts: true, hosts: 3, note: { text: 'gateway unreachable' }, seen: ['flapping'] } },
    5,
  ),
  issue('tagged', { tags: ['kubernetes'], embedding: [1, 1] }, 6),
  issue('zero', { embedding: [0, 0, 0] }, 7),
  issue('pool', { diagnosis: 'Connection pool exhausted' }, 8),
  issue('pool', { diagnosis: 'Connection pool exhausted' }, 9),
]

beforeAll(async () => {
  await importFiles(database, { 'ops_resolutions.json': ISSUES })
  await importFiles(
    database,
    { 'ops_resolutions.json': [issue('theirs', { diagnosis: 'logs disk SECRET', embedding: [1, 0, 0] })] },
    'others',
  )
})

const FIELDS = 'totalCount edges { cursor relevance distance node { issueName recordedAt } } pageInfo { hasNextPage }'
const ask = (variables: object, args = 'first: 20') =>
  database.ask(
    `query ($search: String, $near: [Float!], $after: String) { issueResolutions(search: $search, near: $near, after: $after, ${args}) { ${FIELDS} } }`,
    variables,
  )

type Edge = { cursor: string; relevance: number; distance: number; node: { issueName: string; recordedAt: string } }

async function edges(variables: object, args?: string): Promise<Edge[]> {
  const { data, errors } = await ask(variables, args)
  expect(errors).toBe(undefined)
  return data.issueResolutions.edges
}

const names = async (variables: object, args?: string) =>
  (await edges(variables, args)).map(({ node }) => node.issueName)

describe('a search for similar issues', () => {
  it('finds what has at least half of the words, most of them first', async () => {
    // logs, disk and full are words of it; "the", "are", "of" and "is" say nothing.
    expect(await names({ search: 'the disk is full of logs' })).toEqual(['disk_full', 'backup'])
    expect(await names({ search: 'disks' })).toEqual(['slow', 'backup', 'disk_full'])
  })

  it('counts rare words more: of two with one word each the one with the rarer is first', async () => {
    const found = await edges({ search: 'disk kubernetes' })
    expect(found.map(({ node }) => node.issueName)).toEqual(['tagged', 'slow', 'backup', 'disk_full'])
    // One of nine records has "kubernetes", three have "disk": ln(1 + 9) and ln(1 + 3) are their weights.
    expect(found[0]!.relevance).toBeCloseTo(Math.log(10) / (Math.log(10) + Math.log(4)), 5)
    expect(found[1]!.relevance).toBeCloseTo(Math.log(4) / (Math.log(10) + Math.log(4)), 5)
  })

  it.each([
    ['stems', 'logging', ['backup', 'disk_full']],
    ['accents', 'resolveur cafe', ['café']],
    ['accents the other way', 'CAFÉ', ['café']],
    ['tags', 'Kubernetes!', ['tagged']],
    ['names of symptoms that are there', 'timeout', ['gateway']],
    ['texts in symptoms, however deep', 'unreachable', ['gateway']],
    ['texts in lists of symptoms', 'flapping', ['gateway']],
    ['no names of numbers', 'hosts', []],
    ['misspellings of words that nobody has', 'kubernets', ['tagged']],
    ['nothing for words that resemble none', 'xyzzy plugh', []],
    ['nothing for words that say nothing', 'what is this', []],
    ['what is known, when the rest is not', 'xyzzy kubernetes plugh', ['tagged']],
    ['nothing for signs', "' & | ! :* \\ %", []],
  ])('knows %s', async (_what, search, expected) => {
    expect(await names({ search })).toEqual(expected)
  })

  it('takes the newer of equals first', async () => {
    const found = await edges({ search: 'connection pool exhausted' })
    expect(found.map(({ node, relevance }) => [node.recordedAt.slice(0, 10), relevance])).toEqual([
      ['2026-01-09', 1],
      ['2026-01-08', 1],
    ])
  })

  it('a page at a time is the same', async () => {
    const whole = await names({ search: 'disk' })
    const found: string[] = []
    for (let after: string | undefined; ; ) {
      const { data } = await ask({ search: 'disk', after }, 'first: 1')
      expect(data.issueResolutions.totalCount).toBe(3)
      found.push(data.issueResolutions.edges[0].node.issueName)
      if (!data.issueResolutions.pageInfo.hasNextPage) break
      after = data.issueResolutions.edges[0].cursor
    }
    expect(found).toEqual(whole)
  })

  it('goes with a filter', async () => {
    expect(await names({ search: 'disk' }, 'where: { recordedAt: { lt: "2026-01-02T12:00:00Z" } }')).toEqual([
      'backup',
      'disk_full',
    ])
  })

  it('without a word is the whole list, in its usual order', async () => {
    for (const search of ['', '  ', null]) {
      const found = await edges({ search })
      expect(found).toHaveLength(9)
      expect(found[0]).toMatchObject({
        relevance: null,
        distance: null,
        node: { recordedAt: '2026-01-09T00:00:00.000Z' },
      })
    }
    expect(await names({ search: '' }, 'orderBy: [{ issueName: ASC }], last: 1')).toEqual(['zero'])
  })

  it.each([
    [{ search: 'x' }, 'orderBy: [{ issueName: ASC }]', 'orderBy'],
    [{ search: 'x' }, 'last: 3', 'last'],
    [{ search: 'x', after: 'y' }, 'first: 1', 'after'],
    [{ search: 'x\u0000' }, 'first: 1', 'search'],
    [{ search: 'x'.repeat(10_001) }, 'first: 1', 'search'],
    [{ near: [] }, 'first: 1', 'near'],
    [{ near: [0, 0, 0] }, 'first: 1', 'near'],
    [{ near: [1e300, 0, 0] }, 'first: 1', 'near'],
    [{ near: [1, 2, 3, 4] }, 'first: 1', 'near'],
    [{ near: [1], search: 'disk' }, 'first: 1', 'near'],
    [{ search: 'x' }, 'first: 501', 'first'],
  ])('refuses what does not go (%#)', async (variables, args, argument) => {
    const { errors } = await ask(variables, args)
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument })
  })

  it('does not take a cursor of another search', async () => {
    const [{ cursor }] = (await edges({ search: 'disk' })) as [Edge]
    expect((await ask({ search: 'pool', after: cursor })).errors![0]!.extensions).toMatchObject({ argument: 'after' })
  })
})

describe('an embedding', () => {
  it('ranks records with one of its length by cosine distance', async () => {
    const found = await edges({ near: [2, 0, 0] })
    // Cosines 1, 0.6, 0 and −1; all zeros have no direction, and two numbers cannot be compared with three.
    expect(
      found.map(({ node, distance, relevance }) => [node.issueName, Number(distance.toFixed(6)), relevance]),
    ).toEqual([
      ['disk_full', 0, null],
      ['backup', 0.4, null],
      ['slow', 1, null],
      ['café', 2, null],
    ])
  })

  it('and words are fused by reciprocal ranks', async () => {
    // By words: slow, backup, disk_full share one rank (equal relevance); by distance: slow, backup, disk_full and café, which are 1, 2, 3, 3.
    const found = await edges({ search: 'disk', near: [0, 1, 0] })
    expect(found.map(({ node }) => node.issueName)).toEqual(['slow', 'backup', 'disk_full', 'café'])
    // By words disk_full is best, by distance café: fused, what both know comes before what one of them knows.
    const both = await names({ search: 'debug logs', near: [-1, 0.1, 0] })
    expect(both).toEqual(['disk_full', 'backup', 'café', 'slow'].sort((a, b) => fused(b) - fused(a)))
  })

  it('of a record finds its neighbours', async () => {
    const { issueResolutions } = await database.data(
      '{ issueResolutions(orderBy: [{ recordedAt: ASC }], first: 7) { nodes { issueName similar(first: 2) { distance issueResolution { issueName } } } } }',
    )
    const similar = Object.fromEntries(
      issueResolutions.nodes.map(
        (node: { issueName: string; similar: { distance: number; issueResolution: { issueName: string } }[] }) => [
          node.issueName,
          node.similar.map((each) => [each.issueResolution.issueName, Number(each.distance.toFixed(6))]),
        ],
      ),
    )
    expect(similar).toMatchObject({
      disk_full: [
        ['backup', 0.4],
        ['slow', 1],
      ],
      backup: [
        ['slow', 0.2],
        ['disk_full', 0.4],
      ],
      gateway: [],
      tagged: [],
      zero: [],
    })
  })
})

/** 1 ÷ (60 + rank) by words (disk_full 1, backup 2) and by distance (café, slow, backup, disk_full). */
function fused(name: string): number {
  const byWords: Record<string, number> = { disk_full: 1, backup: 2 }
  const byDistance: Record<string, number> = { café: 1, slow: 2, backup: 3, disk_full: 4 }
  return (byWords[name] ? 1 / (60 + byWords[name]) : 0) + 1 / (60 + byDistance[name]!)
}

describe('another organization', () => {
  it('is not found, by row-level security alone', async () => {
    const open = database.newServer({ organizationCondition: false })
    for (const args of ['search: "logs disk secret"', 'near: [1, 0, 0]', 'search: "secret"']) {
      const { issueResolutions } = await database.data(
        `{ issueResolutions(${args}) { nodes { issueName similar { issueResolution { issueName } } } } }`,
        {},
        open,
      )
      expect(JSON.stringify(issueResolutions)).not.toContain('theirs')
    }
    const theirs = database.newServer({ organizationCondition: false, organizationId: organizationIdOf('others') })
    const { issueResolutions } = await database.data(
      '{ issueResolutions(search: "disk") { nodes { issueName } } }',
      {},
      theirs,
    )
    expect(issueResolutions.nodes).toEqual([{ issueName: 'theirs' }])
  })

  it('is not found when none is set: the searches deny', async () => {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    try {
      await client.query('begin')
      await client.query("select set_config('role', 'crossrun_app', true)")
      expect((await client.query("select * from crossrun_similar_issues('disk')")).rows).toEqual([])
      expect((await client.query("select * from crossrun_near_issues('{1,0,0}')")).rows).toEqual([])
    } finally {
      await client.end()
    }
  })
})
