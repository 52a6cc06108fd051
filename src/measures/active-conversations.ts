import { sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { Db } from '../store/transaction-kysely.ts'

/**
 * The ACTIVE conversation of each of these contacts with the latest last touchpoint, or start where there was none; of
 * equals the greatest id. Contacts without one are left out. One statement.
 */
export async function activeConversationsOf(
  db: Db,
  scope: Scope,
  contactIds: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await sql<{ contact: string; id: string }>`
    select distinct on (v.contact_id) v.contact_id as contact, v.id
    from conversations as v
    where ${ofOrganization(rowOf('v'), scope)} and v.contact_id = any(${contactIds}::text[]::uuid[]) and v.status = 'ACTIVE'
    order by v.contact_id, coalesce(v.last_touchpoint_at, v.started_at) desc nulls last, v.id desc`.execute(db)
  return new Map(rows.map(({ contact, id }) => [contact, id]))
}
