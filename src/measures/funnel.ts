import { sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { StepStatus } from '../store/generated/enums.ts'
import type { Db } from '../store/transaction-kysely.ts'
import { currentStatus, knownPhases } from './known-phases.ts'

/** A phase of a run: what went in, what came out, and what it took. */
export type FunnelRow = {
  phase: number
  name: string
  status: StepStatus
  inputCount: number | null
  outputCount: number | null
  /** Items that went in and did not come out; null when none went in. */
  dropped: number | null
  durationSeconds: number | null
  llmCalls: number | null
  /** US dollars as decimal text. */
  costUsd: string | null
}

/**
 * The phases of each run by number. The phase that a FAILED run did not come to, the first that other runs of its
 * pipeline have after its last completed one, is listed as FAILED without counts. One statement.
 */
export async function funnelsOf(db: Db, scope: Scope, runIds: readonly string[]): Promise<Map<string, FunnelRow[]>> {
  const { rows } = await sql<FunnelRow & { run: string }>`
    with asked as materialized (
      select r.id, r.pipeline_id, ${currentStatus('r')} = 'FAILED' as is_failed,
             coalesce(max(p.number) filter (where p.status = 'COMPLETED'), 0) as completed,
             array_agg(p.number) as numbers
      from runs as r left join run_phases as p on p.run_id = r.id and ${ofOrganization(rowOf('p'), scope)}
      where ${ofOrganization(rowOf('r'), scope)} and r.id = any(${runIds}::text[]::uuid[])
      group by r.id
    ), known as (${knownPhases(scope, sql`select pipeline_id from asked where is_failed`)}),
    broken as (
      select distinct on (a.id) a.id, a.numbers, k.number, k.name
      from asked as a join known as k on k.pipeline_id = a.pipeline_id and k.number > a.completed
      where a.is_failed order by a.id, k.number, k.runs desc, k.name
    )
    select p.run_id as run, p.number as phase, p.name, p.status::text as status,
           p.input_count as "inputCount", p.output_count as "outputCount",
           case when p.input_count > 0 then greatest(p.input_count - p.output_count, case when p.output_count is not null then 0 end) end as dropped,
           p.duration_seconds as "durationSeconds", p.llm_calls as "llmCalls", p.cost_usd::text as "costUsd"
    from run_phases as p
    where ${ofOrganization(rowOf('p'), scope)} and p.run_id = any(${runIds}::text[]::uuid[])
    union all
    select b.id, b.number, b.name, 'FAILED', null, null, null, null, null, null
    from broken as b where b.number <> all (b.numbers)
    order by run, phase`.execute(db)
  const funnels = new Map<string, FunnelRow[]>(runIds.map((run) => [run, []]))
  for (const { run, ...row } of rows) funnels.get(run)?.push(row)
  return funnels
}
