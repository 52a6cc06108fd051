import {
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql'

/** How large a document is: what fragments hold is counted wherever they are spread. */
export type Shape = {
  operations: number
  fragments: number
  /** Of the deepest field; a field at the top has 1. */
  depth: number
  /** Fields of the widest selection. */
  breadth: number
  fields: number
  aliases: number
  directives: number
  /** Of the operation that has most. */
  rootFields: number
  /** Of the deepest argument. */
  inputDepth: number
}

/** What one selection set adds up to; `own` are the fields of its own level. */
type Counts = Pick<Shape, 'depth' | 'breadth' | 'fields' | 'aliases' | 'directives' | 'inputDepth'> & { own: number }

/** A fragment that spreads itself, at whatever distance: such a document has no size. */
export class FragmentCycleError extends Error {
  readonly fragment: string

  constructor(fragment: string) {
    super(`Fragment "${fragment}" spreads itself.`)
    this.fragment = fragment
  }
}

/**
 * Measures a document that is parsed and not yet validated. Each fragment is counted once and remembered, so that the
 * time is that of one walk over the text, whatever the fragments multiply to; unknown ones count nothing.
 * @throws FragmentCycleError
 */
export function shapeOf(document: DocumentNode): Shape {
  const fragments = fragmentsOf(document)
  const known = new Map<string, Counts>()
  const open = new Set<string>()

  function ofFragment(name: string): Counts {
    const remembered = known.get(name)
    if (remembered) return remembered
    const fragment = fragments.get(name)
    if (!fragment) return { ...NOTHING }
    if (open.has(name)) throw new FragmentCycleError(name)
    open.add(name)
    const counts = ofSet(fragment.selectionSet)
    add(counts, ofDirectives(fragment.directives))
    open.delete(name)
    known.set(name, counts)
    return counts
  }

  function ofSelection(selection: SelectionNode): Counts {
    const counts = ofDirectives(selection.directives)
    if (selection.kind === Kind.FRAGMENT_SPREAD) return add(counts, ofFragment(selection.name.value))
    if (selection.kind === Kind.INLINE_FRAGMENT) return add(counts, ofSet(selection.selectionSet))
    for (const { value } of selection.arguments ?? []) counts.inputDepth = Math.max(counts.inputDepth, depthOf(value))
    if (selection.selectionSet) add(counts, ofSet(selection.selectionSet))
    counts.own = 1
    counts.fields += 1
    counts.depth += 1
    if (selection.alias) counts.aliases += 1
    return counts
  }

  function ofSet({ selections }: SelectionSetNode): Counts {
    const counts = { ...NOTHING }
    for (const selection of selections) add(counts, ofSelection(selection))
    counts.breadth = Math.max(counts.breadth, counts.own)
    return counts
  }

  const all = { ...NOTHING }
  let rootFields = 0
  const operations = operationsOf(document)
  for (const operation of operations) {
    const counts = ofSet(operation.selectionSet)
    rootFields = Math.max(rootFields, counts.own)
    add(all, counts)
    add(all, ofDirectives(operation.directives))
    for (const { directives } of operation.variableDefinitions ?? []) add(all, ofDirectives(directives))
  }
  // Fragments that nobody spreads are validated too.
  for (const name of fragments.keys()) if (!known.has(name)) add(all, ofFragment(name))
  const { own: _, ...counts } = all
  return { operations: operations.length, fragments: fragments.size, rootFields, ...counts }
}

const NOTHING: Counts = { own: 0, depth: 0, breadth: 0, fields: 0, aliases: 0, directives: 0, inputDepth: 0 }

function add(to: Counts, from: Counts): Counts {
  to.own += from.own
  to.fields += from.fields
  to.aliases += from.aliases
  to.directives += from.directives
  to.depth = Math.max(to.depth, from.depth)
  to.breadth = Math.max(to.breadth, from.breadth)
  to.inputDepth = Math.max(to.inputDepth, from.inputDepth)
  return to
}

function ofDirectives(directives: readonly DirectiveNode[] = []): Counts {
  const counts = { ...NOTHING, directives: directives.length }
  for (const { arguments: values } of directives)
    for (const { value } of values ?? []) counts.inputDepth = Math.max(counts.inputDepth, depthOf(value))
  return counts
}

function depthOf(value: ValueNode): number {
  if (value.kind !== Kind.LIST && value.kind !== Kind.OBJECT) return 0
  let deepest = 0
  for (const part of value.kind === Kind.LIST ? value.values : value.fields.map((field) => field.value))
    deepest = Math.max(deepest, depthOf(part))
  return deepest + 1
}

export function operationsOf({ definitions }: DocumentNode): OperationDefinitionNode[] {
  return definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION)
}

/** The first of each name counts: a second one is found by validation. */
export function fragmentsOf({ definitions }: DocumentNode): Map<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const each of definitions)
    if (each.kind === Kind.FRAGMENT_DEFINITION && !fragments.has(each.name.value)) fragments.set(each.name.value, each)
  return fragments
}
