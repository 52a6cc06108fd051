import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { btree_gin } from '@electric-sql/pglite/contrib/btree_gin'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { unaccent } from '@electric-sql/pglite/contrib/unaccent'
import { PrismaPGlite } from 'pglite-prisma-adapter'
import type { Migration } from '../../src/store/migration-files.ts'
import { type SchemaFile, startSchemaEngine } from './schema-engine.ts'
import { finishSql } from './schema-sql.ts'

const schemaFolder = new URL('../../prisma/schema/', import.meta.url)

/**
 * What Prisma cannot say in its schema has a name that starts with `x_` (indexes, columns, tables, types); the rest of
 * what it cannot say (policies, functions, views, expression and partial indexes) it does not see.
 */
const forgetHandWritten = `
  DO $$
  DECLARE
    command text;
  BEGIN
    FOR command IN
      SELECT format('DROP INDEX %s CASCADE', oid::regclass)
      FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'i' AND relname LIKE 'x\\_%'
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = pg_class.oid)
      UNION ALL
      SELECT format('ALTER TABLE %s DROP COLUMN %I CASCADE', c.oid::regclass, attname)
      FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attname LIKE 'x\\_%' AND NOT attisdropped
        AND relname NOT LIKE 'x\\_%'
      UNION ALL
      SELECT format('DROP TABLE %s CASCADE', oid::regclass)
      FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname LIKE 'x\\_%'
      UNION ALL
      SELECT format('DROP TYPE %s CASCADE', oid::regtype)
      FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd') AND typname LIKE 'x\\_%'
    LOOP
      EXECUTE command;
    END LOOP;
  END
  $$;
`

/** The SQL that takes a database with these migrations to the Prisma schema; empty when they agree. */
export async function diffToSchema(migrations: Pick<Migration, 'name' | 'sql'>[]): Promise<string> {
  const database = await PGlite.create({ extensions: { btree_gin, pg_trgm, unaccent } })
  try {
    for (const { name, sql } of migrations) {
      await database.exec(sql).catch((error: Error) => {
        throw new Error(`The migration ${name} fails on an empty database: ${error.message}`, { cause: error })
      })
    }
    await database.exec(forgetHandWritten)
    const files = readSchema()
    const engine = await startSchemaEngine(new PrismaPGlite(database), files)
    const { stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: '.' },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: { externalEnums: [], externalTables: [] },
    })
    if (stdout === null || stdout.startsWith('-- This is an empty migration')) return ''
    return finishSql(stdout, { protectTables: migrations.length > 0 })
  } finally {
    await database.close()
  }
}

/** The files of prisma/schema. */
export function readSchema(): SchemaFile[] {
  return readdirSync(schemaFolder)
    .filter((name) => name.endsWith('.prisma'))
    .sort()
    .map((name) => ({ path: join('prisma/schema', name), content: readFileSync(new URL(name, schemaFolder), 'utf8') }))
}
