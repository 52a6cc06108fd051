import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { getIntrospectionQuery } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StatementCount } from '../../scripts/attack/count-statements.ts'
import { readDocuments } from '../../scripts/bench/documents.ts'
import { environmentVariables } from '../../src/environment.ts'
import { EXAMPLE_QUERIES } from '../../src/server/example-queries.ts'
import { testDatabase } from '../database.ts'
import { sharedFolder } from '../shared-folder.ts'
import { type Served, serve } from './served.ts'

const database = testDatabase()
const count = new StatementCount()
let usual: Served
let small: Served

/** Limits so small that a test can be at them and one beyond. */
const SMALL = {
  CROSSRUN_MAX_DOCUMENT_CHARACTERS: '600',
  CROSSRUN_MAX_TOKENS: '60',
  CROSSRUN_MAX_NESTING: '9',
  CROSSRUN_MAX_OPERATIONS: '1',
  CROSSRUN_MAX_FRAGMENTS: '2',
  CROSSRUN_MAX_DEPTH: '5',
  CROSSRUN_MAX_BREADTH: '6',
  CROSSRUN_MAX_FIELDS: '14',
  CROSSRUN_MAX_ALIASES: '3',
  CROSSRUN_MAX_DIRECTIVES: '3',
  CROSSRUN_MAX_ROOT_FIELDS: '4',
  CROSSRUN_MAX_REPEATS: '3',
  CROSSRUN_MAX_INPUT_DEPTH: '4',
  CROSSRUN_MAX_INPUT_VALUES: '8',
  CROSSRUN_MAX_INPUT_CHARACTERS: '50',
  CROSSRUN_MAX_COMPLEXITY: '1000',
  CROSSRUN_BATCH_LIMIT: '3',
  CROSSRUN_MAX_BODY_BYTES: '2000',
  CROSSRUN_MAX_URL_CHARACTERS: '300',
}

beforeAll(async () => {
  usual = await serve(database, {}, { openness: 'always' })
  small = await serve(database, SMALL, { openness: 'always' })
  count.start()
})
afterAll(async () => {
  count.stop()
  await usual.close()
  await small.close()
})

const BY_WHERE = 'query ($where: RunWhere) { runs(where: $where) { totalCount } }'
const BY_SIZE = 'query ($n: Int) { runs(first: $n) { nodes { id status costUsd externalId } } }'

