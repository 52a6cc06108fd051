import { queryFromInfo } from '@pothos/plugin-prisma'
import type { GraphQLResolveInfo } from 'graphql'
import type { Entity } from '../filters/declaration.ts'
import type { Context } from './context.ts'

type Row = { id: string }
type Delegate = { findMany(query: object): Promise<Row[]> }

/**
 * Reads the rows with these ids, with what the request asks of the nodes of the connection that `info` resolves: their
 * columns, their to-one relations, their lists. The ids come from a query that has checked whose they are.
 */
export async function hydrate(context: Context, info: GraphQLResolveInfo, entity: Entity, ids: readonly string[]): Promise<Map<string, Row>> {
  const paths = [[{ name: 'nodes' }], [{ name: 'edges' }, { name: 'node' }]]
  const query = queryFromInfo({ context, info, paths: paths as never, select: { id: true } })
  const rows = ids.length === 0 ? [] : await delegateOf(context, entity).findMany({ ...query, where: { id: { in: [...ids] } } })
  return new Map(rows.map((row) => [row.id, row]))
}

/** Prisma's queries for an entity's table. */
export function delegateOf({ tx }: Context, { name }: Entity): Delegate {
  const property = name.charAt(0).toLowerCase() + name.slice(1)
  return (tx as unknown as Record<string, Delegate>)[property]!
}
