import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newPermalink, readPermalink } from '../../src/access/permalink-tokens.ts'
import { extractionResults } from '../../src/exports/extraction-results.ts'
import { commandLine } from '../cli/command-line.ts'
import { testDatabase } from '../database.ts'
import { exported } from '../exports/exported.ts'
import { importFiles } from '../imported.ts'
import { dump } from '../importers/extraction-fixture.ts'
import { keyOf, type Served, serve } from './served.ts'

const database = testDatabase()
const CREATE = `mutation ($run: ID!, $name: String, $expiresAt: DateTime) {
  createResultSnapshot(run: $run, name: $name, expiresAt: $expiresAt) {
    token url snapshot { id name run rows columns contentSha256 createdBy fragment expiresAt lastUsedAt revokedAt erasedAt }
  }
}`
const REVOKE = 'mutation ($id: ID!) { revokeResultSnapshot(id: $id) { id revokedAt } }'
const LIST = '{ resultSnapshots { id name lastUsedAt revokedAt fragment } }'

let log = ''
const logger = pino(
  { level: 'trace' },
  new Writable({
    write(chunk, _encoding, done) {
      log += String(chunk)
      done()
    },
  }),
)
let server: Served
let writer: { authorization: string }

beforeAll(async () => {
  await importFiles(database, { 'campaign.json': dump() })
  server = await serve(database, { CROSSRUN_FAILED_KEYS_LIMIT: '0' }, { openness: 'never', logger })
  writer = await keyOf(database, ['READ', 'WRITE'])
})
afterAll(() => server.close())

async function make(more: object = {}): Promise<{ id: string; token: string; url: string }> {
  const { data, body } = await server.ask(CREATE, { run: 'run-1', ...more }, writer)
  if (!data) throw new Error(JSON.stringify(body))
  const { token, url, snapshot } = data.createResultSnapshot
  return { id: snapshot.id, token, url }
}

const get = (path: string, init: RequestInit = {}) => fetch(`${server.url}${path}`, init)
const revoke = (id: string) => server.ask(REVOKE, { id }, writer)

