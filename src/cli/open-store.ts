import type { Environment } from '../environment.ts'
import { type DatabaseHandle, openDatabase } from '../store/database.ts'
import { migrate } from '../store/migrator.ts'

/** Opens the database and brings its tables up to this version. */
export async function openStore(environment: Environment): Promise<DatabaseHandle> {
  const database = await openDatabase(environment)
  try {
    await migrate(database.url)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}
