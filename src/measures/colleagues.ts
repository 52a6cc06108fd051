import { type RawBuilder, sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { ExpansionFacts } from '../model/expansion-priority.ts'
import { expansionPriority } from '../model/expansion-priority.ts'
import type { Db } from '../store/transaction-kysely.ts'

export type Strength = 'WEAK' | 'MEDIUM' | 'STRONG'

export type Colleague = { contactId: string; strength: Strength | null }

/**
 * The contacts that a `colleagues` relationship ties to each of these, either way round, at the same company: the
 * strongest tie first, then by email. One statement.
 */
export async function colleaguesOf(
  db: Db,
  scope: Scope,
  contactIds: readonly string[],
): Promise<Map<string, Colleague[]>> {
  const { rows } = await sql<Colleague & { contact: string }>`
    select p.contact, o.id as "contactId", p.strength
    from ${tiesOf(scope, contactIds)}
    order by p.strength_rank desc, o.email nulls last, o.id`.execute(db)
  return grouped(contactIds, rows)
}

export type ExpansionTarget = Colleague & {
  hasActiveConversation: boolean
  hasTouchpoint: boolean
  priorityScore: number
}

/**
 * The colleagues of each of these contacts whom to turn to next, the best first, then by email. One statement.
 * @param minStrength how strong the tie is at least; null for any, known or not
 */
export async function expansionTargetsOf(
  db: Db,
  scope: Scope,
  minStrength: Strength | null,
  contactIds: readonly string[],
): Promise<Map<string, ExpansionTarget[]>> {
  const [conversation, touchpoint] = [rowOf('v'), rowOf('t')]
  const { rows } = await sql<ExpansionFacts & { contact: string; contactId: string }>`
    select p.contact, o.id as "contactId", p.strength, o.is_decision_maker as "isDecisionMaker", o.is_champion as "isChampion",
           o.seniority_level as "seniorityLevel", o.engagement_score as "engagementScore",
           exists (
             select from conversations as v
             where ${ofOrganization(conversation, scope)} and v.contact_id = o.id and v.status = 'ACTIVE'
           ) as "hasActiveConversation",
           exists (
             select from conversations as v join touchpoints as t on t.conversation_id = v.id
             where ${ofOrganization(conversation, scope)} and ${ofOrganization(touchpoint, scope)} and v.contact_id = o.id
           ) as "hasTouchpoint"
    from ${tiesOf(scope, contactIds)}
    where p.strength_rank >= ${minStrength ? RANKS[minStrength] : 0}::int4
    order by o.email nulls last, o.id`.execute(db)
  const targets = rows.map(({ contact, contactId, ...facts }) => ({
    contact,
    contactId,
    strength: facts.strength,
    hasActiveConversation: facts.hasActiveConversation,
    hasTouchpoint: facts.hasTouchpoint,
    priorityScore: expansionPriority(facts),
  }))
  // Sorting is stable: equals stay in the order of their emails.
  return grouped(
    contactIds,
    targets.sort((a, b) => b.priorityScore - a.priorityScore),
  )
}

/** As the importer ranks strengths. */
const RANKS = { WEAK: 1, MEDIUM: 2, STRONG: 3 } as const

/** `p`: contact, other and strength of each tie; `o`: the other contact. */
function tiesOf(scope: Scope, contactIds: readonly string[]): RawBuilder<unknown> {
  const tie = rowOf('r')
  const side = (own: 'contact_a_id' | 'contact_b_id', other: 'contact_a_id' | 'contact_b_id') => sql`
    select ${tie.column(own)} as contact, ${tie.column(other)} as other, r.strength, r.strength_rank
    from relationships as r
    where ${ofOrganization(tie, scope)} and r.type = 'colleagues' and ${tie.column(own)} = any(${contactIds}::text[]::uuid[])`
  // A company that is not there is still the same one when both name it.
  return sql`(${side('contact_a_id', 'contact_b_id')} union all ${side('contact_b_id', 'contact_a_id')}) as p
    join contacts as c on c.id = p.contact and ${ofOrganization(rowOf('c'), scope)}
    join contacts as o on o.id = p.other and ${ofOrganization(rowOf('o'), scope)}
      and (o.company_id = c.company_id or o.source_company_id = c.source_company_id)`
}

function grouped<Row extends { contact: string }>(
  contactIds: readonly string[],
  rows: readonly Row[],
): Map<string, Omit<Row, 'contact'>[]> {
  const found = new Map<string, Omit<Row, 'contact'>[]>(contactIds.map((id) => [id, []]))
  for (const { contact, ...row } of rows) found.get(contact)?.push(row)
  return found
}
