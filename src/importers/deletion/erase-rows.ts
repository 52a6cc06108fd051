import type { ClientBase } from 'pg'
import { themeOf } from '../../model/text.ts'
import { MARK } from './erased-keys.ts'
import { OWN } from './marked.ts'
import { Counts } from './report.ts'

const NOTHING = 'null'
const EMPTY_JSON = `'{}'`
const EMPTY_LIST = `'{}'`

/** What of a contact says who it is. Its company, seniority, status, scores and dates stay, for counts and links. */
const CONTACT = {
  first_name: NOTHING,
  last_name: NOTHING,
  full_name: `'${MARK}'`,
  email: NOTHING,
  email_key: NOTHING,
  phone: NOTHING,
  title: NOTHING,
  role: NOTHING,
  department: NOTHING,
  linkedin_url: NOTHING,
  twitter_url: NOTHING,
  personal_website: NOTHING,
  interests: EMPTY_LIST,
  communication_preferences: NOTHING,
  research_data: NOTHING,
  extra: EMPTY_JSON,
}
const RELATIONSHIP = { context: NOTHING, metadata: NOTHING, extra: EMPTY_JSON }
const CONVERSATION = { context: NOTHING, outcome_notes: NOTHING, metadata: NOTHING, extra: EMPTY_JSON }
const TOUCHPOINT = {
  subject: NOTHING,
  content: NOTHING,
  response: NOTHING,
  outcome_details: NOTHING,
  call_recording_url: NOTHING,
  call_transcript: NOTHING,
  call_sentiment: NOTHING,
  email_thread_id: NOTHING,
  email_message_id: NOTHING,
  metadata: NOTHING,
  extra: EMPTY_JSON,
}
const PAIN_POINT = {
  description: `'${MARK}'`,
  theme: `'${themeOf(MARK)}'`,
  evidence: NOTHING,
  affected_personas: EMPTY_LIST,
  extra: EMPTY_JSON,
}

const CONVERSATIONS = `select id from conversations where ${OWN} and contact_id = any($1::uuid[])`

/** The rows that hold what is known of contacts (`$1`), and what of them is cleared. */
const CLEARED: readonly (readonly [table: string, where: string, values: Readonly<Record<string, string>>])[] = [
  ['contacts', 'id = any($1::uuid[])', CONTACT],
  ['relationships', '(contact_a_id = any($1::uuid[]) or contact_b_id = any($1::uuid[]))', RELATIONSHIP],
  ['conversations', 'contact_id = any($1::uuid[])', CONVERSATION],
  ['touchpoints', `conversation_id in (${CONVERSATIONS})`, TOUCHPOINT],
  ['pain_points', `conversation_id in (${CONVERSATIONS})`, PAIN_POINT],
]

/** Clears what rows say of these contacts, wherever that is not done yet. */
export async function eraseRows(
  client: ClientBase,
  contactIds: readonly string[],
  counts: Counts = new Counts(),
): Promise<void> {
  for (const [table, where, values] of CLEARED) {
    const [columns, cleared] = [Object.keys(values), Object.values(values)]
    const { rows } = await client.query<{ id: string }>(
      `update ${table} set ${columns.map((column, place) => `${column} = ${cleared[place]}`).join(', ')}
       where ${OWN} and ${where} and (${columns.join(', ')}) is distinct from (${cleared.join(', ')}) returning id`,
      [contactIds],
    )
    counts.add(table, rows.length)
    if (table === 'pain_points' && rows.length > 0)
      await client.query(`select crossrun_forget_words($1::uuid[], '{}')`, [rows.map(({ id }) => id)])
  }
  await replaceSourceIds(client, contactIds)
}

/** The columns that name a contact by its source system's id. */
const NAMING = [
  ['relationships', 'source_contact_a_id', 'contact_a_id'],
  ['relationships', 'source_contact_b_id', 'contact_b_id'],
  ['conversations', 'source_contact_id', 'contact_id'],
] as const

async function replaceSourceIds(client: ClientBase, contactIds: readonly string[]): Promise<void> {
  const replaced = `(select distinct contact_id, replacement from x_erased_contacts
    where ${OWN} and replacement is not null and contact_id = any($1::uuid[])) as e`
  await client.query(
    `update contacts as c set source_id = e.replacement from ${replaced} where c.${OWN} and c.id = e.contact_id and c.source_id <> e.replacement`,
    [contactIds],
  )
  for (const [table, source, column] of NAMING)
    await client.query(
      `update ${table} as t set ${source} = e.replacement from ${replaced}
       where t.${OWN} and t.${column} = e.contact_id and t.${source} <> e.replacement`,
      [contactIds],
    )
  await client.query(
    `update relationships set pair_key = ${PAIR_KEY}
     where ${OWN} and (contact_a_id = any($1::uuid[]) or contact_b_id = any($1::uuid[])) and pair_key <> ${PAIR_KEY}`,
    [contactIds],
  )
}

const PAIR_KEY = `'[' || to_json(source_contact_a_id)::text || ',' || to_json(source_contact_b_id)::text || ']'`

/** Lets rows just written that name erased contacts by the ids from before (`old`) name them by the new ones. */
export async function renameReferences(
  client: ClientBase,
  rowIds: readonly string[],
  renamed: readonly { old: string; replacement: string; contactId: string }[],
): Promise<void> {
  for (const [table, source, column] of NAMING)
    await client.query(
      `update ${table} as t set ${source} = n.replacement,
         ${column} = (select c.id from contacts as c where c.${OWN} and c.id = n.contact_id)
       from unnest($2::text[], $3::text[], $4::uuid[]) as n (old, replacement, contact_id)
       where t.${OWN} and t.id = any($1::uuid[]) and t.${source} = n.old`,
      [
        rowIds,
        renamed.map(({ old }) => old),
        renamed.map(({ replacement }) => replacement),
        renamed.map(({ contactId }) => contactId),
      ],
    )
}
