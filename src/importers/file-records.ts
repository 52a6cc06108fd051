import type { ClientBase } from 'pg'
import type { Identifiers } from '../model/identifiers.ts'
import type { ReadFile } from './prepared.ts'

type Held = { id: string; files: readonly ReadFile[] }

/**
 * Notes which records these files hold, and forgets what the finished ones held when they were read before: what a
 * deletion or an erasure goes by. One statement.
 * @param done files of which nothing follows
 */
export async function noteFileRecords(
  client: ClientBase,
  ids: Identifiers,
  importId: string,
  records: readonly Held[],
  done: Iterable<ReadFile>,
): Promise<void> {
  const held = new Map<string, Set<string>>()
  for (const { id, files } of records)
    for (const { path } of files) held.set(path, (held.get(path) ?? new Set()).add(id))
  const finished = [...done]
  if (held.size === 0 && finished.length === 0) return
  const fileId = (path: string) => ids.of('imported_file', path)
  await client.query(
    `with gone as (
       delete from x_file_records
       where organization_id = (select crossrun_organization_id()) and file_id = any($1::uuid[]) and import_id <> $2::uuid
     )
     insert into x_file_records (organization_id, file_id, import_id, record_ids)
     select $3::uuid, file_id, $2::uuid, record_ids::uuid[] from unnest($4::uuid[], $5::text[]) as held (file_id, record_ids)`,
    [
      finished.map(({ path }) => fileId(path)),
      importId,
      ids.organizationId,
      [...held.keys()].map(fileId),
      [...held.values()].map((record) => `{${[...record].join(',')}}`),
    ],
  )
}
