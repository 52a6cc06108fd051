import { type RawBuilder, sql } from 'kysely'
import type { Link } from './page.ts'
import { ofOrganization, type Row, rowOf, type Scope } from './scope.ts'

/** Relationships whose contacts are both at the company. */
export const amongContacts: Link = {
  through: (relationship, company, scope) =>
    sql`${relationship.column('contact_a_id')} in (${contactsOf(company, scope)})
      and ${relationship.column('contact_b_id')} in (${contactsOf(company, scope)})`,
}

/** Touchpoints of all conversations with the contact. */
export const throughConversations: Link = {
  through(touchpoint: Row, contact, scope) {
    const conversation = rowOf('v')
    return sql`${touchpoint.column('conversation_id')} in (
      select v.id from conversations as v where ${ofOrganization(conversation, scope)} and v.contact_id = ${contact})`
  },
}

function contactsOf(company: RawBuilder<unknown>, scope: Scope): RawBuilder<unknown> {
  return sql`select c.id from contacts as c where ${ofOrganization(rowOf('c'), scope)} and c.company_id = ${company}`
}
