import { sql } from 'kysely'
import type { Entity } from '../filters/declaration.ts'
import { columnOf } from '../filters/operators.ts'
import { all, ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import { entityColumns } from './entity-columns.ts'
import { type Column, F, snakeCase, type View } from './view.ts'

/** What people know things by, the best first. */
const LABELS = ['domain', 'externalId', 'fullName', 'name', 'version', 'title']

/** A view of an entity's rows: its columns, and by name what each row belongs to. */
export function entityView(entity: Entity, name: string, scope: Scope): View {
  const own = entityColumns(entity, F)
  const taken = new Set(own.map((column) => column.name))
  const named = Object.entries(entity.relations).flatMap(([relation, { reference, entity: other, description }]) => {
    const target = other()
    const field = target.fields[LABELS.find((label) => label in target.fields) ?? '']
    if (reference.on !== 'this' || !field) return []
    const alias = rowOf(`to_${snakeCase(relation)}`)
    const plain = snakeCase(relation)
    const column: Column = {
      name: taken.has(plain) ? `${plain}_name` : plain,
      sql: columnOf(field, alias),
      description: `${description} ${target.name}: ${field.description}`,
    }
    const join = sql`left join ${sql.table(target.table)} as ${sql.id(alias.alias)} on ${all([sql`${alias.column('id')} = ${F.column(reference.column)}`, ofOrganization(alias, scope)])}`
    return taken.has(column.name) ? [] : [{ column, join }]
  })
  const time = entity.defaultOrder.find(({ field }) => entity.fields[field]?.kind === 'dateTime')?.field
  return {
    name,
    description: entity.description,
    columns: [...own, ...named.map(({ column }) => column)],
    from: (only) =>
      sql`from ${sql.table(entity.table)} as f ${sql.join(
        named.map(({ join }) => join),
        sql` `,
      )} where ${all(only)}`,
    entity,
    isSortable: true,
    subject: null,
    time: time === undefined ? null : snakeCase(time),
    recipes: [],
  }
}
