import { describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'

const database = testDatabase()

async function errorOf(query: string, variables: object = {}) {
  const { errors } = await database.ask(query, variables)
  expect(errors).toHaveLength(1)
  const { message, extensions, ...place } = errors![0]! as (typeof errors & object)[0] & { locations: unknown }
  return { message, code: extensions.code, argument: extensions.argument, locations: place.locations }
}

const metrics = (argument: string) => `{ usageMetrics(${argument}) { totalCount } }`

describe('a value that its scalar does not take', () => {
  it.each([
    ['timeZone', 'timeZone: "Mars/X"', '"Mars/X"', 'an IANA time zone'],
    ['having.calls.gt', 'having: { calls: { gt: "abc" } }', '"abc"', 'a decimal number'],
    ['where.startedAt.gt', 'where: { startedAt: { gt: "x" } }', '"x"', 'a time with its offset'],
    ['where.promptTokens.lt', 'where: { promptTokens: { lt: 1.5 } }', '1.5', 'a whole number up to'],
    ['where.OR[1].costUsd.in[2]', 'where: { OR: [{}, { costUsd: { in: [1, 2, "x"] } }] }', '"x"', 'a decimal number'],
  ])('is found in the document at %s', async (argument, written, value, expected) => {
    const query = metrics(written)
    const error = await errorOf(query)
    expect(error).toMatchObject({ code: 'BAD_USER_INPUT', argument })
    expect(error.locations).toEqual([{ line: 1, column: query.indexOf(value) + 1 }])
    expect(error.message).toContain(`${argument} must be ${expected}`)
  })

  it.each([
    ['query ($gt: Decimal) { usageMetrics(having: { calls: { gt: $gt } }) { totalCount } }', { gt: 'abc' }],
    ['query ($gt: Decimal = "abc") { usageMetrics(having: { calls: { gt: $gt } }) { totalCount } }', {}],
    ['query ($h: UsageMetricsHaving) { usageMetrics(having: $h) { totalCount } }', { h: { calls: { gt: 'abc' } } }],
    ['query ($h: UsageMetricsHaving = { calls: { gt: "abc" } }) { usageMetrics(having: $h) { totalCount } }', {}],
    [
      'query ($gt: Decimal) { ...Asked } fragment Asked on Query { usageMetrics(having: { calls: { gt: $gt } }) { totalCount } }',
      { gt: 'abc' },
    ],
    [
      'query ($h: UsageMetricsHaving) { usageMetrics(having: $h) { totalCount } }',
      { h: { calls: { gt: ' at "x.y"' } } },
    ],
  ])('is found in a variable by the argument that takes it: %s', async (query, variables) => {
    const error = await errorOf(query, variables)
    expect(error).toMatchObject({
      message: 'having.calls.gt must be a decimal number of at most 100 characters, such as 0.0123.',
      code: 'BAD_USER_INPUT',
      argument: 'having.calls.gt',
    })
    expect(error.locations).toHaveLength(1)
  })
})

describe('a variable that GraphQL does not take', () => {
  it.each([
    [{ first: 'x', name: 'n' }, 'first: Int cannot represent non-integer value: "x"', 'first'],
    [{ first: 1 }, 'Variable "$name" of required type "String!" was not provided.', 'name'],
  ])('%j is named by its argument', async (variables, message, argument) => {
    const query =
      'query ($first: Int, $name: String!) { usageMetrics(first: $first) { totalCount } savedView(name: $name) { name } }'
    expect(await errorOf(query, variables)).toMatchObject({ message, code: 'BAD_USER_INPUT', argument })
  })
})

it('what does not fit the schema is still said as GraphQL says it', async () => {
  expect(await errorOf(metrics('first: "x"'))).toMatchObject({
    message: 'Int cannot represent non-integer value: "x"',
    code: 'GRAPHQL_VALIDATION_FAILED',
  })
  expect(await errorOf('query ($unused: Int) { savedViews { name } }')).toMatchObject({
    message: 'Variable "$unused" is never used.',
    code: 'GRAPHQL_VALIDATION_FAILED',
  })
})

describe('a decimal number', () => {
  const asVariable = 'query ($gt: Decimal) { usageMetrics(having: { calls: { gt: $gt } }) { totalCount } }'

  it.each(['', ' 1', '--1', '1e9999999', 'NaN', 'Infinity', '0x1', '1_000', '1'.repeat(101)])(
    'is not %j, in the document as in a variable',
    async (gt) => {
      const inDocument = await errorOf(metrics(`having: { calls: { gt: ${JSON.stringify(gt)} } }`))
      const { message, code, argument } = await errorOf(asVariable, { gt })
      expect(inDocument).toMatchObject({ message, code, argument })
      expect(code).toBe('BAD_USER_INPUT')
    },
  )

  it.each(['1', '"1"', '-1.5', '"+.5"', '1e5', '"1e999"', '"1E-999"', '12345678901234567890'])('is %s', async (gt) => {
    const answer = { usageMetrics: { totalCount: expect.any(Number) } }
    expect(await database.data(metrics(`having: { calls: { gt: ${gt} } }`))).toEqual(answer)
    expect(await database.data(asVariable, { gt: JSON.parse(gt) })).toEqual(answer)
  })

  it.each([
    '{ rescoreCandidates(config: { thresholds: { go: "abc" } }) { changed } }',
    'mutation { setScoringConfig(name: "z", config: { thresholds: { go: "abc" } }) { name } }',
  ])('is needed in %s', async (query) => {
    expect(await errorOf(query)).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'config.thresholds.go' })
  })
})

describe('a moment', () => {
  it.each([
    ['asOf', (at: string) => `{ conversationsNeedingFollowUp(asOf: "${at}", first: 1) { totalCount } }`],
    [
      'effectiveFrom',
      (at: string) =>
        `mutation { setModelPrice(pattern: "m", inputUsdPerMillion: 1, outputUsdPerMillion: 1, effectiveFrom: "${at}") { pattern } }`,
    ],
    ['effectiveFrom', (at: string) => `mutation { removeModelPrice(pattern: "m", effectiveFrom: "${at}") }`],
    ['expiresAt', (at: string) => `mutation { createApiKey(name: "k", scopes: [READ], expiresAt: "${at}") { text } }`],
    ['where.startedAt.gt', (at: string) => metrics(`where: { startedAt: { gt: "${at}" } }`)],
  ])('is of the years 1 to 9999: %s', async (argument, query) => {
    for (const at of ['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+00:01', '9999-12-31T23:59:59-14:00'])
      expect(await errorOf(query(at))).toMatchObject({ code: 'BAD_USER_INPUT', argument })
  })

  it('may be the first and the last of them', async () => {
    const query = (at: string) => `{ conversationsNeedingFollowUp(asOf: "${at}", first: 1) { totalCount } }`
    for (const at of ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'])
      expect(await database.data(query(at))).toEqual({ conversationsNeedingFollowUp: { totalCount: 0 } })
  })
})
