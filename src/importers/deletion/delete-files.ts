import type { ClientBase } from 'pg'
import { dropPayloadsOf } from './drop-payloads.ts'
import { OWN } from './marked.ts'
import type { Counts } from './report.ts'

/**
 * Forgets the `files` all of whose records are `going`: their ledger entries, what was set aside of them, their stored
 * bytes. Files that hold others too stay in the ledger, are read again by the next import, and their stored bytes go:
 * they would bring back what was deleted. Bytes that something else needs stay.
 * @param payloadIds stored files that the deleted rows referred to
 */
export async function deleteFiles(client: ClientBase, payloadIds: readonly string[], counts: Counts): Promise<void> {
  const { rows } = await client.query<{ id: string }>(
    `select distinct payload_id as id from imported_files where ${OWN} and payload_id is not null and id in (select id from files)`,
  )
  const whole = 'in (select id from files where is_whole)'
  for (const [table, column] of [
    ['rejected_records', 'file_id'],
    ['imported_files', 'id'],
  ] as const) {
    const { rowCount } = await client.query(`delete from ${table} where ${OWN} and ${column} ${whole}`)
    counts.add(table, rowCount)
  }
  await client.query(`delete from x_file_records where ${OWN} and file_id ${whole}`)
  const shared = 'in (select id from files where not is_whole)'
  await client.query(
    `update x_file_records set record_ids = array(select id from unnest(record_ids) as id where id not in (select id from going))
     where ${OWN} and file_id ${shared}`,
  )
  await client.query(
    `update imported_files as f
     set status = case when f.status = 'IMPORTED' then 'NOTED' else f.status end,
         payload_id = case when exists (select from artifacts as a where a.${OWN} and a.payload_id = f.payload_id) then f.payload_id end
     where f.${OWN} and f.id ${shared}`,
  )
  await dropPayloadsOf(client, [...payloadIds, ...rows.map(({ id }) => id)], counts)
}

/** The stored files that artifacts of the runs that are `going` lie in; to be asked before they are gone. */
export async function payloadsOfRuns(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `select distinct payload_id as id from artifacts where ${OWN} and payload_id is not null and run_id in (select id from going)`,
  )
  return rows.map(({ id }) => id)
}
