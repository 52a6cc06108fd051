import { type RawBuilder, sql } from 'kysely'
import type { Aggregate, Fact, Measure, Sql, Subject } from './declaration.ts'
import type { Term } from './query.ts'

/** A part of a value: an aggregate over facts, and what makes the part of several groups out of theirs. */
export type Part = { over: Sql; together: 'sum' | 'min' | 'max' }

/** How a term's value comes from the facts of a group. */
export type Aggregation =
  /** From parts that groups of facts can have one by one. */
  | { kind: 'parts'; parts(fact: Fact): readonly Part[]; value(parts: readonly Sql[]): Sql }
  /** The number of different values; `column` when they are those of one column. */
  | { kind: 'distinct'; of(fact: Fact): Sql; column: string | undefined }
  /** From all facts of the group at once. */
  | { kind: 'whole'; value(fact: Fact): Sql }

export const count = (value: (fact: Fact) => Sql): Aggregation => ({
  kind: 'parts',
  parts: (fact) => [sumOf(value(fact))],
  value: ([sum]) => sql`coalesce(${sum}, 0)::int8`,
})

export const ratio = (of: (fact: Fact) => Sql, per: (fact: Fact) => Sql): Aggregation => ({
  kind: 'parts',
  parts: (fact) => [sumOf(of(fact)), sumOf(per(fact))],
  value: ([sum, all]) => sql`coalesce(${sum}, 0)::float8 / nullif(${all}, 0)::float8`,
})

const sumOf = (value: Sql): Part => ({ over: sql`sum(${value})`, together: 'sum' })

/** A term over facts. */
export function aggregationOf({ measures }: Subject, { name, aggregate }: Term): Aggregation {
  const measure = measures[name]!
  switch (measure.kind) {
    case 'count':
      return count(measure.value)
    case 'distinct':
      return { kind: 'distinct', of: measure.value, column: measure.column }
    case 'ratio':
      return ratio(measure.of, measure.per)
    case 'number':
      return numberOf(measure, aggregate!)
  }
}

/** The share of values below each percentile. */
export const PERCENTILES: Partial<Record<Aggregate, number>> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 }

function numberOf({ type, value }: Extract<Measure, { kind: 'number' }>, aggregate: Aggregate): Aggregation {
  const percentile = PERCENTILES[aggregate]
  if (percentile !== undefined) {
    const found = (fact: Fact) =>
      sql`percentile_cont(${sql.lit(percentile)}) within group (order by ${value(fact)}::float8)`
    return { kind: 'whole', value: (fact) => (type === 'decimal' ? sql`${found(fact)}::numeric` : found(fact)) }
  }
  if (aggregate === 'min' || aggregate === 'max') {
    return {
      kind: 'parts',
      parts: (fact) => [{ over: sql`${sql.raw(aggregate)}(${value(fact)})`, together: aggregate }],
      value: ([only]) => only!,
    }
  }
  if (aggregate === 'sum') {
    return {
      kind: 'parts',
      parts: (fact) => [sumOf(value(fact))],
      value: ([sum]) => (type === 'integer' ? sql`${sum}::int8` : sum!),
    }
  }
  return {
    kind: 'parts',
    parts: (fact) => [sumOf(value(fact)), { over: sql`count(${value(fact)})`, together: 'sum' }],
    value: ([sum, number]) => meanOf(type, sum!, number!),
  }
}

/** Exact for decimals, rounded in the end; of whole and binary numbers a binary one. */
export function meanOf(type: 'decimal' | 'integer' | 'float', sum: Sql, number: Sql): RawBuilder<unknown> {
  const per = sql`nullif(${number}, 0)`
  if (type === 'decimal') return sql`trim_scale(round(${sum} / ${per}, 15))`
  return type === 'integer' ? sql`(${sum}::numeric / ${per})::float8` : sql`${sum}::float8 / ${per}::float8`
}
