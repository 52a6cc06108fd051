import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { count, grouped, sum } from './reference.ts'
import { costOf, insertSample, sampleRuns } from './sample.ts'

const database = testDatabase()
const runs = sampleRuns()

beforeAll(() => insertSample(database, runs))

describe('groups', () => {
  it('of a dimension of many values: a run counts once in the group of each of its tags, and once in totals', async () => {
    const { runMetrics } = await database.data(
      '{ runMetrics(groupBy: [TAG]) { nodes { key { tag } runs costUsd { sum } } totals { runs costUsd { sum } } } }',
    )
    const pairs = runs.flatMap((run) => {
      const tags: (string | null)[] = run.tags.length === 0 ? [null] : [...new Set(run.tags)]
      return tags.map((tag) => ({ tag, run }))
    })
    expect(runMetrics.nodes).toEqual(
      grouped(pairs, ({ tag }) => tag).map(([tag, rows]) => ({
        key: { tag },
        runs: rows.length,
        costUsd: { sum: String(sum(rows.map(({ run }) => costOf(run)))! / 1e6) },
      })),
    )
    expect(runMetrics.totals).toEqual({
      runs: runs.length,
      costUsd: { sum: String(sum(runs.map(costOf))! / 1e6) },
    })
  })

  it('of several dimensions come in the order of the keys, nulls last, and count each', async () => {
    const { runMetrics } = await database.data(
      '{ runMetrics(groupBy: [INDUSTRY, STATUS]) { totalCount nodes { key { industry status } runs completed failed partial successRate } } }',
    )
    const expected = grouped(runs, ({ industry }) => industry).flatMap(([industry, own]) =>
      grouped(own, ({ status }) => status).map(([status, rows]) => ({ key: { industry, status }, rows })),
    )
    expect(runMetrics.nodes).toEqual(
      expected.map(({ key, rows }) => {
        const judged = count(rows, ({ status }) => ['COMPLETED', 'FAILED', 'PARTIAL'].includes(status))
        const completed = count(rows, ({ status }) => status === 'COMPLETED')
        return {
          key,
          runs: rows.length,
          completed,
          failed: count(rows, ({ status }) => status === 'FAILED'),
          partial: count(rows, ({ status }) => status === 'PARTIAL'),
          successRate: judged === 0 ? null : completed / judged,
        }
      }),
    )
    expect(runMetrics.totalCount).toBe(expected.length)
  })

  it('are one where nothing is grouped by, also when no measure is asked for', async () => {
    const { runMetrics } = await database.data('{ runMetrics { totalCount nodes { __typename } } }')
    expect(runMetrics).toEqual({ totalCount: 1, nodes: [{ __typename: 'RunMetrics' }] })
  })

  it('are sorted by what is asked, groups without a value last either way, the key deciding between equals', async () => {
    for (const direction of ['ASC', 'DESC']) {
      const { usageMetrics } = await database.data(
        `{ usageMetrics(groupBy: [RUN], orderBy: [{ totalTokensSum: ${direction} }], first: 500) { nodes { key { run } totalTokens { sum } } } }`,
      )
      const sums = usageMetrics.nodes.map((node: { totalTokens: { sum: number | null } }) => node.totalTokens.sum)
      const known = sums.filter((value: number | null) => value !== null)
      const sign = direction === 'ASC' ? 1 : -1
      expect(known).toEqual([...known].sort((a: number, b: number) => sign * (a - b)))
      expect(sums.slice(known.length).every((value: number | null) => value === null)).toBe(true)
      const unknown = usageMetrics.nodes.slice(known.length).map((node: { key: { run: string } }) => node.key.run)
      expect(unknown.length).toBeGreaterThan(1)
      expect(unknown).toEqual([...unknown].sort())
    }
  })

  it('that meet a condition are taken, and totals stay those of everything', async () => {
    const { runMetrics, all } = await database.data(
      `{ runMetrics(groupBy: [CREATED_BY], having: { runs: { gt: 5, lte: 100 }, costUsdSum: { gte: "0.5" } }, orderBy: [{ runsSum: DESC }]) {
           totalCount nodes { key { createdBy } runs costUsd { sum } } totals { runs } }
         all: runMetrics { totals { runs } } }`,
    )
    const expected = grouped(runs, ({ createdBy }) => createdBy)
      .filter(([, rows]) => rows.length > 5 && sum(rows.map(costOf))! >= 500_000)
      .sort(([, a], [, b]) => b.length - a.length)
    expect(runMetrics.nodes.map(({ runs: number }: { runs: number }) => number)).toEqual(
      expected.map(([, rows]) => rows.length),
    )
    expect(runMetrics.totalCount).toBe(expected.length)
    expect(expected.length).toBeLessThan(grouped(runs, ({ createdBy }) => createdBy).length)
    expect(runMetrics.totals).toEqual(all.totals)
    expect(all.totals).toEqual({ runs: runs.length })
  })

  it('without a value meet no condition on it', async () => {
    const { usageMetrics } = await database.data(
      '{ usageMetrics(groupBy: [AGENT], having: { totalTokensSum: { gte: -1 } }) { nodes { key { agent } } } }',
    )
    expect(usageMetrics.nodes.map(({ key }: { key: { agent: string } }) => key.agent)).toEqual([
      'offerings',
      'personas',
      'proof',
    ])
  })
})

