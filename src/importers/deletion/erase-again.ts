import type { ClientBase } from 'pg'
import type { Identifiers } from '../../model/identifiers.ts'
import type { RowBatch } from '../../store/bulk/row-batch.ts'
import type { ReadFile } from '../prepared.ts'
import { eraseFiles } from './erase-files.ts'
import { eraseRows, renameReferences } from './erase-rows.ts'
import { eraseTexts } from './erase-texts.ts'
import { keyHash, rememberErased } from './erased-keys.ts'
import { OWN } from './marked.ts'
import { needlesOf, type Person } from './needles.ts'
import { Counts } from './report.ts'

type Erased = { hash: string; contactId: string; replacement: string | null }

/** Rows of a batch that name contacts by the source system's ids. */
const NAMING = [
  ['relationships', 'source_contact_a_id'],
  ['relationships', 'source_contact_b_id'],
  ['conversations', 'source_contact_id'],
] as const

/** What files hold of accounts. */
const ACCOUNT_TABLES = [
  'companies',
  'contacts',
  'conversations',
  'pain_points',
  'rejected_records',
  'relationships',
  'touchpoints',
]

/** Erased people whose records a file under way held so far: its other records may mention them. */
const met = new WeakMap<ReadFile, Person[]>()

/**
 * Erases what files just written say of people whose data were erased before, in the transaction that wrote it: no file
 * brings them back, nor do its stored bytes.
 */
export async function eraseAgain(
  client: ClientBase,
  ids: Identifiers,
  batch: RowBatch,
  files: readonly ReadFile[],
): Promise<void> {
  const accounts = files.filter(({ format }) => format === 'accounts')
  if (accounts.length === 0) return
  const { rows: any } = await client.query(`select from x_erased_contacts where ${OWN} limit 1`)
  if (any.length === 0) return

  const contacts = [...batch.rows('contacts')].map((row) => ({
    id: row.id as string,
    sourceId: row.source_id as string,
    emailKey: (row.email_key as string | null) ?? null,
    names: [row.first_name, row.last_name] as (string | null)[],
    person: personOf(row),
  }))
  const named = NAMING.flatMap(([table, column]) =>
    [...batch.rows(table)].flatMap((row) => (typeof row[column] === 'string' ? [row[column]] : [])),
  )
  const hashes = new Map([
    ...contacts.flatMap(({ sourceId, emailKey }) => [
      [keyHash(ids, 'id', sourceId), sourceId] as const,
      ...(emailKey ? [[keyHash(ids, 'email', emailKey), emailKey] as const] : []),
    ]),
    ...named.map((source) => [keyHash(ids, 'id', source), source] as const),
  ])
  const erased = await knownOf(client, [...hashes.keys()])
  const isErased = ({ sourceId, emailKey }: (typeof contacts)[number]) =>
    erased.has(keyHash(ids, 'id', sourceId)) || (emailKey !== null && erased.has(keyHash(ids, 'email', emailKey)))
  const again = contacts.filter(isErased)
  // One that comes by another id, with the same email, is the same person.
  if (again.length > 0) await rememberErased(client, ids, again)
  const rowIds = (table: 'conversations' | 'relationships' | 'touchpoints') =>
    [...batch.rows(table)].map(({ id }) => id as string)
  const renamed = [...erased.values()].flatMap(({ hash, replacement, contactId }) =>
    replacement === null ? [] : [{ old: hashes.get(hash)!, replacement, contactId }],
  )
  if (renamed.length > 0)
    await renameReferences(client, [...rowIds('conversations'), ...rowIds('relationships')], renamed)
  const contactIds = await contactsOf(client, {
    contacts: again.map(({ id }) => id),
    conversations: rowIds('conversations'),
    relationships: rowIds('relationships'),
    touchpoints: rowIds('touchpoints'),
  })
  if (contactIds.length > 0) await eraseRows(client, contactIds)
  const people = accounts.flatMap((file) => met.get(file) ?? [])
  people.push(...again.map(({ person }) => person))
  for (const file of accounts) met.set(file, people)
  await eraseTexts(client, needlesOf(people), new Counts(), ACCOUNT_TABLES)
  await eraseFiles(
    client,
    await allErased(client),
    accounts.map(({ path }) => ids.of('imported_file', path)),
  )
}

function personOf(row: Record<string, unknown>): Person {
  const text = (column: string) => (typeof row[column] === 'string' ? row[column] : null)
  return {
    sourceId: row.source_id as string,
    firstName: text('first_name'),
    lastName: text('last_name'),
    fullName: text('full_name'),
    email: text('email'),
    phone: text('phone'),
    pages: ['linkedin_url', 'twitter_url', 'personal_website'].map(text),
  }
}

async function knownOf(client: ClientBase, hashes: readonly string[]): Promise<Map<string, Erased>> {
  const { rows } = await client.query<Erased>(
    `select key_sha256 as hash, contact_id as "contactId", replacement from x_erased_contacts
     where ${OWN} and key_sha256 = any($1::text[])`,
    [hashes],
  )
  return new Map(rows.map((row) => [row.hash, row]))
}

/** The erased contacts that rows just written are, or belong to. */
async function contactsOf(
  client: ClientBase,
  rowIds: Record<'contacts' | 'conversations' | 'relationships' | 'touchpoints', string[]>,
): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `select distinct e.contact_id as id from x_erased_contacts as e join (
       select unnest($1::uuid[]) as id
       union all select contact_id from conversations where ${OWN} and (
         id = any($2::uuid[])
         or id in (select conversation_id from touchpoints where ${OWN} and id = any($4::uuid[]))
       )
       union all select side.id from relationships as r cross join lateral (values (r.contact_a_id), (r.contact_b_id)) as side (id)
         where r.${OWN} and r.id = any($3::uuid[])
     ) as written on written.id = e.contact_id
     where e.${OWN}`,
    [rowIds.contacts, rowIds.conversations, rowIds.relationships, rowIds.touchpoints],
  )
  return rows.map(({ id }) => id)
}

async function allErased(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `select distinct contact_id as id from x_erased_contacts where ${OWN}`,
  )
  return rows.map(({ id }) => id)
}
