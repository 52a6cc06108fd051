import { sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { Db } from '../store/transaction-kysely.ts'

/** How a prompt version has done over all its runs. */
export type InstructionStats = {
  runs: number
  tasks: number
  compared: number
  matched: number
  evaluated: number
  passed: number
  /** Mean over its tasks that have a duration. */
  averageDurationSeconds: number | null
  /** Known cost of its attempts ÷ its tasks with an attempt, to 15 decimals, in US dollars as decimal text. */
  costPerTaskUsd: string | null
}

/**
 * What came of these versions of campaigns' instructions, over all their runs; of a version of another agent's prompt
 * the runs that it was called in. One statement.
 */
export async function instructionStatsOf(
  db: Db,
  scope: Scope,
  promptVersionIds: readonly string[],
): Promise<Map<string, InstructionStats>> {
  const { rows } = await sql<InstructionStats & { version: string }>`
    select p.id as version,
           case when p.campaign_id is null and p.source_campaign_id is null then (
             select count(distinct c.run_id)::float8 from agent_calls as c
             where ${ofOrganization(rowOf('c'), scope)} and c.prompt_version_id = p.id
           ) else count(distinct r.id)::float8 end as runs,
           count(t.id)::float8 as tasks,
           coalesce(sum(t.compared_fields), 0)::float8 as compared, coalesce(sum(t.matched_fields), 0)::float8 as matched,
           (count(*) filter (where t.is_evaluated))::float8 as evaluated, (count(*) filter (where t.passed))::float8 as passed,
           (avg(t.duration_ms) / 1000)::float8 as "averageDurationSeconds",
           round(sum(t.cost_usd) / nullif(count(*) filter (where t.attempt_count > 0), 0), 15)::text as "costPerTaskUsd"
    from prompt_versions as p
    left join runs as r on r.instruction_id = p.id and ${ofOrganization(rowOf('r'), scope)}
    left join tasks as t on t.run_id = r.id and ${ofOrganization(rowOf('t'), scope)}
    where ${ofOrganization(rowOf('p'), scope)} and p.id = any(${promptVersionIds}::text[]::uuid[])
    group by p.id`.execute(db)
  return new Map(rows.map(({ version, ...stats }) => [version, stats]))
}
