import type { ClientBase } from 'pg'
import { themeOf } from '../../model/text.ts'
import { MARK } from './erased-keys.ts'
import { OWN } from './marked.ts'
import { inJson, type Needles, patternOf } from './needles.ts'
import type { Counts } from './report.ts'

/** Tables whose texts are not about people, or may not change. */
const LEFT_OUT = ['api_keys', 'audit_events', 'imported_files', 'imports', 'payload_chunks', 'payloads']
/** Somebody else may have the same name. */
const OTHERS_NAMES = ['first_name', 'last_name', 'full_name']

type Column = { name: string; type: 'jsonb' | 'text' | 'text[]' }

/**
 * Puts a mark in the place of names, emails and addresses wherever the texts of other rows mention them: findings of
 * runs, notes about companies, answers of agents, rejects. A statement a table. Columns that make a row what it is stay.
 * @param among only of these tables; of all when null
 */
export async function eraseTexts(
  client: ClientBase,
  { telling }: Needles,
  counts: Counts,
  among: readonly string[] | null = null,
): Promise<void> {
  if (telling.length === 0) return
  const patterns = [patternOf(telling), patternOf(telling.map(inJson)), MARK]
  for (const [table, columns] of await textColumns(client)) {
    if (among && !among.includes(table)) continue
    const { rows } = await client.query<{ id: string }>(
      `update ${table} set ${columns.map((column) => `"${column.name}" = ${replaced(column)}`).join(', ')}
       where ${OWN} and $1::text || $2::text || $3::text <> '' and (${columns.map(mentions).join(' or ')}) returning id`,
      patterns,
    )
    counts.add(table, rows.length)
    if (table !== 'pain_points' || rows.length === 0) continue
    const ids = rows.map(({ id }) => id)
    await refreshThemes(client, ids)
    await client.query(`select crossrun_forget_words($1::uuid[], '{}')`, [ids])
  }
  // Words that no pain point has any more may have been noted for one that was rewritten since.
  await client.query(`select crossrun_forget_words('{}', array(select string_to_table(crossrun_words($1), ' ')))`, [
    telling.join(' '),
  ])
}

function replaced({ name, type }: Column): string {
  if (type === 'text') return `regexp_replace("${name}", $1, $3, 'gi')`
  if (type === 'jsonb') return `regexp_replace("${name}"::text, $2, $3, 'gi')::jsonb`
  return `array(select regexp_replace(text, $1, $3, 'gi') from unnest("${name}") with ordinality as each (text, place) order by place)`
}

function mentions({ name, type }: Column): string {
  if (type === 'text') return `"${name}" ~* $1`
  if (type === 'jsonb') return `"${name}"::text ~* $2`
  return `array_to_string("${name}", E'\\n') ~* $1`
}

/** The columns of text of every table of organizations, but for those by which rows are known. */
async function textColumns(client: ClientBase): Promise<Map<string, Column[]>> {
  const { rows } = await client.query<{ table: string } & Column>(
    `select c.relname as table, a.attname as name, format_type(a.atttypid, null) as type
     from pg_class as c join pg_attribute as a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not starts_with(c.relname, 'x_')
       and c.relname <> all($1::text[]) and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
       and format_type(a.atttypid, null) in ('text', 'text[]', 'jsonb')
       and a.attname !~ '(^source_.*id|sha256|^path|^directory)$' and not (c.relname = 'contacts' and a.attname = any($2::text[]))
       and exists (select from pg_attribute as o where o.attrelid = c.oid and o.attname = 'organization_id')
       and not exists (select from pg_index as i where i.indrelid = c.oid and i.indisunique and a.attnum = any(i.indkey))
     order by c.relname, a.attnum`,
    [LEFT_OUT, OTHERS_NAMES],
  )
  const columns = new Map<string, Column[]>()
  for (const { table, ...column } of rows) columns.set(table, [...(columns.get(table) ?? []), column])
  return columns
}

async function refreshThemes(client: ClientBase, ids: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ id: string; description: string }>(
    `select id, description from pain_points where ${OWN} and id = any($1::uuid[])`,
    [ids],
  )
  await client.query(
    `update pain_points as p set theme = t.theme from unnest($1::uuid[], $2::text[]) as t (id, theme) where p.${OWN} and p.id = t.id`,
    [rows.map(({ id }) => id), rows.map(({ description }) => themeOf(description))],
  )
}