/** Of each limit a document that is just within it and one that is just beyond. */
const LIMITS: [limit: string, within: [string, object?], beyond: [string, object?]][] = [
  ['documentCharacters', [`{ __typename } #${'x'.repeat(584)}`], [`{ __typename } #${'x'.repeat(585)}`]],
  [
    'tokens',
    [`{ runs(where: { status: { in: [${'FAILED '.repeat(40)}] } }) { totalCount } }`],
    [`{ runs(where: { status: { in: [${'FAILED '.repeat(41)}] } }) { totalCount } }`],
  ],
  [
    'nesting',
    [`${'{ ... on Query '.repeat(8)}{ __typename }${'}'.repeat(8)}`],
    [`${'{ ... on Query '.repeat(9)}{ __typename }${'}'.repeat(9)}`],
  ],
  ['operations', ['query A { __typename }'], ['query A { __typename } query B { __typename }']],
  [
    'fragments',
    ['{ ...A ...B } fragment A on Query { __typename } fragment B on Query { __typename }'],
    ['{ ...A } fragment A on Query { ...B } fragment B on Query { ...C } fragment C on Query { __typename }'],
  ],
  [
    'depth',
    ['{ runs { nodes { vendor { runs { totalCount } } } } }'],
    ['{ runs { nodes { vendor { runs { nodes { id } } } } } }'],
  ],
  [
    'breadth',
    ['{ runs { nodes { id status costUsd externalId durationSeconds startedAt } } }'],
    [
      '{ runs { nodes { id status costUsd ...F } } } fragment F on Run { externalId durationSeconds startedAt isLatest }',
    ],
  ],
  [
    'fields',
    [
      '{ a: runs { nodes { ...F } } b: runs { nodes { ...F } } } fragment F on Run { id status costUsd externalId startedAt }',
    ],
    [
      '{ a: runs { nodes { ...F } } b: runs { nodes { ...F } totalCount } } fragment F on Run { id status costUsd externalId startedAt }',
    ],
  ],
  [
    'aliases',
    ['{ a: __typename b: __typename c: __typename }'],
    ['{ ...A ...A } fragment A on Query { a: __typename b: __typename }'],
  ],
  [
    'directives',
    ['{ __typename @skip(if: false) ... @include(if: true) { __typename @skip(if: false) } }'],
    ['{ ...A @skip(if: false) ...A @skip(if: false) } fragment A on Query { __typename @skip(if: false) }'],
  ],
  [
    'rootFields',
    ['{ a: __typename b: __typename runs { totalCount } __typename }'],
    ['{ a: __typename b: __typename runs { totalCount } ... on Query { c: __typename __typename } }'],
  ],
  ['repeats', ['{ __typename __typename __typename }'], ['{ __typename __typename __typename __typename }']],
  ['inputDepth', [BY_WHERE, { where: { AND: [{ AND: [] }] } }], [BY_WHERE, { where: { AND: [{ AND: [{}] }] } }]],
  [
    'inputDepth',
    ['{ runs(where: { AND: [{ AND: [] }] }) { totalCount } }'],
    ['{ runs(where: { AND: [{ AND: [{}] }] }) { totalCount } }'],
  ],
  [
    'inputValues',
    [BY_WHERE, { where: { status: { in: ['FAILED', 'FAILED', 'FAILED', 'FAILED', 'FAILED'] } } }],
    [BY_WHERE, { where: { status: { in: Array(6).fill('FAILED') } } }],
  ],
  [
    'inputCharacters',
    [BY_WHERE, { where: { externalId: { equals: 'x'.repeat(50) } } }],
    [BY_WHERE, { where: { externalId: { equals: 'x'.repeat(51) } } }],
  ],
  // A page costs 10, its field nodes and the four fields of each object 1 each.
  ['complexity', [BY_SIZE, { n: 198 }], [BY_SIZE, { n: 199 }]],
]

describe('a document', () => {
  it.each(LIMITS)(
    'is answered at the limit of %s, and beyond it refused before any SQL',
    async (limit, within, beyond) => {
      const answered = await small.ask(...within)
      expect(answered.error).toBe(undefined)
      expect(answered.status).toBe(200)
      count.texts.length = 0
      const { status, data, error } = await small.ask(...beyond)
      expect([status, data ?? null]).toEqual([400, null])
      const allowed = Number(SMALL[variableOf(limit) as keyof typeof SMALL])
      expect(error.extensions).toMatchObject({ code: 'LIMIT_EXCEEDED', limit, allowed })
      expect(error.extensions.found).toSatisfy((found) => found === `more than ${allowed}` || Number(found) > allowed)
      expect(error.extensions.hint).toContain(variableOf(limit))
      expect(count.texts).toEqual([])
    },
  )

  it('is measured in time that does not grow with what its fragments multiply to', async () => {
    const levels = Array.from({ length: 180 }, (_, at) => `fragment F${at} on Query { ...F${at + 1} ...F${at + 1} }`)
    const { error } = await usual.ask(`{ ...F0 } ${levels.join(' ')} fragment F180 on Query { __typename }`)
    expect(error.extensions).toMatchObject({ limit: 'rootFields', found: 'more than 50' })
  })

  it('whose fragments go in circles is told which', async () => {
    const { status, error } = await usual.ask('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }')
    expect([status, error.extensions.code, error.message]).toEqual([
      400,
      'GRAPHQL_VALIDATION_FAILED',
      'Fragment "A" spreads itself.',
    ])
  })

  it('that is refused once is refused again, and one that is answered once is answered again', async () => {
    for (const _ of [1, 2]) {
      expect((await small.ask('{ a: __typename b: __typename c: __typename d: __typename }')).status).toBe(400)
      expect((await small.ask('{ a: __typename b: __typename }')).data).toEqual({ a: 'Query', b: 'Query' })
    }
  })
})

