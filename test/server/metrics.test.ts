import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newKey } from '../../src/access/secrets.ts'
import { type Environment, readEnvironment } from '../../src/environment.ts'
import { createServer, type Server } from '../../src/server/index.ts'
import { type Client, openClient } from '../../src/store/client.ts'
import { testDatabase } from '../database.ts'

const database = testDatabase()
const TOKEN = 'a-token-for-the-scraper'
const on = { CROSSRUN_METRICS: 'on' }

let client: Client
beforeAll(() => {
  client = openClient(database.url, database.environment)
})
afterAll(() => client.close())

/** Servers share the client, which the file closes. */
function serverOf(variables: Record<string, string>, openness: 'always' | 'never' = 'always'): Server {
  const environment: Environment = readEnvironment(variables)
  const logger = pino({ level: 'silent' })
  return createServer({ prisma: client.prisma, organizationId: database.organizationId, openness, environment, logger })
}

const scrape = (server: Server, headers: Record<string, string> = {}) =>
  server.fetch('http://test/metrics', { headers })

async function newKeyWith(scope: string): Promise<string> {
  const { id, text, salt, secretSha256, fragment } = newKey()
  const row = { id, organization_id: database.organizationId, name: scope, fragment, scopes: [scope] }
  const secret = { salt: Buffer.from(salt), secret_sha256: Buffer.from(secretSha256) }
  await database.insert('api_keys', [{ ...row, ...secret, created_at: new Date(), created_by: 'test' }])
  return text
}

describe('/metrics', () => {
  it('does not exist unless it is turned on', async () => {
    expect((await scrape(serverOf({}))).status).toBe(404)
  })

  it('counts operations, errors by code, and what the process takes', async () => {
    const server = serverOf(on)
    await database.ask('query Mine { runs { totalCount } }', {}, server)
    await database.ask('query Mine { runs { totalCount } }', {}, server)
    const refused = await database.ask('{ runs(after: "x") { nodes { id } } }', {}, server)
    expect(refused.errors![0]!.extensions.code).toBe('BAD_USER_INPUT')
    await database.ask('{ nothing }', {}, server)
    await database.ask('{ not graphql', {}, server)
    const response = await scrape(server)
    const text = await response.text()
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/plain'),
    ])
    expect(text).toMatch(/^crossrun_operation_seconds_count\{operation="Mine",type="query"\} 2$/m)
    expect(text).toMatch(/^crossrun_operation_seconds_count\{operation="Anonymous",type="query"\} 1$/m)
    expect(text).toMatch(/^crossrun_errors_total\{code="BAD_USER_INPUT",phase="execute"\} 1$/m)
    expect(text).toMatch(/^crossrun_errors_total\{code="GRAPHQL_VALIDATION_FAILED",phase="validate"\} 1$/m)
    expect(text).toMatch(/^crossrun_errors_total\{code="GRAPHQL_PARSE_FAILED",phase="parse"\} 1$/m)
    expect(text).toMatch(/^crossrun_http_seconds_count\{method="POST",status="200"\} /m)
    expect(text).toMatch(/^process_resident_memory_bytes \d/m)
  })

  it('has no more labels for all the names, addresses and paths that clients make up', async () => {
    const server = serverOf(on)
    for (let n = 0; n < 150; n++) {
      const body = JSON.stringify({ query: `query Name${n} { a${n}: runs(after: "x") { nodes { id } } }` })
      const headers = { 'content-type': 'application/json' }
      await server.fetch(`http://test/graphql?made-up=${n}`, { method: 'POST', headers, body })
    }
    const text = await (await scrape(server)).text()
    expect(new Set([...text.matchAll(/operation="(\w*)"/g)].map(([, name]) => name)).size).toBe(101)
    expect(text).toMatch(/^crossrun_operation_seconds_count\{operation="other",type="query"\} 50$/m)
    expect(text).not.toMatch(/made-up|a149/)
  })

  it('takes its own token where keys are in use: no key, as the numbers are of all organizations', async () => {
    const server = serverOf({ ...on, CROSSRUN_METRICS_TOKEN: TOKEN }, 'never')
    const [admin, reader] = [await newKeyWith('ADMIN'), await newKeyWith('READ')]
    const asked = async (token: string | null) => {
      const response = await scrape(server, token ? { authorization: `Bearer ${token}` } : {})
      const text = await response.text()
      return [response.status, response.status === 200 ? 'metrics' : JSON.parse(text).errors[0].extensions.code]
    }
    expect(await asked(null)).toEqual([401, 'UNAUTHENTICATED'])
    expect(await asked(`${TOKEN}x`)).toEqual([401, 'UNAUTHENTICATED'])
    expect(await asked(reader)).toEqual([403, 'FORBIDDEN'])
    expect(await asked(admin)).toEqual([403, 'FORBIDDEN'])
    expect(await asked(TOKEN)).toEqual([200, 'metrics'])
    // It opens nothing else.
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` }
    const body = JSON.stringify({ query: '{ runs { totalCount } }' })
    expect((await server.fetch('http://test/graphql', { method: 'POST', headers, body })).status).toBe(401)
  })
})
