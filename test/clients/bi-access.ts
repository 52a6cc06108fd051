import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, inject } from 'vitest'
import { viewsOf } from '../../src/analytics/views.ts'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { choosePort } from '../../src/store/embedded/ports.ts'
import { forwardPort, type SqlPort } from '../../src/store/embedded/sql-port.ts'
import { commandLine } from '../cli/command-line.ts'
import { type PooledDatabase, takeDatabase } from '../database-pool.ts'

/** Values that clients like to bend: more digits than a double has, a time to the millisecond, text that needs quotes. */
export const RUNS = [
  { external_id: 'own-1', cost_usd: '0.100000000001', total_tokens: '3', started_at: '2025-12-08T06:00:09.123Z' },
  { external_id: 'own-2, "quoted"', cost_usd: null, total_tokens: null, started_at: null },
  {
    external_id: 'own-3 Zürich',
    cost_usd: '123456789012.123456789012',
    total_tokens: '9007199254740993',
    started_at: '2026-03-29T00:59:59.999Z',
  },
] as const

/** The names of everything in the schema `analytics`. */
export const VIEW_NAMES = [...viewsOf().map(({ name }) => name), 'catalog'].sort()

/** What each column of the view `runs` is said to hold, by its name. */
export const RUN_COLUMNS = new Map(
  viewsOf()
    .find(({ name }) => name === 'runs')!
    .columns.map(({ name, description }) => [name, description]),
)

/** What `bi grant` prints. */
export type Printed = {
  host: string
  port: string
  database: string
  user: string
  url: string
  jdbc: string
  odbc: string
}

/**
 * Runs of two organizations, and a login that reads those of one, by an address that `crossrun bi grant` printed. It
 * leads through a forwarder, as `crossrun serve --sql-port` has it.
 */
export function biAccess({ connections = 10 } = {}): Printed {
  const printed = {} as Printed
  const login = `bi_${randomBytes(6).toString('hex')}`
  let database: PooledDatabase
  let sqlPort: SqlPort
  let crossrun: ReturnType<typeof commandLine>

  beforeAll(async () => {
    // Of its own: to grant a login takes rights from everybody else.
    database = await takeDatabase(inject('server'), true)
    await insertRuns(database.url)
    const address = new URL(database.url)
    const ownPort = Number(address.port)
    sqlPort = await forwardPort(await choosePort(), () => ownPort)
    address.port = String(sqlPort.port)
    crossrun = commandLine({ url: address.href })
    const { stdout } = await crossrun('bi', 'grant', '--read-only-user', login, '--connections', String(connections))
    const [url, jdbc, odbc] = ['postgresql:', 'jdbc:', 'Driver='].map(
      (start) => stdout.split('\n').find((line) => line.startsWith(start))!,
    )
    const { hostname: host, port, pathname } = new URL(url!)
    Object.assign(printed, { host, port, database: pathname.slice(1), user: login, url, jdbc, odbc })
  })

  afterAll(async () => {
    await crossrun?.('bi', 'revoke', login)
    await sqlPort?.close()
    await database?.release()
  })

  return printed
}

async function insertRuns(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  for (const [slug, rows] of Object.entries({ default: RUNS, other: [{ external_id: 'foreign' }] })) {
    const organization = organizationIdOf(slug)
    await client.query('insert into organizations (id, slug, name) values ($1, $2, $2)', [organization, slug])
    await client.query(`insert into pipelines (id, organization_id, name) values ($1, $1, 'playbook')`, [organization])
    await client.query(
      `insert into runs (id, organization_id, pipeline_id, external_id, status, cost_usd, total_tokens, started_at, record_sha256)
       select gen_random_uuid(), $1::uuid, $1::uuid, external_id, 'COMPLETED', cost_usd, total_tokens, started_at, ''
       from json_to_recordset($2) as r (external_id text, cost_usd numeric, total_tokens int8, started_at timestamptz)`,
      [organization, JSON.stringify(rows)],
    )
  }
  await client.end()
}
