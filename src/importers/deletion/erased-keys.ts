import { createHash } from 'node:crypto'
import type { ClientBase } from 'pg'
import type { Identifiers } from '../../model/identifiers.ts'

/** What stands in the place of a text that was erased. */
export const MARK = '[erased]'

/** What a contact is known by: its source system's id, and its email in lower case. */
export type ContactKeys = { id: string; sourceId: string; emailKey: string | null; names: readonly (string | null)[] }

/** A hash by which an erased contact is known again; of no use to who does not know the id or the email already. */
export function keyHash({ organizationId }: Identifiers, kind: 'email' | 'id', key: string): string {
  return createHash('sha256').update(`${organizationId}\0${kind}\0${key}`).digest('hex')
}

/**
 * Remembers that these contacts are erased. A source id that says who it is (an email, a name) is replaced by one that
 * does not.
 */
export async function rememberErased(
  client: ClientBase,
  ids: Identifiers,
  contacts: readonly ContactKeys[],
): Promise<void> {
  const keys = contacts.flatMap((contact) => {
    const { id, sourceId, emailKey } = contact
    const replacement = isTelling(contact) ? `erased:${id}` : null
    const hashes = [keyHash(ids, 'id', sourceId), ...(emailKey ? [keyHash(ids, 'email', emailKey)] : [])]
    return hashes.map((hash) => ({ hash, id, replacement }))
  })
  await client.query(
    `insert into x_erased_contacts (organization_id, key_sha256, contact_id, replacement, erased_at)
     select $1, key, contact_id, replacement, now() from unnest($2::text[], $3::uuid[], $4::text[]) as keys (key, contact_id, replacement)
     on conflict do nothing`,
    [
      ids.organizationId,
      keys.map(({ hash }) => hash),
      keys.map(({ id }) => id),
      keys.map(({ replacement }) => replacement),
    ],
  )
}

/** Shorter names may be part of any id. */
const SHORTEST_NAME = 3

function isTelling({ sourceId, emailKey, names }: ContactKeys): boolean {
  const id = sourceId.toLowerCase()
  if (id.startsWith('erased:')) return false
  const telling = [emailKey, ...names].flatMap((text) => text?.trim().toLowerCase() || [])
  return id.includes('@') || telling.some((text) => text.length >= SHORTEST_NAME && id.includes(text))
}
