import { GraphQLError } from 'graphql'
import { createSchema, createYoga, type Plugin } from 'graphql-yoga'
import { type Logger, pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newKey } from '../../src/access/secrets.ts'
import { openViewer } from '../../src/access/viewer.ts'
import { readEnvironment } from '../../src/environment.ts'
import { CrossrunError } from '../../src/errors.ts'
import { newContext, type ServerContext } from '../../src/server/context.ts'
import { withLastResort } from '../../src/server/last-resort.ts'
import { createLogger } from '../../src/server/logger.ts'
import { unmaskedError, useErrors } from '../../src/server/use-errors.ts'
import { useOperationLog } from '../../src/server/use-operation-log.ts'
import { useRequestId } from '../../src/server/use-request-id.ts'
import { useRequestTransaction } from '../../src/server/use-request-transaction.ts'
import { type Client, openClient, type PrismaClient } from '../../src/store/client.ts'
import { Prisma } from '../../src/store/generated/prisma/client.ts'
import { testDatabase } from '../database.ts'
import { expectNoLeak } from './leaks.ts'

/** Who connects with this password cannot be told apart by it in anything that is written. */
const PASSWORD = 'hunter2-of-the-database'
const KEY = newKey().text
const URL_OF_DATABASE = `postgresql://crossrun:${PASSWORD}@db.internal:5432/crossrun`
const SQL = 'select token, password from api_keys where name = $1'
const PATH = '/usr/src/app/node_modules/pg/lib/client.js:526:17'

/** What no line of the log may hold. */
const SECRETS = [/hunter2/, /crossrun_[0-9a-f]{32}_[0-9a-f]{8}/, /Bearer crossrun/]

const database = testDatabase({ isOwn: true })
const environment = readEnvironment({ CROSSRUN_POOL_SIZE: '2', CROSSRUN_STATEMENT_TIMEOUT_MS: '500' })
const lines: string[] = []
const logger = createLogger(environment, {
  urls: [URL_OF_DATABASE],
  destination: { write: (line) => void lines.push(line) },
})

type Resolve = (context: ServerContext) => unknown
let client: Client
let fault: Resolve = () => 'none'

/** A server whose field `fault` does what it is told, assembled as the real one is. */
function serverOf({
  prisma = client.prisma,
  plugins = [] as Plugin[],
  log = logger as Logger,
  limits = environment,
} = {}) {
  const yoga = createYoga<object, ServerContext>({
    schema: createSchema({
      typeDefs: `enum Color { RED } interface Shape { id: ID! } type Circle implements Shape { id: ID! }
        type Query { ok: Int text: String fault: String number: Int color: Color must: String! list: [String!] shape: Shape once(n: Int!): Int }
        type Mutation { fault: String }`,
      resolvers: {
        Query: {
          ok: () => 1,
          once: () => 1,
          ...Object.fromEntries(
            ['fault', 'text', 'number', 'color', 'must', 'list', 'shape'].map((name) => [
              name,
              (_root: unknown, _args: object, context: ServerContext) => fault(context),
            ]),
          ),
        },
        Mutation: { fault: (_root: unknown, _args: object, context: ServerContext) => fault(context) },
      },
    }),
    context: ({ request }) => newContext(request, openViewer(database.organizationId)),
    logging: false,
    maskedErrors: { maskError: unmaskedError },
    plugins: [
      useRequestId(),
      ...plugins,
      useRequestTransaction({ prisma, organizationCondition: true, environment: limits }),
      useErrors(log),
      useOperationLog(log),
    ],
  })
  return withLastResort(yoga, log)
}
type FaultyServer = ReturnType<typeof serverOf>
let server: FaultyServer

beforeAll(() => {
  client = openClient(database.url, environment)
  server = serverOf()
})
afterAll(() => client.close())

