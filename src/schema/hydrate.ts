import { queryFromInfo } from '@pothos/plugin-prisma'
import type { GraphQLResolveInfo } from 'graphql'
import type { Entity } from '../filters/declaration.ts'
import { ownRows } from '../filters/scope.ts'
import type { Context } from './context.ts'

type Row = { id: string }
type Delegate = { findMany(query: object): Promise<Row[]> }

/** What the request asks of the nodes of a connection: their columns, to-one relations and lists, as Prisma takes it. */
export type NodeQuery = object

const NODE_PATHS = [[{ name: 'nodes' }], [{ name: 'edges' }, { name: 'node' }]]

/**
 * Plans the query for the nodes of the connection that `info` resolves. Pothos remembers it for that very place of the
 * response: every connection must be planned, also when the rows of several are read together.
 */
export function planNodes(context: Context, info: GraphQLResolveInfo): NodeQuery {
  return queryFromInfo({ context, info, paths: NODE_PATHS as never, select: { id: true } })
}

/** Reads the rows with these ids. */
export async function hydrate(
  context: Context,
  entity: Entity,
  query: NodeQuery,
  ids: readonly string[],
): Promise<Map<string, Row>> {
  if (ids.length === 0) return new Map()
  const where = { id: { in: [...ids] }, ...ownRows(context.scope) }
  const rows = await delegateOf(context, entity).findMany({ ...query, where })
  return new Map(rows.map((row) => [row.id, row]))
}

/** Prisma's queries for an entity's table. */
export function delegateOf({ tx }: Context, { name }: Entity): Delegate {
  const property = name.charAt(0).toLowerCase() + name.slice(1)
  return (tx as unknown as Record<string, Delegate>)[property]!
}
