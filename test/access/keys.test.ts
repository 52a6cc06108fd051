import { type GraphQLObjectType, getNamedType, isObjectType } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { schema } from '../../src/schema/index.ts'
import type { Server } from '../../src/server/index.ts'
import { testDatabase } from '../database.ts'
import { askAs, makeKey } from './asking.ts'

const database = testDatabase()
let server: Server
/** Whoever may do everything, and whom a test makes keys with. */
let admin: string
beforeAll(async () => {
  server = database.newServer({ openness: 'always' })
  admin = (await makeKey(server, null, ['ADMIN'])).text
})

const key = (scopes: string[], more = {}) => makeKey(server, admin, scopes, more)
const READ = '{ runs { totalCount } }'
const WRITE = 'mutation { removeModelPrice(pattern: "none") }'
const SAVE_AND_READ =
  'mutation { saveView(name: "runs", query: { subject: RUNS, measures: ["runs"] }) { table { rows } } }'
const LIST = '{ apiKeys { id name fragment scopes createdBy expiresAt lastUsedAt revokedAt } }'
const AUDIT = '{ auditEvents { totalCount } }'
const REVOKE = 'mutation ($id: ID!) { revokeApiKey(id: $id) { id revokedAt } }'
const CREATE = 'mutation { createApiKey(name: "more", scopes: [READ]) { text } }'

describe('a key lets its holder do what its scopes say, and nothing else', () => {
  const all = [READ, WRITE, SAVE_AND_READ, LIST, AUDIT, CREATE]
  it.each([
    [['READ'], [READ]],
    [['WRITE'], [WRITE]],
    [
      ['READ', 'WRITE'],
      [READ, WRITE, SAVE_AND_READ],
    ],
    [['IMPORT'], []],
    [['ADMIN'], all],
  ])('%s', async (scopes, allowed) => {
    const { text } = await key(scopes)
    for (const document of all) {
      const { data, code } = await askAs(server, text, document)
      expect([document, code]).toEqual([document, allowed.includes(document) ? undefined : 'FORBIDDEN'])
      if (code) expect(Object.values(data ?? {}).every((value) => value === null)).toBe(true)
    }
    // Whatever was tried above, only an administrator's try has made a key.
    const made = await database.sql(`select count(*)::int as n from api_keys where name = 'more' and created_by = $1`, [
      scopes.join(' '),
    ])
    expect(made[0]!.n).toBe(allowed.includes(CREATE) ? 1 : 0)
  })

  it('and no change answers with more than what was changed, unless its holder may read', () => {
    const found = new Set<string>()
    const follow = (type: GraphQLObjectType) => {
      for (const field of Object.values(type.getFields())) {
        const named = getNamedType(field.type)
        const { authScopes } = (field.extensions.pothosOptions ?? {}) as { authScopes?: { read?: boolean } }
        if (!isObjectType(named) || found.has(named.name) || authScopes?.read) continue
        found.add(named.name)
        follow(named)
      }
    }
    follow(schema.getMutationType()!)
    expect([...found].sort()).toEqual([
      ...['ApiKey', 'CreatedApiKey', 'CreatedResultSnapshot', 'DeletedFiles', 'DeletedRows', 'Deletion', 'ModelPrice'],
      ...['ResultSnapshot', 'SavedView', 'ScoringConfig', 'ScoringThresholds', 'ScoringWeights', 'Synonyms'],
    ])
  })

  it('also where an id leads to what is for administrators', async () => {
    const { data } = await askAs(
      server,
      admin,
      '{ auditEvents(where: { action: { equals: "key.created" } }, first: 1) { nodes { id } } }',
    )
    const { id } = data.auditEvents.nodes[0]
    const { text } = await key(['READ'])
    const NODE = 'query ($id: ID!) { node(id: $id) { id ... on AuditEvent { action } } }'
    expect((await askAs(server, admin, NODE, { id })).data.node.action).toBe('key.created')
    const reply = await askAs(server, text, NODE, { id })
    expect([reply.code, reply.data?.node ?? null]).toEqual(['FORBIDDEN', null])
  })

  it('and whoever may not administer cannot revoke', async () => {
    const { id } = await key(['READ'])
    const { text } = await key(['READ', 'WRITE', 'IMPORT'])
    expect((await askAs(server, text, REVOKE, { id })).code).toBe('FORBIDDEN')
    expect((await database.sql('select revoked_at from api_keys where id = $1', [id]))[0]!.revoked_at).toBe(null)
  })
})

