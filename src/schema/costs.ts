import { type GraphQLField, getNullableType, isLeafType, isListType } from 'graphql'

/** What an argument that says how much to take declares: how much without it, and the most. */
export type SizeArgument = { usual: number; most: number }

/** A list of which nobody said how much to take, such as a run's phases. */
const USUAL_LIST = 10
/** Finding a page takes about as long as reading these many values. */
const PAGE = 10
/** The page's size is its connection's. */
const OF_A_PAGE = new Set(['nodes', 'edges'])
/** Once a page, not once an object of it. */
const ONCE_A_PAGE = new Set(['asOf', 'pageInfo', 'source', 'totalCount', 'totals'])
const SIZES = ['first', 'last', 'limit'] as const

/**
 * What a field costs: about the number of values it may add to an answer, given how much its lists are asked for. Each
 * field costs 1, a page 10, and what is below a list counts as often as the list may be long.
 */
export function costOf(
  args: Record<string, unknown>,
  _context: unknown,
  field: GraphQLField<unknown, never>,
): { field: number; multiplier: number } {
  const size = sizeOf(args, field)
  if (size !== null) return { field: PAGE, multiplier: size }
  if (ONCE_A_PAGE.has(field.name)) return { field: 1, multiplier: 0 }
  if (!isListType(getNullableType(field.type)) || OF_A_PAGE.has(field.name)) return { field: 1, multiplier: 1 }
  return { field: 1, multiplier: isLeafType(field.type) ? 1 : USUAL_LIST }
}

/** How much a field is asked for; null when it does not let one say. */
function sizeOf(args: Record<string, unknown>, field: GraphQLField<unknown, never>): number | null {
  if (Array.isArray(args.ids)) return args.ids.length
  const declared = field.args.find(({ extensions }) => sizeArgumentOf(extensions) !== null)
  if (!declared) return null
  const { usual, most } = sizeArgumentOf(declared.extensions)!
  const [asked = usual] = SIZES.flatMap((name) => (typeof args[name] === 'number' ? [args[name]] : []))
  return Math.min(Math.max(asked, 0), most)
}

/** @param extensions of an argument, or of a field of an input object */
export function sizeArgumentOf(extensions: Readonly<Record<string, unknown>>): SizeArgument | null {
  return (extensions.size as SizeArgument | undefined) ?? null
}
