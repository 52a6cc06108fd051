import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tokenReader } from '../../src/access/read-token.ts'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import type { Server } from '../../src/server/index.ts'
import { testDatabase } from '../database.ts'
import { askAs, makeKey } from './asking.ts'

const database = testDatabase()
const ISSUER = 'https://identity.example/'
const AUDIENCE = 'crossrun'
const READ = '{ runs { totalCount } }'
const WHO = '{ auditEvents(where: { actorKind: { equals: JWT } }, first: 1) { nodes { actorId actorName } } }'

type Pair = Awaited<ReturnType<typeof generateKeyPair>>
type Claims = Record<string, unknown>

/** An identity provider: its keys over HTTP, and what it answers. */
class Provider {
  keys: Record<string, Pair> = {}
  status = 200
  body: string | null = null
  asked = 0
  #server: HttpServer | undefined

  async listen(): Promise<void> {
    this.#server = createServer(async (_request, response) => {
      this.asked++
      const keys = await Promise.all(
        Object.entries(this.keys).map(async ([kid, { publicKey }]) => ({ ...(await exportJWK(publicKey)), kid })),
      )
      response.writeHead(this.status, { 'content-type': 'application/json' })
      response.end(this.body ?? JSON.stringify({ keys }))
    })
    await new Promise<void>((resolve) => this.#server!.listen(0, '127.0.0.1', resolve))
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server!.address() as AddressInfo).port}/jwks.json`
  }

  close(): void {
    this.#server?.close()
  }
}

const provider = new Provider()
const settings = () => ({
  jwksUrl: provider.url,
  issuer: ISSUER,
  audience: AUDIENCE,
  organizationClaim: 'organization',
  scopeClaim: 'scope',
})
let server: Server

beforeAll(async () => {
  provider.keys = { first: await generateKeyPair('RS256', { extractable: true }) }
  await provider.listen()
  server = database.newServer({ openness: 'never', readToken: tokenReader(settings()) })
})
afterAll(() => provider.close())

const seconds = (fromNow: number) => Math.floor(Date.now() / 1000) + fromNow
const good = (): Claims => ({
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'ada@acme.example',
  exp: seconds(60),
  organization: 'default',
  scope: 'openid read',
})

type Signing = { kid?: string; alg?: string; key?: Pair['privateKey'] }

function sign(claims: Claims, { kid = 'first', alg = 'RS256', key }: Signing = {}) {
  return new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(key ?? provider.keys[kid]!.privateKey)
}

describe('a token of the identity provider', () => {
  it('lets its subject in, to the organization and the scopes that it names', async () => {
    expect(await askAs(server, await sign(good()), READ)).toMatchObject({
      status: 200,
      data: { runs: { totalCount: 0 } },
    })
    expect((await askAs(server, await sign(good()), 'mutation { removeModelPrice(pattern: "none") }')).code).toBe(
      'FORBIDDEN',
    )
    const token = await sign({ ...good(), scope: ['crossrun:admin'] })
    expect((await askAs(server, token, 'mutation { removeModelPrice(pattern: "none") }')).errors).toBe(undefined)
    expect((await askAs(server, token, WHO)).data.auditEvents.nodes).toEqual([
      { actorId: 'ada@acme.example', actorName: 'ada@acme.example' },
    ])
  })

  it('of another organization sees that one', async () => {
    const read = tokenReader(settings())
    expect(await read(await sign({ ...good(), organization: 'Others' }))).toMatchObject({
      organizationId: organizationIdOf('others'),
      scopes: new Set(['READ']),
      actor: { kind: 'JWT', id: 'ada@acme.example' },
    })
  })

  it('may name its claims otherwise, and its algorithm may be any that is asymmetric', async () => {
    const read = tokenReader({
      ...settings(),
      organizationClaim: 'https://acme.example/org',
      scopeClaim: 'permissions',
    })
    for (const alg of ['ES256', 'PS256', 'EdDSA']) {
      provider.keys = { ...provider.keys, [alg]: await generateKeyPair(alg, { extractable: true }) }
      const claims = {
        ...good(),
        'https://acme.example/org': 'acme',
        permissions: ['crossrun:write', 'crossrun:fly', 7],
      }
      expect(
        await tokenReader({ ...settings(), organizationClaim: 'https://acme.example/org', scopeClaim: 'permissions' })(
          await sign(claims, { kid: alg, alg }),
        ),
      ).toMatchObject({ organizationId: organizationIdOf('acme'), scopes: new Set(['WRITE']) })
    }
    expect(await read(await sign(good()))).toBe(null)
  })

  it('without scopes lets in to nothing', async () => {
    const { scope, ...claims } = good()
    expect([scope, (await askAs(server, await sign(claims), READ)).code]).toEqual(['openid read', 'FORBIDDEN'])
  })
})

describe('a token is not good', () => {
  const without = (name: string) => Object.fromEntries(Object.entries(good()).filter(([claim]) => claim !== name))
  const cases: [string, () => Promise<string>][] = [
    ['of another issuer', () => sign({ ...good(), iss: 'https://elsewhere.example/' })],
    ['for another program', () => sign({ ...good(), aud: ['billing', 'mail'] })],
    ['that has expired', () => sign({ ...good(), exp: seconds(-60) })],
    ['that is not yet good', () => sign({ ...good(), nbf: seconds(60) })],
    ...['iss', 'aud', 'exp', 'sub', 'organization'].map((claim): [string, () => Promise<string>] => [
      `without ${claim}`,
      () => sign(without(claim)),
    ]),
    ['of an organization that is no text', () => sign({ ...good(), organization: ['default'] })],
    ['of a subject that no database stores', () => sign({ ...good(), sub: 'a\u0000b' })],
    ['that nobody signed', async () => new UnsecuredJWT(good()).encode()],
    [
      'that says it is signed by nothing',
      async () => {
        const [, claims] = (await sign(good())).split('.')
        return `${Buffer.from('{"alg":"none","kid":"first"}').toString('base64url')}.${claims}.`
      },
    ],
    [
      'signed by the public key, as a secret that both would know',
      async () => {
        const secret = new TextEncoder().encode(await exportSPKI(provider.keys.first!.publicKey))
        return sign(good(), { alg: 'HS256', key: secret as never })
      },
    ],
    ['signed by somebody else', async () => sign(good(), { key: (await generateKeyPair('RS256')).privateKey })],
    [
      'whose claims were changed',
      async () => {
        const [header, , signature] = (await sign(good())).split('.')
        const claims = Buffer.from(JSON.stringify({ ...good(), scope: 'admin' })).toString('base64url')
        return `${header}.${claims}.${signature}`
      },
    ],
    ['that is none', async () => 'eyJhbGciOiJSUzI1NiJ9.e30'],
  ]

  it.each(cases)('%s', async (_what, token) => {
    const reply = await askAs(server, await token(), READ)
    // The same words whatever is wrong with it.
    expect([reply.status, reply.data, reply.errors]).toMatchObject([
      401,
      undefined,
      [{ message: 'The key is not valid.', extensions: { code: 'UNAUTHENTICATED' } }],
    ])
  })
})

describe('the keys of the identity provider', () => {
  it('may change: a new one is found, and one that is withdrawn is forgotten', async () => {
    const read = tokenReader({ ...settings(), rereadAfterMs: 50 })
    const old = await sign(good())
    expect(await read(old)).not.toBe(null)
    const before = provider.keys
    provider.keys = { second: await generateKeyPair('RS256', { extractable: true }) }
    await sleep(100)
    expect(await read(await sign(good(), { kid: 'second' }))).not.toBe(null)
    expect(await read(old)).toBe(null)
    provider.keys = before
  })

  it('are not read again for every token that names a key that is not there', async () => {
    const read = tokenReader(settings())
    await read(await sign(good()))
    const before = provider.asked
    const { privateKey } = await generateKeyPair('RS256')
    for (const kid of ['x', 'y', 'z']) expect(await read(await sign(good(), { kid, key: privateKey }))).toBe(null)
    expect(provider.asked).toBe(before)
  })

  it.each([
    ['cannot be had', 500, null],
    ['are no keys', 200, '{"error":"none"}'],
    ['are no JSON', 200, '<html>'],
  ])('that %s are to be asked for again later; keys of Crossrun work meanwhile', async (_what, status, body) => {
    const open = database.newServer({ openness: 'always' })
    const { text } = await makeKey(open, null, ['READ'])
    const fresh = database.newServer({ openness: 'never', readToken: tokenReader(settings()) })
    Object.assign(provider, { status, body })
    try {
      const reply = await askAs(fresh, await sign(good()), READ)
      expect([reply.status, reply.code, reply.headers.get('retry-after')]).toEqual([
        503,
        'IDENTITY_PROVIDER_UNAVAILABLE',
        '1',
      ])
      expect(JSON.stringify(reply)).not.toContain('127.0.0.1')
      expect((await askAs(fresh, text, READ)).status).toBe(200)
    } finally {
      Object.assign(provider, { status: 200, body: null })
    }
  })
})
