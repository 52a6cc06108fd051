import { BadInputError } from '../errors.ts'
import { organizationIdOf } from '../model/identifiers.ts'
import type { Send } from './send.ts'

/** Whether an organization that is made may have the slug; case and spaces around it do not matter. */
export function isSlug(slug: string): boolean {
  return /^[a-z0-9._-]{1,63}$/.test(folded(slug))
}

/**
 * Makes the organization's row when there is none; its transaction is of that organization. The conflict names no key: one
 * that names the id would fail when another transaction brings the same slug at the same moment.
 * @throws BadInputError when there is none, and no organization may have the slug
 */
export async function ensureOrganization(send: Send, slug: string): Promise<void> {
  const id = organizationIdOf(slug)
  if (!isSlug(slug)) {
    // One that was made before slugs were checked stays what it is.
    if ((await send('select id from organizations where id = $1', [id])).length > 0) return
    throw new BadInputError(`--organization: '${slug}' cannot be the slug of an organization.`, {
      argument: 'organization',
      hint: "A slug has letters from a to z, digits, '-', '_' and '.', 1 to 63 of them; capital letters become small.",
    })
  }
  await send('insert into organizations (id, slug, name) values ($1, $2, $2) on conflict do nothing', [
    id,
    folded(slug),
  ])
}

const folded = (slug: string): string => slug.trim().toLowerCase()
