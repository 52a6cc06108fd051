import { createServer as createHttpServer } from 'node:http'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { readEnvironment } from '../../src/environment.ts'
import { EXAMPLE_QUERIES } from '../../src/server/example-queries.ts'
import { createServer } from '../../src/server/index.ts'
import { openClient } from '../../src/store/client.ts'
import { testDatabase } from '../database.ts'

const database = testDatabase()

/** A server whose log can be read. */
function loggedServer(environment = database.environment) {
  const lines: Record<string, never>[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)))
      done()
    },
  })
  const { prisma, close } = openClient(database.url, environment)
  const { organizationId } = database
  const server = createServer({ prisma, organizationId, environment, logger: pino({ level: 'info' }, stream) })
  return { server, lines, prisma, close }
}

const post = (query: string, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ query }),
})

describe('GraphiQL', () => {
  it('comes whole from the server, with examples', async () => {
    const { server, close } = loggedServer()
    const response = await server.fetch('http://test/graphql', { headers: { accept: 'text/html' } })
    const page = await response.text()
    expect(response.status).toBe(200)
    expect(page).not.toMatch(/<script[^>]+src=|<link[^>]+href="https?:/)
    for (const query of EXAMPLE_QUERIES) expect(page).toContain(JSON.stringify(query).slice(1, 60))
    await close()
  })

  it.each(EXAMPLE_QUERIES.map((query) => [query.split('\n')[0]!, query]))('%s', async (_title, query) => {
    expect((await database.ask(query)).errors).toBe(undefined)
  })
})

describe('the server', () => {
  it('takes a browser from / to GraphiQL', async () => {
    const { server, close } = loggedServer()
    const response = await server.fetch('http://test/')
    expect([response.status, response.headers.get('location')]).toEqual([302, '/graphql'])
    expect((await server.fetch('http://test/elsewhere')).status).toBe(404)
    await close()
  })

  it('is ready when the database is migrated, and alive in any case', async () => {
    const { server, close } = loggedServer()
    expect((await server.fetch('http://test/health')).status).toBe(200)
    const ready = await server.fetch('http://test/ready')
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }])
    await close()
  })

  it('is not ready when a migration is missing', async () => {
    const { server, close } = loggedServer()
    await database.sql(
      'update _prisma_migrations set finished_at = null where migration_name = (select max(migration_name) from _prisma_migrations)',
    )
    const ready = await server.fetch('http://test/ready')
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'the database is not migrated' }])
    await database.sql('update _prisma_migrations set finished_at = now()')
    await close()
  })

  it('is alive, not ready and shows its schema when the database is away', async () => {
    const environment = readEnvironment({})
    const { prisma, close } = openClient('postgresql://nobody:x@127.0.0.1:1/none', environment)
    const server = createServer({
      prisma,
      organizationId: database.organizationId,
      environment,
      logger: pino({ level: 'silent' }),
    })
    expect((await server.fetch('http://test/health')).status).toBe(200)
    expect((await server.fetch('http://test/ready')).status).toBe(503)
    const schema = await server.fetch('http://test/graphql', post('{ __schema { queryType { name } } }'))
    expect(await schema.json()).toEqual({ data: { __schema: { queryType: { name: 'Query' } } } })
    const asked = await server.fetch('http://test/graphql', post('{ runs { totalCount } }'))
    expect([asked.status, asked.headers.get('retry-after')]).toEqual([503, '1'])
    expect((await asked.json()).errors[0].extensions.code).toBe('DATABASE_UNAVAILABLE')
    await close()
  })

  it('lets no other site’s page read its answers', async () => {
    const { server, close } = loggedServer()
    const response = await server.fetch(
      'http://test/graphql',
      post('{ __typename }', { origin: 'https://evil.example' }),
    )
    expect(response.headers.get('access-control-allow-origin')).toBe(null)
    await close()
  })

  it('writes one line an operation, with what it cost', async () => {
    const { server, lines, close } = loggedServer()
    const response = await server.fetch(
      'http://test/graphql',
      post('query Mine { runs { totalCount } }', { 'x-request-id': 'abc-1' }),
    )
    expect(response.headers.get('x-request-id')).toBe('abc-1')
    expect(lines).toEqual([
      expect.objectContaining({
        msg: 'operation',
        operation: 'Mine',
        type: 'query',
        statements: 2,
        rows: 2,
        requestId: 'abc-1',
      }),
    ])
    await close()
  })
})

describe('errors', () => {
  it('of the request have a code and name the argument', async () => {
    const { server, lines, close } = loggedServer()
    const response = await server.fetch('http://test/graphql', post('{ runs(first: 1000) { totalCount } }'))
    const { errors } = await response.json()
    expect(errors).toEqual([
      expect.objectContaining({
        message: 'first must be between 0 and 500.',
        path: ['runs'],
        extensions: { code: 'BAD_USER_INPUT', argument: 'first' },
      }),
    ])
    expect(lines).toEqual([expect.objectContaining({ errors: ['BAD_USER_INPUT'] })])
    await close()
  })

  it('of the program are masked for the client and logged whole with the request’s id', async () => {
    const { server, lines, close } = loggedServer()
    await database.sql('alter table playbooks rename column vendor_name to vendor_secret')
    const response = await server.fetch(
      'http://test/graphql',
      post('{ runs { totalCount } playbooks(orderBy: [{ vendorName: ASC }]) { nodes { id } } }'),
    )
    await database.sql('alter table playbooks rename column vendor_secret to vendor_name')
    expect(response.status).toBe(500)
    const answer = await response.json()
    const requestId = response.headers.get('x-request-id')
    expect(answer.data ?? null).toBe(null)
    expect(answer.errors).toEqual([
      { message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } },
    ])
    const [error] = lines.filter(({ msg }) => msg === 'unexpected error')
    expect(error).toMatchObject({ requestId })
    expect(JSON.stringify(error)).toContain('vendor_name')
    await close()
  })

  it('of a full queue say that asking again helps', async () => {
    const environment = readEnvironment({ CROSSRUN_POOL_SIZE: '1', CROSSRUN_POOL_WAIT_MS: '200' })
    const { server, prisma, close } = loggedServer(environment)
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const holding = prisma.$transaction(() => held, { timeout: 10_000 })
    const response = await server.fetch('http://test/graphql', post('{ runs { totalCount } }'))
    expect(response.status).toBe(503)
    expect((await response.json()).errors[0].extensions).toMatchObject({ code: 'SERVICE_BUSY' })
    release()
    await holding
    expect((await server.fetch('http://test/graphql', post('{ runs { totalCount } }'))).status).toBe(200)
    await close()
  })
})

describe('listening', () => {
  it('answers on a port, and what has arrived before it closes', async () => {
    const { server } = loggedServer()
    const { url } = await server.listen({ host: '127.0.0.1', port: 0 })
    await database.sql('begin')
    await database.sql('lock table runs in access exclusive mode')
    const asked = fetch(`${url}/graphql`, post('{ runs { totalCount } }'))
    await new Promise((resolve) => setTimeout(resolve, 200))
    const closed = server.close()
    await database.sql('commit')
    expect(await (await asked).json()).toMatchObject({ data: { runs: { totalCount: 0 } } })
    await closed
    await expect(fetch(`${url}/health`)).rejects.toThrow()
    await server.close()
  })

  it('says when the port is taken', async () => {
    const taken = createHttpServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as { port: number }
    const { server } = loggedServer()
    await expect(server.listen({ host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'PORT_IN_USE' })
    taken.close()
    await server.close()
  })
})