describe('a list', () => {
  it.each([
    ['a literal', '{ runs(first: 501) { totalCount } }', {}, ['runs'], 'first must be between 0 and 500.'],
    [
      'a variable',
      'query ($n: Int) { all: runs(last: $n) { totalCount } }',
      { n: -1 },
      ['all'],
      'last must be between 0 and 500.',
    ],
    [
      'a default',
      'query ($n: Int = 1000000000) { ...F } fragment F on Query { runs(first: $n) { totalCount } }',
      {},
      ['runs'],
      'first must be between 0 and 500.',
    ],
    [
      'a nested list',
      '{ runs { nodes { agentCalls(first: 101) { totalCount } } } }',
      {},
      ['runs', 'nodes', 'agentCalls'],
      'first must be between 0 and 100.',
    ],
    [
      'groups',
      '{ usageMetrics(first: 10001) { totalCount } }',
      {},
      ['usageMetrics'],
      'first must be between 0 and 10000.',
    ],
    [
      'rows of a table',
      '{ metricsTable(query: { subject: USAGE, measures: ["calls"], limit: 1000000000 }) { totalCount } }',
      {},
      ['metricsTable'],
      'query.limit must be between 0 and 10000.',
    ],
    [
      'an object',
      'query ($query: MetricsTableQuery!) { metricsTable(query: $query) { totalCount } }',
      { query: { subject: 'USAGE', measures: ['calls'], limit: -1 } },
      ['metricsTable'],
      'query.limit must be between 0 and 10000.',
    ],
    [
      'a variable in an object',
      'query ($n: Int = 10001) { metricsTable(query: { subject: USAGE, measures: ["calls"], limit: $n }) { totalCount } }',
      {},
      ['metricsTable'],
      'query.limit must be between 0 and 10000.',
    ],
    [
      'a table that is saved',
      'mutation ($n: Int) { saveView(name: "v", query: { subject: USAGE, measures: ["calls"], limit: $n }) { name } }',
      { n: 10_001 },
      ['saveView'],
      'query.limit must be between 0 and 10000.',
    ],
  ])('asked for too much by %s is refused before any SQL', async (_by, query, variables, path, message) => {
    count.texts.length = 0
    const { error } = await usual.ask(query, variables)
    expect(error).toMatchObject({ message, path, extensions: { code: 'BAD_USER_INPUT' } })
    expect(count.texts).toEqual([])
  })

  it('of values that do not fit is refused before any SQL', async () => {
    count.texts.length = 0
    const { error } = await usual.ask(BY_SIZE, { n: 'many' })
    expect(error.extensions.code).toBe('BAD_USER_INPUT')
    expect(count.texts).toEqual([])
  })
})

describe('the cost', () => {
  const costOf = async (query: string) => (await usual.ask(query)).body.extensions.cost

  it('stands in the answer, and grows with how much is asked for', async () => {
    expect(await costOf('{ runs(first: 3) { nodes { id } } }')).toEqual({ cost: 10 + 3 * (1 + 1), allowed: 300_000 })
    expect(await costOf('{ runs { edges { node { id } cursor } } }')).toMatchObject({ cost: 10 + 20 * (1 + 2 + 1) })
    expect(await costOf('{ runs(last: 2) { nodes { agentCalls(first: 5) { nodes { id model } } } } }')).toMatchObject({
      cost: 10 + 2 * (1 + 10 + 5 * (1 + 2)),
    })
    // Lists whose length nobody can choose count as ten, what a page has once counts once.
    expect(
      await costOf('{ runs(first: 1) { nodes { phases { name } } totalCount pageInfo { hasNextPage } } }'),
    ).toMatchObject({
      cost: 10 + (1 + 1 + 10 * 1) + 1 + 1,
    })
  })

  it('counts the operation that is asked for, and sends nothing to the database for one that is too dear', async () => {
    const query =
      'query Dear { runs(first: 500) { nodes { agentCalls(first: 100) { nodes { id model status totalTokens costUsd } } } } } query Cheap { runs(first: 1) { totalCount } }'
    expect((await usual.post({ query, operationName: 'Cheap' })).body.extensions.cost.cost).toBe(11)
    count.texts.length = 0
    const { error } = await usual.post({ query, operationName: 'Dear' })
    expect(error.extensions).toMatchObject({ limit: 'complexity', found: 10 + 500 * (1 + 10 + 100 * (1 + 5)) })
    expect(count.texts).toEqual([])
  })
})