const post = (body: BodyInit, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}`, ...headers },
  body,
})
const asking = (query: string) => post(JSON.stringify({ query }))

let injected = 0

/** Sends a request into a fault, looks at everything that comes of it, and asks the next one. */
async function meet(init: RequestInit, { to = server, url = 'http://test/graphql' } = {}) {
  injected += 1
  lines.length = 0
  const response = await to.fetch(url, init)
  const text = await response.text()
  expectNoLeak(text)
  for (const secret of SECRETS) expect(lines.join('')).not.toMatch(secret)
  const requestId = response.headers.get('x-request-id')
  expect(requestId).toMatch(/^[\w.:-]{8,}$/)
  const errors: { message: string; extensions: { code: string; requestId?: string } }[] = text.startsWith('{')
    ? (JSON.parse(text).errors ?? [])
    : []
  for (const { extensions } of errors) {
    expect(extensions.code).toMatch(/^[A-Z_]+$/)
    if (extensions.code !== 'INTERNAL_SERVER_ERROR') continue
    expect(extensions.requestId).toBe(requestId)
  }
  const unexpected = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'unexpected error')
  const logged = unexpected.map((line) => line.requestId)
  fault = () => 'none'
  const next = await server.fetch('http://test/graphql', asking('{ ok fault }'))
  expect([next.status, await next.json()]).toEqual([200, { data: { ok: 1, fault: 'none' } }])
  return { status: response.status, codes: errors.map(({ extensions }) => extensions.code), text, logged, requestId }
}

/** The same for a resolver that ends in an unexpected error: masked, and logged once with the id that the client sees. */
async function meetMasked(resolve: Resolve, query = '{ ok fault }') {
  fault = resolve
  const { status, codes, logged, requestId } = await meet(asking(query))
  expect([status, codes]).toEqual([500, ['INTERNAL_SERVER_ERROR']])
  expect(logged).toEqual([requestId])
}

function thrown(value: unknown): Resolve {
  return () => {
    throw value
  }
}

const secretly = `${SQL} at ${PATH} with ${URL_OF_DATABASE} and Authorization: Bearer ${KEY}`
const circular = new Error(secretly)
circular.cause = circular

describe('a resolver that throws', () => {
  it.each<[string, unknown]>([
    ['an error that tells everything', new Error(secretly)],
    ['one with causes of causes', new Error('outer', { cause: new Error('inner', { cause: new Error(secretly) }) })],
    ['one that is its own cause', circular],
    ['a TypeError', new TypeError(`Cannot read properties of undefined (reading '${secretly}')`)],
    ['a RangeError', new RangeError(secretly)],
    ['a SyntaxError', new SyntaxError(secretly)],
    ['an error of a system call', Object.assign(new Error(secretly), { code: 'ENOENT', path: PATH, syscall: 'open' })],
    ['one with extensions of its own', Object.assign(new Error(secretly), { extensions: { code: 'MINE', sql: SQL } })],
    [
      'one with a status',
      Object.assign(new Error(secretly), { status: 418, statusCode: 418, headers: { 'x-sql': SQL } }),
    ],
    ['one that looks like an HTTPError', Object.assign(new Error(secretly), { name: 'HTTPError', details: { SQL } })],
    ['a frozen one', Object.freeze(new Error(secretly))],
    ['one without a stack', Object.assign(new Error(secretly), { stack: undefined })],
    ['one with a stack that is no text', Object.assign(new Error(secretly), { stack: { SQL } })],
    ['one with a message that is no text', Object.assign(new Error(), { message: { SQL } })],
    ['a text', secretly],
    ['a number', 42],
    ['a boolean', false],
    ['a symbol', Symbol(secretly)],
    ['a function', () => secretly],
    ['an object', { message: secretly, stack: PATH, code: SQL }],
    ['a list', [secretly]],
    ['null', null],
    ['undefined', undefined],
    ['a DOMException', new DOMException(secretly, 'DataError')],
    ['a GraphQLError around it', new GraphQLError(secretly, { originalError: new Error(secretly) })],
    [
      'a known error of Prisma',
      new Prisma.PrismaClientKnownRequestError(secretly, { code: 'P2002', clientVersion: '7' }),
    ],
    ['an unknown error of Prisma', new Prisma.PrismaClientUnknownRequestError(secretly, { clientVersion: '7' })],
    ['a panic of Prisma', new Prisma.PrismaClientRustPanicError(secretly, '7')],
    ['an initialization error of Prisma', new Prisma.PrismaClientInitializationError(secretly, '7')],
    ['a validation error of Prisma', new Prisma.PrismaClientValidationError(secretly, { clientVersion: '7' })],
  ])('%s, at once or later, is masked and logged once', async (_name, value) => {
    await meetMasked(thrown(value))
    await meetMasked(async () => {
      await Promise.resolve()
      throw value
    }, 'mutation { fault }')
  })

  it('several errors at once are masked each', async () => {
    fault = thrown(new AggregateError([new Error(secretly), secretly], secretly))
    const { status, codes } = await meet(asking('{ fault }'))
    expect([status, codes]).toEqual([500, ['INTERNAL_SERVER_ERROR', 'INTERNAL_SERVER_ERROR']])
  })

  it('an error of ours shows its code and message, and not its cause', async () => {
    const error = new CrossrunError('NOT_FOUND', 'There is no such run.', { hint: 'Look.', cause: new Error(secretly) })
    fault = thrown(error)
    const { codes, text } = await meet(asking('{ fault }'))
    expect([codes, JSON.parse(text).errors[0].message]).toEqual([['NOT_FOUND'], 'There is no such run.'])
  })
})

describe('a resolver that returns what its type does not hold', () => {
  it.each<[string, string, unknown]>([
    ['a text for a number', '{ number }', secretly],
    ['a number that is too large', '{ number }', 2 ** 40],
    ['an unknown value for an enum', '{ color }', secretly],
    ['null where none may be', '{ must }', null],
    ['an error where none may be', '{ must }', new Error(secretly)],
    ['no list', '{ list }', secretly],
    ['a list with a hole', '{ list }', ['a', null]],
    ['an object for a text', '{ text }', { secretly }],
    ['a type that is none', '{ shape { id } }', { __typename: secretly, id: 1 }],
    ['a thing without a type', '{ shape { id } }', { id: secretly }],
    ['a rejected promise in a list', '{ list }', () => [Promise.reject(new Error(secretly))]],
  ])('%s', async (_name, query, value) => {
    await meetMasked(() => (typeof value === 'function' ? value() : value), query)
  })
})

/** Raised by the database itself, in the class's own code. */
const RAISED: Record<string, string> = {
  ...Object.fromEntries(
    (
      '01000 02000 03000 08P01 09000 0A000 0B000 0F000 0L000 0P000 20000 21000 22000 22001 22003 22007 22008 22012 22021 ' +
      '22P02 22P05 23502 23503 23514 23P01 24000 25001 25006 25P02 26000 27000 28000 2B000 2D000 2F000 34000 38000 ' +
      '39000 3D000 3F000 40002 42501 42601 42703 42804 42883 42P01 42P07 44000 53100 53200 53400 54000 55000 55006 58030 ' +
      '58P01 F0000 HV000 P0001 P0002 XX000 XX001 XX002 ZZ999'
    )
      .split(' ')
      .map((state) => [state, 'INTERNAL_SERVER_ERROR']),
  ),
  '08006': 'DATABASE_UNAVAILABLE',
  '08P01': 'DATABASE_UNAVAILABLE',
  '57P01': 'DATABASE_UNAVAILABLE',
  '57P02': 'DATABASE_UNAVAILABLE',
  '57P03': 'DATABASE_UNAVAILABLE',
  '23505': 'CONFLICT',
  '40001': 'CONFLICT',
  '40P01': 'CONFLICT',
  '55P03': 'CONFLICT',
  '57014': 'QUERY_TIMEOUT',
}
const STATUS: Record<string, number> = {
  INTERNAL_SERVER_ERROR: 500,
  CONFLICT: 409,
  DATABASE_UNAVAILABLE: 503,
  QUERY_TIMEOUT: 504,
}

describe('the database refuses with SQLSTATE', () => {
  it.each(Object.entries(RAISED))('%s: %s', async (state, code) => {
    const message = secretly.replaceAll("'", "''").replaceAll('%', '%%')
    fault = ({ tx }) =>
      tx!.$executeRawUnsafe(`do $$ begin raise exception '${message}' using errcode = '${state}', detail = '${message}',
        hint = '${message}', column = 'password', table = 'api_keys'; end $$`)
    const { status, codes } = await meet(asking('mutation { fault }'))
    expect([status, codes]).toEqual([STATUS[code], [code]])
  })
})

/** Statements that fail in a database by themselves. */
const FAILING: [string, string, string][] = [
  ['a table that a migration would have made', 'select password from not_yet_migrated', 'INTERNAL_SERVER_ERROR'],
  ['a column that is not there', 'select passcode from runs', 'INTERNAL_SERVER_ERROR'],
  ['no SQL', 'selec token fro api_keys', 'INTERNAL_SERVER_ERROR'],
  ['a division by zero', 'select 1 / 0 from runs right join (select 1) as one on true', 'INTERNAL_SERVER_ERROR'],
  ['a date out of range', `select '294277-01-01'::timestamptz`, 'INTERNAL_SERVER_ERROR'],
  ['a number out of range', 'select 1e40::float4', 'INTERNAL_SERVER_ERROR'],
  ['broken JSON', `select '{"password": hunter2'::jsonb`, 'INTERNAL_SERVER_ERROR'],
  ['a text that is no UTF-8', `select convert_from('\\xff'::bytea, 'UTF8')`, 'INTERNAL_SERVER_ERROR'],
  ['what its role may not read', 'select rolpassword from pg_authid', 'INTERNAL_SERVER_ERROR'],
  ['what its role may not run', `select pg_read_file('/etc/passwd')`, 'INTERNAL_SERVER_ERROR'],
  ['a file of the server', `copy runs to '/usr/src/app/leak'`, 'INTERNAL_SERVER_ERROR'],
  ['a write in a query', `delete from runs`, 'INTERNAL_SERVER_ERROR'],
  [
    'a type that the driver does not know',
    `select '(1,2)'::point, 'select a from b'::tsquery`,
    'INTERNAL_SERVER_ERROR',
  ],
  ['a statement that takes too long', 'select pg_sleep(5)::text', 'QUERY_TIMEOUT'],
]

describe('SQL that fails', () => {
  it.each(FAILING)('%s', async (_name, sql, code) => {
    fault = ({ tx }) => tx!.$queryRawUnsafe(sql)
    expect((await meet(asking('{ ok fault }'))).codes).toEqual([code])
  })

  it('two that write the same at once: one is told to ask again', async () => {
    const id = '00000000-0000-5000-8000-0000000000f1'
    await database.insert('agents', [{ id, organization_id: database.organizationId, name: 'contested' }])
    fault = async ({ tx }) => {
      await tx!.agent.findMany()
      await database.sql(`update agents set name = 'theirs' where id = '${id}'`)
      await tx!.agent.update({ where: { id }, data: { name: 'ours' } })
    }
    const { status, codes } = await meet(asking('mutation { fault }'))
    expect([status, codes]).toEqual([409, ['CONFLICT']])
  })

  it('a lock that somebody else keeps', async () => {
    await database.sql('begin')
    await database.sql('lock table agents in access exclusive mode')
    fault = async ({ tx }) => {
      await tx!.$executeRawUnsafe(`set local lock_timeout = '50ms'`)
      return tx!.agent.findMany()
    }
    const asked = meet(asking('mutation { fault }'))
    // The question after the fault needs no lock.
    expect((await asked).codes).toEqual(['CONFLICT'])
    await database.sql('rollback')
  })

  it('a connection that breaks in the middle gives its place back: five of them leave a pool of two whole', async () => {
    for (let time = 0; time < 5; time++) {
      fault = async ({ tx }) => {
        const [row] = await tx!.$queryRaw<{ pid: number }[]>`select pg_backend_pid() as pid`
        const sleeping = tx!.$queryRaw`select pg_sleep(0.4)::text`
        await database.sql(`select pg_terminate_backend(${row!.pid})`)
        return sleeping
      }
      expect((await meet(asking('mutation { fault }'))).codes).toEqual(['DATABASE_UNAVAILABLE'])
    }
  })

  it('after a statement failed, and the resolver made nothing of it', async () => {
    await meetMasked(async ({ tx }) => {
      await tx!.$queryRawUnsafe('select passcode from runs').catch(() => undefined)
      return 'half an answer'
    })
  })
})

describe('a database that is not there', () => {
  const password = encodeURIComponent(PASSWORD)
  const at = (change: (url: URL) => void) => {
    const url = new URL(database.url)
    change(url)
    return url.href
  }
  it.each<[string, () => string]>([
    ['nobody listens', () => `postgresql://crossrun:${password}@127.0.0.1:1/crossrun`],
    ['no such host', () => `postgresql://crossrun:${password}@nowhere.invalid:5432/crossrun`],
    [
      'the password is wrong',
      () =>
        at((url) => {
          url.password = password
        }),
    ],
    [
      'there is no such user',
      () =>
        at((url) => {
          url.username = 'nobody_here'
        }),
    ],
    [
      'there is no such database',
      () =>
        at((url) => {
          url.pathname = '/not_there'
        }),
    ],
  ])('%s', async (_name, urlOf) => {
    const { prisma, close } = openClient(urlOf(), environment)
    const { status, codes } = await meet(asking('{ ok fault }'), { to: serverOf({ prisma }) })
    expect([status, codes]).toEqual([503, ['DATABASE_UNAVAILABLE']])
    await close()
  })

  it('all connections are taken', async () => {
    const limits = { ...environment, CROSSRUN_POOL_WAIT_MS: 100 }
    const { prisma, close } = openClient(database.url, { ...environment, CROSSRUN_POOL_SIZE: 1 })
    let release = () => {}
    const held = prisma.$transaction(
      () =>
        new Promise<void>((resolve) => {
          release = resolve
        }),
      { timeout: 10_000 },
    )
    const { status, codes } = await meet(asking('{ ok }'), { to: serverOf({ prisma, limits }) })
    expect([status, codes]).toEqual([503, ['SERVICE_BUSY']])
    release()
    await held
    await close()
  })

  it('the client throws by itself', async () => {
    const prisma = { $transaction: () => Promise.reject(new Error(secretly)) } as unknown as PrismaClient
    expect((await meet(asking('{ ok }'), { to: serverOf({ prisma }) })).codes).toEqual(['DATABASE_UNAVAILABLE'])
  })
})

