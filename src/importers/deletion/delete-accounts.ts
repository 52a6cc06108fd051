import type { ClientBase } from 'pg'
import { ACCOUNT_COLUMNS, refreshCompanies } from '../companies.ts'
import { OWN } from './marked.ts'
import type { Counts } from './report.ts'

const EMPTY: Readonly<Record<string, string>> = { in_accounts: 'false', extra: `'{}'` }

/**
 * Takes away what the accounts data says of the companies that are `going`. A company that runs are about or that tasks
 * read the site of stays, and is no account any more.
 */
export async function deleteAccounts(client: ClientBase, counts: Counts): Promise<void> {
  const isNamed = ['runs|vendor_id', 'runs|prospect_id', 'tasks|company_id', 'buyer_personas|company_id']
    .map((each) => each.split('|'))
    .map(([table, column]) => `exists (select from ${table} where ${OWN} and ${column} = c.id)`)
    .join(' or ')
  const { rows } = await client.query<{ id: string; stays: boolean }>(
    `select c.id, (${isNamed}) as stays from companies as c where c.${OWN} and c.id in (select id from going)`,
  )
  if (rows.length === 0) return
  const ids = rows.map(({ id }) => id)
  const staying = rows.flatMap(({ id, stays }) => (stays ? [id] : []))
  await client.query(`insert into gone select 'companies', id, null from unnest($1::uuid[]) as id`, [ids])
  const painPoints = await client.query(
    `with taken as (
       delete from pain_points where ${OWN} and origin = 'ACCOUNT_RESEARCH' and company_id = any($1::uuid[]) returning id
     ) insert into gone select 'pain_points', id from taken`,
    [ids],
  )
  counts.add('pain_points', painPoints.rowCount)
  const aliases = await client.query(
    `delete from source_aliases where ${OWN} and kind = 'company' and target_id = any($1::uuid[])`,
    [ids],
  )
  counts.add('source_aliases', aliases.rowCount)
  await client.query(
    `update companies set ${ACCOUNT_COLUMNS.map((column) => `${column} = ${EMPTY[column] ?? 'null'}`).join(', ')}
     where ${OWN} and id = any($1::uuid[])`,
    [staying],
  )
  if (staying.length > 0) await refreshCompanies(client, staying)
  await client.query(`delete from companies where ${OWN} and id = any($1::uuid[]) and not (id = any($2::uuid[]))`, [
    ids,
    staying,
  ])
  counts.add('companies', ids.length)
}
