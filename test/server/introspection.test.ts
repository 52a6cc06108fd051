import { getIntrospectionQuery } from 'graphql'
import { auditServer } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { keyOf, type Served, serve } from './served.ts'

const database = testDatabase()
const SCHEMA = '{ __schema { queryType { name } } }'
const MISSPELT = '{ rums { totalCount } }'
const MISSPELT_VALUE = 'query ($where: RunWhere) { runs(where: $where) { totalCount } }'
type Key = { authorization: string }
let admin: Key
let reader: Key
let production: Served

beforeAll(async () => {
  admin = await keyOf(database, ['ADMIN'])
  reader = await keyOf(database, ['READ'])
  production = await serve(database, { NODE_ENV: 'production' }, { openness: 'never' })
})
afterAll(() => production.close())

async function withServer<T>(variables: Record<string, string>, work: (server: Served) => Promise<T>): Promise<T> {
  const server = await serve(database, variables, { openness: 'never' })
  try {
    return await work(server)
  } finally {
    await server.close()
  }
}

describe('in production the schema', () => {
  it('is shown to administrators', async () => {
    expect((await production.ask(getIntrospectionQuery(), {}, admin)).data.__schema.types.length).toBeGreaterThan(100)
  })

  it('is not shown to others, in whatever way they ask', async () => {
    for (const query of [
      SCHEMA,
      '{ __type(name: "Run") { name } }',
      '{ ...F } fragment F on Query { a: __schema { types { name } } }',
    ]) {
      const { status, data, error } = await production.ask(query, {}, reader)
      expect([status, data, error.extensions.code]).toEqual([400, undefined, 'INTROSPECTION_OFF'])
    }
    expect((await production.ask('{ __typename runs { __typename } }', {}, reader)).data).toEqual({
      __typename: 'Query',
      runs: { __typename: 'RunConnection' },
    })
  })

  it('is shown to an administrator after it was not shown to somebody else, and the other way round', async () => {
    for (const [key, code] of [
      [reader, 'INTROSPECTION_OFF'],
      [admin, undefined],
      [reader, 'INTROSPECTION_OFF'],
    ] as const)
      expect((await production.ask(SCHEMA, {}, key)).error?.extensions.code).toBe(code)
  })

  it('is not guessed at for others', async () => {
    const wrong = { where: { status: { equals: 'FAILE' } } }
    for (const key of [admin, reader]) {
      const isSuggested = key === admin
      for (const reply of [
        await production.ask(MISSPELT, {}, key),
        await production.ask(MISSPELT_VALUE, wrong, key),
        await production.ask('{ runs(where: { statos: {} }) { totalCount } }', {}, key),
      ]) {
        expect([reply.error.message, reply.error.message.includes('Did you mean')]).toEqual([
          expect.any(String),
          isSuggested,
        ])
        expect(reply.error.message).toMatch(/rums|FAILE|statos/)
      }
    }
    const [first] = (await production.post([{ query: MISSPELT }], reader)).body
    expect(first.errors[0].message).toBe('Cannot query field "rums" on type "Query".')
  })

  it('is not shown in GraphiQL either', async () => {
    const browser = { headers: { accept: 'text/html', 'sec-fetch-site': 'none' } }
    expect((await production.send('/graphql', browser)).body).not.toContain('<html')
    expect((await production.send('/', { ...browser, redirect: 'manual' })).status).toBe(404)
    await withServer({ NODE_ENV: 'production', CROSSRUN_GRAPHIQL: 'on' }, async ({ send }) =>
      expect((await send('/graphql', browser)).body).toContain('<html'),
    )
  })
})

describe('elsewhere the schema', () => {
  it('is shown to everybody unless it is said otherwise', async () => {
    await withServer({}, async ({ ask }) => expect((await ask(SCHEMA, {}, reader)).status).toBe(200))
    await withServer({ CROSSRUN_INTROSPECTION: 'admin' }, async ({ ask }) => {
      expect((await ask(SCHEMA, {}, reader)).error.extensions.code).toBe('INTROSPECTION_OFF')
      expect((await ask(SCHEMA, {}, admin)).status).toBe(200)
    })
    await withServer({ CROSSRUN_INTROSPECTION: 'off', CROSSRUN_GRAPHIQL: 'off' }, async ({ ask, send }) => {
      expect((await ask(SCHEMA, {}, admin)).error.extensions.code).toBe('INTROSPECTION_OFF')
      expect((await ask(MISSPELT, {}, admin)).error.message).not.toContain('Did you mean')
      expect((await send('/graphql', { headers: { accept: 'text/html' } })).body).not.toContain('<html')
    })
  })

  it('is not shown many times over at once', async () => {
    const fields = Array.from(
      { length: 100 },
      (_, at) => `a${at}: fields { name args { name type { name ofType { name } } } }`,
    ).join(' ')
    const { error } = await production.ask(`{ __schema { types { ${fields} } } }`, {}, admin)
    expect(error.extensions).toMatchObject({ code: 'LIMIT_EXCEEDED', limit: 'introspection' })
  })
})

it('passes all of graphql-http’s audits in production, with a key that may see the schema', async () => {
  const fetchFn = (url: string, init: RequestInit = {}) =>
    fetch(url, { ...init, headers: { ...(init.headers as Record<string, string>), ...admin } })
  const results = await auditServer({ url: `${production.url}/graphql`, fetchFn })
  expect(results.filter(({ status }) => status !== 'ok').map(({ name, status }) => `${status}: ${name}`)).toEqual([])
  expect(results.length).toBe(61)
})