const hook = {
  fail: () => {
    throw new Error(secretly)
  },
}
const PLUGINS: [string, Plugin][] = [
  ['onRequest', { onRequest: hook.fail }],
  ['onRequest, later', { onRequest: async () => hook.fail() }],
  ['onRequestParse', { onRequestParse: hook.fail }],
  ['onRequestParseDone', { onRequestParse: () => ({ onRequestParseDone: hook.fail }) }],
  ['onParams', { onParams: hook.fail }],
  ['onEnveloped', { onEnveloped: hook.fail }],
  ['onParse', { onParse: hook.fail }],
  ['the end of onParse', { onParse: () => hook.fail }],
  ['onValidate', { onValidate: hook.fail }],
  ['the end of onValidate', { onValidate: () => hook.fail }],
  ['onContextBuilding', { onContextBuilding: hook.fail }],
  ['onExecute', { onExecute: hook.fail }],
  ['onExecuteDone', { onExecute: () => ({ onExecuteDone: hook.fail }) }],
  ['onExecutionResult', { onExecutionResult: hook.fail }],
  ['onResultProcess', { onResultProcess: hook.fail }],
  ['onResponse', { onResponse: hook.fail }],
  ['onParams, with a text', { onParams: thrown(secretly) as never }],
  ['onRequest, with a text', { onRequest: thrown(secretly) as never }],
  ['onResponse, with nothing', { onResponse: thrown(undefined) as never }],
]

