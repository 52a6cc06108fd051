import { organizationIdOf } from '../model/identifiers.ts'
import type { Send } from './send.ts'

/**
 * Makes the organization's row when there is none; its transaction is of that organization. The conflict names no key: one
 * that names the id would fail when another transaction brings the same slug at the same moment.
 */
export async function ensureOrganization(send: Send, slug: string): Promise<void> {
  await send('insert into organizations (id, slug, name) values ($1, $2, $2) on conflict do nothing', [
    organizationIdOf(slug),
    slug.trim().toLowerCase(),
  ])
}
