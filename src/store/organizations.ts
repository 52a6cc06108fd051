import { organizationIdOf } from '../model/identifiers.ts'
import type { Send } from './send.ts'

/** Makes the organization's row when there is none; its transaction is of that organization. */
export async function ensureOrganization(send: Send, slug: string): Promise<void> {
  await send('insert into organizations (id, slug, name) values ($1, $2, $2) on conflict (id) do nothing', [
    organizationIdOf(slug),
    slug.trim().toLowerCase(),
  ])
}
