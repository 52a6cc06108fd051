import { describe, expect, it } from 'vitest'
import { diffToSchema } from '../../scripts/migration/diff.ts'
import { finishSql } from '../../scripts/migration/schema-sql.ts'
import { readMigrations } from '../../src/store/migration-files.ts'

const later = { protectTables: true }

describe('a written migration', () => {
  it('sorts text by code point, in new tables and in changed ones', () => {
    const sql = [
      'CREATE TABLE "notes" (',
      '    "id" UUID NOT NULL,',
      `    "text" TEXT NOT NULL DEFAULT 'a TEXT',`,
      '    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],',
      '    "code" VARCHAR(3),',
      ');',
      'ALTER TABLE "runs" DROP COLUMN "a",',
      'ADD COLUMN     "b" TEXT,',
      'ALTER COLUMN "c" SET DATA TYPE TEXT;',
      'ALTER TABLE "steps" ADD COLUMN     "d" TEXT[];',
    ].join('\n')
    expect(finishSql(sql, later)).toBe(
      [
        'CREATE TABLE "notes" (',
        '    "id" UUID NOT NULL,',
        `    "text" TEXT COLLATE "C" NOT NULL DEFAULT 'a TEXT',`,
        '    "tags" TEXT[] COLLATE "C" DEFAULT ARRAY[]::TEXT[],',
        '    "code" VARCHAR(3) COLLATE "C",',
        ');',
        'ALTER TABLE "runs" DROP COLUMN "a",',
        'ADD COLUMN     "b" TEXT COLLATE "C",',
        'ALTER COLUMN "c" SET DATA TYPE TEXT COLLATE "C";',
        'ALTER TABLE "steps" ADD COLUMN     "d" TEXT[] COLLATE "C";',
      ].join('\n'),
    )
  })

  it('protects the new tables that belong to an organization', () => {
    const sql =
      'CREATE TABLE "notes" (\n    "organization_id" UUID NOT NULL,\n);\n\nCREATE TABLE "units" (\n    "id" UUID,\n);\n'
    expect(finishSql(sql, later)).toBe(`${sql}\n-- Protect\nCALL crossrun_protect('notes');\n`)
  })

  it('can be applied', async () => {
    const migrations = await readMigrations()
    const undone = { name: 'undone', sql: 'DROP TABLE organizations, payloads; ALTER TABLE imports DROP COLUMN error' }
    const sql = await diffToSchema([...migrations, undone])
    expect(sql).toContain('ALTER TABLE "imports" ADD COLUMN     "error" TEXT COLLATE "C";')
    expect(sql).toContain(`CALL crossrun_protect('payloads');`)
    expect(await diffToSchema([...migrations, undone, { name: 'redone', sql }])).toBe('')
  }, 60_000)
})

describe('the check', () => {
  it('leaves alone what Prisma cannot say', async () => {
    const sql = `
      CREATE INDEX x_companies_newest ON companies (organization_id, name DESC NULLS LAST, id);
      CREATE INDEX x_companies_name_trigrams ON companies USING gin (name gin_trgm_ops);
      CREATE INDEX companies_lower ON companies (lower(name));
      CREATE INDEX companies_named ON companies (name) WHERE name IS NOT NULL;
      ALTER TABLE companies ADD COLUMN x_words tsvector GENERATED ALWAYS AS (to_tsvector('simple', name)) STORED;
      CREATE INDEX x_companies_words ON companies USING gin (x_words);
      CREATE TABLE x_searches (id uuid PRIMARY KEY);
      CREATE TYPE x_mood AS ENUM ('CALM');
      CREATE SCHEMA reports;
      CREATE VIEW reports.companies AS SELECT * FROM companies;
      CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM companies;
      CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
      CREATE ROLE somebody_else;
    `
    expect(await diffToSchema([...(await readMigrations()), { name: 'by_hand', sql }])).toBe('')
  }, 60_000)

  it('names the migration that cannot be applied', async () => {
    await expect(diffToSchema([{ name: '1_broken', sql: 'SELECT 1 / 0' }])).rejects.toThrow(
      'The migration 1_broken fails on an empty database: division by zero',
    )
  }, 60_000)
})
