import type { ClientBase } from 'pg'
import type { TenantSession } from '../../store/tenant-session.ts'
import { DEFAULT_LIMITS } from './rules.ts'

/** What becomes of a run's payloads, from mild to harsh; the numbers stand in the plan's tables. */
export const WHOLE = 0
export const COMPRESS = 1
export const DROP = 2

export type PipelinePlan = {
  pipeline: string
  runs: { whole: number; compress: number; drop: number }
  /** Payloads to be packed now: those that are not packed tightly yet, and can be. */
  compress: { payloads: number; bytes: number }
  drop: { payloads: number; bytes: number }
  keep: { payloads: number; bytes: number }
}

export type Plan = {
  pipelines: PipelinePlan[]
  /** Payloads of files that are not runs', such as accounts: always kept. */
  records: { payloads: number; bytes: number }
  /** Payloads that nothing refers to any more: newer versions of their files came. */
  orphans: { payloads: number; bytes: number }
}

/**
 * Decides what becomes of every payload, and keeps the decisions in temporary tables of the session: `retention_runs`,
 * `retention_payloads` and `retention_files`, the references that the decisions know of. However many payloads there are,
 * this process holds a row a pipeline.
 * @param pipeline the only pipeline whose payloads may change; null for all
 */
export async function makePlan(session: TenantSession, pipeline: string | null): Promise<Plan> {
  return session.transaction(async (client) => {
    await client.query(`
      drop table if exists pg_temp.retention_runs, pg_temp.retention_payloads, pg_temp.retention_files;
      create temp table retention_runs (run_id uuid primary key, pipeline text collate "C" not null, treatment int not null);
      create temp table retention_payloads (
        payload_id uuid primary key, pipeline text collate "C", treatment int not null, encoding text not null, bytes int8 not null);
      create temp table retention_files (file_id uuid primary key, payload_id uuid not null, import_id uuid not null)`)
    await judgeRuns(client, pipeline)
    await judgePayloads(client, pipeline)
    await client.query(
      `insert into retention_files (file_id, payload_id, import_id)
       select f.id, f.payload_id, f.import_id from imported_files as f join retention_payloads as p on p.payload_id = f.payload_id
       where f.organization_id = (select crossrun_organization_id()) and p.treatment = ${DROP}`,
    )
    await client.query('analyze retention_runs; analyze retention_payloads; analyze retention_files')
    return summarize(client, pipeline)
  })
}

/** Ranks the runs of each pipeline, newest first. A run whose start is unknown has no age, and is never dropped. */
async function judgeRuns(client: ClientBase, pipeline: string | null): Promise<void> {
  await client.query(
    `insert into retention_runs (run_id, pipeline, treatment)
     select ranked.id, ranked.pipeline, case
         when ranked.pipeline <> $4::text then ${WHOLE}
         when ranked.place <= ranked.keep_whole then ${WHOLE}
         when ranked.place > ranked.compress_until
           and ranked.started_at < now() - make_interval(days => ranked.drop_after_days) then ${DROP}
         else ${COMPRESS} end
     from (
       select r.id, r.started_at, p.name as pipeline,
              row_number() over (partition by r.pipeline_id order by r.started_at desc nulls last, r.id) as place,
              coalesce(rule.keep_whole, $1::int) as keep_whole, coalesce(rule.compress_until, $2::int) as compress_until,
              case when rule.id is null then $3::int else rule.drop_after_days end as drop_after_days
       from runs as r join pipelines as p on p.id = r.pipeline_id left join lateral (
         select * from retention_rules as each
         where each.organization_id = (select crossrun_organization_id()) and each.pipeline in (p.name, '*')
         order by each.pipeline = '*' limit 1
       ) as rule on true
       where r.organization_id = (select crossrun_organization_id()) and p.organization_id = (select crossrun_organization_id())
     ) as ranked`,
    [DEFAULT_LIMITS.keepWhole, DEFAULT_LIMITS.compressUntil, DEFAULT_LIMITS.dropAfterDays, pipeline],
  )
}

