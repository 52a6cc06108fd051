import { sql } from 'kysely'
import type { Entity, Field } from '../filters/declaration.ts'
import { columnOf } from '../filters/operators.ts'
import type { Row } from '../filters/scope.ts'
import { type Column, snakeCase } from './view.ts'

/** The columns of an entity: its id, the ids of what it belongs to, and its fields. */
export function entityColumns(entity: Entity, row: Row): Column[] {
  const links = Object.values(entity.relations).flatMap(({ reference, description, entity: other }) =>
    reference.on === 'this'
      ? [
          {
            name: reference.column,
            sql: row.column(reference.column),
            description: `The id of: ${description} (${other().name})`,
          },
        ]
      : [],
  )
  const fields = Object.entries(entity.fields).map(
    ([name, field]): Column => ({
      name: snakeCase(name),
      ...flat(field, row),
      description: field.description,
    }),
  )
  const columns = [{ name: 'id', sql: row.column('id'), description: 'Its id.' }, ...links, ...fields]
  return [...new Map(columns.map((column) => [column.name, column])).values()]
}

/** A value as BI tools take it: no enum types, no lists, no JSON. */
function flat(field: Field, row: Row): Pick<Column, 'sql' | 'type'> {
  const value = columnOf(field, row)
  switch (field.kind) {
    case 'enum':
    case 'json':
      return { sql: value, type: 'text' }
    case 'integer':
      return { sql: value, type: 'int8' }
    case 'textList':
      return { sql: sql`array_to_string(${value}, ', ')` }
    default:
      return { sql: value }
  }
}
