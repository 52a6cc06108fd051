import { BadInputError } from '../errors.ts'
import type { Entity } from '../filters/declaration.ts'
import type { Paging } from '../filters/page.ts'
import type { Where } from '../filters/where.ts'
import { builder } from './builder.ts'
import { orderByOf } from './order-inputs.ts'
import { whereOf } from './where-inputs.ts'

export const USUAL_SIZE = 20
export const MOST_AT_TOP = 500
export const MOST_NESTED = 100

/** The arguments of every list. */
export type ListArguments = {
  where?: Where | null
  orderBy?: readonly object[] | null
  first?: number | null
  after?: string | null
  last?: number | null
  before?: string | null
}

export function listArguments(entity: Entity, most: number) {
  return builder.args((t) => ({
    where: t.field({ type: whereOf(entity), description: 'Which objects to take; all unless given.' }),
    orderBy: t.field({
      type: [orderByOf(entity)],
      description: `How to sort; ${usualOrder(entity)} unless given. Rows without a value come last, and the id decides between equals.`,
    }),
    first: t.int({
      description: `How many objects to take from the beginning, or after \`after\`: ${USUAL_SIZE} unless given, at most ${most}.`,
      extensions: { size: { usual: USUAL_SIZE, most } },
    }),
    after: t.string({ description: 'Take objects after this place, which an edge of this list in this order gave.' }),
    last: t.int({
      description: `How many objects to take from the end, or before \`before\`: at most ${most}.`,
      extensions: { size: { usual: USUAL_SIZE, most } },
    }),
    before: t.string({ description: 'With `last`: take objects before this place.' }),
  }))
}

/** @throws BadInputError naming the argument that is out of range or does not go with another */
export function readPaging({ orderBy, first, after, last, before }: ListArguments, most: number): Paging {
  const isFromEnd = typeof last === 'number' || typeof before === 'string'
  if (isFromEnd && (typeof first === 'number' || typeof after === 'string')) {
    throw new BadInputError('last and before read from the end; they do not go with first and after.', {
      argument: 'last',
    })
  }
  const [name, size] = isFromEnd ? (['last', last ?? USUAL_SIZE] as const) : (['first', first ?? USUAL_SIZE] as const)
  if (size < 0 || size > most) throw new BadInputError(`${name} must be between 0 and ${most}.`, { argument: name })
  return { orderBy, size, fromEnd: isFromEnd, cursor: (isFromEnd ? before : after) ?? null }
}

function usualOrder({ defaultOrder }: Entity): string {
  return defaultOrder
    .map(({ field, direction }) => `by ${field}${direction === 'DESC' ? ', greatest first' : ''}`)
    .join(', then ')
}
