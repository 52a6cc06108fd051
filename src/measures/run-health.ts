import { sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import { type Health, healthOf } from '../model/run-health.ts'
import type { Db } from '../store/transaction-kysely.ts'
import type { TaskFacts } from './run-progress.ts'

/**
 * The median duration of all tasks of the COMPLETED runs of the same campaign that started earlier, in milliseconds, by
 * run; runs without such are left out. One statement.
 */
export async function usualMediansOf(db: Db, scope: Scope, runIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ run: string; median: number | null }>`
    select r.id as run, percentile_cont(0.5) within group (order by t.duration_ms) as median
    from runs as r
    join runs as o on o.campaign_id = r.campaign_id and o.started_at < r.started_at and o.status = 'COMPLETED'
    join tasks as t on t.run_id = o.id and t.duration_ms is not null
    where ${ofOrganization(rowOf('r'), scope)} and ${ofOrganization(rowOf('o'), scope)} and ${ofOrganization(rowOf('t'), scope)}
      and r.id = any(${runIds}::text[]::uuid[])
    group by r.id`.execute(db)
  return new Map(rows.flatMap(({ run, median }) => (median === null ? [] : [[run, median]])))
}

/** @param usualMedianMs of the campaign's earlier completed runs; null when there are none */
export function runHealth(facts: TaskFacts, usualMedianMs: number | null): Health {
  return healthOf({ ...facts, usualMedianMs })
}
