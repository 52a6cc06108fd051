import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cliActor, record } from '../../src/access/audit.ts'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import type { Server } from '../../src/server/index.ts'
import { sendOfSession } from '../../src/store/send.ts'
import { TenantSession } from '../../src/store/tenant-session.ts'
import { commandLine } from '../cli/command-line.ts'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { askAs, makeKey } from './asking.ts'

const database = testDatabase({ isOwn: true })
let server: Server
let admin: { id: string; text: string }
beforeAll(async () => {
  server = database.newServer({ openness: 'always' })
  admin = await makeKey(server, null, ['ADMIN'], { name: 'boss' })
})
beforeEach(() => database.sql('delete from audit_events; delete from model_prices'))

const SET =
  'mutation set { setModelPrice(pattern: "secret-model", inputUsdPerMillion: "1", outputUsdPerMillion: "2") { pattern } }'
const REVOKE = 'mutation ($id: ID!) { revokeApiKey(id: $id) { id } }'

/** What is written down, oldest first. */
const events = () =>
  database.sql(
    `select actor_kind as kind, actor_id as actor, actor_name as name, action, outcome, target_type as type, target_id as target,
            request_id as request, details
     from audit_events order by occurred_at, id`,
  )
const actions = async () => (await events()).map(({ action, outcome }) => `${action} ${outcome}`)

describe('what is written down', () => {
  it('keys that are made and revoked, by whom, in which request', async () => {
    const { id } = await makeKey(server, admin.text, ['READ', 'IMPORT'], { name: 'nightly' })
    const reply = await askAs(server, admin.text, REVOKE, { id })
    const who = { kind: 'API_KEY', actor: admin.id, name: 'boss', outcome: 'SUCCEEDED' }
    expect(await events()).toMatchObject([
      {
        ...who,
        action: 'key.created',
        type: 'ApiKey',
        target: id,
        details: { name: 'nightly', scopes: ['IMPORT', 'READ'], expiresAt: null },
      },
      { ...who, action: 'mutation.createApiKey', type: null },
      { ...who, action: 'key.revoked', target: id, request: reply.headers.get('x-request-id') },
      { ...who, action: 'mutation.revokeApiKey', request: reply.headers.get('x-request-id') },
    ])
  })

  it('a mutation, once, with all that it did and nothing of its arguments', async () => {
    await askAs(server, admin.text, SET)
    await askAs(
      server,
      admin.text,
      'mutation { a: removeModelPrice(pattern: "secret-model") ...more b: removeModelPrice(pattern: "x") } fragment more on Mutation { ... on Mutation { removeView(name: "v") } }',
    )
    expect(await events()).toMatchObject([
      { action: 'mutation.setModelPrice', outcome: 'SUCCEEDED', details: { operation: 'set' } },
      { action: 'mutation.removeModelPrice', details: { fields: ['removeModelPrice', 'removeView'] } },
    ])
    expect(JSON.stringify(await events())).not.toContain('secret-model')
  })

  it('a mutation that was undone, although nothing else of it stays', async () => {
    const document = `mutation { ${SET.slice(14, -2)} revokeApiKey(id: "00000000-0000-4000-8000-000000000000") { id } }`
    expect((await askAs(server, admin.text, document)).code).toBe('NOT_FOUND')
    expect(await events()).toMatchObject([
      {
        action: 'mutation.setModelPrice',
        outcome: 'FAILED',
        details: { fields: ['setModelPrice', 'revokeApiKey'], errors: ['NOT_FOUND'] },
      },
    ])
    expect((await askAs(server, admin.text, '{ modelPrices { pattern } }')).data.modelPrices).toEqual([])
  })

  it('imports', async () => {
    await importFiles(database, { 'broken.json': '{' })
    expect(await events()).toMatchObject([
      {
        kind: 'CLI',
        action: 'import.finished',
        outcome: 'SUCCEEDED',
        type: 'Import',
        details: { status: 'COMPLETED_WITH_REJECTS', records: { read: 1, quarantined: 1 } },
      },
    ])
    expect(await database.sql('select id from imports')).toEqual([{ id: (await events())[0]!.target }])
  })

  it('but not an import that writes nothing', async () => {
    const { exitCode } = await commandLine(database)('import', 'samples', '--dry-run')
    expect([exitCode, await events()]).toEqual([0, []])
  })

  it('a mutation that a limit refuses is not, since nothing was begun', async () => {
    const saving = (limit: number) =>
      `saveView(name: "v", query: { subject: USAGE, measures: ["calls"], limit: ${limit} })`
    const dear = 'table { rows totalCount }'
    for (const [document, code] of [
      [`mutation { ${saving(10_001)} { name } }`, 'BAD_USER_INPUT'],
      [`mutation { ${SET.slice(15, -2)} ${saving(-1)} { name } }`, 'BAD_USER_INPUT'],
      [
        `mutation { ${Array.from({ length: 51 }, (_, n) => `a${n}: ${saving(1)} { ${dear} }`).join(' ')} }`,
        'LIMIT_EXCEEDED',
      ],
    ] as const)
      expect((await askAs(server, admin.text, document)).code).toBe(code)
    expect(await events()).toEqual([])
    // What is found wrong only when it is executed has been begun.
    expect((await askAs(server, admin.text, `mutation { ${saving(1).replace('calls', 'x')} { name } }`)).code).toBe(
      'BAD_USER_INPUT',
    )
    expect(await actions()).toEqual(['mutation.saveView FAILED'])
  })

  it('queries are not', async () => {
    await askAs(server, admin.text, '{ apiKeys { name } __typename }')
    await askAs(server, admin.text, 'mutation { __typename }')
    expect(await events()).toEqual([])
  })
})

