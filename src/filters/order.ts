import { type RawBuilder, sql } from 'kysely'
import type { Direction, Entity, Field, OrderKey } from './declaration.ts'
import { columnOf, typeOf } from './operators.ts'
import { all, any, type Condition, type Row } from './scope.ts'
import { bad, isObject, type Path } from './values.ts'

/** One key of a sort; reversed to read a list from its end. */
export type SortKey = { name: string; field: Field; direction: Direction; nulls: 'first' | 'last' }

/**
 * Reads an `orderBy` argument: a list of objects with one field each. Nulls come last in both directions; the id comes
 * last of all, in the direction of the key before it, so that one index serves the whole order.
 * @throws BadInputError naming the path of what is wrong
 */
export function sortKeys(entity: Entity, orderBy: unknown, path: Path = 'orderBy'): SortKey[] {
  const keys = orderBy === null || orderBy === undefined ? [] : readOrder(entity, orderBy, path)
  if (keys.length === 0) keys.push(...entity.defaultOrder)
  if (!keys.some(({ field }) => field === 'id')) keys.push({ field: 'id', direction: keys.at(-1)?.direction ?? 'ASC' })
  return keys.map(({ field, direction }) => ({ name: field, field: entity.fields[field]!, direction, nulls: 'last' }))
}

function readOrder(entity: Entity, orderBy: unknown, path: Path): OrderKey[] {
  const list = Array.isArray(orderBy) ? orderBy : [orderBy]
  const seen = new Set<string>()
  return list.map((each, place) => {
    const { field, direction } = readOrderKey(each, `${path}[${place}]`)
    if (!Object.hasOwn(entity.fields, field) || !entity.fields[field]?.sortable)
      throw bad(`${path}[${place}].${field}`, `is not a field to sort ${entity.name} by`)
    if (seen.has(field)) throw bad(`${path}[${place}].${field}`, 'is there twice')
    seen.add(field)
    return { field, direction }
  })
}

/**
 * Reads one entry of an `orderBy`: an object that names one thing to sort by, which is not looked up.
 * @throws BadInputError naming the path of what is wrong
 */
export function readOrderKey(entry: unknown, path: Path): OrderKey {
  const entries = isObject(entry) ? Object.entries(entry).filter(([, direction]) => direction !== undefined) : []
  const [only] = entries
  if (!only || entries.length > 1) throw bad(path, 'must name one field; a list of them sorts by several')
  const [field, direction] = only
  if (direction !== 'ASC' && direction !== 'DESC') throw bad(`${path}.${field}`, 'must be ASC or DESC')
  return { field, direction }
}

export function reversed(keys: readonly SortKey[]): SortKey[] {
  return keys.map((key) => ({
    ...key,
    direction: key.direction === 'ASC' ? 'DESC' : 'ASC',
    nulls: key.nulls === 'last' ? 'first' : 'last',
  }))
}

export function orderClause(keys: readonly SortKey[], row: Row): RawBuilder<unknown> {
  return sql.join(
    keys.map(({ field, direction, nulls }) => {
      const sorted = sql`${columnOf(field, row)} ${sql.raw(direction.toLowerCase())}`
      // An index can be read in both directions only when the order says nothing of nulls.
      return field.required ? sorted : sql`${sorted} nulls ${sql.raw(nulls)}`
    }),
  )
}

/** The sort values of a row, as texts that `readCursor` takes. */
export function sortValues(keys: readonly SortKey[], row: Row): RawBuilder<(string | null)[]> {
  return sql`array[${sql.join(keys.map(({ field }) => sql`to_jsonb(${columnOf(field, row)}) #>> '{}'`))}]`
}

/** That a row comes after the one with these sort values. */
export function isAfter(keys: readonly SortKey[], values: readonly (string | null)[], row: Row): Condition {
  const alternatives = keys.map((key, place) => {
    const ties = keys.slice(0, place).map((tie, index) => isSame(tie, values[index]!, row))
    return all([...ties, isBeyond(key, values[place]!, row)])
  })
  const [first] = keys
  const start = values[0]!
  // Says nothing new, but gives an index the place to begin at.
  return first && start !== null && first.field.required
    ? all([sql`${columnOf(first.field, row)} ${startOperator(first)} ${valueSql(first, start)}`, any(alternatives)])
    : any(alternatives)
}

function isSame(key: SortKey, value: string | null, row: Row): Condition {
  const column = columnOf(key.field, row)
  return value === null ? sql`${column} is null` : sql`${column} = ${valueSql(key, value)}`
}

function isBeyond(key: SortKey, value: string | null, row: Row): Condition {
  const column = columnOf(key.field, row)
  if (value === null) return key.nulls === 'last' ? sql`false` : sql`${column} is not null`
  const beyond = sql<boolean>`${column} ${sql.raw(key.direction === 'ASC' ? '>' : '<')} ${valueSql(key, value)}`
  return key.nulls === 'last' && !key.field.required ? any([beyond, sql`${column} is null`]) : beyond
}

const startOperator = ({ direction }: SortKey): RawBuilder<unknown> => sql.raw(direction === 'ASC' ? '>=' : '<=')

const valueSql = ({ field }: SortKey, value: string): RawBuilder<unknown> => sql`${value}::text::${typeOf(field)}`
