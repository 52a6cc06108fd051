import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm'
import pg from 'pg'
import { readSchema } from '../../scripts/migration/diff.ts'
import { startSchemaEngine } from '../../scripts/migration/schema-engine.ts'
import { migrationsFolder, readMigrations } from '../../src/store/migration-files.ts'

/** Prisma's own opinion of a database: its schema engine, connected to it and given our migrations. */
export async function withPrismaEngine<T>(
  url: string,
  work: (engine: SchemaEngine, migrationsList: MigrationList) => Promise<T>,
): Promise<T> {
  const pool = new pg.Pool({ connectionString: url })
  const adapter = new PrismaPg(pool)
  const connect = adapter.connect.bind(adapter)
  // The adapter cuts scripts at every semicolon, also inside functions; the engine of `prisma migrate deploy` does not.
  adapter.connect = async () =>
    Object.assign(await connect(), { executeScript: async (script: string) => void (await pool.query(script)) })
  try {
    return await work(await startSchemaEngine(adapter, readSchema()), await migrationsList())
  } finally {
    await pool.end()
  }
}

async function migrationsList(): Promise<MigrationList> {
  const baseDir = migrationsFolder()
  const migrations = await readMigrations(baseDir)
  return {
    baseDir,
    shadowDbInitScript: '',
    lockfile: { path: 'migration_lock.toml', content: await readFile(join(baseDir, 'migration_lock.toml'), 'utf8') },
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  }
}
