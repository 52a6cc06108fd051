import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { readEnvironment } from '../../src/environment.ts'
import { type DatabaseHandle, openDatabase } from '../../src/store/database.ts'
import { makeQuick } from '../quick-settings.ts'

export type ScratchServer = {
  /** A directory that goes away with the server. */
  directory: string
  /** The address of the server's own database. */
  url: string
  /** Creates an empty database (`options` as in CREATE DATABASE) and gives its address. */
  newDatabase(options?: string): Promise<string>
}

/** A PostgreSQL server for one test file, started before its tests and stopped after them. */
export function scratchServer(): ScratchServer {
  const scratch: ScratchServer = { directory: '', url: '', newDatabase }
  let server: DatabaseHandle
  let databases = 0

  beforeAll(async () => {
    scratch.directory = await mkdtemp(join(tmpdir(), 'crossrun-scratch-'))
    // When root runs the tests, the server is another user, who must be able to enter.
    await chmod(scratch.directory, 0o755)
    await makeQuick(join(scratch.directory, 'data'))
    server = await openDatabase(readEnvironment({ CROSSRUN_DATA_DIR: join(scratch.directory, 'data') }))
    scratch.url = server.url
  }, 60_000)

  afterAll(async () => {
    await server.close()
    await rm(scratch.directory, { recursive: true, force: true })
  }, 60_000)

  async function newDatabase(options = ''): Promise<string> {
    databases += 1
    await rows(scratch.url, `CREATE DATABASE scratch_${databases} ${options}`)
    const url = new URL(scratch.url)
    url.pathname = `/scratch_${databases}`
    return url.href
  }

  return scratch
}

/** The rows of the last of these statements, on a connection of their own. */
export async function rows(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const result = (await client.query(sql)) as pg.QueryResult | pg.QueryResult[]
    return (Array.isArray(result) ? result.at(-1)! : result).rows
  } finally {
    await client.end()
  }
}

/** The same as the app role, within an organization ('' for none). */
export function asApp(url: string, organizationId: string, sql: string): Promise<Record<string, unknown>[]> {
  return rows(url, `SET ROLE crossrun_app; SET app.organization_id = '${organizationId}'; ${sql}`)
}
