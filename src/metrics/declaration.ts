import type { RawBuilder } from 'kysely'
import type { Entity, EnumName } from '../filters/declaration.ts'
import type { Found } from '../filters/page.ts'
import type { Condition, Row, Scope } from '../filters/scope.ts'
import type { Db } from '../store/transaction-kysely.ts'

export type Sql = RawBuilder<unknown>

/** A row that is counted, and the rows that are joined to it when something asks for them. */
export type Fact = {
  readonly row: Row
  /** The row of a join of the subject; at most one for each fact, all null when there is none. */
  to(join: string): Row
}

/** Rows joined to a fact. The SQL is a whole join clause whose alias is the join's name. */
export type Join = (fact: Fact, scope: Scope) => Sql

export type DimensionType = 'text' | 'enum' | 'boolean'

/** What facts can be grouped by. */
export type Dimension = {
  readonly description: string
  readonly type: DimensionType
  readonly enumName?: EnumName
  value(fact: Fact): Sql
  /** The column of facts whose values are as many as these, one for each: the column itself, or the id of what has a unique name. */
  readonly column?: string | undefined
  /** A fact has several values: it counts in the group of each, and once in totals. The SQL of a join that unnests them. */
  readonly many?: Join
  /** The list whose elements these values are. */
  readonly list?: (fact: Fact) => Sql
}

export type Unit = 'count' | 'tokens' | 'USD' | 'seconds' | 'milliseconds' | 'ratio 0–1' | 'score 0–100' | 'words'

export const AGGREGATES = ['sum', 'avg', 'min', 'max', 'p50', 'p90', 'p95', 'p99'] as const
export type Aggregate = (typeof AGGREGATES)[number]

/** `decimal` is exact and written as text, `integer` is a whole number, `float` a binary number. */
export type NumberType = 'decimal' | 'integer' | 'float'

type Described = { readonly description: string; readonly unit: Unit }

export type Measure = Described &
  (
    | {
        /** A whole number a fact adds to its group: additive. */
        readonly kind: 'count'
        value(fact: Fact): Sql
      }
    | {
        /** Distinct values: not additive over groups. */
        readonly kind: 'distinct'
        value(fact: Fact): Sql
        /** The column of facts that holds the values, when one does. */
        readonly column?: string | undefined
      }
    | {
        /** One sum divided by another; null when that is 0. */
        readonly kind: 'ratio'
        of(fact: Fact): Sql
        per(fact: Fact): Sql
      }
    | {
        /** A number that a fact has or has not; sums are additive, averages and percentiles weigh facts. */
        readonly kind: 'number'
        readonly type: NumberType
        readonly aggregates: readonly Aggregate[]
        value(fact: Fact): Sql
      }
  )

/** What the cells of a rollup are in time; `month` ones make up the months of every time zone of whole hours. */
export type Grain = 'month' | 'day' | 'hour' | 'monthOfUtc' | 'yearOfUtc'

/** A measure as cells of facts give it. */
export type CellMeasure =
  | { readonly kind: 'count'; value(cell: Fact): Sql }
  | { readonly kind: 'ratio'; of(cell: Fact): Sql; per(cell: Fact): Sql }
  /** The column of the sum; the column `…_count` says how many facts have a value. */
  | { readonly kind: 'number'; readonly column: string }

/**
 * A table of sums over facts, kept by triggers (the migration `rollups`): a row adds to a cell, the facts that have
 * certain columns in common; its column `facts` is their number. Columns that facts have too are named the same.
 */
export type Rollup = {
  readonly table: string
  readonly grain: Grain
  /** What cells can be filtered by: of all facts of a cell it holds or of none. */
  readonly entity: Entity
  /** Conditions of the facts' filter that are another condition on cells, as in `run.pipeline` and `pipeline`. */
  readonly renamed: Readonly<Record<string, string>>
  /** Where they are others than the subject's. */
  readonly joins: Readonly<Record<string, Join>>
  /** Those of the subject's that cells tell apart. */
  readonly dimensions: readonly string[]
  readonly measures: Readonly<Record<string, CellMeasure>>
  /** Those that have the classes of a number for its percentiles, the smallest first; `duration_class` is the class. */
  readonly histograms?: Readonly<Record<string, readonly Rollup[]>>
}

/** The metrics field of a type: facts that belong to one object. */
export type ObjectMetrics = {
  /** The field's name: `usage`. */
  readonly field: string
  readonly description: string
  /** The id of the object that a fact belongs to. */
  value(fact: Fact): Sql
}

/** What can be measured: facts of one kind, what they can be grouped by, and what can be counted of them. */
export type Subject = {
  /** In upper case: `USAGE`. */
  readonly name: string
  /** The GraphQL field: `usageMetrics`. */
  readonly field: string
  readonly description: string
  /** Whose list has the same filter. */
  readonly entity: Entity
  /** The facts, when they are not just the rows of the entity's table: queries whose rows, all together, they are. */
  readonly facts?: (scope: Scope) => readonly Sql[]
  /** When a fact was, for intervals. */
  readonly time: { readonly description: string; value(fact: Fact): Sql }
  readonly joins: Readonly<Record<string, Join>>
  readonly dimensions: Readonly<Record<string, Dimension>>
  readonly measures: Readonly<Record<string, Measure>>
  /** Sums over facts that are kept, the smallest first. */
  readonly rollups?: readonly Rollup[]
  /** How facts are found by words, for those that can be. */
  readonly search?: (db: Db, search: string) => Promise<Found>
  /** Whether a run is one of those that a fact is about, for those that are about runs. */
  readonly ofRun?: (fact: Fact, run: Row) => Condition
  /** Objects that have metrics of their own, by the name of their type. */
  readonly objects?: Readonly<Record<string, ObjectMetrics>>
}

const UNITS_IN_WORDS: Partial<Record<Unit, string>> = {
  tokens: 'In tokens.',
  USD: 'In US dollars.',
  seconds: 'In seconds.',
  milliseconds: 'In milliseconds.',
  'ratio 0–1': '0–1.',
  'score 0–100': '0–100.',
  words: 'In words.',
}

/** A measure's unit as a sentence that follows its description; nothing for what is only counted. */
export function unitInWords({ unit }: { readonly unit: Unit }): string {
  const words = UNITS_IN_WORDS[unit]
  return words ? ` ${words}` : ''
}

/** Whether the values of groups may be added up: sums and counts, never averages, ratios, percentiles, distinct counts. */
export function isAdditive({ kind }: Measure, aggregate: Aggregate | null): boolean {
  return kind === 'count' || (kind === 'number' && aggregate === 'sum')
}

/** Of scores, shares and the like, whose sum means nothing. */
export const WITHOUT_SUM: readonly Aggregate[] = AGGREGATES.filter((aggregate) => aggregate !== 'sum')
