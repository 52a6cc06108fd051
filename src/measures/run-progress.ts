import { sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { Db } from '../store/transaction-kysely.ts'

/** What the tasks of an extraction run are, counted. */
export type TaskFacts = {
  total: number
  completed: number
  running: number
  queued: number
  failed: number
  skipped: number
  /** Tasks with any attempt, and with more than one. */
  attempted: number
  retried: number
  /** Tasks that count for accuracy, and those of them whose compared fields all match. */
  evaluated: number
  passed: number
  compared: number
  matched: number
  /** Median over the tasks that have a duration. */
  medianMs: number | null
  /** Mean over the completed tasks that have one, 0–1. */
  confidence: number | null
}

/** The tasks of each of these runs, counted; only extraction runs have an answer. One statement. */
export async function taskFactsOf(db: Db, scope: Scope, runIds: readonly string[]): Promise<Map<string, TaskFacts>> {
  const { rows } = await sql<TaskFacts & { run: string }>`
    select e.id as run, count(t.id)::float8 as total,
           (count(*) filter (where t.status = 'COMPLETED'))::float8 as completed,
           (count(*) filter (where t.status = 'RUNNING'))::float8 as running,
           (count(*) filter (where t.status = 'QUEUED'))::float8 as queued,
           (count(*) filter (where t.status = 'FAILED'))::float8 as failed,
           (count(*) filter (where t.status = 'SKIPPED'))::float8 as skipped,
           (count(*) filter (where t.attempt_count > 0))::float8 as attempted,
           (count(*) filter (where t.attempt_count > 1))::float8 as retried,
           (count(*) filter (where t.is_evaluated))::float8 as evaluated,
           (count(*) filter (where t.passed))::float8 as passed,
           coalesce(sum(t.compared_fields), 0)::float8 as compared,
           coalesce(sum(t.matched_fields), 0)::float8 as matched,
           percentile_cont(0.5) within group (order by t.duration_ms) as "medianMs",
           (avg(t.overall_confidence::numeric) filter (where t.status = 'COMPLETED'))::float8 as confidence
    from extraction_runs as e left join tasks as t on t.run_id = e.id and ${ofOrganization(rowOf('t'), scope)}
    where ${ofOrganization(rowOf('e'), scope)} and e.id = any(${runIds}::text[]::uuid[])
    group by e.id`.execute(db)
  return new Map(rows.map(({ run, ...facts }) => [run, facts]))
}

/** Completed, failed and skipped of all tasks, 0–100; null without tasks. */
export function progressPercent({ completed, failed, skipped, total }: TaskFacts): number | null {
  return total === 0 ? null : ((completed + failed + skipped) / total) * 100
}

/** Matched of compared fields, 0–100; null when none is compared. */
export function accuracyPercent({ matched, compared }: Pick<TaskFacts, 'matched' | 'compared'>): number | null {
  return compared === 0 ? null : (matched / compared) * 100
}

/** Tasks that pass of those that count for accuracy, 0–1; null when none does. */
export function passRate({ passed, evaluated }: Pick<TaskFacts, 'passed' | 'evaluated'>): number | null {
  return evaluated === 0 ? null : passed / evaluated
}

/** Tasks with more than one attempt of those with any, 0–1; null when none has one. */
export function retryRate({ retried, attempted }: TaskFacts): number | null {
  return attempted === 0 ? null : retried / attempted
}
