import { type RawBuilder, sql } from 'kysely'
import { all, type Condition, ofOrganization, type Row, rowOf, type Scope } from '../filters/scope.ts'
import { type MetricName, type MetricValue, metricValueOf, type Source } from './metrics.ts'
import { columnName, type Side } from './samples.ts'

/** Which runs a side is made of, in the SQL of a row of `runs`. */
export type RunCondition = (run: Row) => Condition

/** The runs of both sides as a relation of `side`, `run_id` and a column for each metric; a run may be on both sides. */
export function runCohorts(
  scope: Scope,
  conditions: Record<Side, RunCondition>,
  metrics: readonly MetricName[],
): RawBuilder<unknown> {
  const values = metrics.map((name) => metricValueOf(name, 'RUN')!)
  return sql`${runsOf('baseline', conditions.baseline, values, scope)}
    union all ${runsOf('candidate', conditions.candidate, values, scope)}`
}

function runsOf(
  side: Side,
  condition: RunCondition,
  values: readonly MetricValue[],
  scope: Scope,
): RawBuilder<unknown> {
  const run = rowOf('r')
  const sources = new Set(values.flatMap(({ from }) => (from ? [from] : [])))
  return sql`
    select ${sql.lit(side)} as side, r.id as run_id ${valueColumns(values, run)}
    from runs as r ${sql.join(
      [...sources].map((source) => JOINS[source]?.(scope) ?? sql``),
      sql` `,
    )}
    where ${all([ofOrganization(run, scope), condition(run)])}`
}

/** A column of float8 for each metric, after those before. */
export function valueColumns(values: readonly MetricValue[], row: Row): RawBuilder<unknown> {
  const columns = values.map(({ value }, index) => sql`, (${value(row)})::float8 as ${sql.id(columnName(index))}`)
  return sql`${sql.join(columns, sql` `)}`
}

const JOINS: Partial<Record<Source, (scope: Scope) => RawBuilder<unknown>>> = {
  playbook: (scope) => sql`
    left join playbooks as playbook on playbook.run_id = r.id and ${ofOrganization(rowOf('playbook'), scope)}`,
  tasks: (scope) => sql`
    left join lateral (
      select sum(t.matched_fields) as matched, sum(t.compared_fields) as compared,
             count(*) filter (where t.passed) as passed, count(*) filter (where t.is_evaluated) as evaluated,
             (avg(t.overall_confidence::numeric) filter (where t.status = 'COMPLETED'))::float8 as confidence,
             count(*) filter (where t.attempt_count > 1) as retried,
             count(*) filter (where t.attempt_count > 0) as attempted
      from tasks as t where ${ofOrganization(rowOf('t'), scope)} and t.run_id = r.id
    ) as of_tasks on true`,
}
