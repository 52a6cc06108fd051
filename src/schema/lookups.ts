import { queryFromInfo } from '@pothos/plugin-prisma'
import type { GraphQLResolveInfo } from 'graphql'
import { BadInputError } from '../errors.ts'
import type { Entity } from '../filters/declaration.ts'
import { decodeGlobalId, encodeGlobalId, isUuid } from '../filters/global-ids.ts'
import { builder } from './builder.ts'
import type { Context } from './context.ts'
import { delegateOf } from './hydrate.ts'

/** One way to name an object: a Prisma condition from the text that names it. */
type Key = { description: string; where(text: string): object }

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

/** Adds a field that finds the one object that `by` names: null when there is none, an error when there are several. */
export function addLookup(name: string, { entity, node, description, keys, companions = {} }: Lookup): void {
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
  builder.queryField(name, (t) =>
    t.field({
      type: node as never,
      nullable: true,
      description,
      args: { by: t.arg({ type: By, required: true, description: `What names the ${entity.name}.` }) },
      resolve: (_root, { by }, context, info) => {
        const given = by as Record<string, string | null | undefined>
        const wheres = conditionsOf(given, all)
        if (wheres.length !== 1) {
          throw new BadInputError(`by must have exactly one of ${Object.keys(all).join(', ')}.`, { argument: 'by' })
        }
        return findOne(entity, [...wheres, ...conditionsOf(given, companions)], context, info) as never
      },
    }),
  )
}

function conditionsOf(by: Record<string, string | null | undefined>, keys: Record<string, Key>): object[] {
  return Object.entries(keys).flatMap(([name, key]) => {
    const text = by[name]
    if (text === null || text === undefined) return []
    if (text.includes('\u0000'))
      throw new BadInputError(`by.${name} holds a NUL character.`, { argument: `by.${name}` })
    return [key.where(text)]
  })
}

async function findOne(
  entity: Entity,
  wheres: object[],
  context: Context,
  info: GraphQLResolveInfo,
): Promise<object | null> {
  const { organizationId } = context.scope
  const found = await delegateOf(context, entity).findMany({
    ...queryFromInfo({ context, info, select: { id: true } }),
    where: { AND: organizationId === null ? wheres : [{ organizationId }, ...wheres] },
    orderBy: { id: 'asc' },
    take: MOST_NAMED + 1,
  })
  if (found.length <= 1) return found[0] ?? null
  const ids = found.slice(0, MOST_NAMED).map(({ id }) => encodeGlobalId(entity.name, id))
  const more = found.length > MOST_NAMED ? ' and more' : ''
  throw new BadInputError(`by names several ${entity.name} objects: ${ids.join(', ')}${more}.`, {
    argument: 'by',
    hint: 'Name one of them by its id.',
  })
}

function idKey({ name }: Entity): Key {
  return {
    description: 'Its id, as `id` fields give it.',
    where(text) {
      const global = decodeGlobalId(text)
      if (global?.typeName === name) return { id: global.id }
      if (isUuid(text)) return { id: text }
      throw new BadInputError(`by.id is not the id of a ${name}.`, { argument: 'by.id' })
    },
  }
}
