import DataLoader from 'dataloader'
import type { GraphQLResolveInfo } from 'graphql'
import type { Entity } from '../filters/declaration.ts'
import { countRows, countRowsOf, findPage, findPages, type Link, type Page, type Selection } from '../filters/page.ts'
import type { Where } from '../filters/where.ts'
import type { Connection } from './connection.ts'
import type { Context } from './context.ts'
import { hydrate, type NodeQuery, planNodes } from './hydrate.ts'
import { type ListArguments, MOST_AT_TOP, MOST_NESTED, readPaging } from './list-arguments.ts'

/** A list at the top: one statement finds the page, one reads what is asked of its nodes. */
export function topList(
  entity: Entity,
  args: ListArguments,
  context: Context,
  info: GraphQLResolveInfo,
  only?: Where,
): Connection {
  const selection: Selection = { entity, scope: context.scope, where: args.where, only }
  const paging = readPaging(args, MOST_AT_TOP)
  const page = once(() => findPage(context.db, selection, paging))
  const rows = once(async () =>
    hydrate(
      context,
      entity,
      planNodes(context, info),
      (await page()).rows.map(({ id }) => id),
    ),
  )
  return {
    page,
    node: async (id) => (await rows()).get(id)!,
    totalCount: once(() => countRows(context.db, selection)),
    paging: { fromEnd: paging.fromEnd ?? false, hasCursor: paging.cursor != null },
  }
}

/** The lists of all parents at one place of a request, read together: a statement for all pages, one for all nodes. */
type Siblings = {
  pages: DataLoader<string, Page>
  nodes: DataLoader<string, object>
  counts: DataLoader<string, number>
  /** Asked of the nodes of each of them; planned when the first is asked for its nodes. */
  query?: NodeQuery
}

const siblingsOf = new WeakMap<Context, Map<string, Siblings>>()

/** The list of one parent, read together with those of the other parents at the same place. */
export function nestedList(
  entity: Entity,
  link: Link,
  parentId: string,
  args: ListArguments,
  context: Context,
  info: GraphQLResolveInfo,
  only?: Where,
): Connection {
  const paging = readPaging(args, MOST_NESTED)
  const places = siblingsOf.get(context) ?? new Map<string, Siblings>()
  siblingsOf.set(context, places)
  const place = placeOf(info)
  let siblings = places.get(place)
  if (!siblings) {
    // At one place all parents are asked the same: a document that differs there is not valid.
    const selection: Selection = { entity, scope: context.scope, where: args.where, only }
    siblings = {
      pages: loader((parents) => findPages(context.db, selection, paging, link, parents)),
      nodes: loader((ids) => hydrate(context, entity, siblings!.query!, ids)),
      counts: loader((parents) => countRowsOf(context.db, selection, link, parents)),
    }
    places.set(place, siblings)
  }
  const { pages, nodes, counts } = siblings
  const plan = once(async () => {
    siblings.query = planNodes(context, info)
  })
  return {
    page: () => pages.load(parentId),
    node(id) {
      plan()
      return nodes.load(id)
    },
    totalCount: () => counts.load(parentId),
    paging: { fromEnd: paging.fromEnd ?? false, hasCursor: paging.cursor != null },
  }
}

/** The response path without the indexes of lists, and the field, which a path shares with those of other types. */
function placeOf({ path, parentType, fieldName }: GraphQLResolveInfo): string {
  const keys: string[] = []
  for (let at: GraphQLResolveInfo['path'] | undefined = path; at; at = at.prev)
    if (typeof at.key === 'string') keys.push(at.key)
  return `${parentType.name}.${fieldName}@${keys.reverse().join('.')}`
}

function loader<Value>(
  load: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
): DataLoader<string, Value> {
  return new DataLoader(
    async (keys) => {
      const values = await load(keys)
      return keys.map((key) => values.get(key) ?? new Error(`Nothing was read for ${key}.`))
    },
    { maxBatchSize: Number.POSITIVE_INFINITY },
  )
}

/** The result of the first call, for all calls. */
export function once<T>(read: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined
  return () => {
    result ??= read()
    return result
  }
}
