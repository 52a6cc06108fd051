import { prepareDatabase } from '../analytics/prepare-database.ts'
import type { Environment } from '../environment.ts'
import { type DatabaseHandle, openDatabase } from '../store/database.ts'

/** Opens the database and brings its tables and views up to this version. */
export async function openStore(environment: Environment): Promise<DatabaseHandle> {
  const database = await openDatabase(environment)
  try {
    await prepareDatabase(database.url)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}
