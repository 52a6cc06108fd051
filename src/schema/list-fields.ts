import type { ObjectRef } from '@pothos/core'
import type { Entity } from '../filters/declaration.ts'
import type { Link } from '../filters/page.ts'
import { builder, type Types } from './builder.ts'
import { connectionOf } from './connection.ts'
import type PrismaTypes from './generated/pothos.ts'
import { listArguments, MOST_AT_TOP, MOST_NESTED } from './list-arguments.ts'
import { nestedList, topList } from './lists.ts'

type Node = ObjectRef<Types, unknown>

/** Adds a list of an entity's objects to the query type. */
export function addList(name: string, entity: Entity, node: unknown, description: string): void {
  builder.queryField(name, (t) =>
    t.field({
      type: connectionOf(entity.name, node as Node),
      args: listArguments(entity, MOST_AT_TOP),
      description,
      resolve: (_root, args, context, info) => topList(entity, args, context, info),
    }),
  )
}

type FieldBuilder = PothosSchemaTypes.PrismaObjectFieldBuilder<Types, PrismaTypes['Run']>

/**
 * A list of an entity's objects on the type of what they belong to.
 * @param link the entity's columns that may hold the parent's id, or another way to it
 */
export function nestedListField(
  t: unknown,
  entity: Entity,
  node: unknown,
  link: readonly string[] | Link,
  description: string,
) {
  return (t as FieldBuilder).field({
    type: connectionOf(entity.name, node as Node),
    args: listArguments(entity, MOST_NESTED),
    description,
    select: { id: true } as never,
    resolve: (parent, args, context, info) =>
      nestedList(
        entity,
        'through' in link || 'columns' in link ? link : { columns: link },
        (parent as { id: string }).id,
        args,
        context,
        info,
      ),
  })
}
