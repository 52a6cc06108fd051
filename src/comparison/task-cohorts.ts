import { type RawBuilder, sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import { type MetricName, metricValueOf } from './metrics.ts'
import { valueColumns } from './run-cohorts.ts'
import { columnName, pairColumnName, type Side } from './samples.ts'

/** The ids of the instructions that two sides were made with. */
export type Instructions = Record<Side, string>

/** The tasks of all runs of two instructions, as a relation of `side`, `run_id` and a column for each metric. */
export function taskCohorts(
  scope: Scope,
  instructions: Instructions,
  metrics: readonly MetricName[],
): RawBuilder<unknown> {
  return sql`${tasksOf('baseline', instructions, metrics, scope)}
    union all ${tasksOf('candidate', instructions, metrics, scope)}`
}

/**
 * Pairs of tasks of two instructions on the same row of the same dataset version, as a relation of each side's run and
 * a column for each side and metric. Where a row was read several times with one instruction, its task in the first run
 * counts.
 */
export function taskPairs(
  scope: Scope,
  instructions: Instructions,
  metrics: readonly MetricName[],
): RawBuilder<unknown> {
  const of = (side: Side) => sql`filter (where t.side = ${sql.lit(side)})`
  const columnsOf = (side: Side) => sql`
    max(t.run_id::text) ${of(side)} as ${sql.id(`${side}_run_id`)}
    ${sql.join(
      metrics.map(
        (_, index) =>
          sql`, max(${sql.ref(`t.${columnName(index)}`)}) ${of(side)} as ${sql.id(pairColumnName(side, index))}`,
      ),
      sql` `,
    )}`
  // Grouped rather than joined: what the database expects of such keys is off by orders of magnitude, and a join that
  // it plans for a few rows never ends with many.
  return sql`
    select ${columnsOf('baseline')}, ${columnsOf('candidate')}
    from (
      select distinct on (t.row_key, t.side) t.* from (${taskCohorts(scope, instructions, metrics)}) as t
      where t.row_key is not null
      order by t.row_key, t.side, t.run_started_at nulls last, t.run_id, t.task_id
    ) as t
    group by t.row_key having count(*) = 2`
}

function tasksOf(
  side: Side,
  instructions: Instructions,
  metrics: readonly MetricName[],
  scope: Scope,
): RawBuilder<unknown> {
  const task = rowOf('t')
  const values = metrics.map((name) => metricValueOf(name, 'TASK')!)
  const attempts = sql`
    left join lateral (
      select sum(a.total_tokens) as tokens from attempts as a
      where ${ofOrganization(rowOf('a'), scope)} and a.task_id = t.id
    ) as of_attempts on true`
  // A row without an id of its own in Crossrun is told by its number: dumps may leave a dataset's rows out.
  return sql`
    select ${sql.lit(side)} as side, t.id as task_id, r.id as run_id, r.started_at as run_started_at,
           coalesce(t.dataset_row_id::text, coalesce(t.dataset_id, r.dataset_id)::text || ' ' || t.row_id) collate "C" as row_key
           ${valueColumns(values, task)}
    from runs as r join tasks as t on t.run_id = r.id and ${ofOrganization(task, scope)}
    ${values.some(({ from }) => from === 'attempts') ? attempts : sql``}
    where ${ofOrganization(rowOf('r'), scope)} and r.instruction_id = ${instructions[side]}::uuid`
}
