import type { Connection } from './connection.ts'
import { MOST_AT_TOP, readPaging, USUAL_SIZE } from './list-arguments.ts'
import { once } from './lists.ts'
import type { Places } from './places.ts'

type DerivedList<Item extends Place, Place> = {
  first: number | null | undefined
  after: string | null | undefined
  places: Places<Place>
  /** What an item is known by. */
  keyOf(item: Item): string
  /** Items after a place, in order. */
  find(limit: number, start: Place | null): Promise<Item[]>
  count(): Promise<number>
}

/** A list of what is computed from rows and is none itself, such as competitors: one statement for the page, one for the length. */
export function derivedList<Item extends Place, Place>({
  first,
  after,
  places,
  keyOf,
  find,
  count,
}: DerivedList<Item, Place>): Connection {
  const { size } = readPaging({ first: first ?? null }, MOST_AT_TOP)
  const start = typeof after === 'string' ? places.decode(after) : null
  const found = once(() => find(size + 1, start))
  const byKey = once(async () => new Map((await found()).map((item) => [keyOf(item), item])))
  return {
    async page() {
      const items = await found()
      const rows = items.slice(0, size).map((item) => ({ id: keyOf(item), cursor: places.encode(item) }))
      return { rows, hasMore: items.length > size }
    },
    node: async (key) => (await byKey()).get(key)! as object,
    totalCount: once(count),
    paging: { fromEnd: false, hasCursor: start !== null },
  }
}

/** The arguments of such a list beside its filter. */
export const DERIVED_PAGING = {
  first: {
    description: `How many to take: ${USUAL_SIZE} unless given, at most ${MOST_AT_TOP}.`,
    extensions: { size: { usual: USUAL_SIZE, most: MOST_AT_TOP } },
  },
  after: 'Take those after this place, which an edge of this list gave.',
}
