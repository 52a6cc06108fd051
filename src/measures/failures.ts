import { sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { Db } from '../store/transaction-kysely.ts'

/** Failed tasks of a run that failed for one reason. */
export type Failure = {
  category: string | null
  reason: string | null
  tasks: number
  /** The first addresses by code point, at most three. */
  examples: string[]
}

/** The failed tasks of each run by category and reason: most tasks first, then category, then reason. One statement. */
export async function failuresOf(db: Db, scope: Scope, runIds: readonly string[]): Promise<Map<string, Failure[]>> {
  const { rows } = await sql<Failure & { run: string }>`
    select t.run_id as run, t.failure_category::text as category, t.failure_reason as reason, count(*)::float8 as tasks,
           coalesce((array_agg(distinct t.site_url order by t.site_url) filter (where t.site_url is not null))[1:3], '{}') as examples
    from tasks as t
    where ${ofOrganization(rowOf('t'), scope)} and t.run_id = any(${runIds}::text[]::uuid[]) and t.status = 'FAILED'
    group by t.run_id, t.failure_category, t.failure_reason
    order by t.run_id, count(*) desc, t.failure_category nulls last, t.failure_reason nulls last`.execute(db)
  const found = new Map<string, Failure[]>(runIds.map((id) => [id, []]))
  for (const { run, ...failure } of rows) found.get(run)?.push(failure)
  return found
}
