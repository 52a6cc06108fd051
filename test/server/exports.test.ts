import { request as httpRequest } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { readEnvironment } from '../../src/environment.ts'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import type { Server } from '../../src/server/index.ts'
import { openClient } from '../../src/store/client.ts'
import { askAs, makeKey } from '../access/asking.ts'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'

const database = testDatabase()
const environment = readEnvironment({ CROSSRUN_RATE_LIMIT: '0', CROSSRUN_MAX_EXPORTS: '3' })
let server: Server
let origin: string
let admin: string
let reader: { id: string; text: string }

const COMPANIES = {
  'companies.json': [
    { id: 'c1', name: 'Acme', domain: 'acme.example', industry: 'Healthcare' },
    { id: 'c2', name: '=Evil "Corp", Ltd', domain: 'evil.example', industry: 'Banking' },
    { id: 'c3', name: 'Zürich AG', domain: 'zuerich.example', industry: 'Healthcare' },
  ],
}

beforeAll(async () => {
  server = database.newServer({ openness: 'always', environment })
  origin = (await server.listen({ host: '127.0.0.1', port: 0 })).url
  admin = (await makeKey(server, null, ['ADMIN'])).text
  reader = await makeKey(server, admin, ['READ'], { name: 'dashboards' })
  await importFiles(database, COMPANIES)
  await importFiles(database, { 'companies.json': [{ id: 'c1', name: 'Theirs', domain: 'theirs.example' }] }, 'others')
})
afterAll(() => server.close())
beforeEach(() => database.sql('delete from audit_events where action like $$export.%$$'))

type Given = { key?: string | null; headers?: Record<string, string>; method?: string }

function get(path: string, { key = reader.text, headers = {}, method = 'GET' }: Given = {}): Promise<Response> {
  const all = key === null ? headers : { authorization: `Bearer ${key}`, ...headers }
  return fetch(`${origin}${path}`, { method, headers: all })
}

const dataOf = async (query: string, variables: object) => (await askAs(server, admin, query, variables)).data
const where = (filter: object) => `where=${encodeURIComponent(JSON.stringify(filter))}`
const rowsOf = async (response: Response) => parse(await response.text(), { record_delimiter: '\r\n' }) as string[][]
const errorOf = async (response: Response) => {
  const { errors } = (await response.json()) as { errors: [{ message: string; extensions: Record<string, unknown> }] }
  return { status: response.status, message: errors[0].message, ...errors[0].extensions }
}
/** More than fits between the database and a client who does not read, packed or not. */
const addAgents = () =>
  database.sql(
    `insert into agents (id, organization_id, name)
     select gen_random_uuid(), $1, 'agent ' || i || (select string_agg(md5(g.i || '.' || part), '') from generate_series(1, 40) as p (part))
     from generate_series(1, 12000) as g (i)`,
    [database.organizationId],
  )
const COLUMNS = 'columns=domain,name,industry'

