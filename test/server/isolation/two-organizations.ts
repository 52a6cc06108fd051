import type { TestDatabase } from '../../database.ts'
import { importFiles } from '../../imported.ts'
import { accountsDump } from '../../importers/accounts-fixture.ts'
import { briefing } from '../../importers/briefing-fixture.ts'
import { dump as extractionDump } from '../../importers/extraction-fixture.ts'
import {
  completeAlert,
  completeCheck,
  completeDiagnosis,
  completeIssue,
  completeResolution,
  completeStatus,
} from '../../importers/ops-fixture.ts'
import { completeRun } from '../../importers/playbook-fixture.ts'
import { completeCandidate, completeSignal } from '../../importers/scoring-fixture.ts'

/** Stands in every text of the other organization that is no key of both. */
export const MARKER = 'GLOBEXONLY'

/** Tables whose texts are questions or keys, not what was imported: their rows get a marker as they are made. */
const MADE_BY_HAND = [
  'api_keys',
  'audit_events',
  'organizations',
  'saved_views',
  'scoring_configs',
  'synonyms',
  'model_prices',
]

/** Imports artifacts of every format, the same for whatever organization; `note` is a field that no format knows. */
export async function importEverything(database: TestDatabase, organization: string, note: string): Promise<void> {
  const articles = [{ url: 'https://news.example/1', title: 'Prices rise', source: 'Daily Ledger', rank: 1, note }]
  const records = [
    ...[completeSignal(), completeCandidate(), completeCheck(), completeDiagnosis(), completeResolution()],
    ...[completeAlert(), completeIssue(), completeStatus()],
  ].map((record) => [{ ...record, note }])
  await importFiles(
    database,
    {
      'run.json': completeRun({ note }),
      'second.json': completeRun({ run_id: '22222222-2222-4222-8222-222222222222', note }),
      'accounts.json': accountsDump,
      'campaigns.json': extractionDump(),
      ...Object.fromEntries(records.map((record, place) => [`record-${place}.json`, record])),
      ...briefing('20251020_060230', { data: { 4: { articles }, 6: { articles } } }),
      ...briefing('20251021_060230', { upTo: 6, data: { 4: { articles } } }),
      'broken.json': '{',
    },
    organization,
  )
}

type Column = { table: string; name: string; type: string; isKey: boolean; isEnum: boolean }

/**
 * Changes every value of an organization that is no key, so that it is told from the same one of another: texts get the
 * marker, numbers and times become others. Of each table with keys of text it adds a row whose keys have the marker.
 */
export async function markEverything(database: TestDatabase, organizationId: string): Promise<void> {
  const columns = await columnsOf(database)
  for (const table of new Set(columns.map((column) => column.table))) {
    if (MADE_BY_HAND.includes(table)) continue
    const own = columns.filter((column) => column.table === table)
    const changes = own.flatMap((column) => (column.isKey ? [] : changeOf(column)))
    if (changes.length > 0)
      await database.sql(`update ${table} set ${changes.join(', ')} where organization_id = $1`, [organizationId])
    const keys = own.filter(({ isKey, type }) => isKey && type === 'text')
    if (keys.length === 0) continue
    const names = own.map(({ name }) => `"${name}"`).join(', ')
    const marked = keys.map(({ name }) => `'${name}', '${MARKER}' || (t.${name})`).join(', ')
    await database.sql(
      `insert into ${table} (${names}) select ${names} from jsonb_populate_record(null::${table},
         (select to_jsonb(t) || jsonb_build_object('id', gen_random_uuid(), ${marked}) from ${table} as t where organization_id = $1 limit 1))
       where id is not null`,
      [organizationId],
    )
  }
}

async function columnsOf(database: TestDatabase): Promise<Column[]> {
  return (await database.sql(`
    select c.relname::text as table, a.attname::text as name, format_type(a.atttypid, null) as type, t.typtype = 'e' as "isEnum",
           exists (select from pg_index i where i.indrelid = c.oid and i.indisunique and a.attnum = any (i.indkey::int2[])) as "isKey"
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    join pg_type t on t.oid = a.atttypid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not like 'x\\_%' and c.relname <> '_prisma_migrations'
    order by c.relname, a.attnum`)) as Column[]
}

/** How a column's values are changed; nothing where they mean something beyond themselves. */
function changeOf({ name, type, isEnum }: Column): string[] {
  // What names bytes has to go on naming them, and an expression has to go on being one.
  if (isEnum || /sha256|encoding|schedule_expression|timezone/.test(name)) return []
  if (type === 'text') return [`${name} = '${MARKER} ' || ${name}`]
  if (type === 'text[]') return [`${name} = array(select '${MARKER} ' || e from unnest(${name}) as e)`]
  if (type === 'jsonb') return [`${name} = regexp_replace(${name}::text, '": "', '": "${MARKER} ', 'g')::jsonb`]
  if (['integer', 'bigint'].includes(type)) return [`${name} = ${name} + 1777777`]
  if (type === 'numeric') return [`${name} = ${name} + 0.777`]
  if (type === 'double precision') return [`${name} = ${name} + 17.777`]
  if (type.startsWith('timestamp')) return [`${name} = ${name} + interval '1777 hours'`]
  return []
}

/** What is in every table of an organization, as one digest a table. */
export async function digestsOf(database: TestDatabase, organizationId: string): Promise<Record<string, string>> {
  const tables = [...new Set((await columnsOf(database)).map(({ table }) => table))]
  const digests: Record<string, string> = {}
  // A key is marked as used, and what was asked is written down, by whoever does it.
  for (const table of tables.filter((name) => !['api_keys', 'audit_events', 'organizations'].includes(name))) {
    const [row] = await database.sql(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '' order by t::text)), '') as digest
       from (select * from ${table} where organization_id = $1) as t`,
      [organizationId],
    )
    digests[table] = row!.digest
  }
  return digests
}
