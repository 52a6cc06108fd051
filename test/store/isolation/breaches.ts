import type pg from 'pg'
import { type TenantTable, tenantTables, withinOrganization } from './tenant-tables.ts'

export type Look = {
  ours: string
  theirs: string
  /** All unless given. */
  tables?: TenantTable[]
  /** SQL that the owner runs before, to see what it would open. */
  change?: string
}

/**
 * What the app role can do to the rows of one organization from within another one, and cannot do to its own; nothing,
 * when the policies hold. Whatever succeeds is undone. Both need rows in every table that is looked at.
 * @param client logged in as the owner of the tables
 */
export async function isolationBreaches(
  client: pg.ClientBase,
  { ours, theirs, tables, change = '' }: Look,
): Promise<string[]> {
  return undone(client, async () => {
    await client.query(change)
    await client.query(CHECK_BETWEEN)
    await client.query('set local role crossrun_app')
    const breaches: string[] = []
    for (const table of tables ?? (await tenantTables(client))) {
      for (const [own, other] of [
        [ours, theirs],
        [theirs, ours],
      ]) {
        const { rows } = await client.query<{ breach: string }>(
          'select * from pg_temp.breaches_between($1, $2, $3, $4, $5) as breach',
          [table.name, table.owner, table.columns.map(({ name }) => name), own, other],
        )
        breaches.push(...rows.map(({ breach }) => `${table.name}: ${breach}`))
      }
      const presented = PRESENTED[table.name]
      if (presented) breaches.push(...(await presentedBreaches(client, ours, table.name, presented)))
    }
    return breaches
  })
}

/**
 * What can be seen or written of the tables with this as the organization, which is none; null sets nothing at all.
 * @param client a new connection, logged in as the owner of the tables: once a setting was made, it is never absent again
 * @param samples a row of each table, as JSON, to write again
 */
export async function openings(
  client: pg.ClientBase,
  setting: string | null,
  tables: TenantTable[],
  samples: Map<string, unknown>,
): Promise<string[]> {
  return undone(client, async () => {
    await client.query(CHECK_WITHOUT)
    await client.query('set local role crossrun_app')
    if (setting !== null) await client.query(`select set_config('app.organization_id', $1, true)`, [setting])
    const found: string[] = []
    for (const { name, columns } of tables) {
      const { rows } = await client.query<{ opening: string }>(
        'select * from pg_temp.openings($1, $2, $3) as opening',
        [name, columns.map((column) => column.name), JSON.stringify(samples.get(name))],
      )
      found.push(...rows.map(({ opening }) => `${name}: ${opening}`))
    }
    return found
  })
}

/** A row of each table as JSON. */
export async function samplesOf(client: pg.ClientBase, tables: TenantTable[], organizationId: string) {
  return withinOrganization(client, organizationId, async () => {
    const samples = new Map<string, unknown>()
    for (const { name } of tables) {
      const { rows } = await client.query(`select to_jsonb(t) as sample from ${name} as t limit 1`)
      samples.set(name, rows[0]!.sample)
    }
    return samples
  })
}

async function undone<T>(client: pg.ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query('begin')
  try {
    return await work()
  } finally {
    await client.query('rollback')
  }
}

/** Tables whose rows are shown to whoever presents an id, with the setting that has it and a column that could be written. */
const PRESENTED: Record<string, { setting: string; column: string }> = {
  api_keys: { setting: 'app.api_key_id', column: 'name' },
  x_result_permalinks: { setting: 'app.permalink_id', column: 'fragment' },
}

/** Whoever presents an id sees that row and no other, wherever it is from, and cannot write it. */
async function presentedBreaches(
  client: pg.ClientBase,
  organizationId: string,
  table: string,
  { setting, column }: { setting: string; column: string },
): Promise<string[]> {
  const breaches: string[] = []
  const set = (organization: string, id: string) =>
    client.query(`select set_config('app.organization_id', $1, true), set_config($2, $3, true)`, [
      organization,
      setting,
      id,
    ])
  await set(organizationId, '')
  const id: string = (await client.query(`select id from ${table} limit 1`)).rows[0]?.id ?? organizationId
  await set('', id)
  const { rows } = await client.query(`select id from ${table}`)
  if (rows.length !== 1 || rows[0].id !== id) breaches.push(`${table}: an id shows ${rows.length} rows, not its own`)
  for (const statement of [`update ${table} set ${column} = 'taken'`, `delete from ${table}`]) {
    await client.query('savepoint before')
    const done = await client.query(statement).catch(() => null)
    if (done?.rowCount !== 0) breaches.push(`${table}: ${statement} changes what was presented`)
    await client.query('rollback to savepoint before')
  }
  await set('', '00000000-0000-0000-0000-000000000000')
  if ((await client.query(`select from ${table}`)).rowCount !== 0) breaches.push(`${table}: rows are shown to no id`)
  await set('', '')
  return breaches
}