describe('a dataset', () => {
  it('comes with the columns that are asked for, in their order, of the rows that the filter takes', async () => {
    const order = encodeURIComponent('[{"name":"DESC"}]')
    const response = await get(
      `/export/companies.csv?${COLUMNS}&${where({ industry: { equals: 'Healthcare' } })}&orderBy=${order}`,
    )
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="companies.csv"')
    expect(response.headers.get('cache-control')).toBe('private, no-cache')
    expect(await rowsOf(response)).toEqual([
      ['domain', 'name', 'industry'],
      ['zuerich.example', 'Zürich AG', 'Healthcare'],
      ['acme.example', 'Acme', 'Healthcare'],
    ])
  })

  it('takes the filters of the API’s lists, and gives the rows that they give', async () => {
    const filter = {
      OR: [{ domain: { startsWith: 'ACME' } }, { name: { contains: 'evil' } }],
      NOT: { industry: { isNull: true } },
    }
    const { companies } = await dataOf(
      'query ($where: CompanyWhere) { companies(where: $where, orderBy: [{ name: ASC }]) { nodes { domain } } }',
      { where: filter },
    )
    const order = encodeURIComponent('[{"name":"ASC"}]')
    const rows = await rowsOf(await get(`/export/companies.csv?columns=domain&${where(filter)}&orderBy=${order}`))
    expect(rows.slice(1).flat()).toEqual(companies.nodes.map(({ domain }: { domain: string }) => domain))
    expect(rows).toHaveLength(3)
  })

  it('has a schema, and the list of them has each', async () => {
    const { datasets } = (await (await get('/export')).json()) as { datasets: { name: string; schema: string }[] }
    expect(datasets.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['runs', 'agent_calls', 'pain_points', 'account_health', 'usage_hourly']),
    )
    for (const { name, schema } of datasets) {
      const { columns, where: filter } = (await (await get(schema)).json()) as {
        columns: { name: string }[]
        where: string
      }
      expect(filter).toMatch(/^[A-Z]\w+Where$/)
      const response = await get(`/export/${name}.csv`)
      const header = (await rowsOf(response))[0]
      expect([name, header]).toEqual([name, columns.map((column) => column.name)])
    }
  })

  it.each(['csv', 'jsonl', 'parquet', 'arrow', 'xlsx'])('comes as %s', async (format) => {
    const response = await get(`/export/companies.${format}`)
    expect([response.status, response.headers.get('content-disposition')]).toEqual([
      200,
      `attachment; filename="companies.${format}"`,
    ])
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(100)
  })

  it('comes as the header Accept says, where the address does not', async () => {
    const type = async (accept: string) =>
      (await get('/export/companies', { headers: { accept } })).headers.get('content-type')
    expect(await type('*/*')).toBe('text/csv; charset=utf-8')
    expect(await type('application/jsonl')).toBe('application/jsonl; charset=utf-8')
    expect(await type('text/csv;q=0.5, application/vnd.apache.parquet')).toBe('application/vnd.apache.parquet')
  })

  it('is packed when the client unpacks', async () => {
    const path = `/export/companies.csv?${COLUMNS}`
    const raw = await new Promise<{ headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
      const asked = httpRequest(
        `${origin}${path}`,
        { headers: { authorization: `Bearer ${reader.text}`, 'accept-encoding': 'gzip' } },
        (response) => {
          const pieces: Buffer[] = []
          response
            .on('data', (piece) => pieces.push(piece))
            .on('end', () => resolve({ headers: response.headers, body: Buffer.concat(pieces) }))
        },
      )
      asked.on('error', reject).end()
    })
    expect(raw.headers).toMatchObject({ 'content-encoding': 'gzip', vary: expect.stringContaining('Accept-Encoding') })
    const plain = await get(path, { headers: { 'accept-encoding': 'identity' } })
    expect(plain.headers.get('content-encoding')).toBe(null)
    expect(gunzipSync(raw.body).toString()).toBe(await plain.text())
  })

  it('guards formulas when it is asked to', async () => {
    const filter = where({ domain: { equals: 'evil.example' } })
    const names = async (more: string) =>
      (await rowsOf(await get(`/export/companies.csv?columns=name&${filter}${more}`)))[1]
    expect(await names('')).toEqual(['=Evil "Corp", Ltd'])
    expect(await names('&guardFormulas=true')).toEqual(['\'=Evil "Corp", Ltd'])
  })
})

describe('what has been asked for before', () => {
  it('is not sent again until something was imported or changed', async () => {
    const path = '/export/companies.csv'
    const etag = (await get(path)).headers.get('etag')!
    expect(etag).toMatch(/^W\/".+"$/)
    const again = await get(path, { headers: { 'if-none-match': etag } })
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag])
    // Another question, format or organization has another tag.
    const others = ['/export/companies.csv?columns=name', '/export/companies.jsonl', '/export/contacts.csv']
    for (const other of others) expect((await get(other, { headers: { 'if-none-match': etag } })).status).toBe(200)
    await importFiles(database, { 'more.json': [{ id: 'c4', name: 'New', domain: 'new.example' }] })
    expect((await get(path, { headers: { 'if-none-match': etag } })).status).toBe(200)
    await database.sql(`delete from companies where domain = 'new.example'`)
  })

  it('HEAD says as much, without rows', async () => {
    const response = await get('/export/companies.csv', { method: 'HEAD' })
    expect([response.status, response.headers.get('etag'), await response.text()]).toEqual([
      200,
      expect.stringMatching(/^W\//),
      '',
    ])
  })
})

