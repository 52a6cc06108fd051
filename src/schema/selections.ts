import {
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  type SelectionNode,
} from 'graphql'

/** The selections below a field that is being resolved. */
export function selectionOf({ fieldNodes }: GraphQLResolveInfo): SelectionNode[] {
  return fieldNodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? [])
}

/**
 * The fields among selections, by name, with what is selected below them; fragments are looked into, and what `@skip`
 * and `@include` leave out is not there.
 */
export function fieldsIn(info: GraphQLResolveInfo, selections: readonly SelectionNode[]): Map<string, SelectionNode[]> {
  const fields = new Map<string, SelectionNode[]>()
  const add = ({ name, selectionSet }: FieldNode) => {
    const below = fields.get(name.value) ?? []
    fields.set(name.value, [...below, ...(selectionSet?.selections ?? [])])
  }
  const pending = [...selections]
  for (let next = pending.shift(); next; next = pending.shift()) {
    if (!isAsked(next, info)) continue
    if (next.kind === 'Field') add(next)
    else if (next.kind === 'InlineFragment') pending.push(...next.selectionSet.selections)
    else pending.push(...(info.fragments[next.name.value]?.selectionSet.selections ?? []))
  }
  return fields
}

function isAsked(node: SelectionNode, { variableValues }: GraphQLResolveInfo): boolean {
  const skip = getDirectiveValues(GraphQLSkipDirective, node, variableValues)
  const include = getDirectiveValues(GraphQLIncludeDirective, node, variableValues)
  return skip?.if !== true && include?.if !== false
}
