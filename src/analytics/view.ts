import type { Entity } from '../filters/declaration.ts'
import { type Condition, rowOf, type Scope } from '../filters/scope.ts'
import type { Sql } from '../metrics/declaration.ts'

/** A column of a view, as SQL over the rows that the view reads. */
export type Column = {
  /** In snake case, as BI tools show it. */
  name: string
  sql: Sql
  /** The type it is shown as, where that is not its own. */
  type?: 'int8' | 'text'
  /** What it holds, with its unit. */
  description: string
}

/** A measure in the SQL of somebody who reads the view: `sum(cost_usd)`. */
export type Recipe = {
  /** As `metricsTable` has it: `costUsd.sum`. */
  measure: string
  expression: string
  description: string
  unit: string
}

/** A table to look at: a view in the schema `analytics`. */
export type View = {
  name: string
  description: string
  columns: readonly Column[]
  /** From `from` on, of those rows of the table it is about (`F`) that meet the conditions. */
  from(only: readonly Condition[]): Sql
  /** What that table's rows are, by which they can be filtered. */
  entity: Entity
  /** Whether it has a row for each of them, so that it can be sorted as they are. */
  isSortable: boolean
  /** The metrics subject that counts its rows, when one does. */
  subject: string | null
  /** The column that says when a row was. */
  time: string | null
  recipes: readonly Recipe[]
}

/** The row that a view is about, in its SQL. */
export const F = rowOf('f')

/** Everybody's rows that row-level security lets through. */
export const WHATEVER_IS_SHOWN: Scope = { organizationId: null }

/** `costUsd` as `cost_usd`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
