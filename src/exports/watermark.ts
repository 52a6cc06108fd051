import { sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { Db } from '../store/transaction-kysely.ts'

/** What was done that changes nothing of what can be exported. */
const CHANGES_NOTHING = ['export.%', 'key.%', 'bi.%', 'mutation.createApiKey', 'mutation.revokeApiKey']

/**
 * Names the state of an organization's rows by the last that was finished of its imports and other changes: another name
 * means that rows may differ. Null while an import runs, whose rows arrive bit by bit. One statement.
 */
export async function watermarkOf(db: Db, scope: Scope): Promise<string | null> {
  const [i, a] = [rowOf('i'), rowOf('a')]
  const { rows } = await sql<{ running: boolean; imported: string | null; changed: string | null }>`
    select
      exists (select from imports as i where ${ofOrganization(i, scope)} and i.finished_at is null) as running,
      (select max(i.finished_at)::text from imports as i where ${ofOrganization(i, scope)}) as imported,
      (select a.id::text from audit_events as a
       where ${ofOrganization(a, scope)} and a.outcome = 'SUCCEEDED' and a.action not like all (${CHANGES_NOTHING}::text[])
       order by a.occurred_at desc, a.id desc limit 1) as changed`.execute(db)
  const { running, imported, changed } = rows[0]!
  return running ? null : `${imported ?? ''} ${changed ?? ''}`
}
