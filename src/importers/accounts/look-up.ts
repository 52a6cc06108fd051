import type { ClientBase } from 'pg'

/** Of the organization that the import writes for; of the table whose alias stands before it. */
export const OWN = 'organization_id = (select crossrun_organization_id())'

/**
 * The ids of a table's rows that meet a condition, as an item of a FROM list that names the items before it. Each of
 * those is looked up by itself (a lateral query with an offset stays one): a join over tables that grew a moment ago, and
 * have no statistics yet, may become quadratic.
 */
export function lookUp(table: string, condition: string, alias: string): string {
  return `lateral (select id from ${table} where ${OWN} and ${condition} offset 0) as ${alias}`
}

/** Runs statements with the keys as `$1`, by way of indexes: without statistics a table seems small enough to be read whole. */
export async function byIndex(client: ClientBase, keys: readonly string[], statements: string[]): Promise<void> {
  await client.query('set local enable_seqscan = off')
  for (const statement of statements) await client.query(statement, [keys])
  await client.query('set local enable_seqscan = on')
}
