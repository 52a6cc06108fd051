import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { refreshViews } from '../src/analytics/refresh-views.ts'
import { readEnvironment } from '../src/environment.ts'
import { openDatabase } from '../src/store/database.ts'
import { migrate } from '../src/store/migrator.ts'
import { makeQuick } from './quick-settings.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The address of a server with a migrated, empty database named `template_crossrun`. */
    server: string
  }
}

/** One server for all test files that take a database from `test/database.ts`. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'crossrun-tests-'))
  // When root runs the tests, the server is another user, who must be able to enter.
  await chmod(directory, 0o755)
  await makeQuick(join(directory, 'data'))
  const server = await openDatabase(readEnvironment({ CROSSRUN_DATA_DIR: join(directory, 'data') }))
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query('create database template_crossrun')
  await client.end()
  const template = new URL(server.url)
  template.pathname = '/template_crossrun'
  await migrate(template.href)
  await refreshViews(template.href)
  project.provide('server', server.url)
  return async () => {
    await server.close()
    await rm(directory, { recursive: true, force: true })
  }
}
