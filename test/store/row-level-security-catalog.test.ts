import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { hostedDatabase } from './isolation/hosted-database.ts'

/** Tables that are of no organization, what the app role may do with them, and why. */
const OF_NOBODY: Record<string, { may: string[]; because: string }> = {
  _prisma_migrations: { may: [], because: 'the bookkeeping of migrations: of the owner alone' },
  x_rate_limits: { may: [], because: 'counters that the login of the server itself keeps; no request reaches them' },
  x_first_key: { may: ['INSERT', 'SELECT'], because: 'when the first key of the server was made; says nothing more' },
}

/** What the app role may do with the rows of its organization, where it is not everything. */
const MAY: Record<string, string[]> = {
  audit_events: ['INSERT', 'SELECT'],
  // What a snapshot holds stays as it is, until its organization goes.
  x_result_snapshots: ['DELETE', 'INSERT', 'SELECT'],
  x_snapshot_rows: ['DELETE', 'INSERT', 'SELECT'],
}
const EVERYTHING = ['DELETE', 'INSERT', 'SELECT', 'UPDATE']

/** Policies beside that of the organization, by table. */
const MORE_POLICIES: Record<string, object[]> = {
  // Who presents a key has not said of which organization; it can be read, and no more.
  api_keys: [
    {
      name: 'presented',
      command: 'SELECT',
      reads: `(id = ( SELECT (NULLIF(current_setting('app.api_key_id'::text, true), ''::text))::uuid AS "nullif"))`,
      writes: null,
    },
  ],
  // The same of permalinks.
  x_result_permalinks: [
    {
      name: 'presented',
      command: 'SELECT',
      reads: `(id = ( SELECT (NULLIF(current_setting('app.permalink_id'::text, true), ''::text))::uuid AS "nullif"))`,
      writes: null,
    },
  ],
  // The views of BI tools see which organization a login is of.
  x_bi_logins: [
    { name: 'own', command: 'SELECT', reads: '(login = CURRENT_USER)', writes: null, roles: ['crossrun_analytics'] },
  ],
}

/** Tables that the views of BI tools do not read. */
const NOT_SHOWN = ['organizations', 'api_keys', 'audit_events', 'payloads', 'payload_chunks']
const isShown = (name: string) => !NOT_SHOWN.includes(name) && (!name.startsWith('x_') || name === 'x_usage_hours')

/** That whoever reads a view sees the rows of the organization that the login is of. */
const SHOWN = {
  name: 'shown',
  command: 'SELECT',
  reads: `(organization_id = ( SELECT l.organization_id
   FROM x_bi_logins l
  WHERE (l.login = CURRENT_USER)))`,
  writes: null,
  roles: ['crossrun_analytics'],
}

/** Unique indexes without the organization tell by their errors that a value is taken: only computed ids may. */
const UNIQUE_OVER_ALL: Record<string, string> = {
  organizations_slug_key: 'the id, which is all that can be written, is computed from the slug',
  company_profiles_run_id_key: 'the id of a run is computed from its organization',
  payload_chunks_pkey: 'the id of a payload is computed from its organization',
  playbooks_run_id_key: 'the id of a run is computed from its organization',
  x_bi_logins_pkey: 'a login is a role of the whole server, and only its owner makes them',
}

const own = testDatabase({ isOwn: true })
const hosted = hostedDatabase()

