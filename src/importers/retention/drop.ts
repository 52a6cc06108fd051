import type { ClientBase } from 'pg'
import type { TenantSession } from '../../store/tenant-session.ts'
import { alone } from './lock.ts'
import { DROP } from './plan.ts'

/** A batch holds up imports, so it ends after so many payloads, or so many stored bytes. */
const BATCH = 500
const BATCH_BYTES = 64 * 1024 * 1024

/** A payload that is gone, with the bytes that were stored of it. */
export type Dropped = { payloadId: string; pipeline: string | null; bytes: number }

/**
 * Drops what the plan says, a batch a transaction; who referred to it refers to nothing afterwards. A payload that
 * something refers to that the plan did not know of stays.
 * @returns batch by batch what was dropped
 */
export async function* dropPayloads(session: TenantSession): AsyncGenerator<Dropped[]> {
  let last = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const { rows } = await session.transaction((client) =>
      client.query<Planned>(
        `select judged.payload_id as id, p.sha256, p.stored_bytes::float8 as bytes from pg_temp.retention_payloads as judged
         join payloads as p on p.id = judged.payload_id and p.organization_id = (select crossrun_organization_id())
         where judged.treatment = ${DROP} and judged.payload_id > $1 order by judged.payload_id limit ${BATCH}`,
        [last],
      ),
    )
    if (rows.length === 0) return
    let bytes = 0
    const batch = rows.filter((row, place) => {
      bytes += row.bytes
      return place === 0 || bytes <= BATCH_BYTES
    })
    last = batch.at(-1)!.id
    yield await alone(session, (client) => dropBatch(client, batch))
  }
}

type Planned = { id: string; sha256: string; bytes: number }

async function dropBatch(client: ClientBase, planned: Planned[]): Promise<Dropped[]> {
  const droppable = await stillDroppable(client, planned)
  if (droppable.length === 0) return []
  const ids = droppable.map(({ id }) => id)
  await client.query(
    `update artifacts set payload_id = null where organization_id = (select crossrun_organization_id()) and payload_id = any($1::uuid[])`,
    [ids],
  )
  await client.query(
    `update imported_files set payload_id = null
     where organization_id = (select crossrun_organization_id()) and sha256 = any($2::text[]) and payload_id = any($1::uuid[])`,
    [ids, droppable.map(({ sha256 }) => sha256)],
  )
  const { rows } = await client.query<Dropped>(
    `with chunks as (
       delete from payload_chunks where organization_id = (select crossrun_organization_id()) and payload_id = any($1::uuid[])
       returning payload_id, octet_length(content) as bytes
     ), gone as (
       delete from payloads where organization_id = (select crossrun_organization_id()) and id = any($1::uuid[]) returning id
     ), freed as (
       select payload_id, sum(bytes)::float8 as bytes from chunks group by payload_id
     )
     select g.id as "payloadId", p.pipeline, coalesce(f.bytes, 0) as bytes
     from gone as g left join freed as f on f.payload_id = g.id left join pg_temp.retention_payloads as p on p.payload_id = g.id`,
    [ids],
  )
  return rows
}

/**
 * Those that nothing refers to beyond what the plan knew. References are locked without waiting: a run that is being
 * written anew holds its own, and its payload is not dropped now.
 */
async function stillDroppable(client: ClientBase, planned: Planned[]): Promise<Planned[]> {
  const { rows } = await client.query<{ id: string }>(
    `with artifacts_of as materialized (
       select a.id, a.payload_id, a.run_id from artifacts as a
       where a.organization_id = (select crossrun_organization_id()) and a.payload_id = any($1::uuid[])
     ), locked_artifacts as materialized (
       select a.id from artifacts as a
       where a.organization_id = (select crossrun_organization_id()) and a.payload_id = any($1::uuid[]) for update skip locked
     ), files_of as materialized (
       select f.id, f.payload_id, f.import_id from imported_files as f
       where f.organization_id = (select crossrun_organization_id()) and f.sha256 = any($2::text[]) and f.payload_id = any($1::uuid[])
     ), locked_files as materialized (
       select f.id from imported_files as f
       where f.organization_id = (select crossrun_organization_id()) and f.sha256 = any($2::text[])
         and f.payload_id = any($1::uuid[]) for update skip locked
     ), wanted as (
       select a.payload_id from artifacts_of as a
       left join pg_temp.retention_runs as r on r.run_id = a.run_id and r.treatment = ${DROP}
       left join pg_temp.retention_payloads as p on p.payload_id = a.payload_id and p.pipeline is not null
       where r.run_id is null or p.payload_id is null or a.id not in (select id from locked_artifacts)
       union all
       select f.payload_id from files_of as f
       left join pg_temp.retention_files as k on k.file_id = f.id and k.payload_id = f.payload_id and k.import_id = f.import_id
       where k.file_id is null or f.id not in (select id from locked_files)
     )
     select p.id from unnest($1::uuid[]) as p (id) where p.id not in (select payload_id from wanted)`,
    [planned.map(({ id }) => id), planned.map(({ sha256 }) => sha256)],
  )
  const free = new Set(rows.map(({ id }) => id))
  return planned.filter(({ id }) => free.has(id))
}
