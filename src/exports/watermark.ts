import { sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { Db } from '../store/transaction-kysely.ts'

/** What was done that changes nothing of what can be exported. */
const CHANGES_NOTHING = [
  'export.%',
  'key.%',
  'bi-login.%',
  'result-snapshot.%',
  'retention-rule.%',
  'mutation.createApiKey',
  'mutation.revokeApiKey',
  'mutation.createResultSnapshot',
  'mutation.revokeResultSnapshot',
]
/** Changes are written down before they are finished: of those that go on at once, the one that began last may end first. */
const AT_ONCE = 50

/**
 * Names the state of an organization's rows by the last of its imports and other changes: another name means that rows
 * may differ. Null while something is under way that changes rows bit by bit: an import, or calls that are priced anew.
 * One statement.
 */
export async function watermarkOf(db: Db, scope: Scope): Promise<string | null> {
  const [i, a] = [rowOf('i'), rowOf('a')]
  const last = (action: string) =>
    sql`(select max(a.occurred_at) from audit_events as a where ${ofOrganization(a, scope)} and a.action = ${action})`
  const { rows } = await sql<{ changing: boolean; imported: string | null; changed: string | null }>`
    select
      exists (select from imports as i where ${ofOrganization(i, scope)} and i.finished_at is null)
        or coalesce(${last('reprice.started')} > coalesce(${last('reprice.finished')}, '-infinity'), false) as changing,
      (select max(i.finished_at)::text from imports as i where ${ofOrganization(i, scope)}) as imported,
      (select string_agg(c.id, ' ') from (
        select a.id::text as id from audit_events as a
        where ${ofOrganization(a, scope)} and a.outcome = 'SUCCEEDED' and a.action not like all (${CHANGES_NOTHING}::text[])
        order by a.occurred_at desc, a.id desc limit ${AT_ONCE}
      ) as c) as changed`.execute(db)
  const { changing, imported, changed } = rows[0]!
  return changing ? null : `${imported ?? ''} ${changed ?? ''}`
}
