import { once } from 'node:events'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { factsOf, namesOf, organizationsOf } from './metrics-facts.ts'

/** Writes generated calls and their runs, of twelve organizations, into a migrated database. */
export async function loadFacts(url: string, calls: number): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  for (const organization of organizationsOf(calls)) {
    await client.query(`select set_config('app.organization_id', $1, false)`, [organization.id])
    await copy(client, namesOf(organization))
    for (const chunk of factsOf(organization)) await copy(client, chunk)
  }
  await client.query('vacuum analyze')
  await client.end()
}

async function copy(client: pg.Client, chunk: Map<string, { columns: string[]; text: string }>): Promise<void> {
  for (const [table, { columns, text }] of chunk) {
    const stream = client.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin`))
    const done = once(stream, 'finish')
    stream.end(Buffer.from(text))
    await done
  }
}
