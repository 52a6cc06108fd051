import { describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'

const database = testDatabase()

async function errorOf(query: string, variables: object = {}) {
  const { data, errors } = await database.ask(query, variables)
  expect(errors).toHaveLength(1)
  expect(data ?? null).toBe(null)
  const { message, extensions } = errors![0]!
  return { message, code: extensions.code, argument: extensions.argument, hint: extensions.hint }
}

describe('a metrics field', () => {
  it.each([
    [
      'key { agent }',
      'groupBy: [MODEL]',
      'key.agent is not grouped by.',
      'groupBy',
      'Add AGENT to groupBy (now: MODEL).',
    ],
    ['key { agent }', '', 'key.agent is not grouped by.', 'groupBy', 'Add AGENT to groupBy (now: nothing).'],
    ['key { startedAt }', 'groupBy: [AGENT]', 'key.startedAt is not grouped by.', 'interval', 'Give an interval.'],
    [
      'key { ... on UsageMetricsKey { m: model } }',
      '',
      'key.model is not grouped by.',
      'groupBy',
      'Add MODEL to groupBy (now: nothing).',
    ],
  ])(
    'asked for %s with (%s) is refused, also where there is no group',
    async (key, groupBy, message, argument, hint) => {
      const args = `where: { model: { equals: "none" } } ${groupBy}`
      expect(await errorOf(`{ usageMetrics(${args}) { nodes { ${key} calls } } }`)).toEqual({
        message,
        code: 'BAD_USER_INPUT',
        argument,
        hint,
      })
    },
  )

  it('may leave a key out by a directive', async () => {
    const query =
      'query ($byAgent: Boolean!) { usageMetrics { nodes { key { agent @include(if: $byAgent) __typename } calls } } }'
    expect((await database.data(query, { byAgent: false })).usageMetrics.nodes).toEqual([
      { key: { __typename: 'UsageMetricsKey' }, calls: 0 },
    ])
    expect((await errorOf(query, { byAgent: true })).argument).toBe('groupBy')
  })

  it.each([
    ['orderBy: [{ agent: ASC }]', 'orderBy: agent is not grouped by.', 'orderBy.agent'],
    ['orderBy: [{ startedAt: ASC }]', 'orderBy: startedAt is not grouped by.', 'orderBy.startedAt'],
    ['first: -1', 'first must be between 0 and 10000.', 'first'],
    ['first: 10001', 'first must be between 0 and 10000.', 'first'],
    ['after: "x"', 'after is not a cursor of this question.', 'after'],
    [`after: "${Buffer.from('["RUNS",1]').toString('base64url')}"`, 'after is not a cursor of this question.', 'after'],
    ['where: { id: { equals: "x" } }', 'where.id.equals is not the id of a AgentCall.', 'where.id.equals'],
  ])('with %s is refused, naming the argument', async (args, message, argument) => {
    expect(await errorOf(`{ usageMetrics(${args}) { nodes { calls } } }`)).toMatchObject({
      message,
      code: 'BAD_USER_INPUT',
      argument,
    })
  })
})

describe('a table of metrics', () => {
  const ask = (query: object) =>
    errorOf('query ($query: MetricsTableQuery!) { metricsTable(query: $query) { rows } }', { query })

  it.each([
    [
      'an unknown measure',
      { measures: ['cost'] },
      'query.measures: "cost" is not a measure of USAGE.',
      /costUsd\.sum, costUsd\.avg/,
    ],
    [
      'an aggregate of a count',
      { measures: ['calls.avg'] },
      'query.measures: "calls.avg" is not a measure of USAGE.',
      /calls/,
    ],
    [
      'a number without its aggregate',
      { measures: ['costUsd'] },
      'query.measures: "costUsd" is not a measure of USAGE.',
      /costUsd\.sum/,
    ],
    [
      'an unknown dimension',
      { dimensions: ['constructor'] },
      'query.dimensions: "constructor" is not a dimension of USAGE.',
      /agent, phase/,
    ],
    [
      'an order by an unknown column',
      { orderBy: [{ name: 'x' }] },
      'query.orderBy: "x" is not a measure of USAGE.',
      /calls/,
    ],
    [
      'an order by a key that is not there',
      { orderBy: [{ name: 'agent' }] },
      'query.orderBy: agent is not grouped by.',
      /dimensions/,
    ],
    [
      'a condition on an unknown measure',
      { having: [{ name: 'x', gt: 1 }] },
      'query.having: "x" is not a measure of USAGE.',
      /calls/,
    ],
    [
      'an unknown field',
      { where: { nothing: { equals: 1 } } },
      'query.where.nothing is not a condition on AgentCall.',
      undefined,
    ],
    ['a filter of a wrong shape', { where: [1] }, 'query.where must be an object of conditions.', undefined],
    [
      'an unknown enum value',
      { where: { status: { equals: 'GOOD' } } },
      /query\.where\.status\.equals must be one of COMPLETED/,
      undefined,
    ],
    ['too many rows', { limit: 10_001 }, /query\.limit/, undefined],
    ['words where there is no search', { search: 'x' }, 'query.search: USAGE cannot be searched.', /PAIN_POINTS/],
  ])('refuses %s', async (_name, part, message, hint) => {
    const error = await ask({ subject: 'USAGE', measures: ['calls'], ...part })
    expect(error.code).toBe('BAD_USER_INPUT')
    if (typeof message === 'string') expect(error.message).toBe(message)
    else expect(error.message).toMatch(message)
    if (hint) expect(error.hint).toMatch(hint)
  })
})
