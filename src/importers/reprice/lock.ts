import type { ClientBase } from 'pg'
import type { Identifiers } from '../../model/identifiers.ts'
import { lockSettling } from '../extraction/settle.ts'
import { lockOf } from '../write-batch.ts'
import type { Batch } from './batches.ts'

/**
 * Locks what an import of the same records would, in the order in which it would: the records, then what is settled
 * over several of them. Nothing is read or written before, so that an importer that waits holds no row.
 */
export async function lockBatch(client: ClientBase, { runIds, hasAttempts }: Batch, ids: Identifiers): Promise<void> {
  await client.query(
    lockOf(`
      select unnest($1::text[])
      union all select found.id::text from attempts a cross join lateral (values (a.id), (a.task_id)) as found (id)
      where a.organization_id = (select crossrun_organization_id()) and a.run_id = any($1::uuid[]) and found.id is not null`),
    [runIds],
  )
  // Who judges the runs of a pipeline passes over those that somebody writes: let it wait instead.
  await client.query(
    `select pg_advisory_xact_lock(key) from (
       select distinct hashtextextended(pipeline_id::text, 1) as key from runs
       where organization_id = (select crossrun_organization_id()) and id = any($1::uuid[]) and directory is not null order by 1
     ) as keys`,
    [runIds],
  )
  if (hasAttempts) await lockSettling(client, ids)
}

/** As above, of attempts that belong to no run, and of their tasks. */
export async function lockAttempts(client: ClientBase, attemptIds: string[], ids: Identifiers): Promise<void> {
  await client.query(
    lockOf(`
      select unnest($1::text[])
      union all select task_id::text from attempts
      where organization_id = (select crossrun_organization_id()) and id = any($1::uuid[]) and task_id is not null`),
    [attemptIds],
  )
  await lockSettling(client, ids)
}
