import type { ClientBase } from 'pg'

/** Rows of the organization alone; row-level security says the same, and indexes are found by this. */
export const OWN = 'organization_id = (select crossrun_organization_id())'

/**
 * Temporary tables of a deletion's transaction: `going`, the records to be taken away, by the ids of the rows that stand
 * for them; `files`, the ledger entries that hold some of them; `gone`, rows that were taken away, by table, with the
 * source system's ids by which others name them.
 */
export async function beginMarking(client: ClientBase): Promise<void> {
  await client.query('create temp table going (id uuid primary key) on commit drop')
  await client.query('create temp table files (id uuid primary key, is_whole boolean not null) on commit drop')
  await client.query('create temp table gone (place text not null, id uuid not null, source text) on commit drop')
}

/** Without statistics a temporary table seems to have a thousand rows, whatever it has. */
export async function markedAll(client: ClientBase): Promise<void> {
  await client.query('analyze going, files')
}
