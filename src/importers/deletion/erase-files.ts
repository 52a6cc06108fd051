import type { ClientBase } from 'pg'
import { dropPayloadsOf } from './drop-payloads.ts'
import { OWN } from './marked.ts'
import { Counts } from './report.ts'

/**
 * Drops the stored bytes of the files that hold records of these contacts, and the pieces of text that rejects of
 * accounts quote. The ledger knows the files still: unchanged they are not read again, and `reimport` leaves them out.
 * @param among only of these ledger entries; of all when null
 */
export async function eraseFiles(
  client: ClientBase,
  contactIds: readonly string[],
  among: readonly string[] | null,
  counts: Counts = new Counts(),
): Promise<void> {
  const { rows } = await client.query<{ payload: string }>(
    `with held as (
       select unnest($1::uuid[]) as id
       union select id from relationships where ${OWN} and (contact_a_id = any($1::uuid[]) or contact_b_id = any($1::uuid[]))
       union select id from conversations where ${OWN} and contact_id = any($1::uuid[])
       union select t.id from touchpoints as t join conversations as v on v.id = t.conversation_id
         where t.${OWN} and v.${OWN} and v.contact_id = any($1::uuid[])
     )
     select f.payload_id as payload from imported_files as f
     where f.${OWN} and f.payload_id is not null and ($2::uuid[] is null or f.id = any($2::uuid[])) and f.id in (
       select r.file_id from x_file_records as r cross join lateral unnest(r.record_ids) as record (id)
       where r.${OWN} and ($2::uuid[] is null or r.file_id = any($2::uuid[])) and record.id in (select id from held)
     )`,
    [contactIds, among],
  )
  // A record that was set aside may be the person's: nobody can tell of a piece of it.
  await client.query(
    `update rejected_records set snippet = null
     where ${OWN} and snippet is not null and ($1::uuid[] is null or file_id = any($1::uuid[])) and file_id in (
       select id from imported_files where ${OWN} and format = 'accounts'
     )`,
    [among],
  )
  await forgetPayloads(
    client,
    rows.map(({ payload }) => payload),
    counts,
  )
}

/** Drops stored files whatever refers to them: they are then not stored any more, as after retention. */
export async function forgetPayloads(client: ClientBase, ids: readonly string[], counts: Counts): Promise<void> {
  if (ids.length === 0) return
  for (const table of ['imported_files', 'artifacts'])
    await client.query(`update ${table} set payload_id = null where ${OWN} and payload_id = any($1::uuid[])`, [ids])
  await dropPayloadsOf(client, ids, counts)
}