describe('a permalink', () => {
  it('is made by those who may read too: whoever has it can', async () => {
    const blind = await keyOf(database, ['WRITE'])
    const { body } = await server.ask(CREATE, { run: 'run-1' }, blind)
    expect(JSON.stringify(body)).toContain('FORBIDDEN')
  })

  it('answers whoever has it with the rows, byte for byte as they were exported, without a key', async () => {
    const { url } = await make()
    const { organizationId } = database
    const live = await database.transaction(({ db }) => extractionResults(db, { organizationId }, { run: 'run-1' }))
    const response = await get(`${url}.csv`)
    expect(response.status).toBe(200)
    expect(Buffer.from(await response.arrayBuffer())).toEqual(await exported(database.url, organizationId, live))
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="results-run-1.csv"',
      'cache-control': 'private, no-cache',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
      'x-content-type-options': 'nosniff',
    })
    // A key that lets nobody in is nothing to it.
    expect((await get(`${url}.csv`, { headers: { authorization: 'Bearer crossrun_x' } })).status).toBe(200)
  })

  it('answers in every format, and says so when there is none of that name', async () => {
    const { url } = await make()
    const begins: Record<string, string> = {
      csv: 'run,run_id,',
      jsonl: '{"run":"run-1"',
      parquet: 'PAR1',
      arrow: 'ARROW1',
      xlsx: 'PK',
    }
    for (const [format, begin] of Object.entries(begins)) {
      const response = await get(`${url}.${format}`)
      const bytes = Buffer.from(await response.arrayBuffer())
      expect([format, response.status, bytes.toString('latin1', 0, begin.length)]).toEqual([format, 200, begin])
    }
    const { status, error } = await server.send(`${url}.doc`)
    expect([status, error.extensions.code]).toEqual([406, 'NOT_ACCEPTABLE'])
    const wrong = await server.send(`${url}.csv?where={}`)
    expect([wrong.status, wrong.error.extensions.argument]).toEqual([400, 'where'])
  })

  it('without an ending says what there is, and nothing of who made it', async () => {
    const { url } = await make({ name: 'For the board' })
    const { status, headers, body } = await server.send(url)
    expect([status, headers.get('cache-control'), headers.get('x-robots-tag')]).toEqual([
      200,
      'private, no-store',
      'noindex',
    ])
    expect(body).toMatchObject({ name: 'For the board', rows: 2, files: { csv: `${url}.csv`, xlsx: `${url}.xlsx` } })
    expect(body.columns[0]).toEqual({ name: 'run', description: expect.any(String), type: 'text' })
    expect(Object.keys(body)).not.toContain('createdBy')
    for (const path of [url, `${url}.csv`]) {
      const head = await get(path, { method: 'HEAD' })
      expect([head.status, await head.text()]).toEqual([200, ''])
    }
    expect((await server.send(url, { method: 'POST' })).status).toBe(405)
  })

  it('is not sent twice to who has it already, and not shown again once it is revoked', async () => {
    const { id, url } = await make()
    const first = await get(`${url}.csv`)
    await first.arrayBuffer()
    const headers = { 'if-none-match': first.headers.get('etag')! }
    expect((await get(`${url}.csv`, { headers })).status).toBe(304)
    expect((await get(`${url}.jsonl`, { headers })).status).toBe(200)
    expect((await revoke(id)).data.revokeResultSnapshot).toEqual({ id, revokedAt: expect.any(String) })
    expect((await get(`${url}.csv`, { headers })).status).toBe(404)
  })

  it('that is unknown, wrong, expired or revoked is nothing, and nothing tells which', async () => {
    const [revoked, expired, right] = [await make(), await make({ expiresAt: '2099-01-01T00:00:00Z' }), await make()]
    await revoke(revoked.id)
    await database.sql(
      `update x_result_permalinks set expires_at = now() - interval '1 second' where snapshot_id = $1`,
      [expired.id],
    )
    const other = right.token.endsWith('A') ? 'B' : 'A'
    const nothing = [
      revoked.token,
      expired.token,
      newPermalink().token,
      right.token.slice(0, -1) + other,
      right.token.slice(0, -1),
      `${right.token}A`,
      `${right.token}/`,
      right.id,
      '',
      '%00',
      "' or true --",
    ]
    const said = new Set<string>()
    for (const token of nothing)
      for (const ending of ['', '.csv', '.doc', '.csv?x=1']) {
        const { status, headers, body } = await server.send(`/r/${token}${ending}`)
        const { 'x-request-id': _, date: __, ...rest } = Object.fromEntries(headers)
        said.add(JSON.stringify([status, body, rest]))
      }
    expect([...said]).toEqual([expect.stringMatching(/^\[404,.*"NOT_FOUND".*no-store/)])
    expect((await get(`${right.url}.csv`)).status).toBe(200)
  })

  it('breaks off where rows are missing, and does not end as if it were whole', async () => {
    const { id, url } = await make()
    // Its rows can be taken away only while there is no snapshot.
    await database.sql(`
      create temp table kept as select * from x_result_snapshots where id = '${id}';
      delete from x_result_snapshots where id = '${id}';
      delete from x_snapshot_rows where snapshot_id = '${id}' and place = 2;
      insert into x_result_snapshots select * from kept`)
    await expect(get(`${url}.csv`).then((response) => response.text())).rejects.toThrow()
  })
})

