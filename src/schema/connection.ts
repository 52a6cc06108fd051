import type { ObjectRef } from '@pothos/core'
import type { Page, PageRow } from '../filters/page.ts'
import { builder, type Types } from './builder.ts'
import type { Context } from './context.ts'

/** A page of a list that reads what is asked of it, when it is asked. */
export type Connection = {
  page(): Promise<Page>
  node(id: string): Promise<object>
  totalCount(): Promise<number>
  /** Which way it is read, and whether from the list's end. */
  paging: { fromEnd: boolean; hasCursor: boolean }
  /** What was searched for, where its edges say more of that. */
  search?: string
}

type Edge = { row: PageRow; connection: Connection }
type ConnectionRef = ObjectRef<Types, Connection>

type PageInfoValue = {
  startCursor: string | null
  endCursor: string | null
  hasNextPage: boolean
  hasPreviousPage: boolean
}

const PageInfo = builder.objectRef<PageInfoValue>('PageInfo').implement({
  description: 'Where a page stands in its list.',
  fields: (t) => ({
    startCursor: t.exposeString('startCursor', { nullable: true, description: "The first object's place." }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description: "The last object's place: what `after` takes.",
    }),
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether there are objects after the page.' }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', { description: 'Whether there are objects before the page.' }),
  }),
})

const connections = new Map<string, ConnectionRef>()

/** What the edges of a connection have beside cursor and node: values that its pages' rows have by these names, or others. */
type EdgeFields = Record<
  string,
  {
    type: 'Float' | 'String'
    description: string
    resolve?: (row: PageRow, connection: Connection, context: Context) => unknown
  }
>

/** The connection type of a node type: `RunConnection` with `RunEdge`. */
export function connectionOf(
  name: string,
  node: ObjectRef<Types, unknown>,
  edgeFields: EdgeFields = {},
): ConnectionRef {
  const known = connections.get(name)
  if (known) return known
  const edge = builder.objectRef<Edge>(`${name}Edge`).implement({
    description: `A ${name} and its place in the list.`,
    fields: (t) => ({
      cursor: t.string({ description: 'Its place: what `after` and `before` take.', resolve: ({ row }) => row.cursor }),
      node: t.field({
        type: node,
        description: `The ${name}.`,
        resolve: ({ row, connection }) => connection.node(row.id) as never,
      }),
      ...Object.fromEntries(
        Object.entries(edgeFields).map(([field, { type, description, resolve }]) => [
          field,
          t.field({
            type,
            nullable: true,
            description,
            resolve: ({ row, connection }, _args, context) =>
              (resolve ? resolve(row, connection, context) : (row as Record<string, unknown>)[field]) as never,
          }),
        ]),
      ),
    }),
  })
  const ref = builder.objectRef<Connection>(`${name}Connection`).implement({
    description: `A page of a list of ${name} objects.`,
    fields: (t) => ({
      edges: t.field({
        type: [edge],
        description: 'The objects of the page with their places.',
        resolve: async (connection) => (await connection.page()).rows.map((row) => ({ row, connection })),
      }),
      nodes: t.field({
        type: [node],
        description: 'The objects of the page.',
        resolve: async (connection) => (await connection.page()).rows.map((row) => connection.node(row.id)) as never,
      }),
      pageInfo: t.field({ type: PageInfo, description: 'Where the page stands in the list.', resolve: pageInfo }),
      totalCount: t.int({
        description: 'How many objects the whole list has; counted only when it is asked for.',
        resolve: (connection) => connection.totalCount(),
      }),
    }),
  })
  connections.set(name, ref)
  return ref
}

async function pageInfo(connection: Connection): Promise<PageInfoValue> {
  const { rows, hasMore } = await connection.page()
  const { fromEnd, hasCursor } = connection.paging
  return {
    startCursor: rows[0]?.cursor ?? null,
    endCursor: rows.at(-1)?.cursor ?? null,
    // Beyond the cursor that it continues from there is at least the row of that cursor.
    hasNextPage: fromEnd ? hasCursor : hasMore,
    hasPreviousPage: fromEnd ? hasMore : hasCursor,
  }
}
