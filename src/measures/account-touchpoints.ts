import { sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { Db } from '../store/transaction-kysely.ts'

export type AccountTouchpoints = {
  touchpoints: number
  /** Touchpoints that were answered. */
  replies: number
  lastTouchpointAt: Date | null
}

export const NO_TOUCHPOINTS: AccountTouchpoints = { touchpoints: 0, replies: 0, lastTouchpointAt: null }

/** The touchpoints of all conversations with each of these companies. One statement. */
export async function accountTouchpointsOf(
  db: Db,
  scope: Scope,
  companyIds: readonly string[],
): Promise<Map<string, AccountTouchpoints>> {
  const { rows } = await sql<AccountTouchpoints & { company: string }>`
    select v.company_id as company, count(*)::float8 as touchpoints, count(t.replied_at)::float8 as replies,
           max(t.sent_at) as "lastTouchpointAt"
    from conversations as v join touchpoints as t on t.conversation_id = v.id
    where ${ofOrganization(rowOf('v'), scope)} and ${ofOrganization(rowOf('t'), scope)}
      and v.company_id = any(${companyIds}::text[]::uuid[])
    group by v.company_id`.execute(db)
  return new Map(rows.map(({ company, ...touchpoints }) => [company, touchpoints]))
}