describe('making a snapshot', () => {
  it('shows the token this once, and is written down', async () => {
    const { data } = await server.ask(CREATE, { run: 'run-1', expiresAt: '2099-01-01T00:00:00Z' }, writer)
    const { token, url, snapshot } = data.createResultSnapshot
    expect(url).toBe(`/r/${token}`)
    expect(Buffer.from(readPermalink(token)!.secret, 'hex')).toHaveLength(32)
    expect(snapshot).toMatchObject({
      name: 'run-1',
      run: 'run-1',
      rows: 2,
      fragment: token.slice(-4),
      lastUsedAt: null,
    })
    await get(`${url}.csv`)
    await revoke(snapshot.id)
    await get(`${url}.csv`)
    const { data: listed } = await server.ask(LIST, {}, writer)
    const mine = listed.resultSnapshots.find(({ id }: { id: string }) => id === snapshot.id)
    expect(mine).toMatchObject({ lastUsedAt: expect.any(String), revokedAt: expect.any(String) })
    const events = await database.sql(
      `select action, outcome::text, details from audit_events where target_id = $1 order by occurred_at, id`,
      [snapshot.id],
    )
    expect(events).toMatchObject([
      { action: 'result-snapshot.created', details: { rows: 2, of: { kind: 'run', name: 'run-1' } } },
      { action: 'result-snapshot.revoked' },
      { action: 'permalink.refused', outcome: 'DENIED', details: { why: 'revoked' } },
    ])
  })

  it('needs a key that may write; the list one that may read', async () => {
    const [reader, importer] = [await keyOf(database, ['READ']), await keyOf(database, ['IMPORT'])]
    const codeOf = async (...asked: Parameters<typeof server.ask>) =>
      (await server.ask(...asked)).error?.extensions.code
    const { id } = await make()
    expect(await codeOf(CREATE, { run: 'run-1' }, reader)).toBe('FORBIDDEN')
    expect(await codeOf(REVOKE, { id }, reader)).toBe('FORBIDDEN')
    expect(await codeOf(LIST, {}, reader)).toBeUndefined()
    expect(await codeOf(LIST, {}, importer)).toBe('FORBIDDEN')
    expect(await codeOf(LIST)).toBe('UNAUTHENTICATED')
  })

  it.each([
    [{ run: 'nothing' }, 'NOT_FOUND', undefined],
    [{ run: 'run-1', expiresAt: '2020-01-01T00:00:00Z' }, 'BAD_USER_INPUT', 'expiresAt'],
    [{ run: 'run-1', name: ' ' }, 'BAD_USER_INPUT', 'name'],
    [{ run: 'run-1', name: 'a\u001b[2J' }, 'BAD_USER_INPUT', 'name'],
    [{ run: 'run-1', name: 'x'.repeat(201) }, 'BAD_USER_INPUT', 'name'],
  ])('says what is wrong with %j', async (asked, code, argument) => {
    const { error } = await server.ask(CREATE, asked, writer)
    expect([error.extensions.code, error.extensions.argument]).toEqual([code, argument])
  })

  it('leaves no token anywhere in the database, the log or the audit', async () => {
    const { token, url, id } = await make()
    for (const path of [url, `${url}.csv`, `${url.slice(0, -1)}.csv`, `${url}.doc`]) await get(path)
    await revoke(id)
    await get(url)
    const tables = await database.sql(
      `select c.oid::regclass::text as name from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace`,
    )
    let rows = ''
    for (const { name } of tables)
      rows += (await database.sql(`select coalesce(string_agg(t::text, E'\\n'), '') as rows from ${name} as t`))[0]!
        .rows
    expect(log).toContain('a permalink was refused')
    expect(rows).toContain('permalink.refused')
    const { secret } = readPermalink(token)!
    for (const form of [token, token.slice(24, 48), secret, Buffer.from(secret, 'hex').toString('base64')])
      expect(`${rows}\n${log}`.toLowerCase().includes(form.toLowerCase())).toBe(false)
  })
})