describe('a key is made', () => {
  const create = (name: string, scopes: string[], expiresAt: string | null = null) =>
    askAs(
      server,
      admin,
      'mutation ($name: String!, $scopes: [ApiScope!]!, $expiresAt: DateTime) { createApiKey(name: $name, scopes: $scopes, expiresAt: $expiresAt) { text key { name scopes expiresAt createdBy fragment } } }',
      { name, scopes, expiresAt },
    )

  it('with its scopes once each and in order, and a text that ends in its fragment', async () => {
    const { data } = await create('  dashboard ', ['WRITE', 'READ', 'WRITE'], '2099-01-01T00:00:00Z')
    const { key: made, text } = data.createApiKey
    expect(made).toMatchObject({
      name: 'dashboard',
      scopes: ['READ', 'WRITE'],
      expiresAt: '2099-01-01T00:00:00.000Z',
      createdBy: 'ADMIN',
    })
    expect(text).toMatch(/^crossrun_[0-9a-f]{32}_[0-9a-f]{64}$/)
    expect(text.endsWith(made.fragment)).toBe(true)
  })

  it.each([
    ['without a name', ' ', ['READ'], null, 'name'],
    ['with a name that is too long', 'x'.repeat(201), ['READ'], null, 'name'],
    ['with a name that a terminal would obey', 'a\u001b[2J', ['READ'], null, 'name'],
    ['without a scope', 'none', [], null, 'scopes'],
    ['that has expired', 'late', ['READ'], '2020-01-01T00:00:00Z', 'expiresAt'],
  ])('but not %s', async (_what, name, scopes, expiresAt, argument) => {
    const { errors } = await create(name, scopes, expiresAt)
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument })
  })
})

describe('a key is revoked', () => {
  it('once; again is a conflict, and another that is not there is not found', async () => {
    const { id } = await key(['READ'])
    const { data } = await askAs(server, admin, REVOKE, { id })
    expect(data.revokeApiKey).toEqual({ id, revokedAt: expect.any(String) })
    expect((await askAs(server, admin, REVOKE, { id })).code).toBe('CONFLICT')
    expect((await askAs(server, admin, REVOKE, { id: '00000000-0000-4000-8000-000000000000' })).code).toBe('NOT_FOUND')
    expect((await askAs(server, admin, REVOKE, { id: 'x' })).code).toBe('BAD_USER_INPUT')
  })

  it('by whoever uses it, on its first use', async () => {
    const own = await key(['ADMIN'])
    expect((await askAs(server, own.text, REVOKE, { id: own.id })).errors).toBe(undefined)
  })
})

describe('keys of another organization', () => {
  it('are not listed, cannot be revoked, and do not even exist', async () => {
    const theirs = database.newServer({ openness: 'always', organizationId: organizationIdOf('others') })
    const { id, text } = await makeKey(theirs, null, ['ADMIN'], { name: 'of the others' })
    const { data } = await askAs(server, admin, LIST)
    expect(JSON.stringify(data)).not.toContain('of the others')
    expect((await askAs(server, admin, REVOKE, { id })).code).toBe('NOT_FOUND')
    // The same server shows whoever comes with their key their rows.
    const seen = await askAs(server, text, LIST)
    expect(seen.data.apiKeys.map(({ name }: { name: string }) => name)).toEqual(['of the others'])
  })
})