describe.each([
  ['of a role that bypasses row-level security', own],
  ['of a role without rights, as a hosted one is', hosted],
])('the catalog of a database %s', (_owner, database) => {
  let client: pg.Client
  // biome-ignore lint/suspicious/noExplicitAny: rows of catalogs are compared, not computed with.
  const rows = async (sql: string): Promise<any[]> => (await client.query(sql)).rows

  beforeAll(async () => {
    client = new pg.Client({ connectionString: database.url })
    await client.connect()
  })
  afterAll(() => client.end())

  it('has for every table forced row-level security with exactly the policies meant, or a reason why not', async () => {
    const tables = await rows(`
      select c.relname::text as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
             exists (select from pg_attribute where attrelid = c.oid and attname = 'organization_id' and not attisdropped) as "isTenant",
             coalesce((
               select json_agg(json_build_object('name', policyname, 'command', cmd, 'roles', roles, 'permissive', permissive, 'reads', qual, 'writes', with_check) order by policyname)
               from pg_policies where schemaname = 'public' and tablename = c.relname
             ), '[]') as policies
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`)
    expect(tables.length).toBeGreaterThan(80)
    for (const { name, isTenant, enabled, forced, policies } of tables) {
      if (OF_NOBODY[name]) {
        expect([name, isTenant, policies]).toEqual([name, false, []])
        continue
      }
      const rows = `(${name === 'organizations' ? 'id' : 'organization_id'} = ( SELECT crossrun_organization_id() AS crossrun_organization_id))`
      const tenant = { name: 'tenant', command: 'ALL', reads: rows, writes: rows }
      const expected = [...(MORE_POLICIES[name] ?? []), ...(isShown(name) ? [SHOWN] : []), tenant]
      expect([name, enabled, forced, isTenant || name === 'organizations']).toEqual([name, true, true, true])
      const ofAppAlone = { roles: ['crossrun_app'], permissive: 'PERMISSIVE' }
      expect([name, policies]).toEqual([name, expected.map((policy) => ({ ...ofAppAlone, ...policy }))])
    }
    expect(Object.keys(OF_NOBODY).filter((name) => !tables.some((table) => table.name === name))).toEqual([])
  })

  it('has nothing else that shows rows, or goes round the policies', async () => {
    const others = await rows(`
      select relname::text as name from pg_class where relnamespace = 'public'::regnamespace
        -- A view would read as its owner, a materialized one keeps what anybody may read.
        and (relkind in ('m', 'f', 'S') or relkind = 'v' and not coalesce('security_invoker=true' = any (reloptions) or 'security_invoker=on' = any (reloptions), false))
      -- Foreign keys look past row-level security; children of a table have no policy of their parent's; rules read as the owner.
      union all select conname::text from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace
      union all select inhrelid::regclass::text from pg_inherits where inhrelid in (select oid from pg_class where relkind in ('r', 'p'))
      union all select rulename::text from pg_rules where schemaname = 'public'
      union all select evtname::text from pg_event_trigger
      union all select pubname::text from pg_publication
      -- An organization that is set for a role or a database would be everybody's.
      union all select array_to_string(setconfig, ' ') from pg_db_role_setting where array_to_string(setconfig, ' ') ~ 'app\\.|row_security'`)
    expect(others).toEqual([])
  })

  it('has unique indexes within organizations, or of computed ids', async () => {
    const unique = await rows(`
      select i.indexrelid::regclass::text as name, array(
        select a.attname::text || ' ' || format_type(a.atttypid, null) from unnest(i.indkey) as k join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k
      ) as columns
      from pg_index i join pg_class c on c.oid = i.indrelid
      where i.indisunique and c.relnamespace = 'public'::regnamespace and c.relname <> all (array['${Object.keys(OF_NOBODY).join("', '")}']) order by 1`)
    const overAll = unique.filter(
      ({ columns }) => !columns.some((each: string) => /^(organization_)?id uuid$/.test(each)),
    )
    expect(overAll.map(({ name }) => name)).toEqual(Object.keys(UNIQUE_OVER_ALL).sort())
  })

  it('lets the app role do what is meant, and nobody else anything', async () => {
    const granted = await rows(`
      select table_name::text as name, grantee::text, array_agg(privilege_type::text order by privilege_type) as may, bool_or(is_grantable = 'YES') as grantable
      from information_schema.role_table_grants
      where table_schema = 'public' and grantee <> (select tableowner from pg_tables where schemaname = 'public' limit 1)
      group by 1, 2 order by 1`)
    const tables = await rows(`select tablename::text as name from pg_tables where schemaname = 'public' order by 1`)
    const expected = tables.flatMap(({ name }) => {
      const may = OF_NOBODY[name]?.may ?? MAY[name] ?? EVERYTHING
      const toViews = { name, grantee: 'crossrun_analytics', may: ['SELECT'], grantable: false }
      return [
        ...((isShown(name) && !OF_NOBODY[name]) || name === 'x_bi_logins' ? [toViews] : []),
        ...(may.length > 0 ? [{ name, grantee: 'crossrun_app', may, grantable: false }] : []),
      ]
    })
    expect(granted).toEqual(expected)
    // PUBLIC stands in no role's grants; neither do privileges on single columns, or those that come to be.
    const besides = await rows(`
      select c.relname::text as name from pg_class c, aclexplode(c.relacl) as a where c.relnamespace = 'public'::regnamespace and a.grantee = 0
      union all select attrelid::regclass::text from pg_attribute where attacl is not null and attrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)
      union all select oid::text from pg_default_acl
      union all select oid::regclass::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and has_table_privilege('crossrun_app', oid, 'TRUNCATE, REFERENCES, TRIGGER')`)
    expect(besides).toEqual([])
  })

  it('has an app role that owns nothing, is nobody else, and can make nothing but temporary tables', async () => {
    const [role] = await rows(`
      select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication,
             (select count(*)::int from pg_shdepend where refclassid = 'pg_authid'::regclass and refobjid = r.oid and deptype = 'o') as owns,
             (select count(*)::int from pg_auth_members where member = r.oid) as memberships,
             has_schema_privilege(r.oid, 'public', 'CREATE') as "createsInPublic",
             has_database_privilege(r.oid, current_database(), 'CREATE') as "createsSchemas",
             has_database_privilege(r.oid, current_database(), 'TEMPORARY') as "createsTemporary",
             (select count(*)::int from pg_proc p where p.proname = 'crossrun_protect' and has_function_privilege(r.oid, p.oid, 'EXECUTE')) as protects
      from pg_roles r where rolname = 'crossrun_app'`)
    expect(role).toEqual({
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolcanlogin: false,
      rolreplication: false,
      owns: 0,
      memberships: 0,
      createsInPublic: false,
      createsSchemas: false,
      createsTemporary: true,
      protects: 0,
    })
  })

  it('has functions that run as their owner with a fixed search path, for the app role alone', async () => {
    const functions = await rows(`
      select p.proname::text as name, array(select s from unnest(p.proconfig) as s where s like 'search\\_path=%') as path,
             array(select a.grantee::regrole::text from aclexplode(p.proacl) as a where a.grantee <> p.proowner order by 1) as "executedBy",
             has_function_privilege('public', p.oid, 'EXECUTE') as "isPublic"
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema') order by 1`)
    expect(functions.length).toBeGreaterThan(0)
    for (const { name, ...rest } of functions) {
      // What is temporary, and so can be made by whoever calls, comes last.
      const path = ['search_path=public, pg_temp']
      expect([name, rest]).toEqual([name, { path, executedBy: ['crossrun_app'], isPublic: false }])
    }
    expect(
      await rows(`select tgname::text from pg_trigger t join pg_proc p on p.oid = tgfoid where p.prosecdef`),
    ).toEqual([])
  })
})
