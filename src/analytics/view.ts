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
  /** From `from` on. */
  from: Sql
  /** The metrics subject that counts its rows, when one does. */
  subject: string | null
  /** The column that says when a row was. */
  time: string | null
  recipes: readonly Recipe[]
}

/** `costUsd` as `cost_usd`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