describe('a plugin that throws in', () => {
  it.each(PLUGINS)('%s', async (_name, plugin) => {
    const { status, codes, logged, requestId } = await meet(asking('{ ok }'), { to: serverOf({ plugins: [plugin] }) })
    expect([status, codes]).toEqual([500, ['INTERNAL_SERVER_ERROR']])
    expect(logged).toEqual([requestId])
  })
})

describe('a log that throws', () => {
  const throwing = pino({ level: 'info' }, { write: hook.fail })

  it.each([
    ['with an operation that went well', '{ ok }', () => 'none'],
    ['with one that did not', '{ fault }', hook.fail],
  ])('%s', async (_name, query, resolve) => {
    fault = resolve
    expect((await meet(asking(query), { to: serverOf({ log: throwing }) })).status).toBe(500)
  })
})

/** Bodies that are no GraphQL request, with what the answer's status is. */
const BODIES: [string, RequestInit][] = [
  ['nothing', post('')],
  ['a brace', post('{')],
  ['half a text', post('{"query": "{ ok')],
  ['two values', post('{"query":"{ok}"}{"query":"{ok}"}')],
  ['what is not JSON', post(`{query: '${SQL}'}`)],
  ['null', post('null')],
  ['a number', post('1')],
  ['a text', post('"{ ok }"')],
  ['a list', post('[]')],
  ['a list of numbers', post('[1, 2]')],
  ['a document that is a number', post('{"query": 1}')],
  ['a document that is an object', post('{"query": {"ok": 1}}')],
  ['no document', post('{}')],
  ['variables that are a text', post('{"query": "{ ok }", "variables": "x"}')],
  ['variables that are a list', post('{"query": "{ ok }", "variables": [1]}')],
  ['extensions that are a text', post('{"query": "{ ok }", "extensions": "x"}')],
  ['an operation that is not there', post('{"query": "query A { ok }", "operationName": "B"}')],
  ['two operations and no name', post('{"query": "query A { ok } query B { ok }"}')],
  ['an empty document', post('{"query": ""}')],
  ['a comment', post('{"query": "# ok"}')],
  ['what does not parse', post('{"query": "{ ok"}')],
  ['a field that is not there', post('{"query": "{ hunter }"}')],
  ['a variable that is not given', post('{"query": "query ($n: Int!) { once(n: $n) }"}')],
  ['a variable of another type', post('{"query": "query ($n: Int!) { once(n: $n) }", "variables": {"n": "x"}}')],
  ['text that is no UTF-8', post(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0xc3, 0x28, 0x7d]))],
  [
    'a document that is no UTF-8',
    post(Buffer.concat([Buffer.from('{"query":"{ ok '), Buffer.from([0xff]), Buffer.from('"}')])),
  ],
  ['UTF-16', post(Buffer.from('{"query":"{ ok }"}', 'utf16le'))],
  ['a NUL', post('{"query": "{ ok \\u0000 }"}')],
  ['half a surrogate', post('{"query": "{ ok \\ud800 }"}')],
  ['deep nesting', post(`{"query":"{ ok }","variables":${'['.repeat(5_000)}${']'.repeat(5_000)}}`)],
  ['a prototype', post('{"query": "{ ok }", "__proto__": {"x": 1}, "constructor": 1}')],
  ['bytes that say they are packed', post(Buffer.from([1, 2, 3]), { 'content-encoding': 'gzip' })],
  ['a type of content that is none', post('{"query":"{ ok }"}', { 'content-type': 'text/plain' })],
  ['no type of content', post('{"query":"{ ok }"}', { 'content-type': '' })],
  ['a multipart body without parts', post('--x--', { 'content-type': 'multipart/form-data; boundary=x' })],
  ['another method', { method: 'DELETE' }],
  ['GET without a document', { method: 'GET' }],
  ['an answer that nobody can give', post('{"query":"{ ok }"}', { accept: 'image/png' })],
]

describe('a body that is', () => {
  it.each(BODIES)('%s', async (_name, init) => {
    const { status, codes } = await meet(init)
    expect(status).toBeLessThan(500)
    expect(codes).not.toContain('INTERNAL_SERVER_ERROR')
  })

  it.each([
    'http://test/nowhere',
    'http://test/graphql/../../etc/passwd',
    'http://test/%ff%fe',
    'http://test/graphql?query=%7B%ff',
  ])('an address that is %s', async (url) => {
    expect((await meet({ method: 'GET' }, { url })).status).toBeLessThan(500)
  })
})

it('more than a hundred faults were injected', () => {
  expect(injected).toBeGreaterThan(100)
})
