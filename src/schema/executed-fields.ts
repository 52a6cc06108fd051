import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getDirectiveValues,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

/** An operation, its document's fragments, and its variables as GraphQL has read them. */
type Operation = {
  operation: OperationDefinitionNode
  fragments: ReadonlyMap<string, FragmentDefinitionNode>
  variables: Readonly<Record<string, unknown>>
}

/**
 * The fields at the top that an operation executes, those of its fragments too, without those that `@skip` or `@include`
 * leave out and without `__typename` and the schema: one for each name in the answer, in their order.
 */
export function executedFields({ operation, fragments, variables }: Operation): FieldNode[] {
  const fields = new Map<string, FieldNode>()
  const seen = new Set<string>()
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (isLeftOut(selection, variables)) continue
      if (selection.kind === Kind.FIELD) {
        const { value } = selection.alias ?? selection.name
        if (!selection.name.value.startsWith('__') && !fields.has(value)) fields.set(value, selection)
      } else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet)
      else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value)
        const fragment = fragments.get(selection.name.value)
        if (fragment) collect(fragment.selectionSet)
      }
    }
  }
  collect(operation.selectionSet)
  return [...fields.values()]
}

function isLeftOut(selection: SelectionNode, variables: Operation['variables']): boolean {
  return (
    getDirectiveValues(GraphQLSkipDirective, selection, variables)?.if === true ||
    getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.if === false
  )
}
