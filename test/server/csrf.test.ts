import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StatementCount } from '../../scripts/attack/count-statements.ts'
import { testDatabase } from '../database.ts'
import { keyOf, raw, type Served, serve } from './served.ts'

const database = testDatabase()
const count = new StatementCount()
const READ = '{ runs { totalCount } }'
const FRIEND = 'https://app.example'
const STRANGER = 'https://evil.example'
let server: Served
let friendly: Served

beforeAll(async () => {
  server = await serve(database)
  friendly = await serve(database, { CROSSRUN_CORS_ORIGINS: `${FRIEND}, https://other.example` })
  count.start()
})
afterAll(async () => {
  count.stop()
  await server.close()
  await friendly.close()
})

const get = (headers: Record<string, string>, query = READ, at = server) =>
  at.send(`/graphql?query=${encodeURIComponent(query)}`, { headers })

describe('a body that browsers send anywhere without asking', () => {
  const json = JSON.stringify({ query: READ })
  const form = new FormData()
  form.set('operations', json)
  form.set('map', '{}')

  it.each<[string, BodyInit, Record<string, string>]>([
    ['text', json, { 'content-type': 'text/plain' }],
    ['text that names JSON too', json, { 'content-type': 'text/plain, application/json' }],
    ['JSON that names text too', json, { 'content-type': 'application/json, text/plain' }],
    ['a form', new URLSearchParams({ query: READ }), {}],
    ['a form with parts', form, {}],
    ['a document', READ, { 'content-type': 'application/graphql' }],
    ['nothing that has a type', new Blob([json]), {}],
  ])('as %s is not read', async (_name, body, headers) => {
    count.texts.length = 0
    // A header that a page cannot send changes nothing: whoever can send one can send JSON.
    for (const own of [{}, { 'x-crossrun-csrf': '1' }] as Record<string, string>[]) {
      const reply = await server.send('/graphql', { method: 'POST', body, headers: { ...headers, ...own } })
      expect([reply.status, reply.error.extensions.code, reply.data]).toEqual([
        415,
        'UNSUPPORTED_MEDIA_TYPE',
        undefined,
      ])
    }
    expect(count.texts).toEqual([])
  })

  it.each(['application/json', 'application/json; charset=utf-8', 'application/graphql+json'])(
    'is %s',
    async (type) => {
      expect((await server.post({ query: READ }, { 'content-type': type })).data).toEqual({ runs: { totalCount: 0 } })
    },
  )
})

describe('a query in an address', () => {
  it.each<[string, Record<string, string>]>([
    ['without a header of its own', {}],
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from another site, with a header', { 'sec-fetch-site': 'cross-site', 'x-crossrun-csrf': '1' }],
    ['from a neighbour, with a key', { 'sec-fetch-site': 'same-site', authorization: 'Bearer x' }],
    ['from another origin of an old browser', { origin: STRANGER, 'x-crossrun-csrf': '1' }],
    ['from nowhere', { origin: 'null', 'apollo-require-preflight': '1' }],
  ])('%s is not answered', async (_name, headers) => {
    count.texts.length = 0
    const { status, data, error } = await get(headers)
    expect([status, data]).toEqual([403, undefined])
    expect(['FORBIDDEN_ORIGIN', 'CSRF_HEADER_REQUIRED']).toContain(error.extensions.code)
    expect(count.texts).toEqual([])
  })

  it.each<[string, Record<string, string>]>([
    ['with a header', { 'x-crossrun-csrf': '1' }],
    ['with the header of Apollo', { 'apollo-require-preflight': '1' }],
    ['from its own page', { 'sec-fetch-site': 'same-origin' }],
    ['typed by a person', { 'sec-fetch-site': 'none' }],
    ['from its own origin of an old browser', { origin: 'http://HOST', 'x-crossrun-csrf': '1' }],
  ])('%s is answered', async (_name, headers) => {
    const own = headers.origin ? { ...headers, origin: server.url } : headers
    expect((await get(own)).data).toEqual({ runs: { totalCount: 0 } })
  })

  it('that is a mutation is not done', async () => {
    count.texts.length = 0
    const { status, data } = await get({ 'x-crossrun-csrf': '1' }, 'mutation { deleteSavedView(name: "x") { name } }')
    expect([status, data]).toEqual([405, undefined])
    expect(count.texts.filter((text) => !/x_first_key/.test(text))).toEqual([])
  })

  it('is not answered either when the path only ends like the right one', async () => {
    const { status, data } = await server.send(`/elsewhere?query=${encodeURIComponent(READ)}&x=/graphql`)
    expect([status >= 400, data]).toEqual([true, undefined])
  })
})

describe('a page of another site', () => {
  const preflight = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' }
  const ask = (at: Served, origin: string) =>
    at.send('/graphql', { method: 'OPTIONS', headers: { ...preflight, origin } })

  it('may not ask, and is told so before it does', async () => {
    expect((await ask(server, STRANGER)).headers.get('access-control-allow-origin')).toBe(null)
    const { status, headers, error } = await server.post({ query: READ }, { origin: STRANGER })
    expect([status, error.extensions.code]).toEqual([403, 'FORBIDDEN_ORIGIN'])
    expect(headers.get('access-control-allow-origin')).toBe(null)
  })

  it('may when it is on the list, and only then', async () => {
    const allowed = await ask(friendly, FRIEND)
    expect(allowed.headers.get('access-control-allow-origin')).toBe(FRIEND)
    expect(allowed.headers.get('access-control-allow-credentials')).toBe(null)
    const asked = await friendly.post({ query: READ }, { origin: FRIEND, 'sec-fetch-site': 'cross-site' })
    expect(asked.data).toEqual({ runs: { totalCount: 0 } })
    expect([asked.headers.get('access-control-allow-origin'), asked.headers.get('vary')]).toEqual([FRIEND, 'Origin'])
    for (const origin of [STRANGER, 'null', `${FRIEND}.evil.example`]) {
      expect((await ask(friendly, origin)).headers.get('access-control-allow-origin')).toBe(null)
      expect((await friendly.post({ query: READ }, { origin })).status).toBe(403)
    }
    // What no page asks leave for is refused although the site is on the list.
    expect((await get({ origin: FRIEND }, READ, friendly)).status).toBe(403)
  })
})

describe('a name that another site lets point to this machine', () => {
  const ask = (host: string, headers: Record<string, string> = {}) =>
    raw(server.port, { host, 'content-type': 'application/json', ...headers }, JSON.stringify({ query: READ }))

  it('is not answered without a key', async () => {
    for (const host of [
      'evil.example',
      `evil.example:${server.port}`,
      'localhost.evil.example',
      '127.0.0.1.evil.example',
    ]) {
      const { status, body } = await ask(host)
      expect([host, status, body.errors[0].extensions.code]).toEqual([host, 421, 'MISDIRECTED'])
    }
    for (const host of [
      'localhost',
      `localhost:${server.port}`,
      '127.0.0.1',
      '[::1]:4000',
      'crossrun.localhost',
      'LOCALHOST',
    ])
      expect([host, (await ask(host)).status]).toEqual([host, 200])
  })

  it('is one name among others for those who have a key', async () => {
    const key = await keyOf(database, ['READ'])
    expect((await ask('crossrun.example', key)).status).toBe(200)
  })
})
