import type { Direction, Entity } from '../filters/declaration.ts'
import { builder } from './builder.ts'

export const SortDirection = builder.enumType('SortDirection', {
  description: 'Which way to sort; rows without a value come last either way.',
  values: {
    ASC: { value: 'ASC', description: 'Smallest, earliest, first by code point.' },
    DESC: { value: 'DESC', description: 'Greatest, latest, last by code point.' },
  } as const,
})

type Order = Record<string, Direction | null | undefined>

type OrderRef = ReturnType<typeof builder.inputRef<Order>>

const orders = new Map<string, OrderRef>()

/** The input of one key of an entity's order: `RunOrderBy`, … */
export function orderByOf(entity: Entity): OrderRef {
  const known = orders.get(entity.name)
  if (known) return known
  const ref = builder.inputRef<Order>(`${entity.name}OrderBy`)
  orders.set(entity.name, ref)
  ref.implement({
    description: `One field to sort ${entity.name} objects by; a list of them sorts by several.`,
    fields: (t) => {
      const sortable = Object.entries(entity.fields).filter(([, field]) => field.sortable)
      // The fields come from the declaration, at run time.
      return Object.fromEntries(
        sortable.map(([name, field]) => [name, t.field({ type: SortDirection, description: field.description })]),
      ) as never
    },
  })
  return ref
}