describe('a question to the metrics', () => {
  const QUESTION = {
    subject: 'ACCOUNTS',
    measures: ['companies'],
    dimensions: ['industry'],
    orderBy: [{ name: 'industry' }],
  }

  it('is answered as metricsTable answers it', async () => {
    const { metricsTable } = await dataOf(
      'query ($query: MetricsTableQuery!) { metricsTable(query: $query) { columns { name } rows } }',
      { query: QUESTION },
    )
    const response = await get(`/export/metrics.jsonl?query=${encodeURIComponent(JSON.stringify(QUESTION))}`)
    const rows = (await response.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const names = metricsTable.columns.map(({ name }: { name: string }) => name)
    expect(rows).toEqual(
      metricsTable.rows.map((row: unknown[]) => Object.fromEntries(row.map((value, place) => [names[place], value]))),
    )
    expect(rows).toEqual([
      { industry: 'Banking', companies: 1 },
      { industry: 'Healthcare', companies: 2 },
    ])
  })

  it('has a column for each measure and dimension, however often it is named, or only dimensions', async () => {
    const named = {
      ...QUESTION,
      measures: ['companies', 'companies.sum', 'companies'],
      dimensions: ['industry', 'industry'],
    }
    const questions: [object, string[]][] = [
      [named, ['industry', 'companies']],
      [{ ...QUESTION, measures: [] }, ['industry']],
    ]
    for (const [question, columns] of questions) {
      for (const format of ['csv', 'jsonl', 'xlsx', 'parquet', 'arrow']) {
        const response = await get(`/export/metrics.${format}?query=${encodeURIComponent(JSON.stringify(question))}`)
        const bytes = await response.arrayBuffer()
        expect([response.status, bytes.byteLength > 0], format).toEqual([200, true])
        if (format !== 'csv') continue
        const [header, ...rows] = new TextDecoder().decode(bytes).trimEnd().split('\r\n')
        expect([header, rows.length]).toEqual([columns.join(','), 2])
      }
    }
  })

  it.each(['csv', 'jsonl', 'xlsx', 'parquet', 'arrow'])('without columns is no %s file', async (format) => {
    const question = encodeURIComponent('{"subject":"USAGE","measures":[]}')
    expect(await errorOf(await get(`/export/metrics.${format}?query=${question}`))).toMatchObject({
      status: 400,
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(/^query\.measures is empty/),
    })
  })

  it('has a name as a saved view', async () => {
    const name = 'by industry / 漢'
    await dataOf(
      'mutation ($name: String!, $query: MetricsTableQuery!) { saveView(name: $name, query: $query) { name } }',
      { name, query: QUESTION },
    )
    const response = await get(`/export/views/${encodeURIComponent(name)}.csv`)
    expect(response.headers.get('content-disposition')).toMatch(/filename\*=UTF-8''by%20industry%20-%20%E6%BC%A2\.csv/)
    expect(await rowsOf(response)).toEqual([
      ['industry', 'companies'],
      ['Banking', '1'],
      ['Healthcare', '2'],
    ])
    expect(await errorOf(await get('/export/views/nothing.csv'))).toMatchObject({ status: 404, code: 'NOT_FOUND' })
  })
})

describe('is refused', () => {
  it.each([
    ['/export/companies.pdf', 406, 'NOT_ACCEPTABLE', /no format "pdf"/],
    ['/export/nothing.csv', 404, 'NOT_FOUND', /no dataset "nothing"/],
    ['/export/a/b/c.csv', 404, 'NOT_FOUND', /nothing at/],
    ['/export/companies.csv?where=%7B', 400, 'BAD_USER_INPUT', /^where is not JSON/],
    [
      '/export/companies.csv?where=%7B%22nme%22%3A%7B%7D%7D',
      400,
      'BAD_USER_INPUT',
      /where\.nme is not a condition on Company/,
    ],
    ['/export/companies.csv?columns=name,organization_id', 400, 'BAD_USER_INPUT', /no column "organization_id"/],
    ['/export/companies.csv?columns=name,name', 400, 'BAD_USER_INPUT', /"name" is there twice/],
    ['/export/companies.csv?columns=', 400, 'BAD_USER_INPUT', /no column ""/],
    ['/export/companies.csv?orderBy=%5B%7B%22x%22%3A%22ASC%22%7D%5D', 400, 'BAD_USER_INPUT', /orderBy\[0\]\.x/],
    [
      '/export/usage_hourly.csv?orderBy=%5B%7B%22startedAt%22%3A%22ASC%22%7D%5D',
      400,
      'BAD_USER_INPUT',
      /sorted by its columns/,
    ],
    ['/export/companies.csv?limit=5', 400, 'BAD_USER_INPUT', /"limit" is no parameter/],
    ['/export/companies.csv?columns=name&columns=domain', 400, 'BAD_USER_INPUT', /columns is there twice/],
    ['/export/companies.csv?guardFormulas=maybe', 400, 'BAD_USER_INPUT', /true or false/],
    ['/export/metrics.csv', 400, 'BAD_USER_INPUT', /need a question/],
    [
      '/export/metrics.csv?query=%7B%22subject%22%3A%22RUNS%22%2C%22measures%22%3A%5B%22x%22%5D%7D',
      400,
      'BAD_USER_INPUT',
      /"x" is not a measure of RUNS/,
    ],
    ['/export/%E0%A4%A.csv', 400, 'BAD_USER_INPUT', /%/],
  ])('%s', async (path, status, code, message) => {
    const response = await get(path)
    expect(response.headers.get('content-disposition')).toBe(null)
    expect(await errorOf(response)).toMatchObject({ status, code, message: expect.stringMatching(message) })
  })

  it('what is no type of a format, with those that are', async () => {
    const refused = await errorOf(await get('/export/companies', { headers: { accept: 'application/pdf' } }))
    expect(refused).toMatchObject({ status: 406, code: 'NOT_ACCEPTABLE', hint: expect.stringContaining('.parquet') })
  })

  it('a method that changes things', async () => {
    expect(await errorOf(await get('/export/companies.csv', { method: 'POST' }))).toMatchObject({
      status: 405,
      code: 'METHOD_NOT_ALLOWED',
    })
  })

  it('who has no key, a wrong one, or one that may not read', async () => {
    const closed = database.newServer({ openness: 'never', environment })
    const ask = async (key: string | null) => {
      const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` }
      return errorOf(await closed.fetch('http://test/export/companies.csv', { headers }))
    }
    const writer = await makeKey(server, admin, ['IMPORT'])
    expect(await ask(null)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
    expect(await ask(`${reader.text}x`)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
    expect(await ask(writer.text)).toMatchObject({ status: 403, code: 'FORBIDDEN' })
  })

  it('a page of another site', async () => {
    const foreign: Record<string, string>[] = [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]
    for (const headers of foreign)
      expect(await errorOf(await get('/export/companies.csv', { headers }))).toMatchObject({
        status: 403,
        code: 'FORBIDDEN_ORIGIN',
      })
  })

  it('who asks too often', async () => {
    const limited = database.newServer({
      openness: 'always',
      environment: readEnvironment({ CROSSRUN_RATE_LIMIT: '2' }),
    })
    const statuses: number[] = []
    for (let times = 0; times < 3; times++) statuses.push((await limited.fetch('http://test/export')).status)
    expect(statuses).toEqual([200, 200, 429])
  })

  it('more exports at once than there may be, and no longer than they take', async () => {
    await addAgents()
    const controllers = [new AbortController(), new AbortController()]
    const headers = { authorization: `Bearer ${reader.text}`, 'accept-encoding': 'identity' }
    // They are not read.
    for (const { signal } of controllers) await fetch(`${origin}/export/agents.csv`, { headers, signal })
    const refused = await errorOf(await get('/export/agents.csv'))
    expect(refused).toMatchObject({ status: 503, code: 'SERVICE_BUSY', message: expect.stringContaining('of yours') })
    // Others have the rest.
    expect((await get('/export/companies.csv', { key: admin })).status).toBe(200)
    for (const controller of controllers) controller.abort()
    let status = 503
    for (let tries = 0; tries < 100 && status === 503; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      status = (await get('/export/companies.csv')).status
    }
    expect(status).toBe(200)
    await database.sql(`delete from agents where name like 'agent %'`)
  })
})

describe('an export', () => {
  it('has no tag while calls are priced anew', async () => {
    const tag = async () => (await get('/export/companies.csv', { method: 'HEAD' })).headers.get('etag')
    const note = (action: string) =>
      database.sql(
        `insert into audit_events (id, organization_id, occurred_at, actor_kind, actor_name, action, outcome, details)
         values (gen_random_uuid(), $1, clock_timestamp(), 'CLI', 'test', $2, 'SUCCEEDED', '{}')`,
        [database.organizationId, action],
      )
    const before = await tag()
    await note('reprice.started')
    expect(await tag()).toBe(null)
    await note('reprice.finished')
    const after = await tag()
    expect([before, after]).toEqual([expect.any(String), expect.any(String)])
    expect(after).not.toBe(before)
    await note('bi-login.granted')
    expect(await tag()).toBe(after)
  })

  it('that a stop breaks off is written down, with how far it came', async () => {
    await addAgents()
    const hurried = readEnvironment({ CROSSRUN_RATE_LIMIT: '0', CROSSRUN_REQUEST_TIMEOUT_MS: '200' })
    const client = openClient(database.url, hurried)
    const stopping = database.newServer({ prisma: client.prisma, openness: 'always', environment: hurried })
    const { url } = await stopping.listen({ host: '127.0.0.1', port: 0 })
    const response = await fetch(`${url}/export/agents.csv`, { headers: { 'accept-encoding': 'identity' } })
    await stopping.close()
    await expect(response.text()).rejects.toThrow()
    const events = await database.sql(
      `select outcome, details from audit_events where action = 'export.finished' and actor_id is null`,
    )
    expect(events).toEqual([{ outcome: 'FAILED', details: expect.objectContaining({ name: 'agents' }) }])
    expect(events[0]!.details.rows).toBeGreaterThan(0)
    await database.sql(`delete from agents where name like 'agent %'`)
  })

  it('is a use of its key', async () => {
    const { id, text } = await makeKey(server, admin, ['READ'])
    const lastUsed = async () =>
      (await database.sql('select last_used_at as at from api_keys where id = $1', [id]))[0]!.at as Date | null
    expect(await lastUsed()).toBe(null)
    await (await get('/export/companies.csv', { key: text })).text()
    await vi.waitFor(async () => expect(await lastUsed()).not.toBe(null), 5_000)
  })

  it('shows nothing of another organization, whatever it asks for', async () => {
    const theirs = database.newServer({ openness: 'always', organizationId: organizationIdOf('others'), environment })
    const text = async (from: Pick<Server, 'fetch'>, path: string) => (await from.fetch(`http://test${path}`)).text()
    const { datasets } = JSON.parse(await text(server, '/export')) as { datasets: { name: string }[] }
    for (const { name } of datasets) {
      expect([name, await text(server, `/export/${name}.csv`)]).toEqual([name, expect.not.stringContaining('heirs')])
      expect([name, await text(theirs, `/export/${name}.csv`)]).toEqual([
        name,
        expect.not.stringMatching(/acme|zuerich/i),
      ])
    }
    expect(await text(theirs, '/export/companies.csv?columns=domain')).toBe('domain\r\ntheirs.example\r\n')
  })

  it('breaks the connection off when it cannot be finished', async () => {
    await addAgents()
    for (const encoding of ['identity', 'gzip']) {
      const response = await get('/export/agents.csv', { headers: { 'accept-encoding': encoding } })
      const pieces = response.body!.getReader()
      await pieces.read()
      await database.sql(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'crossrun export' and datname = current_database()`,
      )
      const readOn = async () => {
        while (!(await pieces.read()).done);
      }
      await expect(readOn()).rejects.toThrow()
    }
    await database.sql(`delete from agents where name like 'agent %'`)
  })

  it('is written down, with how it went and nothing of its filter', async () => {
    await (await get(`/export/companies.csv?${where({ name: { equals: 'secret words' } })}`)).text()
    const events = async () =>
      database.sql(
        `select actor_id as actor, action, outcome, details from audit_events where action like 'export.%' and actor_id = $1`,
        [reader.id],
      )
    for (let tries = 0; (await events()).length === 0 && tries < 200; tries++)
      await new Promise((resolve) => setTimeout(resolve, 10))
    expect(await events()).toEqual([
      {
        actor: reader.id,
        action: 'export.finished',
        outcome: 'SUCCEEDED',
        details: { what: 'dataset', name: 'companies', format: 'csv', rows: 0 },
      },
    ])
  })
})
