import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql'
import { fragmentsOf, operationsOf } from './document-shape.ts'

/**
 * How many pairs of fields with one response name validation must compare, since they are merged: a thousand times the
 * same field are half a million pairs. Walks the document with its fragments spread out, so its fields must have been
 * counted and found not to be too many.
 * @param most where counting may stop
 */
export function repeatsOf(document: DocumentNode, most: number): number {
  const fragments = fragmentsOf(document)
  const spread = new Set<string>()
  let pairs = 0
  function walk(sets: readonly SelectionSetNode[]): void {
    for (const { count, below } of mergedFields(sets, fragments, spread).values()) {
      pairs += (count * (count - 1)) / 2
      if (pairs > most) return
      if (below.length > 0) walk(below)
    }
  }
  for (const { selectionSet } of operationsOf(document)) walk([selectionSet])
  for (const [name, { selectionSet }] of fragments) if (!spread.has(name)) walk([selectionSet])
  return pairs
}

type Merged = { count: number; below: SelectionSetNode[] }

/** The fields of selection sets that become one, by response name. */
function mergedFields(
  sets: readonly SelectionSetNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  spread: Set<string>,
): Map<string, Merged> {
  const merged = new Map<string, Merged>()
  // A fragment is not compared with itself.
  const here = new Set<string>()
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet)
      else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const name = selection.name.value
        spread.add(name)
        const fragment = fragments.get(name)
        if (!fragment || here.has(name)) continue
        here.add(name)
        collect(fragment.selectionSet)
      } else {
        const name = (selection.alias ?? selection.name).value
        const field = merged.get(name) ?? { count: 0, below: [] }
        field.count += 1
        if (selection.selectionSet) field.below.push(selection.selectionSet)
        merged.set(name, field)
      }
    }
  }
  for (const set of sets) collect(set)
  return merged
}