describe('whoever guesses', () => {
  it('is told to wait, with wrong keys counted too, while those who know go on', async () => {
    const limited = await serve(database, { CROSSRUN_FAILED_KEYS_LIMIT: '3' }, { openness: 'never' })
    const { url } = await make()
    const statusOf = async (path: string) => (await limited.send(path)).status
    const guess = () => statusOf(`/r/${newPermalink().token}.csv`)
    expect([await guess(), await statusOf('/r/nothing')]).toEqual([404, 404])
    expect((await limited.ask('{ runs { totalCount } }', {}, { authorization: 'Bearer crossrun_x' })).status).toBe(401)
    const { status, headers, error } = await limited.send(`/r/${newPermalink().token}`)
    expect([status, error.extensions.code, headers.get('x-robots-tag')]).toEqual([429, 'RATE_LIMITED', 'noindex'])
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await statusOf(`${url}.csv`)).toBe(200)
    await limited.close()
  })

  it('is counted like whoever asks without a key, also with the right token', async () => {
    const limited = await serve(database, { CROSSRUN_RATE_LIMIT: '2' }, { openness: 'never' })
    const { url } = await make()
    const statuses = []
    for (let time = 0; time < 3; time++) statuses.push((await limited.send(url)).status)
    expect(statuses).toEqual([200, 200, 429])
    await limited.close()
  })
})

describe('crossrun results', () => {
  const crossrun = commandLine(database)

  it('exports what the server would, and makes, lists and revokes snapshots', async () => {
    const { organizationId } = database
    const live = await database.transaction(({ db }) => extractionResults(db, { organizationId }, { run: 'run-1' }))
    const { exitCode, bytes } = await crossrun('results', 'export', '--run', 'run-1', '--format', 'csv')
    expect([exitCode, bytes]).toEqual([0, await exported(database.url, organizationId, live)])

    const shown = await crossrun('results', 'snapshot', '--run', 'run-1', '--name', 'by hand', '--expires', '30d')
    const [url, ...rest] = shown.stdout.trim().split('\n')
    expect([shown.exitCode, url]).toEqual([0, expect.stringMatching(/^\/r\/[\w-]{64}$/)])
    expect(rest.join('\n')).toMatch(/2 rows[\s\S]*not shown again[\s\S]*http:\/\/localhost:4000\/r\//)
    expect(Buffer.from(await (await get(`${url}.csv`)).arrayBuffer())).toEqual(bytes)

    const made = JSON.parse(
      (await crossrun('results', 'snapshot', '--run', 'run-1', '--fields', 'seats', '--json')).stdout,
    )
    expect(made).toMatchObject({ url: `/r/${made.token}`, snapshot: { name: 'run-1', rowCount: 2, expiresAt: null } })
    const { snapshots } = JSON.parse((await crossrun('results', 'list', '--json')).stdout)
    expect(snapshots[0].id).toBe(made.snapshot.id)
    expect((await crossrun('results', 'list')).stdout).toMatch(/by hand .* until \d{4}-/)
    const revoked = await crossrun('results', 'revoke', made.snapshot.id.slice(0, 8))
    expect([revoked.exitCode, revoked.stdout]).toEqual([0, `Revoked the address of 'run-1' (${made.snapshot.id}).\n`])
    expect((await get(made.url)).status).toBe(404)
  })

  it.each([
    [['export'], 'BAD_USER_INPUT'],
    [['export', '--run', 'run-1', '--dataset', 'dataset-1'], 'BAD_USER_INPUT'],
    [['export', '--run', 'nothing'], 'NOT_FOUND'],
    [['export', '--run', 'run-1', '--format', 'doc'], 'BAD_USER_INPUT'],
    [['snapshot', '--run', 'run-1', '--expires', 'soon'], 'BAD_USER_INPUT'],
    [['revoke', '00000000'], 'NOT_FOUND'],
  ])('%j says what is wrong', async (argv, code) => {
    const { exitCode, stdout, stderr } = await crossrun('results', ...argv)
    expect([exitCode, stdout, stderr.split(':')[0]]).toEqual([1, '', code])
  })
})
