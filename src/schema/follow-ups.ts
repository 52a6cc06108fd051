import type { GraphQLResolveInfo } from 'graphql'
import { entities } from '../filters/entities/index.ts'
import { needsFollowUp, overdueHours } from '../measures/follow-ups.ts'
import { builder } from './builder.ts'
import { connectionOf } from './connection.ts'
import type { Context } from './context.ts'
import { Conversation } from './conversations.ts'
import { listArguments, MOST_AT_TOP } from './list-arguments.ts'
import { topList } from './lists.ts'

const { conversation } = entities

/** The moments that the lists of a request are asked for, by their keys in the response. */
const momentsOf = new WeakMap<Context, Map<string | number, Date>>()

/** What is overdue is so at a moment: the one that is given, else that of the list around it, else now. */
function momentOf(given: Date | null | undefined, context: Context, { path }: GraphQLResolveInfo): Date {
  return given ?? momentsOf.get(context)?.get(rootOf(path)) ?? context.now
}

function rootOf(path: GraphQLResolveInfo['path']): string | number {
  return path.prev ? rootOf(path.prev) : path.key
}

const { orderBy: _, ...pageArguments } = listArguments(conversation, MOST_AT_TOP)

builder.queryField('conversationsNeedingFollowUp', (t) =>
  t.field({
    type: connectionOf('Conversation', Conversation as never),
    description:
      'Conversations that wait to be gone on with: ACTIVE ones whose next touchpoint was due before a moment, the longest overdue first.',
    args: {
      asOf: t.arg({ type: 'DateTime', required: true, description: 'The moment to judge by.' }),
      ...pageArguments,
    },
    resolve(_root, { asOf, ...args }, context, info) {
      const moments = momentsOf.get(context) ?? new Map()
      momentsOf.set(context, moments.set(rootOf(info.path), asOf))
      const orderBy = [{ nextTouchpointAt: 'ASC' }]
      return topList(conversation, { ...args, orderBy }, context, info, { only: needsFollowUp(asOf) })
    },
  }),
)

const asOfDescription =
  'The moment to judge by; unless given, that of the `conversationsNeedingFollowUp` around it, else now.'

builder.prismaObjectField(Conversation, 'isOverdue', (t) =>
  t.boolean({
    description: 'Whether it is ACTIVE and its next touchpoint was due before the moment.',
    args: { asOf: t.arg({ type: 'DateTime', description: asOfDescription }) },
    select: { status: true, nextTouchpointAt: true },
    resolve: (due, { asOf }, context, info) => overdueHours(due, momentOf(asOf, context, info)) !== null,
  }),
)

builder.prismaObjectField(Conversation, 'overdueHours', (t) =>
  t.float({
    nullable: true,
    description: 'Hours from when its next touchpoint was due to the moment; null when it is not overdue.',
    args: { asOf: t.arg({ type: 'DateTime', description: asOfDescription }) },
    select: { status: true, nextTouchpointAt: true },
    resolve: (due, { asOf }, context, info) => overdueHours(due, momentOf(asOf, context, info)),
  }),
)
