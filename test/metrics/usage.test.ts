import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { count, grouped, mean, percentile, sum } from './reference.ts'
import { costOf, type Fact, insertSample, sampleRuns, usageFacts } from './sample.ts'

const database = testDatabase()
const runs = sampleRuns()
const facts = usageFacts(runs)

beforeAll(() => insertSample(database, runs))

const usdOf = (micros: number | null) => (micros === null ? null : expect.closeTo(micros / 1e6, 9))
const number = (text: string | null) => (text === null ? null : Number(text))
const near = (value: number | null) => (value === null ? null : expect.closeTo(value, 9))

const MEASURES = `calls failures failureRate runs agents costCoverage
  totalTokens { sum avg min max p50 p90 p95 p99 } costUsd { sum avg min max p50 } durationSeconds { sum avg p95 }`

type Answer = Record<string, never> & {
  costUsd: Record<string, string | null>
}

/** An answer's measures, with money as numbers. */
function read({ key: _key, ...values }: Answer) {
  const costUsd = Object.fromEntries(Object.entries(values.costUsd).map(([name, text]) => [name, number(text)]))
  return { ...values, costUsd }
}

function measured(rows: Fact[]) {
  const [tokens, micros, seconds] = [
    rows.map(({ totalTokens }) => totalTokens),
    rows.map(({ costMicros }) => costMicros),
    rows.map(({ durationSeconds }) => durationSeconds),
  ]
  const calls = sum(rows.map((row) => row.calls)) ?? 0
  const made = rows.filter(({ status }) => status !== null)
  const known = sum(rows.filter(({ costMicros }) => costMicros !== null).map((row) => row.calls)) ?? 0
  const failures = count(rows, ({ status }) => status === 'FAILED')
  return {
    calls,
    failures,
    failureRate: near(made.length === 0 ? null : failures / made.length),
    runs: new Set(rows.map(({ run }) => run)).size,
    agents: new Set(rows.flatMap(({ agent }) => agent ?? [])).size,
    costCoverage: near(calls === 0 ? null : known / calls),
    totalTokens: {
      sum: sum(tokens),
      avg: near(mean(tokens)),
      min: near(percentile(0, tokens)),
      max: near(percentile(1, tokens)),
      p50: near(percentile(0.5, tokens)),
      p90: near(percentile(0.9, tokens)),
      p95: near(percentile(0.95, tokens)),
      p99: near(percentile(0.99, tokens)),
    },
    costUsd: {
      sum: usdOf(sum(micros)),
      avg: usdOf(mean(micros)),
      min: usdOf(percentile(0, micros)),
      max: usdOf(percentile(1, micros)),
      p50: usdOf(percentile(0.5, micros)),
    },
    durationSeconds: { sum: near(sum(seconds)), avg: near(mean(seconds)), p95: near(percentile(0.95, seconds)) },
  }
}

