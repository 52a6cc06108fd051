import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { type Environment, readEnvironment } from '../../src/environment.ts'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { startServer } from '../../src/server/index.ts'
import { askAs } from '../access/asking.ts'
import { commandLine } from '../cli/command-line.ts'
import { testDatabase } from '../database.ts'

const database = testDatabase()
const crossrun = commandLine(database, { isInterrupted: true })
beforeEach(() => database.sql('delete from api_keys; delete from x_first_key'))

const JWT = {
  CROSSRUN_JWT_JWKS_URL: 'https://identity.example/jwks.json',
  CROSSRUN_JWT_ISSUER: 'https://identity.example/',
  CROSSRUN_JWT_AUDIENCE: 'crossrun',
}
const makeKey = () => crossrun('keys', 'create', '--name', 'first', '--scopes', 'read')

type Options = { insecureOpen?: boolean; organization?: string } & Partial<Record<keyof Environment, string>>

async function start(host: string, { insecureOpen = false, organization = 'default', ...more }: Options = {}) {
  const environment = readEnvironment({ HOST: host, PORT: '0', LOG_LEVEL: 'silent', ...more })
  const server = await startServer({ url: database.url, environment, organization, insecureOpen })
  onTestFinished(() => server.close())
  return server
}

describe('a server that nobody protects', () => {
  it.each(['127.0.0.1', '127.0.0.2', 'localhost'])('is open at %s until the first key', async (host) => {
    expect((await start(host)).openness).toBe('untilFirstKey')
  })

  it.each(['0.0.0.0', '::', 'no-such-host.invalid'])('does not listen at %s', async (host) => {
    await expect(start(host)).rejects.toMatchObject({
      code: 'NOT_PROTECTED',
      hint: expect.stringContaining('keys create'),
    })
  })

  it('listens anywhere when the operator says so, and stays open', async () => {
    const server = await start('0.0.0.0', { insecureOpen: true })
    expect(server.openness).toBe('always')
    await makeKey()
    const reply = await askAs(`http://127.0.0.1:${server.port}`, null, '{ runs { totalCount } }')
    expect(reply.status).toBe(200)
  })
})

describe('a server that is protected', () => {
  it('by a key listens anywhere and answers nobody without one', async () => {
    await makeKey()
    const server = await start('0.0.0.0')
    expect(server.openness).toBe('never')
    expect((await askAs(`http://127.0.0.1:${server.port}`, null, '{ runs { totalCount } }')).status).toBe(401)
  })

  it('by an identity provider lets in whoever comes with its token, to the organization it names', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const provider = createHttpServer(async (_request, response) =>
      response.end(JSON.stringify({ keys: [await exportJWK(publicKey)] })),
    )
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void provider.close())
    const jwksUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/`
    const server = await start('127.0.0.1', {
      ...JWT,
      CROSSRUN_JWT_JWKS_URL: jwksUrl,
      CROSSRUN_JWT_ORGANIZATION_CLAIM: 'org',
      CROSSRUN_JWT_SCOPE_CLAIM: 'permissions',
    })
    expect(server.openness).toBe('never')
    const claims = { sub: 'ada', org: 'acme', permissions: ['crossrun:admin'] }
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer(JWT.CROSSRUN_JWT_ISSUER)
      .setAudience(JWT.CROSSRUN_JWT_AUDIENCE)
      .setExpirationTime('1m')
      .sign(privateKey)
    const reply = await askAs(
      server.url,
      token,
      'mutation { createApiKey(name: "a", scopes: [READ]) { key { createdBy } } }',
    )
    expect(reply.data).toEqual({ createApiKey: { key: { createdBy: 'ada' } } })
    expect(await database.sql('select organization_id as id from api_keys')).toEqual([{ id: organizationIdOf('acme') }])
    expect((await askAs(server.url, null, '{ runs { totalCount } }')).status).toBe(401)
  })
})

describe('the settings of an identity provider', () => {
  it('go together', () => {
    for (const name of Object.keys(JWT))
      expect(() => readEnvironment({ ...JWT, [name]: '' })).toThrow(new RegExp(`${name} must be set too`))
  })

  it('take no keys over a way that others can change', () => {
    for (const url of ['http://identity.example/jwks.json', 'ftp://identity.example/', 'jwks.json'])
      expect(() => readEnvironment({ ...JWT, CROSSRUN_JWT_JWKS_URL: url })).toThrow(/CROSSRUN_JWT_JWKS_URL must/)
    expect(readEnvironment(JWT).CROSSRUN_JWT_JWKS_URL).toBe(JWT.CROSSRUN_JWT_JWKS_URL)
  })
})

describe('crossrun serve', () => {
  const serve = (...more: string[]) => crossrun('serve', '--port', '0', ...more)

  it('ends with 1 and says what to do where it would be unprotected', async () => {
    const { exitCode, stdout, stderr } = await serve('--host', '0.0.0.0')
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^NOT_PROTECTED: .*\n.*crossrun keys create .*--insecure-open/)
  })

  it('says in one line whether requests need a key, and what they see without', async () => {
    const line = async (...more: string[]) =>
      (await serve(...more)).stdout.split('\n').find((each) => /^Requests/.test(each))
    expect(await line('--organization', 'acme')).toMatch(
      /^Requests need no key .* this machine .*'acme', until the first key/,
    )
    expect(await line('--host', '0.0.0.0', '--insecure-open')).toMatch(
      /^Requests need no key .* reaches the port .*'default'/,
    )
    await makeKey()
    expect(await line()).toMatch(/^Requests need a key /)
    expect(await line('--host', '0.0.0.0')).toMatch(/^Requests need a key /)
  })

  it('shows the organization that it is told to', async () => {
    await database.insert('agents', [
      { id: '00000000-0000-4000-8000-000000000001', organization_id: organizationIdOf('acme'), name: 'of acme' },
    ])
    const AGENTS = '{ agents { nodes { name } } }'
    const acme = await start('127.0.0.1', { organization: 'Acme' })
    expect((await askAs(acme.url, null, AGENTS)).data.agents.nodes).toEqual([{ name: 'of acme' }])
    const usual = await start('127.0.0.1')
    expect((await askAs(usual.url, null, AGENTS)).data.agents.nodes).toEqual([])
  })
})
