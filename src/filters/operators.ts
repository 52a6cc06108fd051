import { type RawBuilder, sql } from 'kysely'
import type { Entity, Field, Kind } from './declaration.ts'
import type { Condition, Row } from './scope.ts'
import { bad, type Path, readValue, readValues } from './values.ts'

type Column = RawBuilder<unknown>
type Compile = (argument: unknown, path: Path, field: Field, row: Row, entity: Entity) => Condition

/** The column, or the expression that stands for it. */
export function columnOf(field: Field, row: Row): Column {
  return field.computed ? sql`(${field.computed(row)})` : row.column(field.column)
}

/** The PostgreSQL type that the text form of a value is cast to. */
export function typeOf(field: Field): RawBuilder<unknown> {
  return field.kind === 'enum' ? sql.id(field.enumName!) : sql.raw(TYPES[field.kind])
}

// Whole numbers are compared as int8, so that one beyond the column's range compares instead of failing.
const TYPES: Record<Exclude<Kind, 'enum'>, string> = {
  uuid: 'uuid',
  text: 'text',
  textList: 'text',
  integer: 'int8',
  bigint: 'int8',
  float: 'float8',
  decimal: 'numeric',
  dateTime: 'timestamptz',
  date: 'date',
  boolean: 'boolean',
  json: 'jsonb',
}

const cast = (value: string, field: Field): Column => sql`${value}::text::${typeOf(field)}`
const castList = (values: string[], field: Field): Column => sql`${values}::text[]::${typeOf(field)}[]`

const equals: Compile = (argument, path, field, row, entity) =>
  sql`${columnOf(field, row)} = ${cast(readValue(argument, path, field, entity), field)}`

const notEquals: Compile = (argument, path, field, row, entity) =>
  sql`${columnOf(field, row)} is distinct from ${cast(readValue(argument, path, field, entity), field)}`

const isIn: Compile = (argument, path, field, row, entity) =>
  sql`${columnOf(field, row)} = any(${castList(readValues(argument, path, field, entity), field)})`

const notIn: Compile = (argument, path, field, row, entity) => {
  const values = readValues(argument, path, field, entity)
  return sql`(${columnOf(field, row)} = any(${castList(values, field)})) is not true`
}

const compare =
  (operator: '>' | '>=' | '<' | '<='): Compile =>
  (argument, path, field, row, entity) =>
    sql`${columnOf(field, row)} ${sql.raw(operator)} ${cast(readValue(argument, path, field, entity), field)}`

// Columns are COLLATE "C", which knows no case beyond ASCII; the database's own collation does.
const like =
  (pattern: (escaped: string) => string): Compile =>
  (argument, path, field, row, entity) => {
    const escaped = readValue(argument, path, field, entity).replace(/[\\%_]/g, '\\$&')
    return sql`${columnOf(field, row)} collate "default" ilike ${pattern(escaped)}`
  }

const flag =
  (whenTrue: (column: Column) => Condition, whenFalse: (column: Column) => Condition): Compile =>
  (argument, path, field, row) => {
    if (typeof argument !== 'boolean') throw bad(path, 'must be true or false')
    return (argument ? whenTrue : whenFalse)(columnOf(field, row))
  }

const isNull = flag(
  (column) => sql`${column} is null`,
  (column) => sql`${column} is not null`,
)

const equality = { equals, notEquals, in: isIn, notIn, isNull }
const order = { gt: compare('>'), gte: compare('>='), lt: compare('<'), lte: compare('<=') }

const lists: Record<string, Compile> = {
  has: (argument, path, field, row, entity) =>
    sql`${columnOf(field, row)} @> ${castList([readValue(argument, path, field, entity)], field)}`,
  hasSome: (argument, path, field, row, entity) =>
    sql`${columnOf(field, row)} && ${castList(readValues(argument, path, field, entity), field)}`,
  hasEvery: (argument, path, field, row, entity) =>
    sql`${columnOf(field, row)} @> ${castList(readValues(argument, path, field, entity), field)}`,
  isEmpty: flag(
    (column) => sql`cardinality(${column}) = 0`,
    (column) => sql`cardinality(${column}) > 0`,
  ),
}

/** What each kind of field can be asked. */
export const OPERATORS: Record<Kind, Record<string, Compile>> = {
  uuid: equality,
  text: { ...equality, contains: like((text) => `%${text}%`), startsWith: like((text) => `${text}%`) },
  enum: equality,
  boolean: { equals, notEquals, isNull },
  integer: { ...equality, ...order },
  bigint: { ...equality, ...order },
  float: { ...equality, ...order },
  decimal: { ...equality, ...order },
  dateTime: { ...equality, ...order },
  date: { ...equality, ...order },
  textList: lists,
  json: { isNull },
}