/** As temporary functions, so that a table takes one round trip, however many statements are refused on the way. */
const CHECK_BETWEEN = `
  create or replace function pg_temp.breaches_between(target text, owner_column text, columns text[], ours uuid, theirs uuid)
    returns setof text language plpgsql as $$
  declare
    own int8;
    seen int8;
    their_id uuid;
    fresh jsonb;
    names text := (select string_agg(quote_ident(name), ', ') from unnest(columns) as name);
    insertion text := format('insert into %1$I (%2$s) select %2$s from jsonb_populate_record(null::%1$I, $1)', target, names);
    attempt record;
    -- What a trigger writes may be refused where this is not.
    refusal text := format('for table "?%s"?$', target);
  begin
    perform set_config('app.organization_id', theirs::text, true);
    if 'id' = any (columns) then
      execute format('select id from %I where %I = $1 limit 1', target, owner_column) into their_id using theirs;
    end if;
    perform set_config('app.organization_id', ours::text, true);
    execute format('select count(*) filter (where %1$I = $1), count(*) filter (where %1$I is distinct from $1) from %2$I', owner_column, target)
      into own, seen using ours;
    if own = 0 then return next 'its own rows are not shown'; end if;
    if seen > 0 then return next format('%s rows of others are shown', seen); end if;
    execute format('select to_jsonb(t) from %I as t where %I = $1 limit 1', target, owner_column) into fresh using ours;

    for attempt in
      select format('update %1$I set %2$I = %2$I where %2$I = $1', target, owner_column) as statement, 'changed' as done
      union all select format('update %1$I set %2$I = $2 where %2$I = $1', target, owner_column), 'taken over'
      union all select format('delete from %1$I where %2$I = $1', target, owner_column), 'deleted'
      union all select format('select from %1$I where %2$I = $1 for update', target, owner_column), 'locked'
    loop
      begin
        execute attempt.statement using theirs, ours;
        get diagnostics seen = row_count;
        if seen > 0 then return next format('%s rows of others can be %s', seen, attempt.done); end if;
      exception
        when insufficient_privilege then
          if sqlerrm !~ refusal then return next 'refused by something else: ' || sqlerrm; end if;
        when others then return next format('not %s for another reason: %s', attempt.done, sqlerrm);
      end;
    end loop;

    if fresh is null then return; end if;
    begin
      execute insertion using fresh || jsonb_build_object(owner_column, theirs)
        || case when their_id is null or owner_column = 'id' then '{}' else jsonb_build_object('id', gen_random_uuid()) end;
      return next 'a row can be written for others';
    exception
      when insufficient_privilege then
          if sqlerrm !~ refusal then return next 'refused by something else: ' || sqlerrm; end if;
      when others then return next 'not written for others for another reason: ' || sqlerrm;
    end;
    begin
      execute format('update %1$I set %2$I = $1 where ctid = (select ctid from %1$I where %2$I = $2 limit 1)', target, owner_column)
        using theirs, ours;
      return next 'a row can be given to others';
    exception
      when insufficient_privilege then
          if sqlerrm !~ refusal then return next 'refused by something else: ' || sqlerrm; end if;
      when others then return next 'not given to others for another reason: ' || sqlerrm;
    end;
    if their_id is not null and owner_column <> 'id' then
      begin
        execute insertion || format(' on conflict (id) do update set %1$I = excluded.%1$I', owner_column)
          using fresh || jsonb_build_object('id', their_id);
        return next 'a row of others can be written over';
      exception
        when insufficient_privilege then
          if sqlerrm !~ refusal then return next 'refused by something else: ' || sqlerrm; end if;
        when others then return next 'not written over for another reason: ' || sqlerrm;
      end;
    end if;
  end
  $$`

const CHECK_WITHOUT = `
  create or replace function pg_temp.openings(target text, columns text[], sample jsonb) returns setof text language plpgsql as $$
  declare
    found int8;
    names text := (select string_agg(quote_ident(name), ', ') from unnest(columns) as name);
    attempt record;
  begin
    for attempt in
      select format('select from %I', target) as statement, 'read' as done
      union all select format('update %1$I set %2$I = %2$I', target, columns[1]), 'changed'
      union all select format('delete from %I', target), 'deleted'
      union all select format('insert into %1$I (%2$s) select %2$s from jsonb_populate_record(null::%1$I, $1)', target, names), 'inserted'
    loop
      begin
        execute attempt.statement using sample;
        get diagnostics found = row_count;
        if found > 0 then return next format('%s rows can be %s', found, attempt.done); end if;
      exception
        when insufficient_privilege or invalid_text_representation then null;
        when others then return next format('not %s for another reason: %s', attempt.done, sqlerrm);
      end;
    end loop;
  end
  $$`
