import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { migrate, pendingMigrations } from '../../src/store/migrator.ts'
import { withPrismaEngine } from './prisma-migrate.ts'
import { asApp, rows, scratchServer } from './scratch-server.ts'

const ownFolder = join(import.meta.dirname, '../../prisma/migrations')
const ours = (await readdir(ownFolder)).filter((name) => /^\d{14}_/.test(name)).sort()
const nothingExternal = { externalTables: [], externalEnums: [] }
const server = scratchServer()

describe('on a new server', () => {
  it('two databases can be migrated at the same moment, though they share the role', async () => {
    const urls = [await server.newDatabase(), await server.newDatabase()]
    const results = await Promise.all(urls.map((url) => migrate(url)))
    expect(results.map(({ applied }) => applied)).toEqual([ours, ours])
  })
})

describe('a database of this program', () => {
  let url: string
  const lines: string[] = []

  beforeAll(async () => {
    url = await server.newDatabase()
    expect(await pendingMigrations(url)).toEqual(ours)
    await migrate(url, { log: (line) => lines.push(line) })
  })

  it('is told of each migration it got', () => {
    expect(lines.map((line) => line.replace(/\d+ ms$/, '… ms'))).toEqual(
      ours.map((name) => `Applied the migration ${name} in … ms`),
    )
  })

  it('gets nothing from a second run, at the price of one query', async () => {
    const query = vi.spyOn(pg.Client.prototype, 'query')
    expect(await migrate(url)).toEqual({ applied: [] })
    expect(query).toHaveBeenCalledTimes(1)
    query.mockRestore()
    expect(await pendingMigrations(url)).toEqual([])
  })

  it('is up to date for Prisma too', async () => {
    await withPrismaEngine(url, async (engine, migrationsList) => {
      const filters = nothingExternal
      expect(
        await engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters }),
      ).toMatchObject({ editedMigrationNames: [], failedMigrationNames: [], hasMigrationsTable: true, history: null })
      expect(await engine.applyMigrations({ migrationsList, filters })).toEqual({ appliedMigrationNames: [] })
    })
  })
})

describe('processes that migrate at once', () => {
  it('apply each migration once', async () => {
    const url = await server.newDatabase()
    const folder = await migrationFolder({
      '1_first': 'CREATE TABLE log (line text); SELECT pg_sleep(0.3)',
      '2_second': `INSERT INTO log VALUES ('second')`,
      '3_third': `INSERT INTO log VALUES ('third')`,
    })
    const outputs = await Promise.all([1, 2, 3].map(() => migrateInOwnProcess(url, folder)))
    expect(outputs.flat().sort()).toEqual(['1_first', '2_second', '3_third'])
    expect(await rows(url, 'SELECT line FROM log ORDER BY line')).toEqual([{ line: 'second' }, { line: 'third' }])
    expect(await rows(url, 'SELECT count(*)::int AS n FROM _prisma_migrations')).toEqual([{ n: 3 }])
  }, 60_000)
})

describe('a database that does not match', () => {
  it('is refused by the name of the migration that was edited, before anything is applied', async () => {
    const url = await server.newDatabase()
    await migrate(url, { folder: await migrationFolder({ '1_first': 'SELECT 1', '2_second': 'SELECT 2' }) })
    const folder = await migrationFolder({
      '1_first': 'SELECT 1',
      '2_second': 'SELECT 3',
      '3_third': 'CREATE TABLE t ()',
    })
    await expect(migrate(url, { folder })).rejects.toMatchObject({
      code: 'MIGRATION_EDITED',
      message: expect.stringContaining('2_second'),
      hint: expect.stringContaining('prisma/migrations/2_second/migration.sql'),
    })
    await expect(pendingMigrations(url, { folder })).rejects.toMatchObject({ code: 'MIGRATION_EDITED' })
    expect(await rows(url, `SELECT to_regclass('t') AS t`)).toEqual([{ t: null }])
  })

  it('is not taken for edited when a checkout changed the line endings', async () => {
    const url = await server.newDatabase()
    await migrate(url, { folder: await migrationFolder({ '1_first': 'SELECT 1;\nSELECT 2;\n' }) })
    const folder = await migrationFolder({ '1_first': 'SELECT 1;\r\nSELECT 2;\r\n' })
    expect(await migrate(url, { folder })).toEqual({ applied: [] })
  })

  it('is refused when it has a migration this program does not know', async () => {
    const url = await server.newDatabase()
    await migrate(url, { folder: await migrationFolder({ '1_first': 'SELECT 1', '9_future': 'SELECT 9' }) })
    await expect(migrate(url, { folder: await migrationFolder({ '1_first': 'SELECT 1' }) })).rejects.toMatchObject({
      code: 'DATABASE_TOO_NEW',
      message: expect.stringContaining('9_future'),
    })
  })

  it('is refused when Prisma left a migration unfinished, and welcome once that is rolled back', async () => {
    const url = await server.newDatabase()
    const folder = await migrationFolder({ '1_first': 'CREATE TABLE first ()' })
    await migrate(url, { folder })
    await rows(url, 'UPDATE _prisma_migrations SET finished_at = NULL; DROP TABLE first')
    await expect(migrate(url, { folder })).rejects.toMatchObject({
      code: 'MIGRATION_UNFINISHED',
      hint: expect.stringContaining('npx prisma migrate resolve --rolled-back 1_first'),
    })
    await rows(url, 'UPDATE _prisma_migrations SET rolled_back_at = now()')
    expect(await migrate(url, { folder })).toEqual({ applied: ['1_first'] })
  })
})

