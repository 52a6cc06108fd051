import { sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { Db } from '../store/transaction-kysely.ts'

/** How well a field was extracted over a run's tasks. */
export type FieldAccuracy = {
  field: string
  compared: number
  matched: number
  missing: number
  /** Matched ÷ compared, 0–100. */
  accuracyPercent: number | null
  /** Mean over the tasks that give one, 0–1. */
  averageConfidence: number | null
}

/** The fields of each run's tasks, in the tasks' order. One statement. */
export async function fieldAccuracyOf(
  db: Db,
  scope: Scope,
  runIds: readonly string[],
): Promise<Map<string, FieldAccuracy[]>> {
  const { rows } = await sql<FieldAccuracy & { run: string }>`
    select f.run_id as run, f.name as field,
           (count(*) filter (where f.is_compared))::float8 as compared,
           (count(*) filter (where f.is_matched))::float8 as matched,
           (count(*) filter (where f.is_missing))::float8 as missing,
           (count(*) filter (where f.is_matched))::float8 * 100 / nullif(count(*) filter (where f.is_compared), 0) as "accuracyPercent",
           avg(f.confidence::numeric)::float8 as "averageConfidence"
    from task_fields as f
    where ${ofOrganization(rowOf('f'), scope)} and f.run_id = any(${runIds}::text[]::uuid[])
    group by f.run_id, f.name
    order by f.run_id, min(f.position), f.name`.execute(db)
  const found = new Map<string, FieldAccuracy[]>(runIds.map((id) => [id, []]))
  for (const { run, ...field } of rows) found.get(run)?.push(field)
  return found
}
