import { describe, expect, it } from 'vitest'
import { readTable } from '../../src/metrics/table.ts'
import { testDatabase } from '../database.ts'

const database = testDatabase()

async function errorOf(query: string, variables: object = {}) {
  const { data, errors } = await database.ask(query, variables)
  expect(errors).toHaveLength(1)
  expect(data ?? null).toBe(null)
  const { message, extensions } = errors![0]!
  return { message, code: extensions.code, argument: extensions.argument, hint: extensions.hint }
}

const cursorOf = (content: string) => Buffer.from(content).toString('base64url')

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
    ['orderBy: [{}]', 'orderBy[0] must name one field; a list of them sorts by several.', 'orderBy[0]'],
    [
      'orderBy: [{ calls: ASC }, { costUsdSum: DESC, runs: ASC }]',
      'orderBy[1] must name one field; a list of them sorts by several.',
      'orderBy[1]',
    ],
    ['orderBy: [{ calls: null }]', 'orderBy[0].calls must be ASC or DESC.', 'orderBy[0].calls'],
    [
      'having: { calls: { gt: "many" } }',
      'having.calls.gt must be a decimal number of at most 100 characters, such as 0.0123.',
      'having.calls.gt',
    ],
    [
      `having: { calls: { gt: "${'9'.repeat(200)}" } }`,
      'having.calls.gt must be a decimal number of at most 100 characters, such as 0.0123.',
      'having.calls.gt',
    ],
    ['after: "x"', 'after is not a cursor.', 'after'],
    [`after: "${cursorOf('["x",-1]')}"`, 'after is not a cursor.', 'after'],
    [`after: "${cursorOf('["USAGE",1]')}"`, 'after is a cursor of another question or another order.', 'after'],
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
    [
      'a table without columns',
      { measures: [] },
      'query.measures is empty, and nothing is grouped by: the table has no columns.',
      /dimension or an interval/,
    ],
    ['a place before the first row', { offset: -1 }, 'query.offset must be a whole number, 0 or more.', undefined],
    ['words where there is no search', { search: 'x' }, 'query.search: USAGE cannot be searched.', /PAIN_POINTS/],
  ])('refuses %s', async (_name, part, message, hint) => {
    const error = await ask({ subject: 'USAGE', measures: ['calls'], ...part })
    expect(error.code).toBe('BAD_USER_INPUT')
    if (typeof message === 'string') expect(error.message).toBe(message)
    else expect(error.message).toMatch(message)
    if (hint) expect(error.hint).toMatch(hint)
  })
})

describe('a question as JSON', () => {
  const scope = { organizationId: database.organizationId }

  it.each([
    [{ subject: undefined }, /^query\.subject must be a subject: ACCOUNTS, .*USAGE/],
    [{ measures: undefined }, 'query.measures must be a list of names of measures, such as ["calls", "costUsd.sum"].'],
    [{ measures: 'calls' }, 'query.measures must be a list of names of measures, such as ["calls", "costUsd.sum"].'],
    [{ measures: [1] }, 'query.measures[0] must be the name of a measure.'],
    [{ dimensions: [{}] }, 'query.dimensions[0] must be the name of a dimension.'],
    [{ search: 1 }, 'query.search must be a text.'],
    [{ interval: 'FORTNIGHT' }, 'query.interval must be one of HOUR, DAY, WEEK, MONTH, QUARTER, YEAR.'],
    [{ timeZone: 1 }, 'query.timeZone must be an IANA time zone such as Europe/Berlin.'],
    [{ timeZone: '+02:00' }, 'query.timeZone must be an IANA time zone such as Europe/Berlin.'],
    [{ having: { name: 'calls' } }, 'query.having must be a list, such as [{"name": "calls", "gt": 10}].'],
    [{ having: ['calls'] }, 'query.having[0] must be an object, such as {"name": "calls", "gt": 10}.'],
    [{ having: [{ gt: 1 }] }, 'query.having[0].name must be the name of a measure.'],
    [{ having: [{ name: 'calls', gt: 'many' }] }, 'query.having[0].gt must be a decimal number.'],
    [{ having: [{ name: 'calls', gt: [1] }] }, 'query.having[0].gt must be a decimal number.'],
    [
      { having: [{ name: 'calls', over: 1 }] },
      'query.having[0] does not take "over"; it takes name, equals, gt, gte, lt, lte.',
    ],
    [{ orderBy: 'calls' }, 'query.orderBy must be a list, such as [{"name": "calls", "direction": "DESC"}].'],
    [{ orderBy: [{}] }, 'query.orderBy[0].name must be the name of a column of the table, or of a measure.'],
    [{ orderBy: [{ name: 'calls', direction: 'desc' }] }, 'query.orderBy[0].direction must be ASC or DESC.'],
    [{ limit: 10_001 }, 'query.limit must be a whole number from 0 to 10000.'],
    [{ limit: '5' }, 'query.limit must be a whole number from 0 to 10000.'],
    [{ offset: 0.5 }, 'query.offset must be a whole number, 0 or more.'],
    [{ first: 5, last: 6 }, /^query does not take "first", "last"; it takes subject, measures, dimensions,/],
  ])('is told what to write instead of %j', (part, message) => {
    expect(() => readTable({ subject: 'USAGE', measures: ['calls'], ...part }, scope)).toThrow(message)
  })

  it('is told what to write instead of a list', () => {
    expect(() => readTable([], scope)).toThrow(
      'query must be an object, such as {"subject": "USAGE", "measures": ["calls"]}.',
    )
  })
})
