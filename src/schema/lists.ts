import DataLoader from 'dataloader'
import type { GraphQLResolveInfo } from 'graphql'
import type { Entity } from '../filters/declaration.ts'
import {
  countRows,
  countRowsOf,
  type Found,
  findPage,
  findPages,
  type Link,
  type Page,
  type Paging,
  type Selection,
} from '../filters/page.ts'
import type { Connection } from './connection.ts'
import type { Context } from './context.ts'
import { hydrate, type NodeQuery, planNodes } from './hydrate.ts'
import { type ListArguments, MOST_AT_TOP, MOST_NESTED, readPaging } from './list-arguments.ts'

/** What a list is made of beside its arguments. */
export type ListOptions = Pick<Selection, 'only'> & {
  /** Searches, when the list is read. */
  find?: () => Promise<Found>
}

/** A list at the top: one statement finds the page, one reads what is asked of its nodes. */
export function topList(
  entity: Entity,
  args: ListArguments,
  context: Context,
  info: GraphQLResolveInfo,
  { only, find }: ListOptions = {},
): Connection {
  const selection = once(async (): Promise<Selection> => {
    return { entity, scope: context.scope, where: args.where, only, found: await find?.() }
  })
  const paging = readPaging(args, MOST_AT_TOP)
  const page = once(async () => findPage(context.db, await selection(), paging))
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
    totalCount: once(async () => countRows(context.db, await selection())),
    paging: { fromEnd: paging.fromEnd ?? false, hasCursor: paging.cursor != null },
  }
}

/** What the lists of all parents at one place of a request have in common. */
type Siblings = {
  place: string
  selection: Selection
  find: ListOptions['find']
  link: Link
  paging: Paging
  nodes: DataLoader<string, object>
  /** Asked of the nodes of each of them; planned when the first is asked for its nodes. */
  query?: NodeQuery
}

/** A parent's list at a place. */
type Key = { siblings: Siblings; parent: string }

/** The lists of a request: what one level asks of them is read together, of whatever kinds they are. */
type Lists = {
  places: Map<string, Siblings>
  pages: DataLoader<Key, Page, string>
  counts: DataLoader<Key, number, string>
}

const listsOf = new WeakMap<Context, Lists>()

/** The list of one parent, read together with those of the other parents at the same place, and of its own other lists. */
export function nestedList(
  entity: Entity,
  link: Link,
  parentId: string,
  args: ListArguments,
  context: Context,
  info: GraphQLResolveInfo,
  { only, find }: ListOptions = {},
): Connection {
  const paging = readPaging(args, MOST_NESTED)
  const lists = listsOf.get(context) ?? newLists(context)
  const place = placeOf(info)
  let siblings = lists.places.get(place)
  if (!siblings) {
    // At one place all parents are asked the same: a document that differs there is not valid.
    siblings = {
      place,
      selection: { entity, scope: context.scope, where: args.where, only },
      find,
      link,
      paging,
      nodes: nodeLoader((ids) => hydrate(context, entity, siblings!.query!, ids)),
    }
    lists.places.set(place, siblings)
  }
  const own = siblings
  const key = { siblings: own, parent: parentId }
  const plan = once(async () => {
    own.query = planNodes(context, info)
  })
  return {
    page: () => lists.pages.load(key),
    node(id) {
      plan()
      return own.nodes.load(id)
    },
    totalCount: () => lists.counts.load(key),
    paging: { fromEnd: paging.fromEnd ?? false, hasCursor: paging.cursor != null },
  }
}

function newLists(context: Context): Lists {
  const lists: Lists = {
    places: new Map(),
    pages: keyLoader(async (groups) => findPages(context.db, await searched(groups))),
    counts: keyLoader(async (groups) => countRowsOf(context.db, await searched(groups))),
  }
  listsOf.set(context, lists)
  return lists
}

async function searched<Group extends Siblings>(groups: readonly Group[]): Promise<Group[]> {
  return Promise.all(
    groups.map(async (group) => ({ ...group, selection: { ...group.selection, found: await group.find?.() } })),
  )
}

/** Loads something of many lists at once: those of one place are one part of the statement. */
function keyLoader<Value>(
  load: (groups: (Siblings & { parents: string[] })[]) => Promise<ReadonlyMap<string, Value>[]>,
): DataLoader<Key, Value, string> {
  return new DataLoader(
    async (keys) => {
      const parents = new Map<Siblings, string[]>()
      for (const { siblings, parent } of keys) parents.set(siblings, [...(parents.get(siblings) ?? []), parent])
      const groups = [...parents]
      const values = await load(groups.map(([siblings, own]) => ({ ...siblings, parents: own })))
      const found = new Map(groups.map(([siblings], place) => [siblings, values[place]!]))
      return keys.map(
        ({ siblings, parent }) => found.get(siblings)!.get(parent) ?? new Error(`Nothing was read for ${parent}.`),
      )
    },
    {
      maxBatchSize: Number.POSITIVE_INFINITY,
      cacheKeyFn: ({ siblings, parent }: Key) => `${siblings.place} ${parent}`,
    },
  )
}

/** The response path without the indexes of lists, and the field, which a path shares with those of other types. */
export function placeOf({ path, parentType, fieldName }: GraphQLResolveInfo): string {
  const keys: string[] = []
  for (let at: GraphQLResolveInfo['path'] | undefined = path; at; at = at.prev)
    if (typeof at.key === 'string') keys.push(at.key)
  return `${parentType.name}.${fieldName}@${keys.reverse().join('.')}`
}

function nodeLoader<Value>(
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
