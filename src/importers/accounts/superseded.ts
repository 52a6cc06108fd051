import type { ClientBase } from 'pg'
import { ACCOUNT_COLUMNS, refreshCompanies } from '../companies.ts'
import { byIndex, lookUp, OWN } from './look-up.ts'

/** What tells the versions of an account's record apart stays, so that an older one is known when it comes again. */
const KEPT = ['source_id', 'record_at', 'record_sha256']
const EMPTIED = ACCOUNT_COLUMNS.filter((column) => !KEPT.includes(column))
const EMPTY: Readonly<Record<string, string>> = { in_accounts: 'false', extra: `'{}'` }

/**
 * An account whose domain changed, or became known, is another company than before. The newest record of a source id
 * says which one it is; whoever refers to it by the source id follows, and the company from before is no account.
 * @param sources source ids of companies whose records were read
 */
export async function forgetSuperseded(client: ClientBase, sources: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ id: string; source: string }>(
    `select id, source_id as source from (
       select id, source_id, row_number() over (
         partition by source_id order by record_at desc nulls last, record_sha256 desc
       ) as place
       from companies where ${OWN} and source_id = any($1::text[])
     ) as versions where place > 1`,
    [sources],
  )
  if (rows.length === 0) return
  const ids = rows.map(({ id }) => id)
  const named = [...new Set(rows.map(({ source }) => source))]
  await byIndex(client, named, [
    `update source_aliases as a set target_id = (
       select id from companies where ${OWN} and source_id = a.source_id order by record_at desc nulls last, record_sha256 desc limit 1
     ) where a.${OWN} and a.kind = 'company' and a.source_id = any($1::text[])`,
    ...['contacts', 'conversations'].map(
      (table) => `update ${table} as child set company_id = (
         select target_id from source_aliases where ${OWN} and kind = 'company' and source_id = child.source_company_id
       ) where child.${OWN} and child.id = any(array(
         select x.id from unnest($1::text[]) as key (source), ${lookUp(table, 'source_company_id = key.source', 'x')}))`,
    ),
  ])
  await client.query(
    `delete from pain_points where ${OWN} and origin = 'ACCOUNT_RESEARCH' and company_id = any($1::uuid[])`,
    [ids],
  )
  await client.query(
    `update companies set ${EMPTIED.map((column) => `${column} = ${EMPTY[column] ?? 'null'}`).join(', ')}
     where ${OWN} and id = any($1::uuid[]) and in_accounts`,
    [ids],
  )
  await refreshCompanies(client, ids)
}
