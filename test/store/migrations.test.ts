import { beforeAll, describe, expect, it } from 'vitest'
import { diffToSchema } from '../../scripts/migration/diff.ts'
import { readMigrations } from '../../src/store/migration-files.ts'
import { migrate } from '../../src/store/migrator.ts'
import { asApp, rows, scratchServer } from './scratch-server.ts'

const server = scratchServer()

it('the Prisma schema and the migrations agree', async () => {
  expect(await diffToSchema(await readMigrations())).toBe('')
}, 60_000)

describe('a migrated database', () => {
  let url: string

  beforeAll(async () => {
    url = await server.newDatabase()
    await migrate(url)
  })

  it('has forced row-level security on every table with organization_id, for the app role and nobody else', async () => {
    const tables = await rows(
      url,
      `SELECT relname AS name, relrowsecurity AS enabled, relforcerowsecurity AS forced,
              polroles::regrole[]::text AS roles, polcmd AS command, polpermissive AS permissive,
              pg_get_expr(polqual, c.oid) AS reads, pg_get_expr(polwithcheck, c.oid) AS writes
       FROM pg_class c LEFT JOIN pg_policy ON polrelid = c.oid
       WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
         AND relname NOT IN ('_prisma_migrations', 'x_first_key', 'x_rate_limits')
         -- Who presents a key or a permalink is shown that one: the one policy besides.
         AND polname IS DISTINCT FROM 'presented' AND polroles <> '{crossrun_analytics}'::regrole[]::oid[]`,
    )
    const organizationColumns = await rows(
      url,
      `SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'organization_id'`,
    )
    const protectedTables = [...organizationColumns.map(({ table_name }) => table_name), 'organizations'].sort()
    expect(tables.map(({ name }) => name).sort()).toEqual(protectedTables)
    for (const table of tables) {
      const column = table.name === 'organizations' ? 'id' : 'organization_id'
      const ownRows = `(${column} = ( SELECT crossrun_organization_id() AS crossrun_organization_id))`
      expect(table).toEqual({
        name: table.name,
        enabled: true,
        forced: true,
        roles: '{crossrun_app}',
        command: '*',
        permissive: true,
        reads: ownRows,
        writes: ownRows,
      })
    }
  })

  it('sorts every text column by code point', async () => {
    const others = await rows(
      url,
      `SELECT relname, attname, attcollation::regcollation::text FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
       WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND relname <> '_prisma_migrations'
         AND attcollation NOT IN (0, '"C"'::regcollation)`,
    )
    expect(others).toEqual([])
  })

  it('shows the app role the rows of its organization only, and none without one', async () => {
    const [one, two] = ['00000000-0000-5000-8000-000000000001', '00000000-0000-5000-8000-000000000002']
    for (const id of [one, two]) {
      await asApp(url, id, `INSERT INTO organizations (id, slug, name) VALUES ('${id}', 'slug-${id}', 'Name')`)
    }
    expect(await asApp(url, one, 'SELECT id FROM organizations')).toEqual([{ id: one }])
    expect(await asApp(url, '', 'SELECT id FROM organizations')).toEqual([])
    expect(await rows(url, 'SET ROLE crossrun_app; SELECT id FROM organizations')).toEqual([])
    expect(await asApp(url, one, `UPDATE organizations SET name = 'Other' WHERE id = '${two}' RETURNING id`)).toEqual(
      [],
    )
    await expect(
      asApp(url, one, `INSERT INTO organizations (id, slug, name) VALUES (gen_random_uuid(), 'theirs', 'Name')`),
    ).rejects.toThrow('violates row-level security policy')
  })

  it('keeps the bookkeeping, the table definitions and forgotten tables from the app role', async () => {
    await rows(url, 'CREATE TABLE forgotten (organization_id uuid)')
    await expect(asApp(url, '', 'SELECT FROM _prisma_migrations')).rejects.toThrow('permission denied')
    await expect(asApp(url, '', 'SELECT FROM forgotten')).rejects.toThrow('permission denied')
    await expect(asApp(url, '', `CALL crossrun_protect('runs')`)).rejects.toThrow('permission denied')
    await expect(asApp(url, '', 'CREATE TABLE public.own (id int)')).rejects.toThrow('permission denied')
  })

  it('lets the app role stage rows in temporary tables', async () => {
    expect(await asApp(url, '', 'CREATE TEMP TABLE staged AS SELECT 1 AS n; SELECT n FROM staged')).toEqual([{ n: 1 }])
  })
})
