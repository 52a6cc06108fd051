import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../store/transaction-kysely.ts'
import type { MetricKind, MetricName } from './metrics.ts'
import type { Moments } from './t-tests.ts'

export type Side = 'baseline' | 'candidate'

/** A metric within a relation, whose values stand in a column of its own. */
export type MeasuredMetric = { name: MetricName; kind: MetricKind }

/** What is known of one side's values of a metric; of yes and no the values are 1 and 0. */
export type Sample = Moments & { min: number | null; max: number | null }

/** How many runs, and tasks when these are what is counted, a side is made of. */
export type Cohort = { runs: number; tasks: number | null }

/** The differences candidate − baseline of pairs that both have a value. */
export type Differences = Moments & { positive: number; negative: number }

export type Samples = { cohorts: Record<Side, Cohort>; metrics: Record<Side, Sample>[] }
export type PairedSamples = {
  cohorts: Record<Side, Cohort>
  pairs: number
  metrics: { baseline: Sample; candidate: Sample; differences: Differences }[]
}

/** The column of a relation that holds a metric's values, as float8. */
export const columnName = (index: number) => `m${index}`

/** The column of a relation of pairs that holds a side's values of a metric. */
const pairColumn = (side: Side, index: number) => sql.ref(`p.${pairColumnName(side, index)}`)

export const pairColumnName = (side: Side, index: number) => `${side}_${columnName(index)}`

const exactDifference = (index: number) => sql`(${pairColumn('candidate', index)} - ${pairColumn('baseline', index)})`

/**
 * The difference of a pair as it is told apart from others: to a billionth, since binary fractions do not subtract
 * exactly.
 */
export const differenceOf = (index: number) => sql`(round(${exactDifference(index)} * 1e9) / 1e9)`

/**
 * What is known of the values of two cohorts that are compared as wholes. One statement that returns two rows, however
 * many values there are.
 * @param relation rows of `side`, `run_id` and a column for each metric
 */
export async function readSamples(
  db: Db,
  relation: RawBuilder<unknown>,
  metrics: readonly MeasuredMetric[],
  { countsTasks }: { countsTasks: boolean },
): Promise<Samples> {
  const { rows } = await sql<Record<string, number | null> & { side: Side }>`
    select f.side, count(*)::float8 as units, ${countsTasks ? sql`count(distinct f.run_id)` : sql`count(*)`}::float8 as runs
           ${columns(metrics, (index) => moments(sql.ref(`f.${columnName(index)}`), columnName(index)))}
    from (${relation}) as f group by f.side`.execute(db)
  const of = (side: Side) => rows.find((row) => row.side === side)
  const cohort = (side: Side): Cohort => ({
    runs: of(side)?.runs ?? 0,
    tasks: countsTasks ? (of(side)?.units ?? 0) : null,
  })
  return {
    cohorts: { baseline: cohort('baseline'), candidate: cohort('candidate') },
    metrics: metrics.map((_, index) => ({
      baseline: sampleIn(of('baseline'), columnName(index)),
      candidate: sampleIn(of('candidate'), columnName(index)),
    })),
  }
}

/**
 * What is known of the values of pairs; a pair counts for a metric when both have a value. One statement that returns
 * one row.
 * @param pairs rows of `baseline_run_id`, `candidate_run_id`, and `baseline_` and `candidate_` columns for each metric
 */
export async function readPairedSamples(
  db: Db,
  pairs: RawBuilder<unknown>,
  metrics: readonly MeasuredMetric[],
): Promise<PairedSamples> {
  const { rows } = await sql<Record<string, number | null>>`
    select count(*)::float8 as pairs, count(distinct p.baseline_run_id)::float8 as b_runs,
           count(distinct p.candidate_run_id)::float8 as c_runs
           ${columns(metrics, (index) => {
             const [b, c] = [pairColumn('baseline', index), pairColumn('candidate', index)]
             const both = sql`filter (where ${b} is not null and ${c} is not null)`
             const difference = differenceOf(index)
             return sql.join([
               moments(b, `b${index}`, both),
               moments(c, `c${index}`, both),
               moments(exactDifference(index), `d${index}`, both, difference),
               sql`(count(*) filter (where ${difference} > 0))::float8 as ${sql.id(`d${index}_positive`)}`,
               sql`(count(*) filter (where ${difference} < 0))::float8 as ${sql.id(`d${index}_negative`)}`,
             ])
           })}
    from (${pairs}) as p`.execute(db)
  const row = rows[0]!
  const count = row.pairs ?? 0
  return {
    cohorts: {
      baseline: { runs: row.b_runs ?? 0, tasks: count },
      candidate: { runs: row.c_runs ?? 0, tasks: count },
    },
    pairs: count,
    metrics: metrics.map((_, index) => ({
      baseline: sampleIn(row, `b${index}`),
      candidate: sampleIn(row, `c${index}`),
      differences: {
        ...sampleIn(row, `d${index}`),
        positive: row[`d${index}_positive`] ?? 0,
        negative: row[`d${index}_negative`] ?? 0,
      },
    })),
  }
}

function columns(metrics: readonly MeasuredMetric[], of: (index: number) => RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`${sql.join(
    metrics.map((_, index) => sql`, ${of(index)}`),
    sql``,
  )}`
}

/** @param told the value as it is told apart from others, where that is not the value itself */
function moments(
  value: RawBuilder<unknown>,
  name: string,
  filter: RawBuilder<unknown> = sql``,
  told: RawBuilder<unknown> = value,
): RawBuilder<unknown> {
  const as = (part: string) => sql.id(`${name}_${part}`)
  return sql`(count(${value}) ${filter})::float8 as ${as('n')}, avg(${value}) ${filter} as ${as('mean')},
    var_samp(${value}) ${filter} as ${as('variance')}, min(${told}) ${filter} as ${as('min')},
    max(${told}) ${filter} as ${as('max')}`
}

function sampleIn(row: Record<string, number | string | null> | undefined, name: string): Sample {
  const part = (of: string) => (row?.[`${name}_${of}`] ?? null) as number | null
  const [n, min, max] = [part('n') ?? 0, part('min'), part('max')]
  // Sums of equal binary fractions are off by a last digit, which would look like a spread.
  const isConstant = min !== null && min === max
  return {
    n,
    mean: isConstant ? min : (part('mean') ?? Number.NaN),
    variance: n < 2 ? Number.NaN : isConstant ? 0 : (part('variance') ?? Number.NaN),
    min,
    max,
  }
}
