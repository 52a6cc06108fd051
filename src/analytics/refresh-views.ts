import pg from 'pg'
import { migrate } from '../store/migrator.ts'
import { applyViews } from './apply-views.ts'

/** Brings a database up to this version: its tables, and the views that BI tools read. */
export async function prepareDatabase(url: string): Promise<void> {
  await migrate(url)
  const client = new pg.Client({ connectionString: url, application_name: 'crossrun views' })
  await client.connect()
  try {
    await applyViews(client)
  } finally {
    await client.end()
  }
}