describe('usageMetrics', () => {
  it.each([
    ['AGENT', 'agent', (fact: Fact) => fact.agent],
    ['MODEL', 'model', (fact: Fact) => fact.model],
    ['PHASE', 'phase', (fact: Fact) => fact.phase],
    ['STATUS', 'status', (fact: Fact) => fact.status],
    ['RUN', 'run', (fact: Fact) => fact.run],
  ])('has every kind of measure by %s, with a group for what has none', async (name, key, keyOf) => {
    const { usageMetrics } = await database.data(
      `{ usageMetrics(groupBy: [${name}]) { totalCount nodes { key { ${key} } ${MEASURES} } } }`,
    )
    const expected = grouped(facts, keyOf)
    expect(usageMetrics.nodes.map((node: { key: object }) => Object.values(node.key)[0])).toEqual(
      expected.map(([value]) => value),
    )
    expect(usageMetrics.nodes.map(read)).toEqual(expected.map(([, rows]) => measured(rows)))
    expect(usageMetrics.totalCount).toBe(expected.length)
  })

  it('adds up, by agent as by run, to what the runs cost', async () => {
    const { usageMetrics, runMetrics } = await database.data(
      `{ usageMetrics(groupBy: [AGENT]) { nodes { costUsd { sum } } totals { ${MEASURES} } } runMetrics { totals { costUsd { sum } } } }`,
    )
    const byAgent = usageMetrics.nodes.reduce((total: number, node: Answer) => total + Number(node.costUsd.sum), 0)
    const cost = sum(runs.map(costOf))!
    expect(byAgent).toBeCloseTo(cost / 1e6, 9)
    expect(Number(runMetrics.totals.costUsd.sum)).toBe(cost / 1e6)
    expect(read(usageMetrics.totals)).toEqual(measured(facts))
  })

  it('signs what a run reports beyond its calls: less is a negative cost, of no call and no agent', async () => {
    const { usageMetrics } = await database.data(
      '{ usageMetrics(groupBy: [AGENT], where: { run: { externalId: { equals: "run-02" } } }) { nodes { key { agent } calls costUsd { sum } totalTokens { sum } } } }',
    )
    const [unattributed] = usageFacts([runs[2]!]).filter(({ agent }) => agent === null)
    expect(usageMetrics.nodes.at(-1)).toEqual({
      key: { agent: null },
      calls: 0,
      costUsd: { sum: String(unattributed!.costMicros! / 1e6) },
      totalTokens: { sum: null },
    })
    // A run that reports less than its calls cost.
    await database.sql("update runs set reported_cost_usd = 0.001, cost_usd = 0.001 where external_id = 'run-02'")
    const changed = await database.data(
      '{ usageMetrics(where: { run: { externalId: { equals: "run-02" } } }) { totals { costUsd { sum min } } } }',
    )
    const callsCost = sum(runs[2]!.calls.map(({ costMicros }) => costMicros))! / 1e6
    expect(Number(changed.usageMetrics.totals.costUsd.sum)).toBeCloseTo(0.001, 9)
    expect(Number(changed.usageMetrics.totals.costUsd.min)).toBeCloseTo(0.001 - callsCost, 9)
    await database.sql("update runs set reported_cost_usd = $1, cost_usd = $1 where external_id = 'run-02'", [
      runs[2]!.reportedMicros! / 1e6,
    ])
  })

  it.each([
    ['AGENT', '{ agent: { isNull: true } }', (fact: Fact) => fact.agent],
    ['PHASE', '{ phaseName: { isNull: true } }', (fact: Fact) => fact.phase],
    ['MODEL', '{ model: { isNull: true } }', (fact: Fact) => fact.model],
    ['STATUS', '{ status: { isNull: true } }', (fact: Fact) => fact.status],
  ])('finds by a filter what has no %s, from sums that are kept as from facts', async (name, where, keyOf) => {
    const rows = facts.filter((fact) => keyOf(fact) === null)
    expect(rows.length).toBeGreaterThan(0)
    const {
      kept,
      read: own,
      rest,
    } = await database.data(
      `{ kept: usageMetrics(where: ${where}) { source nodes { calls costUsd { sum } } }
         read: usageMetrics(where: ${where}, groupBy: [${name}]) { source nodes { calls runs costUsd { sum } } }
         rest: usageMetrics(where: { NOT: ${where} }) { nodes { calls } } }`,
    )
    const expected = {
      calls: sum(rows.map(({ calls }) => calls)),
      costUsd: { sum: String(sum(rows.map(({ costMicros }) => costMicros))! / 1e6) },
    }
    expect(kept).toEqual({ source: 'ROLLUP', nodes: [expected] })
    expect(own).toEqual({ source: 'FACTS', nodes: [{ ...expected, runs: new Set(rows.map(({ run }) => run)).size }] })
    expect(rest.nodes[0].calls).toBe(sum(facts.map(({ calls }) => calls))! - expected.calls!)
  })

  it('knows that a listed call always has an agent', async () => {
    const { errors } = await database.ask('{ agentCalls(where: { agent: { isNull: true } }) { totalCount } }')
    expect(errors![0]!.message).toBe('where.agent.isNull can be asked only of a relation that can be missing.')
  })

  it('takes the filter of the list of calls', async () => {
    const where = '{ OR: [{ model: { isNull: true } }, { run: { pipeline: { name: { equals: "briefing" } } } }] }'
    const { usageMetrics, agentCalls } = await database.data(
      `{ usageMetrics(where: { AND: [${where}, { agent: { name: { isNull: false } } }] }) { nodes { failureRate calls } }
         agentCalls(where: ${where}, first: 200) { nodes { calls } } }`,
    )
    const expected = sum(agentCalls.nodes.map(({ calls }: Fact) => calls))
    expect(expected).toBeGreaterThan(0)
    expect(usageMetrics.nodes[0].calls).toBe(expected)
  })

  it('is null where nothing is known, and 0 where nothing is counted', async () => {
    const { usageMetrics } = await database.data(
      '{ usageMetrics(where: { model: { equals: "none" } }) { totalCount nodes { calls failures failureRate costCoverage costUsd { sum avg } totalTokens { sum p95 } } totals { runs costUsd { sum } } } }',
    )
    expect(usageMetrics).toEqual({
      totalCount: 1,
      nodes: [
        {
          calls: 0,
          failures: 0,
          failureRate: null,
          costCoverage: null,
          costUsd: { sum: null, avg: null },
          totalTokens: { sum: null, p95: null },
        },
      ],
      totals: { runs: 0, costUsd: { sum: null } },
    })
  })
})
