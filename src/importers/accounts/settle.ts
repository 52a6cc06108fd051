import type { ClientBase } from 'pg'
import type { Settler } from '../settlers.ts'
import { byIndex, lookUp, OWN } from './look-up.ts'
import { forgetSuperseded } from './superseded.ts'

/** Ids of conversations, by what of them the keys name. */
const AFFECTED = {
  themselves: `select v.id from unnest($1::text[]) as key (source), ${lookUp('conversations', 'source_id = key.source', 'v')}`,
  contacts: `select v.id from unnest($1::text[]) as key (source), ${lookUp('conversations', 'source_contact_id = key.source', 'v')}`,
  companies: `
    select v.id from unnest($1::text[]) as key (source), ${lookUp('conversations', 'source_company_id = key.source', 'v')}
    union all
    select v.id from unnest($1::text[]) as key (source), ${lookUp('contacts', 'source_company_id = key.source', 'c')},
      ${lookUp('conversations', 'contact_id = c.id', 'v')}`,
}

/** @param keys source ids of companies */
export const settleCompanies: Settler = async (client, keys) => {
  await forgetSuperseded(client, keys)
  await settleThose(client, 'companies', keys)
  // Nothing but its own record can name a company without a domain: superseded, nobody refers to it.
  await client.query(
    `delete from companies where ${OWN} and source_id = any($1::text[]) and not in_accounts and domain is null`,
    [keys],
  )
}

/** @param keys source ids of contacts */
export const settleContacts: Settler = (client, keys) => settleThose(client, 'contacts', keys)

/** @param keys source ids of conversations */
export const settleConversations: Settler = (client, keys) => settleThose(client, 'themselves', keys)

/**
 * A relationship whose contacts or type were corrected is another row: the one from before goes.
 * @param keys source ids of relationships
 */
export const settleRelationships: Settler = (client, keys) =>
  byIndex(client, keys, [
    `delete from relationships where ${OWN} and id = any(array(
       select r.id from unnest($1::text[]) as key (source), lateral (
         select id, row_number() over (order by record_at desc nulls last, record_sha256 desc) as place
         from relationships where ${OWN} and source_id = key.source offset 0
       ) as r where r.place > 1))`,
  ])

/** A conversation that names no company is with that of its contact; its pain points are that company's. */
function settleThose(client: ClientBase, by: keyof typeof AFFECTED, keys: readonly string[]): Promise<void> {
  const affected = `any(array(${AFFECTED[by]}))`
  const ofContact = `(select c.company_id from contacts as c where c.${OWN} and c.id = v.contact_id)`
  const ofConversation = `(select v.company_id from conversations as v where v.${OWN} and v.id = p.conversation_id)`
  return byIndex(client, keys, [
    `update conversations as v set company_id = ${ofContact}
     where v.${OWN} and v.id = ${affected} and v.source_company_id is null and v.company_id is distinct from ${ofContact}`,
    `update pain_points as p set company_id = ${ofConversation}
     where p.${OWN} and p.conversation_id = ${affected} and p.origin = 'CONVERSATION'
       and p.company_id is distinct from ${ofConversation}`,
  ])
}
