import { organizationIdOf } from '../model/identifiers.ts'
import { TenantSession } from '../store/tenant-session.ts'
import type { CommandContext } from './context.ts'
import { openStore } from './open-store.ts'

/** Opens the store and a connection of one organization for the work, and closes both after it. */
export async function withSession<T>(
  context: CommandContext,
  organization: string,
  work: (session: TenantSession, url: string) => Promise<T>,
): Promise<T> {
  const database = await openStore(context.environment())
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
