import { queryFromInfo } from '@pothos/plugin-prisma'
import type { GraphQLResolveInfo } from 'graphql'
import { BadInputError } from '../errors.ts'
import type { Entity } from '../filters/declaration.ts'
import { decodeGlobalId, encodeGlobalId, isUuid } from '../filters/global-ids.ts'
import { ownRows } from '../filters/scope.ts'
import { builder } from './builder.ts'
import type { Context } from './context.ts'
import { delegateOf } from './hydrate.ts'

/** One way to name an object: a Prisma condition from the text that names it. */
type Key = { description: string; where(text: string, argument: string): object }

type Lookup = {
  entity: Entity
  node: unknown
  description: string
  keys: Record<string, Key>
  /** What may be given beside a key to tell objects apart that it names alike. */
  companions?: Record<string, Key>
}

/** As many matches as an error names. */
const MOST_NAMED = 10

/**
 * Adds a field that finds the one object that `by` names: null when there is none, an error when there are several.
 * @returns the input type of `by`, and the same search for fields that take it as an argument of their own
 */
export function addLookup(name: string, { entity, node, description, keys, companions = {} }: Lookup) {
  const all: Record<string, Key> = { id: idKey(entity), ...keys }
  const By = builder.inputType(`${entity.name}By`, {
    description: `What names a ${entity.name}: exactly one of ${Object.keys(all).join(', ')}.`,
    fields: (t) =>
      Object.fromEntries(
        Object.entries({ ...all, ...companions }).map(([key, { description: is }]) => [
          key,
          key === 'id' ? t.id({ description: is }) : t.string({ description: is }),
        ]),
      ),
  })
  const named = (argument: string, given: By): object[] => {
    const wheres = conditionsOf(argument, given, all)
    if (wheres.length !== 1) {
      throw new BadInputError(`${argument} must have exactly one of ${Object.keys(all).join(', ')}.`, { argument })
    }
    return [...wheres, ...conditionsOf(argument, given, companions)]
  }
  builder.queryField(name, (t) =>
    t.field({
      type: node as never,
      nullable: true,
      description,
      args: { by: t.arg({ type: By, required: true, description: `What names the ${entity.name}.` }) },
      resolve: (_root, { by }, context, info) =>
        findOne(entity, 'by', named('by', by as By), queryOf(context, info), context) as never,
    }),
  )
  return {
    By,
    /** The id of the object that the argument names; null when there is none. */
    async idOf(argument: string, by: unknown, context: Context): Promise<string | null> {
      const found = await findOne(entity, argument, named(argument, by as By), { select: { id: true } }, context)
      return found?.id ?? null
    },
  }
}

type By = Record<string, string | null | undefined>

function queryOf(context: Context, info: GraphQLResolveInfo): object {
  return queryFromInfo({ context, info, select: { id: true } })
}

function conditionsOf(argument: string, by: By, keys: Record<string, Key>): object[] {
  return Object.entries(keys).flatMap(([name, key]) => {
    const text = by[name]
    if (text === null || text === undefined) return []
    if (text.includes('\u0000'))
      throw new BadInputError(`${argument}.${name} holds a NUL character.`, { argument: `${argument}.${name}` })
    return [key.where(text, `${argument}.${name}`)]
  })
}

async function findOne(
  entity: Entity,
  argument: string,
  wheres: object[],
  query: object,
  context: Context,
): Promise<{ id: string } | null> {
  const found = await delegateOf(context, entity).findMany({
    ...query,
    where: { AND: [ownRows(context.scope), ...wheres] },
    orderBy: { id: 'asc' },
    take: MOST_NAMED + 1,
  })
  if (found.length <= 1) return found[0] ?? null
  const ids = found.slice(0, MOST_NAMED).map(({ id }) => encodeGlobalId(entity.name, id))
  const more = found.length > MOST_NAMED ? ' and more' : ''
  throw new BadInputError(`${argument} names several ${entity.name} objects: ${ids.join(', ')}${more}.`, {
    argument,
    hint: 'Name one of them by its id.',
  })
}

function idKey({ name }: Entity): Key {
  return {
    description: 'Its id, as `id` fields give it.',
    where(text, argument) {
      const global = decodeGlobalId(text)
      if (global?.typeName === name) return { id: global.id }
      if (isUuid(text)) return { id: text }
      throw new BadInputError(`${argument} is not the id of a ${name}.`, { argument })
    },
  }
}
