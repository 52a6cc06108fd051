import { sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { AccountCounts } from '../model/account-health.ts'
import type { Db } from '../store/transaction-kysely.ts'

/** How many of everything an account has. */
export type AccountOverview = AccountCounts & {
  primaryContacts: number
  conversations: number
  wonConversations: number
}

export const EMPTY_ACCOUNT: AccountOverview = {
  contacts: 0,
  primaryContacts: 0,
  decisionMakers: 0,
  averageEngagement: null,
  relationships: 0,
  conversations: 0,
  activeConversations: 0,
  wonConversations: 0,
}

/** What the rows of each of these companies add up to; relationships are those between two of its contacts. One statement. */
export async function accountCountsOf(
  db: Db,
  scope: Scope,
  companyIds: readonly string[],
): Promise<Map<string, AccountOverview>> {
  const ids = sql`any(${companyIds}::text[]::uuid[])`
  const { rows } = await sql<AccountOverview & { company: string }>`
    with people as (
      select c.company_id as company, count(*)::float8 as contacts,
             count(*) filter (where c.is_primary_contact)::float8 as "primaryContacts",
             count(*) filter (where c.is_decision_maker)::float8 as "decisionMakers",
             avg(c.engagement_score::numeric) as "averageEngagement"
      from contacts as c
      where ${ofOrganization(rowOf('c'), scope)} and c.company_id = ${ids} group by c.company_id
    ), ties as (
      select a.company_id as company, count(*)::float8 as relationships
      from contacts as a
      join relationships as r on r.contact_a_id = a.id
      where ${ofOrganization(rowOf('a'), scope)} and ${ofOrganization(rowOf('r'), scope)} and a.company_id = ${ids}
        -- Looked up for each relationship: joined, the contacts of a company could be paired with each other first.
        and (select b.company_id from contacts as b where b.id = r.contact_b_id and ${ofOrganization(rowOf('b'), scope)}) = a.company_id
      group by a.company_id
    ), talks as (
      select v.company_id as company, count(*)::float8 as conversations,
             count(*) filter (where v.status = 'ACTIVE')::float8 as "activeConversations",
             count(*) filter (where v.status = 'WON')::float8 as "wonConversations"
      from conversations as v
      where ${ofOrganization(rowOf('v'), scope)} and v.company_id = ${ids} group by v.company_id
    )
    select company, coalesce(contacts, 0) as contacts, coalesce("primaryContacts", 0) as "primaryContacts",
           coalesce("decisionMakers", 0) as "decisionMakers", "averageEngagement",
           coalesce(relationships, 0) as relationships, coalesce(conversations, 0) as conversations,
           coalesce("activeConversations", 0) as "activeConversations", coalesce("wonConversations", 0) as "wonConversations"
    from people full join ties using (company) full join talks using (company)`.execute(db)
  return new Map(rows.map(({ company, ...counts }) => [company, counts]))
}
