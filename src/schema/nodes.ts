import { queryFromInfo } from '@pothos/plugin-prisma'
import DataLoader from 'dataloader'
import type { GraphQLResolveInfo } from 'graphql'
import type { Entity } from '../filters/declaration.ts'
import type { Context } from './context.ts'
import { hydrate, type NodeQuery } from './hydrate.ts'
import { placeOf } from './lists.ts'

type Place = { query: NodeQuery; nodes: DataLoader<string, object> }

const placesOf = new WeakMap<Context, Map<string, Place>>()

/**
 * The object with this id and what the request asks of it, for a field that leads to one object by way of a measure;
 * read together with those of the other parents at the same place. The measure has checked whose it is.
 */
export function loadNode(entity: Entity, id: string, context: Context, info: GraphQLResolveInfo): Promise<object> {
  // Pothos remembers the plan for that very place of the response: each is planned, also when all are read together.
  const query = queryFromInfo({ context, info, select: { id: true } })
  const places = placesOf.get(context) ?? new Map<string, Place>()
  placesOf.set(context, places)
  const key = placeOf(info)
  let place = places.get(key)
  if (!place) {
    place = { query, nodes: new DataLoader((ids) => load(entity, ids, context, query), { maxBatchSize: Infinity }) }
    places.set(key, place)
  }
  return place.nodes.load(id)
}

async function load(entity: Entity, ids: readonly string[], context: Context, query: NodeQuery) {
  const rows = await hydrate(context, entity, query, ids)
  return ids.map((id) => rows.get(id) ?? new Error(`Nothing was read for ${id}.`))
}
