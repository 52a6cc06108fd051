import type { ClientBase } from 'pg'
import type { Identifiers } from '../../model/identifiers.ts'
import { refreshCompanies } from '../companies.ts'
import { OWNERS, type OwnerName, ownerOf } from '../owners.ts'
import { settleAll } from '../write-batch.ts'
import { deleteAccounts } from './delete-accounts.ts'
import { OWN } from './marked.ts'
import type { Counts } from './report.ts'
import { companiesOfRuns, touchedByDeletion } from './touched-by-deletion.ts'
import { unlink } from './unlink.ts'

/** The columns by which other records name a row. */
const SOURCE: Readonly<Record<string, string>> = { signals: 'external_id', candidates: 'external_id' }
const UNNAMED = ['alerts', 'diagnoses', 'health_checks', 'ops_agent_statuses', 'resolutions']

/**
 * Takes away the records that are `going`, with all that hangs on them. What named them names them still, by the source
 * system's ids, and points nowhere until they come again; what others derive from them is derived anew.
 */
export async function deleteRecords(client: ClientBase, ids: Identifiers, counts: Counts): Promise<void> {
  const touched = await touchedByDeletion(client)
  const companies = await companiesOfRuns(client)
  for (const table of tablesOfRecords()) await take(client, counts, table, 'id in (select id from going)')
  await client.query('analyze gone')
  for (const [owner, table, column, where] of owned()) {
    const hanging = `${column} in (select id from gone where place = '${owner}')${where ? ` and ${where}` : ''}`
    await take(client, counts, table, hanging)
  }
  // The text of an older project is a version of its instruction, and no record of its own.
  await take(
    client,
    counts,
    'prompt_versions',
    `deprecated_name = 'projects' and source_campaign_id in (select source from gone where place = 'campaigns')`,
  )
  await take(client, counts, 'agent_calls', `attempt_id in (select id from gone where place = 'attempts')`)
  await client.query(
    `delete from latest_links where ${OWN} and target in (select source from gone where place = 'directories')`,
  )
  await deleteAccounts(client, counts)
  await client.query('analyze gone')
  await unlink(client, counts)
  await forgetWords(client)
  await settleAll(client, ids, (name) => touched.get(name) ?? [])
  if (companies.length > 0) await refreshCompanies(client, companies)
}

/** Deletes rows of a table, and notes those that others may point to. */
async function take(client: ClientBase, counts: Counts, table: string, where: string): Promise<void> {
  const remove = `delete from ${table} where ${OWN} and ${where}`
  const noted = notedOf(table)
  if (!noted) return counts.add(table, (await client.query(remove)).rowCount)
  const { rows } = await client.query<{ count: number }>(
    `with taken as (${remove} returning *), noted as (
       insert into gone select n.place, n.id, n.source from taken cross join lateral (values ${noted}) as n (place, id, source)
     ) select count(*)::int as count from taken`,
  )
  counts.add(table, rows[0]!.count)
}

function notedOf(table: string): string | null {
  // A link to the latest run points to its directory.
  if (table === 'runs') return `('runs', id, external_id), ('directories', id, directory)`
  if (table === 'pain_points' || UNNAMED.includes(table)) return `('${table}', id, null)`
  return RECORD_TABLES.has(table) ? `('${table}', id, ${SOURCE[table] ?? 'source_id'})` : null
}

const names = Object.keys(OWNERS) as OwnerName[]
const RECORD_TABLES: ReadonlySet<string> = new Set(names.map((name) => ownerOf(name).table))

/** Tables of the rows that stand for records; companies may be named by others, and are treated apart. */
function tablesOfRecords(): string[] {
  return [...RECORD_TABLES].filter((table) => table !== 'companies').sort()
}

/** The rows that hang on records, each kind once. */
function owned(): (readonly [owner: string, table: string, column: string, where: string | undefined])[] {
  const kinds = names.flatMap((name) => {
    const { table, owned: hanging } = ownerOf(name)
    return hanging.map(([hanger, column, where]) => [table, hanger, column, where] as const)
  })
  return [...new Map(kinds.filter(([table]) => table !== 'companies').map((kind) => [kind.join(' '), kind])).values()]
}

async function forgetWords(client: ClientBase): Promise<void> {
  await client.query(
    `select crossrun_forget_words(ids, '{}') from (select array_agg(id) as ids from gone where place = 'pain_points') as gone
     where ids is not null`,
  )
}