describe('a denial is written down', () => {
  it('once for a key, an action and a minute, however often it is tried and by whichever server', async () => {
    const { id, text } = await makeKey(server, admin.text, ['READ'], { name: 'reader' })
    await database.sql('delete from audit_events')
    const others = [server, database.newServer(), database.newServer()]
    const minute = () => Math.floor(Date.now() / 60_000)
    // Not over the turn of a minute, where two would be right.
    if (60_000 - (Date.now() % 60_000) < 5_000) await sleep(5_500)
    const began = minute()
    for (let round = 0; round < 5; round++)
      await Promise.all(others.map((each) => askAs(each, text, '{ apiKeys { name } runs { totalCount } }')))
    await askAs(server, text, SET)
    expect(minute()).toBe(began)
    expect(await events()).toMatchObject([
      {
        kind: 'API_KEY',
        actor: id,
        name: 'reader',
        action: 'query.apiKeys',
        outcome: 'DENIED',
        details: { errors: ['FORBIDDEN'] },
      },
      { actor: id, action: 'mutation.setModelPrice', outcome: 'DENIED' },
    ])
  })

  it('when a key lets nobody in whose organization is known', async () => {
    const { id, text } = await makeKey(server, admin.text, ['READ'], { name: 'former' })
    const theirs = database.newServer({ openness: 'always', organizationId: organizationIdOf('others') })
    const other = await makeKey(theirs, null, ['READ'], { name: 'theirs' })
    await askAs(server, admin.text, REVOKE, { id })
    await database.sql('delete from audit_events')
    const fresh = database.newServer({ openness: 'never' })
    await askAs(fresh, text, '{ runs { totalCount } }')
    await askAs(fresh, `${other.text.slice(0, -4)}0000`, '{ runs { totalCount } }')
    await askAs(fresh, null, '{ runs { totalCount } }')
    await askAs(fresh, 'nonsense', '{ runs { totalCount } }')
    expect(await events()).toMatchObject([
      {
        actor: id,
        name: 'former',
        action: 'key.refused',
        outcome: 'DENIED',
        type: 'ApiKey',
        details: { why: 'revoked' },
      },
      { actor: other.id, name: 'theirs', action: 'key.refused', details: { why: 'unknown' } },
    ])
    const seen = await askAs(server, admin.text, '{ auditEvents { nodes { actorName } } }')
    expect(JSON.stringify(seen.data)).not.toContain('theirs')
  })
})

describe('auditEvents', () => {
  it('lists newest first, a page at a time, and filters', async () => {
    await makeKey(server, admin.text, ['READ'])
    await askAs(server, admin.text, SET)
    const LIST = `query ($where: AuditEventWhere, $after: String) {
      auditEvents(where: $where, first: 2, after: $after) { totalCount pageInfo { endCursor } nodes { action } }
    }`
    const list = async (variables: object) => (await askAs(server, admin.text, LIST, variables)).data.auditEvents
    const first = await list({})
    expect(first).toMatchObject({
      totalCount: 3,
      nodes: [{ action: 'mutation.setModelPrice' }, { action: 'mutation.createApiKey' }],
    })
    expect((await list({ after: first.pageInfo.endCursor })).nodes).toEqual([{ action: 'key.created' }])
    for (const [where, count] of [
      [{ action: { startsWith: 'mutation.' } }, 2],
      [{ actorKind: { equals: 'API_KEY' }, actorId: { equals: admin.id } }, 3],
      [{ outcome: { equals: 'DENIED' } }, 0],
      [{ targetType: { equals: 'ApiKey' } }, 1],
      [{ occurredAt: { gt: '2099-01-01T00:00:00Z' } }, 0],
    ] as const)
      expect([where, (await list({ where })).totalCount]).toEqual([where, count])
  })
})

describe('what is written down stays', () => {
  it('in the order it happened, also within a millisecond', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `step ${index}`)
    const session = await TenantSession.open(database.url, database.organizationId)
    try {
      await session.transaction(async (client) => {
        for (const action of names)
          await record(sendOfSession(client), { actor: cliActor(), action, outcome: 'SUCCEEDED' })
      })
    } finally {
      await session.close()
    }
    expect(await actions()).toEqual(names.map((name) => `${name} SUCCEEDED`))
  })

  it.each(['update audit_events set action = $$x$$', 'delete from audit_events', 'truncate audit_events'])(
    'the role that serves requests may not: %s',
    async (statement) => {
      await makeKey(server, admin.text, ['READ'])
      const failure = await database
        .sql(
          `begin; set local role crossrun_app; select set_config('app.organization_id', '${database.organizationId}', true); ${statement}`,
        )
        .catch((error: { code?: string }) => error.code)
      await database.sql('rollback')
      expect(failure).toBe('42501')
      expect(await actions()).toEqual(['key.created SUCCEEDED', 'mutation.createApiKey SUCCEEDED'])
    },
  )

  it('and a change is not made that cannot be written down', async () => {
    await database.sql('revoke insert on audit_events from crossrun_app')
    try {
      expect((await askAs(server, admin.text, SET)).code).toBe('INTERNAL_SERVER_ERROR')
      expect((await askAs(server, admin.text, '{ modelPrices { pattern } }')).data.modelPrices).toEqual([])
    } finally {
      await database.sql('grant insert on audit_events to crossrun_app')
    }
  })
})
