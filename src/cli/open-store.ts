import type { Environment } from '../environment.ts'
import { type DatabaseHandle, openDatabase } from '../store/database.ts'
import { migrate } from '../store/migrator.ts'
import { requireOrganization } from './known-organization.ts'

/**
 * Whether a command works with an organization that is there, or with any: one that it makes, or whose rows are gone.
 */
export type Presence = 'KNOWN' | 'ANY'

/**
 * Opens the database and brings its tables up to this version.
 * @param organization slug of the one that must be there; null when it need not be
 * @throws CrossrunError `NOT_FOUND`
 */
export async function openStore(environment: Environment, organization: string | null): Promise<DatabaseHandle> {
  const database = await openDatabase(environment)
  try {
    await migrate(database.url)
    if (organization !== null) await requireOrganization(database.url, organization)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}
