import { organizationIdOf } from '../model/identifiers.ts'
import { TenantSession } from '../store/tenant-session.ts'
import type { CommandContext } from './context.ts'
import { openStore, type Presence } from './open-store.ts'

/**
 * Opens the store and a connection of one organization for the work, and closes both after it.
 * @throws CrossrunError `NOT_FOUND` when the organization must be there and is not
 */
export async function withSession<T>(
  context: CommandContext,
  organization: string,
  work: (session: TenantSession, url: string) => Promise<T>,
  presence: Presence = 'KNOWN',
): Promise<T> {
  const database = await openStore(context.environment(), presence === 'KNOWN' ? organization : null)
  try {
    const session = await TenantSession.open(database.url, organizationIdOf(organization))
    try {
      return await work(session, database.url)
    } finally {
      await session.close()
    }
  } finally {
    await database.close()
  }
}
