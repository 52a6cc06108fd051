import pg from 'pg'
import { applyViews } from './apply-views.ts'

/** Makes the views that BI tools read those of this version, in a migrated database. */
export async function refreshViews(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'crossrun views' })
  await client.connect()
  try {
    await applyViews(client)
  } finally {
    await client.end()
  }
}
