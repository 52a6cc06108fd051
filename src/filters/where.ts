import { sql } from 'kysely'
import type { Entity, Field, Relation } from './declaration.ts'
import { OPERATORS } from './operators.ts'
import { all, any, type Condition, not, ofOrganization, type Row, rowOf, type Scope } from './scope.ts'
import { bad, isObject, type Path } from './values.ts'

/** A filter in the shape that every list, metric and export takes; it is checked as it is compiled. */
export type Where = Readonly<Record<string, unknown>>

const DEEPEST = 10
const MOST_CONDITIONS = 500

/** Counts what one filter asks, so that none grows beyond what a database should plan. */
type Budget = { conditions: number }

type Place = { entity: Entity; row: Row; scope: Scope; budget: Budget; depth: number; path: Path }

/**
 * Compiles a filter to SQL. Nothing of it becomes SQL text: names are looked up in the declaration, values are
 * parameters.
 * @param where null or undefined mean no condition
 * @param path how the argument is called in messages
 * @throws BadInputError naming the path of what is wrong
 */
export function compileWhere(entity: Entity, where: unknown, row: Row, scope: Scope, path: Path = 'where'): Condition {
  return compileObject(where, { entity, row, scope, budget: { conditions: 0 }, depth: 1, path })
}

function compileObject(where: unknown, place: Place): Condition {
  if (where === null || where === undefined) return all([])
  if (!isObject(where)) throw bad(place.path, 'must be an object of conditions')
  if (place.depth > DEEPEST) throw bad(place.path, `is nested deeper than ${DEEPEST} levels`)
  return all(Object.entries(where).map(([name, argument]) => compileEntry(name, argument, place)))
}

function compileEntry(name: string, argument: unknown, place: Place): Condition {
  const path = `${place.path}.${name}`
  const inner = { ...place, depth: place.depth + 1, path }
  // A condition that a client left out of its variables arrives as null or undefined.
  if (argument === null || argument === undefined) return all([])
  place.budget.conditions += 1
  if (place.budget.conditions > MOST_CONDITIONS)
    throw bad(path, `is one condition too many; ${MOST_CONDITIONS} are allowed`)
  if (name === 'AND') return all(compileEach(argument, inner))
  if (name === 'OR') return any(compileEach(argument, inner))
  if (name === 'NOT') return not(compileObject(argument, inner))
  const field = ownValue(place.entity.fields, name)
  if (field?.filterable) return compileField(field, argument, inner)
  const relation = ownValue(place.entity.relations, name)
  if (relation) return compileRelation(relation, argument, inner)
  throw bad(path, `is not a condition on ${place.entity.name}`)
}

function compileEach(argument: unknown, place: Place): Condition[] {
  const list = Array.isArray(argument) ? argument : [argument]
  return list.map((each, index) => compileObject(each, { ...place, path: `${place.path}[${index}]` }))
}

function compileField(field: Field, argument: unknown, { entity, row, path }: Place): Condition {
  if (!isObject(argument)) throw bad(path, 'must be an object of operators')
  const operators = OPERATORS[field.kind]
  return all(
    Object.entries(argument).flatMap(([name, value]) => {
      const operator = ownValue(operators, name)
      if (!operator) throw bad(`${path}.${name}`, `is not an operator; ${Object.keys(operators).join(', ')} are`)
      return value === undefined ? [] : [operator(value, `${path}.${name}`, field, row, entity)]
    }),
  )
}

function compileRelation(relation: Relation, argument: unknown, place: Place): Condition {
  if (!isObject(argument)) throw bad(place.path, 'must be an object of conditions')
  const { isNull, ...conditions } = argument
  const isAskedForAbsence = isNull !== undefined && isNull !== null
  const parts = isAskedForAbsence ? [absence(relation, isNull, place)] : []
  if (!isAskedForAbsence || Object.keys(conditions).length > 0) parts.push(existence(relation, conditions, place))
  return all(parts)
}

function absence(relation: Relation, isNull: unknown, place: Place): Condition {
  if (!relation.optional) throw bad(`${place.path}.isNull`, 'can be asked only of a relation that can be missing')
  if (typeof isNull !== 'boolean') throw bad(`${place.path}.isNull`, 'must be true or false')
  const { on, column } = relation.reference
  const present = on === 'this' ? sql<boolean>`${place.row.column(column)} is not null` : existence(relation, {}, place)
  return isNull ? sql<boolean>`not ${present}` : present
}

/** That there is a related row that meets the conditions. */
function existence(relation: Relation, conditions: Where, place: Place): Condition {
  const entity = relation.entity()
  const row = rowOf(`${place.row.alias}_${place.depth}`)
  const { on, column } = relation.reference
  const link =
    on === 'this'
      ? sql<boolean>`${row.column('id')} = ${place.row.column(column)}`
      : sql<boolean>`${row.column(column)} = ${place.row.column('id')}`
  const related = all([ofOrganization(row, place.scope), link, compileObject(conditions, { ...place, entity, row })])
  return sql<boolean>`exists (select from ${sql.table(entity.table)} as ${sql.id(row.alias)} where ${related})`
}

/** Only what the declaration itself holds: `constructor` is no field. */
function ownValue<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}
