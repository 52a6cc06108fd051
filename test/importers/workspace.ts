import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, inject, onTestFinished, TestRunner } from 'vitest'
import { DEFAULT_IMPORT_OPTIONS, type ImportOptions } from '../../src/importers/options.ts'
import { type ImportWatcher, runImport } from '../../src/importers/run-import.ts'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { type PooledDatabase, takeDatabase } from '../database-pool.ts'
import { asApp, rows } from '../store/scratch-server.ts'

/** For each test an empty database and a folder of artifacts. */
export function importWorkspace() {
  const server = { directory: '' }
  const taken = new Set<PooledDatabase>()
  let folders = 0

  beforeAll(async () => {
    server.directory = await mkdtemp(join(tmpdir(), 'crossrun-workspaces-'))
  })

  const release = async (database: PooledDatabase) => {
    taken.delete(database)
    await database.release()
  }

  afterAll(async () => {
    for (const database of taken) await release(database)
    await rm(server.directory, { recursive: true, force: true })
  })

  return {
    server,
    async fresh(): Promise<Workspace> {
      const database = await takeDatabase(inject('server'))
      taken.add(database)
      // One that is taken in a test goes back when the test is done, any other when the file is.
      if (TestRunner.getCurrentTest()) onTestFinished(() => release(database))
      return new Workspace(database.url, join(server.directory, `artifacts-${folders++}`))
    },
  }
}

/** Columns that say when or by which import something was written, not what it is. */
const CIRCUMSTANCES = [
  'import_id',
  'imported_at',
  'created_at',
  'path',
  'rejected_at',
  'file',
  'records_inserted',
  'records_updated',
  'records_unchanged',
]

export class Workspace {
  readonly url: string
  readonly folder: string

  constructor(url: string, folder: string) {
    this.url = url
    this.folder = folder
  }

  /** Writes a file of the folder: text and bytes as they are, anything else as JSON. */
  async write(name: string, content: unknown): Promise<string> {
    const path = join(this.folder, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(
      path,
      typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content, null, 1),
    )
    return path
  }

  async remove(name = ''): Promise<void> {
    await rm(join(this.folder, name), { recursive: true, force: true })
  }

  import(options: Partial<ImportOptions> = {}, paths = [this.folder], watcher: ImportWatcher = {}) {
    return runImport(this.url, paths, { ...DEFAULT_IMPORT_OPTIONS, ...options }, watcher)
  }

  query(sql: string, organization = 'default'): Promise<Record<string, unknown>[]> {
    return asApp(this.url, organizationIdOf(organization), sql)
  }

  /** Every row of every table of the organization but the import's own and the audit's, without the circumstances of writing it. */
  async rows(organization = 'default'): Promise<Record<string, Record<string, unknown>[]>> {
    const tables = await rows(
      this.url,
      `select distinct table_name from information_schema.columns where table_schema = 'public' and column_name = 'organization_id' and table_name not in ('imports', 'imported_files', 'audit_events') and table_name not like 'x\\_%' order by 1`,
    )
    const all: Record<string, Record<string, unknown>[]> = {}
    for (const { table_name } of tables) {
      const found = await this.query(
        `select to_jsonb(t) - '{${CIRCUMSTANCES.join(',')}}'::text[] as row from ${table_name} t order by 1`,
        organization,
      )
      if (found.length > 0) all[table_name as string] = found.map(({ row }) => row as Record<string, unknown>)
    }
    return all
  }
}
