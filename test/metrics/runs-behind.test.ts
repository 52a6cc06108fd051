import { execute, parse } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { schema } from '../../src/schema/index.ts'
import { newLog, testDatabase } from '../database.ts'
import { grouped, sum } from './reference.ts'
import { insertSample, sampleRuns, usageFacts } from './sample.ts'

const database = testDatabase()
const runs = sampleRuns()
const facts = usageFacts(runs)

beforeAll(() => insertSample(database, runs))

async function statementsOf(document: string) {
  const log = newLog()
  const { data, errors } = await database.transaction(
    async (transaction) =>
      execute({ schema, document: parse(document), contextValue: database.contextOf(transaction) }),
    log,
  )
  expect(errors).toBe(undefined)
  // The first enters the transaction.
  return { statements: log.statements - 1, data: JSON.parse(JSON.stringify(data)) }
}

type Listed = { matchingRuns: { totalCount: number; nodes: { externalId: string }[] } }
const namesOf = ({ matchingRuns }: Listed) => matchingRuns.nodes.map(({ externalId }) => externalId)

describe('the runs behind a group', () => {
  it('are those with a row in it that the filter takes', async () => {
    const { usageMetrics } = await database.data(
      `{ usageMetrics(groupBy: [AGENT, MODEL], where: { run: { pipeline: { name: { equals: "playbook" } } } }) {
           nodes { key { agent model } runs matchingRuns(first: 100, orderBy: [{ externalId: ASC }]) { totalCount nodes { externalId } } } } }`,
    )
    const own = new Set(runs.filter(({ pipeline }) => pipeline === 'playbook').map(({ externalId }) => externalId))
    const expected = grouped(
      facts.filter(({ run }) => own.has(run)),
      ({ agent }) => agent,
    ).flatMap(([agent, rows]) =>
      grouped(rows, ({ model }) => model).map(([model, group]) => ({
        key: { agent, model },
        names: [...new Set(group.map(({ run }) => run))].sort(),
      })),
    )
    expect(expected.some(({ key }) => key.agent === null)).toBe(true)
    expect(
      usageMetrics.nodes.map((node: Listed & { key: object; runs: number }) => ({
        key: node.key,
        names: namesOf(node),
      })),
    ).toEqual(expected)
    for (const node of usageMetrics.nodes) expect(node.matchingRuns.totalCount).toBe(node.runs)
  })

  it('of a tag are the runs that have it, of an interval those that started in it, of none those without', async () => {
    const { runMetrics } = await database.data(
      `{ runMetrics(groupBy: [TAG], interval: MONTH, timeZone: "Europe/Berlin", first: 500) {
           nodes { key { startedAt tag } runs matchingRuns(first: 100) { nodes { externalId startedAt tags } totalCount } } } }`,
    )
    let withoutTime = 0
    for (const { key, runs: number, matchingRuns } of runMetrics.nodes) {
      expect(matchingRuns.totalCount).toBe(number)
      for (const run of matchingRuns.nodes) {
        if (key.tag === null) expect(run.tags).toEqual([])
        else expect(run.tags).toContain(key.tag)
        if (key.startedAt === null) withoutTime += 1
        expect(run.startedAt === null).toBe(key.startedAt === null)
        if (key.startedAt !== null) {
          const after = Date.parse(run.startedAt) - Date.parse(key.startedAt)
          expect(after).toBeGreaterThanOrEqual(0)
          expect(after).toBeLessThan(31.1 * 86_400_000)
        }
      }
    }
    expect(withoutTime).toBeGreaterThan(0)
  })

  it('are paged, filtered and sorted like any list of runs', async () => {
    const query = (after: string) =>
      `{ runMetrics { nodes { matchingRuns(first: 5, ${after} where: { status: { equals: COMPLETED } }, orderBy: [{ externalId: DESC }]) {
           totalCount nodes { externalId } pageInfo { hasNextPage endCursor } } } } }`
    const all = runs.filter(({ status }) => status === 'COMPLETED').map(({ externalId }) => externalId)
    const first = (await database.data(query(''))).runMetrics.nodes[0].matchingRuns
    expect(first.totalCount).toBe(all.length)
    const second = (await database.data(query(`after: "${first.pageInfo.endCursor}",`))).runMetrics.nodes[0]
    expect([...first.nodes, ...second.matchingRuns.nodes].map((run: { externalId: string }) => run.externalId)).toEqual(
      [...all].sort().reverse().slice(0, 10),
    )
  })

  it('are read at once for all groups', async () => {
    const { statements, data } = await statementsOf(
      '{ usageMetrics(groupBy: [RUN], first: 500) { nodes { matchingRuns(first: 3) { nodes { externalId pipeline { name } } } } } }',
    )
    expect(data.usageMetrics.nodes.length).toBeGreaterThan(15)
    // Groups, ids of the runs, the runs, their pipelines.
    expect(statements).toBe(4)
  })

  it('of accounts are those that the companies are the prospects of', async () => {
    const { accountMetrics } = await database.data(
      '{ accountMetrics(groupBy: [COMPANY]) { nodes { key { company } runs matchingRuns { totalCount } } } }',
    )
    const byProspect = grouped(
      runs.filter(({ prospect }) => prospect),
      ({ prospect }) => prospect,
    )
    expect(accountMetrics.nodes).toEqual(
      byProspect.map(([company, own]) => ({
        key: { company },
        runs: own.length,
        matchingRuns: { totalCount: own.length },
      })),
    )
  })

  it('cannot be asked of very many groups at once', async () => {
    await database.sql(
      "update runs set tags = array(select 'tag-' || n from generate_series(1, 501) as n) where external_id = 'run-23'",
    )
    const query = (first: number) =>
      `{ runMetrics(groupBy: [TAG], first: ${first}) { nodes { matchingRuns { totalCount } } } }`
    const { errors } = await database.ask(query(501))
    expect(errors![0]).toMatchObject({
      message: 'matchingRuns can be asked of at most 500 groups at once.',
      extensions: { code: 'BAD_USER_INPUT', argument: 'first' },
    })
    expect((await database.data(query(500))).runMetrics.nodes.length).toBe(500)
    await database.sql("update runs set tags = array['y'] where external_id = 'run-23'")
  })
})