describe('a request', () => {
  const operation = { query: '{ __typename }' }

  it('that has nothing among its operations is told so, and the others are answered', async () => {
    const { body } = await usual.post([null, operation])
    expect(JSON.stringify(body)).not.toContain('INTERNAL_SERVER_ERROR')
  })

  it('may bring as many operations as are allowed, and no more', async () => {
    expect((await small.post(Array(3).fill(operation))).body).toEqual(Array(3).fill({ data: { __typename: 'Query' } }))
    const { status, error } = await small.post(Array(4).fill(operation))
    expect([status, error.extensions]).toMatchObject([
      413,
      { code: 'LIMIT_EXCEEDED', limit: 'batch', allowed: 3, found: 4 },
    ])
  })

  it('has each of its operations limited by itself', async () => {
    const { body } = await small.post([operation, { query: '{ a: id b: id c: id d: id }' }])
    expect(body[0].data).toEqual({ __typename: 'Query' })
    expect(body[1].errors[0].extensions).toMatchObject({ limit: 'aliases' })
  })

  it('may be so long and no longer, whether it says so or not', async () => {
    const bodyOf = (length: number) => JSON.stringify(operation).padEnd(length)
    expect((await small.post(bodyOf(2_000))).status).toBe(200)
    const expected = { code: 'LIMIT_EXCEEDED', limit: 'bodyBytes', allowed: 2_000 }
    const said = await small.post(bodyOf(2_001))
    expect([said.status, said.error.extensions]).toMatchObject([413, expected])
    const streamed = await new Promise<{ status?: number | undefined; text: string }>((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }
      const sent = request(`${small.url}/graphql`, { method: 'POST', headers }, (response) => {
        response.setEncoding('utf8').once('data', (text: string) => resolve({ status: response.statusCode, text }))
      })
      sent.on('error', reject)
      for (let part = 0; part < 30; part += 1) sent.write(' '.repeat(100))
      sent.end(JSON.stringify(operation))
    })
    expect([streamed.status, JSON.parse(streamed.text).errors[0].extensions]).toMatchObject([413, expected])
  })

  it('may have so long an address and no longer', async () => {
    const { status, error } = await small.send(`/graphql?query={__typename}${'%20'.repeat(100)}`)
    expect([status, error.extensions]).toMatchObject([414, { code: 'LIMIT_EXCEEDED', limit: 'urlCharacters' }])
  })
})

describe('the usual limits', () => {
  const FOLDERS = [
    fileURLToPath(new URL('../questions', import.meta.url)),
    ...(sharedFolder ? [`${sharedFolder}/questions`] : []),
  ]
  const documents = [
    ...FOLDERS.flatMap((folder) => readDocuments(folder).map(({ text }) => text)),
    ...EXAMPLE_QUERIES,
    getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true, oneOf: true, specifiedByUrl: true }),
  ]

  it('leave room for every question, GraphiQL and a dashboard of four thousand tokens', async () => {
    const panel = (at: number) =>
      `panel${at}: usageMetrics(where: { model: { in: ["a", "b"] } }, groupBy: [MODEL], interval: MONTH, orderBy: [{ time: ASC }]) { totalCount source asOf nodes { key { time model } ...Usage } totals { ...Usage } }`
    const panels = Array.from({ length: 45 }, (_, at) => panel(at)).join(' ')
    const dashboard = `query Dashboard { ${panels} } fragment Usage on UsageMetricsValues { calls }`
    for (const query of documents) {
      const { error } = await usual.post({ query, operationName: undefined })
      // Their variables are not given here.
      expect(error?.extensions?.code).not.toBe('LIMIT_EXCEEDED')
    }
    const { error } = await usual.ask(dashboard)
    expect(error?.extensions?.code).not.toBe('LIMIT_EXCEEDED')
  })

  it('are those that docs/security.md lists', () => {
    const docs = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8')
    const limits = environmentVariables.filter(({ name }) => /_LIMIT|_MAX_/.test(name))
    expect(limits.length).toBeGreaterThan(15)
    expect(limits.filter(({ name }) => !docs.includes(`\`${name}\``))).toEqual([])
    for (const [limit] of LIMITS) expect(docs).toContain(`\`${limit}\``)
  })
})

function variableOf(limit: string): string {
  return `CROSSRUN_MAX_${limit.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}
