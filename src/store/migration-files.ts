import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One folder of prisma/migrations. */
export type Migration = {
  /** The folder's name, `<YYYYMMDDHHMMSS>_<name>`; its order is the order of application. */
  name: string
  sql: string
}

/** The folder of migrations of this package, the same from src/ and from dist/. */
export function migrationsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'prisma', 'migrations', 'migration_lock.toml'))) {
    if (folder === dirname(folder)) throw new Error('The package is incomplete: prisma/migrations is missing.')
    folder = dirname(folder)
  }
  return join(folder, 'prisma', 'migrations')
}

/** Reads every migration, oldest first. */
export async function readMigrations(folder = migrationsFolder()): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => ({ name, sql: await readFile(join(folder, name, 'migration.sql'), 'utf8') })),
  )
}

/** Prisma's checksum of a migration: SHA-256 of the file in hexadecimal. */
export function checksum(sql: string): string {
  return createHash('sha256').update(sql).digest('hex')
}

/** Whether the text has the checksum, with its own line endings or (as Prisma allows) with the other ones. */
export function hasChecksum(sql: string, expected: string): boolean {
  const unix = sql.replaceAll('\r\n', '\n')
  return [sql, unix, unix.replaceAll('\n', '\r\n')].some((text) => checksum(text) === expected)
}
