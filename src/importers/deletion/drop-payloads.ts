import type { ClientBase } from 'pg'
import { OWN } from './marked.ts'
import type { Counts } from './report.ts'

/** Takes the stored bytes of these files away, of those that no ledger entry and no artifact refers to. */
export async function dropPayloadsOf(client: ClientBase, ids: readonly string[], counts: Counts): Promise<void> {
  if (ids.length === 0) return
  const { rows } = await client.query<{ id: string; bytes: number }>(
    `delete from payloads as p
     where p.${OWN} and p.id = any($1::uuid[])
       and not exists (select from artifacts as a where a.${OWN} and a.payload_id = p.id)
       and not exists (select from imported_files as f where f.${OWN} and f.sha256 = p.sha256 and f.payload_id = p.id)
     returning p.id, p.stored_bytes::float8 as bytes`,
    [ids],
  )
  counts.add('payloads', rows.length)
  counts.storedFiles.files += rows.length
  counts.storedFiles.bytes += rows.reduce((sum, { bytes }) => sum + bytes, 0)
  const { rowCount } = await client.query(`delete from payload_chunks where ${OWN} and payload_id = any($1::uuid[])`, [
    rows.map(({ id }) => id),
  ])
  counts.add('payload_chunks', rowCount)
}
