import type { FieldRef } from '@pothos/core'
import type { Entity, Field } from '../filters/declaration.ts'
import { ownRows } from '../filters/scope.ts'
import type { Types } from './builder.ts'
import type { Context } from './context.ts'
import { enumOf } from './enums.ts'
import type PrismaTypes from './generated/pothos.ts'

type FieldBuilder = PothosSchemaTypes.PrismaObjectFieldBuilder<Types, PrismaTypes['Run']>
type Columns = Record<string, FieldRef<Types, unknown>>

const SCALARS = {
  uuid: 'ID',
  text: 'String',
  integer: 'Int',
  bigint: 'SafeInt',
  float: 'Float',
  decimal: 'Decimal',
  dateTime: 'DateTime',
  date: 'Date',
  boolean: 'Boolean',
  json: 'JSON',
} as const

/**
 * The fields of a type that show its entity's columns as they are, each read only when it is asked for.
 * @param t the builder of a type whose Prisma model has the entity's name
 * @param except fields that the type defines itself
 */
export function columnsOf(t: unknown, entity: Entity, except: readonly string[] = []): Columns {
  const columns = Object.entries(entity.fields).filter(([name]) => name !== 'id' && !except.includes(name))
  return Object.fromEntries(columns.map(([name, field]) => [name, column(t as FieldBuilder, name, field)]))
}

function column(t: FieldBuilder, name: string, field: Field): FieldRef<Types, unknown> {
  // The declaration and the Prisma schema agree on names, nullability and types; a test holds that.
  const options = {
    description: field.description,
    select: { [name]: true } as never,
    resolve: (row: object) => (row as Record<string, never>)[name]!,
  }
  if (field.kind === 'textList') return t.field({ ...options, type: ['String'] })
  const type = field.kind === 'enum' ? enumOf(field.enumName!) : SCALARS[field.kind]
  return t.field({ ...options, type: type as 'String', nullable: !field.required })
}

/** What all node types have in common: options of `builder.prismaNode` that read only what is asked for. */
export function nodeOf({ description }: Entity) {
  const findUnique = (id: string, { scope }: Context) => ({ id, ...ownRows(scope) })
  return { id: { field: 'id' }, findUnique, nullable: true, description, select: { id: true } } as const
}

/** The description of a relation, from the declaration. */
export function described(entity: Entity, relation: string): { description: string } {
  const declared = entity.relations[relation]
  if (!declared) throw new Error(`${entity.name} declares no relation ${relation}.`)
  return { description: declared.description }
}
