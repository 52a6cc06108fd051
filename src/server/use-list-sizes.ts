import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  typeFromAST,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { BadInputError } from '../errors.ts'
import { sizeArgumentOf } from '../schema/costs.ts'
import { fragmentsOf } from './document-shape.ts'

type Variables = Readonly<Record<string, unknown>>

/** Refuses lists that are asked for more than they give, as the lists themselves do, but before a transaction begins. */
export function useListSizes(): Plugin {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { schema, operationName, variableValues } = args
      const document = args.document as DocumentNode
      const operation = getOperationAST(document, operationName)
      const root = operation && schema.getRootType(operation.operation)
      if (!root) return
      const defaults = Object.fromEntries(
        (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
          defaultValue?.kind === Kind.INT ? [[variable.name.value, Number(defaultValue.value)]] : [],
        ),
      )
      const walk = new SizeWalk(schema, fragmentsOf(document), { ...defaults, ...(variableValues as Variables) })
      const wrong = walk.wrongIn(operation.selectionSet, root, [])
      if (wrong) setResultAndStopExecution({ errors: [wrong] })
    },
  }
}

/** Looks through an operation as execution would; how many fields that may be is limited. */
class SizeWalk {
  readonly #schema: GraphQLSchema
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly #variables: Variables

  constructor(schema: GraphQLSchema, fragments: ReadonlyMap<string, FragmentDefinitionNode>, variables: Variables) {
    this.#schema = schema
    this.#fragments = fragments
    this.#variables = variables
  }

  wrongIn({ selections }: SelectionSetNode, parent: unknown, path: string[]): GraphQLError | null {
    for (const selection of selections) {
      const wrong =
        selection.kind === Kind.FIELD ? this.#wrongAt(selection, parent, path) : this.#within(selection, parent, path)
      if (wrong) return wrong
    }
    return null
  }

  #within(selection: Exclude<SelectionSetNode['selections'][number], FieldNode>, parent: unknown, path: string[]) {
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(selection.name.value) : selection
    if (!fragment) return null
    const type = fragment.typeCondition ? typeFromAST(this.#schema, fragment.typeCondition) : parent
    return this.wrongIn(fragment.selectionSet, type, path)
  }

  #wrongAt(node: FieldNode, parent: unknown, path: string[]): GraphQLError | null {
    const field =
      isObjectType(parent) || isInterfaceType(parent)
        ? (parent as GraphQLObjectType).getFields()[node.name.value]
        : undefined
    if (!field) return null
    const here = [...path, (node.alias ?? node.name).value]
    for (const { name, value } of node.arguments ?? []) {
      const declared = field.args.find((each) => each.name === name.value)
      const size = declared && sizeArgumentOf(declared.extensions)
      if (!size) continue
      const asked =
        value.kind === Kind.VARIABLE ? this.#variables[value.name.value] : Number('value' in value ? value.value : 0)
      if (typeof asked !== 'number' || (asked >= 0 && asked <= size.most)) continue
      const originalError = new BadInputError(`${name.value} must be between 0 and ${size.most}.`, {
        argument: name.value,
      })
      return new GraphQLError(originalError.message, { nodes: node, path: here, originalError })
    }
    return node.selectionSet ? this.wrongIn(node.selectionSet, getNamedType(field.type), here) : null
  }
}