/** A payload that several runs share is treated as the one that needs it most. */
async function judgePayloads(client: ClientBase, pipeline: string | null): Promise<void> {
  await client.query(
    `insert into retention_payloads (payload_id, pipeline, treatment, encoding, bytes)
     select p.id, judged.pipeline, judged.treatment, p.encoding, p.stored_bytes
     from payloads as p join (
       select a.payload_id, min(r.treatment) as treatment, (array_agg(r.pipeline order by r.treatment, r.pipeline))[1] as pipeline
       from artifacts as a join retention_runs as r on r.run_id = a.run_id
       where a.organization_id = (select crossrun_organization_id()) and a.payload_id is not null
       group by a.payload_id
     ) as judged on judged.payload_id = p.id
     where p.organization_id = (select crossrun_organization_id())`,
  )
  if (pipeline !== null) return
  await client.query(
    `insert into retention_payloads (payload_id, treatment, encoding, bytes)
     select p.id, ${DROP}, p.encoding, p.stored_bytes from payloads as p
     where p.organization_id = (select crossrun_organization_id())
       and not exists (select from artifacts as a where a.organization_id = p.organization_id and a.payload_id = p.id)
       and not exists (select from imported_files as f where f.organization_id = p.organization_id and f.payload_id = p.id)`,
  )
}

async function summarize(client: ClientBase, pipeline: string | null): Promise<Plan> {
  const { rows: pipelines } = await client.query<PipelinePlan>(
    `select r.pipeline,
            json_build_object('whole', r.whole, 'compress', r.compress, 'drop', r.drop) as runs,
            json_build_object('payloads', coalesce(p.compress, 0), 'bytes', coalesce(p.compress_bytes, 0)) as compress,
            json_build_object('payloads', coalesce(p.drop, 0), 'bytes', coalesce(p.drop_bytes, 0)) as drop,
            json_build_object('payloads', coalesce(p.keep, 0), 'bytes', coalesce(p.keep_bytes, 0)) as keep
     from (
       select pipeline, count(*) filter (where treatment = ${WHOLE}) as whole,
              count(*) filter (where treatment = ${COMPRESS}) as compress, count(*) filter (where treatment = ${DROP}) as drop
       from retention_runs group by pipeline
     ) as r left join (
       select pipeline,
              count(*) filter (where ${IS_COMPRESSED}) as compress, sum(bytes) filter (where ${IS_COMPRESSED}) as compress_bytes,
              count(*) filter (where treatment = ${DROP}) as drop, sum(bytes) filter (where treatment = ${DROP}) as drop_bytes,
              count(*) filter (where not (${IS_COMPRESSED}) and treatment <> ${DROP}) as keep,
              sum(bytes) filter (where not (${IS_COMPRESSED}) and treatment <> ${DROP}) as keep_bytes
       from retention_payloads where pipeline is not null group by pipeline
     ) as p using (pipeline)
     where $1::text is null or r.pipeline = $1 order by r.pipeline`,
    [pipeline],
  )
  const { rows: others } = await client.query<Pick<Plan, 'records' | 'orphans'>>(
    `select (select json_build_object('payloads', count(*), 'bytes', coalesce(sum(bytes), 0))
             from retention_payloads where pipeline is null) as orphans,
            (select json_build_object('payloads', count(*), 'bytes', coalesce(sum(p.stored_bytes), 0))
             from payloads as p left join retention_payloads as judged on judged.payload_id = p.id
             where p.organization_id = (select crossrun_organization_id()) and judged.payload_id is null
               and exists (select from imported_files as f where f.organization_id = p.organization_id and f.payload_id = p.id)) as records`,
  )
  return { pipelines, ...others[0]! }
}

/** What the import packed quickly can be packed better; what came compressed cannot. */
export const IS_COMPRESSED = `treatment = ${COMPRESS} and encoding = 'gzip'`
