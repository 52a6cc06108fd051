import { sql } from 'kysely'
import type { EnumName, TableName } from '../../filters/declaration.ts'
import { ofOrganization, type Row, rowOf, type Scope } from '../../filters/scope.ts'
import {
  AGGREGATES,
  type Aggregate,
  type Dimension,
  type Fact,
  type Join,
  type Measure,
  type NumberType,
  type ObjectMetrics,
  type Sql,
  type Unit,
  WITHOUT_SUM,
} from '../declaration.ts'

/** `column` is set when the value is a column of the fact itself. */
type Value = ((fact: Fact) => Sql) & { readonly column?: string }

/** The row, if there is one, whose id a column of the fact or of another join holds. */
export function joined(table: TableName, alias: string, from: (fact: Fact) => Row, column: string): Join {
  return (fact, scope) => linked(table, alias, 'id', from(fact).column(column), scope)
}

/** The one row, if there is one, whose column holds the fact's id. */
export function owned(table: TableName, alias: string, column: string): Join {
  return (fact, scope) => linked(table, alias, column, fact.row.column('id'), scope)
}

function linked(table: TableName, alias: string, column: string, value: Sql, scope: Scope): Sql {
  const row = rowOf(alias)
  return sql`left join ${sql.table(table)} as ${sql.id(alias)} on ${row.column(column)} = ${value} and ${ofOrganization(row, scope)}`
}

/** Sums of the rows whose column holds the fact's id, made for all facts at once. */
export function summed(table: TableName, alias: string, by: string, sums: (row: Row) => Record<string, Sql>): Join {
  return (fact, scope) => {
    const row = rowOf(`${alias}_row`)
    const columns = Object.entries(sums(row)).map(([name, sum]) => sql`${sum} as ${sql.id(name)}`)
    return sql`left join (
      select ${row.column(by)} as id, ${sql.join(columns)} from ${sql.table(table)} as ${sql.id(row.alias)}
      where ${ofOrganization(row, scope)} and ${row.column(by)} is not null group by ${row.column(by)}
    ) as ${sql.id(alias)} on ${rowOf(alias).column('id')} = ${fact.row.column('id')}`
  }
}

export const ofFact = (fact: Fact): Row => fact.row
export const through =
  (join: string) =>
  (fact: Fact): Row =>
    fact.to(join)

export const column = (name: string): Value => Object.assign((fact: Fact) => fact.row.column(name), { column: name })
export const columnOf =
  (join: string, name: string): Value =>
  (fact) =>
    fact.to(join).column(name)

/** @param one the column whose values stand for these one to one, when that is not the value itself */
export const text = (description: string, value: Value, one = value.column): Dimension => ({
  type: 'text',
  description,
  value,
  column: one,
})
export const flag = (description: string, value: Value): Dimension => ({
  type: 'boolean',
  description,
  value,
  column: value.column,
})
export const oneOf = (enumName: EnumName, description: string, value: Value): Dimension => ({
  type: 'enum',
  enumName,
  description,
  value,
  column: value.column,
})

/** One dimension of many values: the elements of a text list. */
export const each = (alias: string, description: string, list: Value): Dimension => ({
  type: 'text',
  description: `${description} A fact with several counts in the group of each, and once in totals.`,
  value: () => sql.ref(`${alias}.value`),
  list,
  // A list may name a thing twice; a fact counts in its group once.
  many: (fact) =>
    sql`left join lateral (select distinct value from unnest(${list(fact)}) as e (value)) as ${sql.id(alias)} on true`,
})

/** The number of facts. */
export const facts = (description: string): Measure => ({
  kind: 'count',
  unit: 'count',
  description,
  value: () => sql`1`,
})
/** The number of facts of which something is true. */
export const those = (description: string, condition: Value): Measure => ({
  kind: 'count',
  unit: 'count',
  description,
  value: (fact) => sql`(${condition(fact)})::int`,
})
export const total = (description: string, value: Value, unit: Unit = 'count'): Measure => ({
  kind: 'count',
  unit,
  description,
  value,
})
export const distinct = (description: string, value: Value): Measure => ({
  kind: 'distinct',
  unit: 'count',
  description,
  value,
  column: value.column,
})
/** Facts of which one thing is true ÷ facts of which the other is; ÷ all unless given. */
export const share = (description: string, of: Value, per?: Value): Measure =>
  ratio(description, (fact) => sql`(${of(fact)})::int`, per ? (fact) => sql`(${per(fact)})::int` : () => sql`1`)
export const ratio = (description: string, of: Value, per: Value): Measure => ({
  kind: 'ratio',
  unit: 'ratio 0–1',
  description,
  of,
  per,
})
export const numbers = (
  type: NumberType,
  unit: Unit,
  description: string,
  value: Value,
  aggregates: readonly Aggregate[] = AGGREGATES,
): Measure => ({ kind: 'number', type, unit, description, value, aggregates })

export const usd = (description: string, value: Value) => numbers('decimal', 'USD', description, value)
export const seconds = (description: string, value: Value) => numbers('float', 'seconds', description, value)
export const tokens = (description: string, value: Value) => numbers('integer', 'tokens', description, value)

/** Scores: exact decimals whose sum means nothing. */
export const scores = (description: string, value: Value) =>
  numbers('decimal', 'score 0–100', description, value, WITHOUT_SUM)

/** Whether an enum column has this value. */
export const is =
  (value: Value, ...names: string[]): Value =>
  (fact) =>
    sql`${value(fact)} in (${sql.join(names.map((name) => sql.lit(name)))})`
/** Facts that belong to the object whose id the value is. */
export const perObject = (field: string, description: string, value: Value): ObjectMetrics => ({
  field,
  description,
  value,
})
export const has =
  (value: Value): Value =>
  (fact) =>
    sql`${value(fact)} is not null`