describe('pages of groups', () => {
  const page = async (after: string | null, first: number) =>
    (
      await database.data(
        `query ($after: String, $first: Int) { runMetrics(groupBy: [RUN], orderBy: [{ costUsdAvg: DESC }], first: $first, after: $after) {
           nodes { key { run } } totalCount hasNextPage endCursor } }`,
        { after, first },
      )
    ).runMetrics

  it('follow each other without gap or overlap, and know their number', async () => {
    const seen: string[] = []
    let after: string | null = null
    for (let more = true; more; ) {
      const { nodes, totalCount, hasNextPage, endCursor } = await page(after, 7)
      seen.push(...nodes.map(({ key }: { key: { run: string } }) => key.run))
      expect(totalCount).toBe(runs.length)
      expect(hasNextPage).toBe(seen.length < runs.length)
      more = hasNextPage
      after = endCursor
    }
    expect(new Set(seen).size).toBe(runs.length)
    expect(await page(after, 7)).toEqual({ nodes: [], totalCount: runs.length, hasNextPage: false, endCursor: null })
  })

  it('of no groups know the number of all', async () => {
    expect(await page(null, 0)).toEqual({ nodes: [], totalCount: runs.length, hasNextPage: true, endCursor: null })
  })

  const where = { model: { isNull: false }, startedAt: { gte: '2020-01-01T00:00:00Z' } }
  const asked = {
    groupBy: '[AGENT]',
    interval: 'MONTH',
    having: '{ calls: { gte: 1 }, costUsdSum: { gt: "0" } }',
    orderBy: '[{ costUsdSum: DESC }]',
  }
  const usage = (change: object, select = 'key { agent } calls') => {
    const args = Object.entries({ where: '$where', ...asked, ...change }).map(([name, value]) => `${name}: ${value}`)
    return `query ($where: AgentCallWhere, $after: String, $first: Int = 1) {
      usageMetrics(${args.join(', ')}, first: $first, after: $after) { nodes { ${select} } endCursor } }`
  }
  const pageOf = async (document: string, variables: object) =>
    (await database.data(document, { where, ...variables })).usageMetrics

  it.each([
    ['the same', usage({}), where],
    [
      'other variables of the same meaning',
      usage({}),
      { startedAt: { gte: '2020-01-01T01:00:00.000+01:00' }, model: { isNull: false }, status: null },
    ],
    [
      'the same conditions in another order',
      usage({ having: '{ costUsdSum: { lt: null, gt: 0 }, callsSum: { gte: "1" } }' }),
      where,
    ],
    ['what it takes for granted', usage({ timeZone: '"UTC"', groupBy: '[AGENT, AGENT]' }), where],
    ['another selection', usage({}, 'of: key { agent } calls runs').replace('nodes', 'some: nodes'), where],
  ])('have places that another page of the question takes, written with %s', async (_what, document, written) => {
    const { endCursor: after } = await pageOf(usage({}), {})
    const whole = await pageOf(usage({}), { first: 3 })
    const { some, nodes = some, endCursor } = await pageOf(document, { where: written, first: 2, after })
    const calls = (groups: { calls: number }[]) => groups.map((group) => group.calls)
    expect([calls(nodes), endCursor]).toEqual([calls(whole.nodes.slice(1)), whole.endCursor])
    expect(nodes).toHaveLength(2)
  })

  it.each([
    ['another order', usage({ orderBy: '[{ costUsdSum: ASC }]' })],
    ['an order by more', usage({ orderBy: '[{ costUsdSum: DESC }, { calls: ASC }]' })],
    ['other groups', usage({ groupBy: '[AGENT, MODEL]' })],
    ['another interval', usage({ interval: 'YEAR' })],
    ['no interval', usage({ interval: 'null' })],
    ['another time zone', usage({ timeZone: '"Europe/Berlin"' })],
    ['another filter', usage({ where: '{ NOT: $where }' })],
    ['another condition on groups', usage({ having: '{ calls: { gte: 2 }, costUsdSum: { gt: "0" } }' })],
    [
      'another subject',
      'query ($after: String) { runMetrics(groupBy: [VENDOR], interval: MONTH, after: $after) { endCursor } }',
    ],
  ])('have places that are refused with %s', async (_what, document) => {
    const { endCursor: after } = await pageOf(usage({}), {})
    const { errors } = await database.ask(document, { where, after })
    expect(errors).toMatchObject([
      {
        message: 'after is a cursor of another question or another order.',
        extensions: { code: 'BAD_USER_INPUT', argument: 'after' },
      },
    ])
  })

  it("of an object's metrics are not those of all", async () => {
    const own =
      'query ($after: String) { agents(first: 1) { nodes { usage(groupBy: [MODEL], first: 1, after: $after) { endCursor } } } }'
    const all = 'query ($after: String) { usageMetrics(groupBy: [MODEL], first: 1, after: $after) { endCursor } }'
    const { endCursor } = (await database.data(own)).agents.nodes[0].usage
    expect((await database.ask(own, { after: endCursor })).errors).toBe(undefined)
    expect((await database.ask(all, { after: endCursor })).errors).toHaveLength(1)
    const { usageMetrics } = await database.data(all)
    expect((await database.ask(own, { after: usageMetrics.endCursor })).errors).toHaveLength(1)
  })
})
