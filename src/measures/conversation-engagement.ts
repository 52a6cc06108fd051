import { sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { Db } from '../store/transaction-kysely.ts'

/** How a contact took part in a conversation. */
export type ConversationEngagement = {
  touchpoints: number
  /** Outbound emails. */
  emailsSent: number
  emailsOpened: number
  emailsClicked: number
  emailsReplied: number
}

export const NO_ENGAGEMENT: ConversationEngagement = {
  touchpoints: 0,
  emailsSent: 0,
  emailsOpened: 0,
  emailsClicked: 0,
  emailsReplied: 0,
}

/** Counts over the touchpoints of each of these conversations. One statement. */
export async function engagementOf(
  db: Db,
  scope: Scope,
  conversationIds: readonly string[],
): Promise<Map<string, ConversationEngagement>> {
  const { rows } = await sql<ConversationEngagement & { conversation: string }>`
    select t.conversation_id as conversation, count(*)::float8 as touchpoints,
           count(*) filter (where t.channel = 'EMAIL' and t.direction = 'OUTBOUND')::float8 as "emailsSent",
           count(t.opened_at) filter (where t.channel = 'EMAIL')::float8 as "emailsOpened",
           count(t.clicked_at) filter (where t.channel = 'EMAIL')::float8 as "emailsClicked",
           count(t.replied_at) filter (where t.channel = 'EMAIL')::float8 as "emailsReplied"
    from touchpoints as t
    where ${ofOrganization(rowOf('t'), scope)} and t.conversation_id = any(${conversationIds}::text[]::uuid[])
    group by t.conversation_id`.execute(db)
  return new Map(rows.map(({ conversation, ...counts }) => [conversation, counts]))
}