describe('a migration that fails', () => {
  it('leaves nothing of itself and everything of those before it', async () => {
    const url = await server.newDatabase()
    const broken = { '1_first': 'CREATE TABLE first ()', '2_second': 'CREATE TABLE second (); SELECT 1 / 0' }
    await expect(migrate(url, { folder: await migrationFolder(broken) })).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: 'The migration 2_second cannot be applied: division by zero.',
    })
    expect(
      await rows(url, `SELECT to_regclass('first')::text AS first, to_regclass('second')::text AS second`),
    ).toEqual([{ first: 'first', second: null }])
    const repaired = { ...broken, '2_second': 'CREATE TABLE second ()' }
    expect(await migrate(url, { folder: await migrationFolder(repaired) })).toEqual({ applied: ['2_second'] })
  })

  it('for want of rights tells what an administrator runs, and that is enough', async () => {
    await rows(server.url, `CREATE ROLE plain LOGIN PASSWORD 'plain'; GRANT plain TO crossrun`)
    const url = new URL(await server.newDatabase('OWNER plain'))
    url.username = url.password = 'plain'
    const refused = expect.objectContaining({ code: 'MIGRATION_FAILED', hint: expect.any(String) })
    const error = await migrate(url.href).catch((reason) => reason)
    expect(error).toEqual(refused)
    expect(error.message).toContain('plain may not act as the role crossrun_app')
    await rows(server.url, /runs once: (.+)$/.exec(error.hint)![1]!)
    expect((await migrate(url.href)).applied.at(-1)).toBe(ours.at(-1))
    expect(await asApp(url.href, '', 'SELECT id FROM organizations')).toEqual([])
  })
})

describe('the bookkeeping', () => {
  it('holds the SHA-256 of each file, as sha256sum prints it', async () => {
    const url = await server.newDatabase()
    await migrate(url)
    const recorded = await rows(url, 'SELECT migration_name AS name, checksum FROM _prisma_migrations ORDER BY 1')
    const files = ours.map(async (name) => {
      const bytes = await readFile(join(ownFolder, name, 'migration.sql'))
      return { name, checksum: createHash('sha256').update(bytes).digest('hex') }
    })
    expect(recorded).toEqual(await Promise.all(files))
  })

  it('written by Prisma is accepted', async () => {
    const url = await server.newDatabase()
    const { appliedMigrationNames } = await withPrismaEngine(url, (engine, migrationsList) =>
      engine.applyMigrations({ migrationsList, filters: nothingExternal }),
    )
    expect(appliedMigrationNames).toEqual(ours)
    expect(await migrate(url)).toEqual({ applied: [] })
  })
})

async function migrationFolder(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(server.directory, 'migrations-'))
  for (const [name, sql] of Object.entries(files)) {
    await mkdir(join(folder, name))
    await writeFile(join(folder, name, 'migration.sql'), sql)
  }
  return folder
}

function migrateInOwnProcess(url: string, folder: string): Promise<string[]> {
  const migrator = join(import.meta.dirname, '../../src/store/migrator.ts')
  const script = `
    import { migrate } from ${JSON.stringify(migrator)}
    const { applied } = await migrate(${JSON.stringify(url)}, { folder: ${JSON.stringify(folder)} })
    console.log(JSON.stringify(applied))`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  return new Promise((resolve, reject) => {
    child.on('close', (code) => (code === 0 ? resolve(JSON.parse(output)) : reject(new Error(`exit code ${code}`))))
  })
}