describe('the metrics of objects', () => {
  it('are the same as those asked with a filter for each', async () => {
    const { agents } = await database.data(
      `{ agents(first: 10, orderBy: [{ name: ASC }]) { nodes { name
           usage(groupBy: [MODEL], interval: MONTH, orderBy: [{ costUsdSum: DESC }], first: 2) {
             totalCount hasNextPage nodes { key { startedAt model } calls costUsd { sum } } totals { calls runs costUsd { sum } } } } } }`,
    )
    expect(agents.nodes.length).toBe(3)
    for (const { name, usage } of agents.nodes) {
      const { usageMetrics } = await database.data(
        `{ usageMetrics(where: { agent: { name: { equals: "${name}" } } }, groupBy: [MODEL], interval: MONTH, orderBy: [{ costUsdSum: DESC }], first: 2) {
             totalCount hasNextPage nodes { key { startedAt model } calls costUsd { sum } } totals { calls runs costUsd { sum } } } }`,
      )
      expect(usage).toEqual(usageMetrics)
      expect(usage.totals.calls).toBe(sum(facts.filter(({ agent }) => agent === name).map(({ calls }) => calls)))
    }
  })

  it('take the filter, and are nothing for an object that has no rows', async () => {
    const { pipelines } = await database.data(
      `{ pipelines(orderBy: [{ name: ASC }]) { nodes { name
           runMetrics(where: { pipeline: { name: { equals: "playbook" } } }) { totalCount nodes { runs successRate costUsd { sum } } totals { runs costUsd { sum } } }
           usage(groupBy: [AGENT], having: { calls: { gt: 100000 } }) { totalCount nodes { calls } } } } }`,
    )
    const [briefing, playbook] = pipelines.nodes
    expect(briefing.runMetrics).toEqual({
      totalCount: 1,
      nodes: [{ runs: 0, successRate: null, costUsd: { sum: null } }],
      totals: { runs: 0, costUsd: { sum: null } },
    })
    expect(playbook.runMetrics.totals.runs).toBe(runs.filter(({ pipeline }) => pipeline === 'playbook').length)
    expect(playbook.usage).toEqual({ totalCount: 0, nodes: [] })
  })

  it('take one statement for the groups and one for the totals, however many objects', async () => {
    const { statements, data } = await statementsOf(
      '{ runs(first: 24) { nodes { externalId usage { source asOf nodes { calls } totals { costUsd { sum } } } } } }',
    )
    expect(data.runs.nodes.length).toBe(24)
    // Page, runs, groups, totals, asOf.
    expect(statements).toBe(5)
  })

  it('have pages of their own, which know how many groups there are beyond their end', async () => {
    const { pipelines } = await database.data(
      '{ pipelines(orderBy: [{ name: ASC }]) { nodes { first: runMetrics(groupBy: [RUN], first: 3) { endCursor totalCount hasNextPage nodes { key { run } } } } } }',
    )
    for (const [place, name] of ['briefing', 'playbook'].entries()) {
      const own = runs.filter(({ pipeline }) => pipeline === name).map(({ externalId }) => externalId)
      const { first } = pipelines.nodes[place]
      expect(first.nodes.map(({ key }: { key: { run: string } }) => key.run)).toEqual(own.sort().slice(0, 3))
      expect([first.totalCount, first.hasNextPage]).toEqual([own.length, true])
    }
    const [sign] = JSON.parse(Buffer.from(pipelines.nodes[0].first.endCursor, 'base64url').toString())
    const after = Buffer.from(JSON.stringify([sign, 500])).toString('base64url')
    const beyond = await database.data(
      `{ pipelines { nodes { runMetrics(groupBy: [RUN], first: 3, after: "${after}") { totalCount nodes { runs } } } } }`,
    )
    expect(beyond.pipelines.nodes.map(({ runMetrics }: { runMetrics: object }) => runMetrics)).toEqual(
      ['briefing', 'playbook'].map((name) => ({
        totalCount: runs.filter(({ pipeline }) => pipeline === name).length,
        nodes: [],
      })),
    )
  })

  it('lead to the runs behind their groups', async () => {
    const { statements, data } = await statementsOf(
      '{ agents(orderBy: [{ name: ASC }]) { nodes { name usage(groupBy: [MODEL]) { nodes { key { model } matchingRuns(first: 100) { nodes { externalId } } } } } } }',
    )
    for (const { name, usage } of data.agents.nodes) {
      const own = grouped(
        facts.filter(({ agent }) => agent === name),
        ({ model }) => model,
      )
      expect(
        usage.nodes.map((node: Listed & { key: { model: string } }) => [node.key.model, namesOf(node).sort()]),
      ).toEqual(own.map(([model, rows]) => [model, [...new Set(rows.map(({ run }) => run))].sort()]))
    }
    expect(statements).toBe(5)
  })
})
