import { type RawBuilder, sql } from 'kysely'
import { entities } from '../filters/entities/index.ts'
import { columnOf } from '../filters/operators.ts'
import type { Row } from '../filters/scope.ts'

/** What is counted as one: a run, or a task of an extraction run. */
export type ComparisonUnit = 'RUN' | 'TASK'

/** A value for every run or task, or a yes or no whose share is compared. */
export type MetricKind = 'NUMBER' | 'PROPORTION'

/** Another table that a metric reads its values from. */
export type Source = 'playbook' | 'tasks' | 'attempts'

/** How a metric is read of a run or of a task; null where there is no value. */
export type MetricValue = { kind: MetricKind; from?: Source; value(row: Row): RawBuilder<unknown> }

export type Metric = {
  /** What it is, for a run and for a task. */
  is: string
  betterWhen: 'HIGHER' | 'LOWER'
  measuredIn: 'points' | 'share' | 'usd' | 'seconds' | 'tokens'
  run?: MetricValue
  task?: MetricValue
}

const number = (value: MetricValue['value'], from?: Source): MetricValue => ({ kind: 'NUMBER', value, from })
const proportion = (value: MetricValue['value']): MetricValue => ({ kind: 'PROPORTION', value })
const statusOf = (row: Row) => columnOf(entities.run.fields.status!, row)

/** Sums over the tasks of a run, as the relation `of_tasks` has them. */
const share = (part: string, whole: string) => () =>
  sql`${sql.ref(`of_tasks.${part}`)}::float8 / nullif(${sql.ref(`of_tasks.${whole}`)}, 0)`

/** What cohorts can be compared by. */
export const METRICS = {
  QUALITY_SCORE: {
    is: "Quality score of a run's playbook, 0–100.",
    betterWhen: 'HIGHER',
    measuredIn: 'points',
    run: number(() => sql`${sql.ref('playbook.quality_score')}`, 'playbook'),
  },
  FIELD_ACCURACY: {
    is: 'Matched ÷ compared fields, 0–1: of a task that counts for accuracy, or of all such tasks of a run.',
    betterWhen: 'HIGHER',
    measuredIn: 'share',
    run: number(share('matched', 'compared'), 'tasks'),
    task: number((task) => task.column('field_accuracy')),
  },
  PASS_RATE: {
    is: 'Whether all compared fields of a task match; of a run the share of such tasks, 0–1, among those that count for accuracy.',
    betterWhen: 'HIGHER',
    measuredIn: 'share',
    run: number(share('passed', 'evaluated'), 'tasks'),
    task: proportion((task) => sql`${task.column('passed')}::int`),
  },
  CONFIDENCE: {
    is: 'How sure the agent is of what it extracted, 0–1: of a task, or the mean over the completed tasks of a run.',
    betterWhen: 'HIGHER',
    measuredIn: 'share',
    run: number(() => sql`${sql.ref('of_tasks.confidence')}`, 'tasks'),
    task: number((task) => task.column('overall_confidence')),
  },
  COST_USD: {
    is: 'What a run cost, or the known costs of the attempts of a task, in US dollars.',
    betterWhen: 'LOWER',
    measuredIn: 'usd',
    run: number((run) => run.column('cost_usd')),
    task: number((task) => task.column('cost_usd')),
  },
  DURATION_SECONDS: {
    is: 'How long a run or a task took, in seconds.',
    betterWhen: 'LOWER',
    measuredIn: 'seconds',
    run: number((run) => run.column('duration_seconds')),
    task: number((task) => sql`${task.column('duration_ms')} / 1000::float8`),
  },
  TOTAL_TOKENS: {
    is: 'Prompt and completion tokens of a run, or of the attempts of a task.',
    betterWhen: 'LOWER',
    measuredIn: 'tokens',
    run: number((run) => run.column('total_tokens')),
    task: number(() => sql`${sql.ref('of_attempts.tokens')}`, 'attempts'),
  },
  SUCCESS_RATE: {
    is: 'Whether a run is COMPLETED rather than FAILED or PARTIAL, or a task COMPLETED rather than FAILED; others have no value.',
    betterWhen: 'HIGHER',
    measuredIn: 'share',
    run: proportion(
      (run) => sql`case ${statusOf(run)} when 'COMPLETED' then 1 when 'FAILED' then 0 when 'PARTIAL' then 0 end`,
    ),
    task: proportion((task) => sql`case ${task.column('status')} when 'COMPLETED' then 1 when 'FAILED' then 0 end`),
  },
  FAILURE_RATE: {
    is: 'Whether a run is FAILED rather than COMPLETED or PARTIAL, or a task FAILED rather than COMPLETED or SKIPPED; others have no value.',
    betterWhen: 'LOWER',
    measuredIn: 'share',
    run: proportion(
      (run) => sql`case ${statusOf(run)} when 'FAILED' then 1 when 'COMPLETED' then 0 when 'PARTIAL' then 0 end`,
    ),
    task: proportion(
      (task) =>
        sql`case ${task.column('status')} when 'FAILED' then 1 when 'COMPLETED' then 0 when 'SKIPPED' then 0 end`,
    ),
  },
  RETRY_RATE: {
    is: 'Whether a task has more than one attempt; of a run the share of such tasks, 0–1, among those with an attempt.',
    betterWhen: 'LOWER',
    measuredIn: 'share',
    run: number(share('retried', 'attempted'), 'tasks'),
    task: proportion(
      (task) => sql`case when ${task.column('attempt_count')} > 0 then (${task.column('attempt_count')} > 1)::int end`,
    ),
  },
} as const satisfies Record<string, Metric>

export type MetricName = keyof typeof METRICS
export const METRIC_NAMES = Object.keys(METRICS) as MetricName[]

/** What is compared when nothing is asked for, as far as both sides have it. */
const USUAL: Record<ComparisonUnit, readonly MetricName[]> = {
  RUN: ['QUALITY_SCORE', 'COST_USD', 'DURATION_SECONDS', 'TOTAL_TOKENS', 'SUCCESS_RATE'],
  TASK: ['FIELD_ACCURACY', 'PASS_RATE', 'CONFIDENCE', 'COST_USD', 'DURATION_SECONDS'],
}

export function metricOf(name: MetricName): Metric {
  return METRICS[name]
}

/** How the metric is read of what is counted; undefined where it has no meaning. */
export function metricValueOf(name: MetricName, unit: ComparisonUnit): MetricValue | undefined {
  return unit === 'RUN' ? metricOf(name).run : metricOf(name).task
}

export function usualMetrics(unit: ComparisonUnit): readonly MetricName[] {
  return USUAL[unit]
}
