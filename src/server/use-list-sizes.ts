import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLArgument,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  getOperationAST,
  getVariableValues,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  typeFromAST,
  type ValueNode,
  valueFromAST,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { BadInputError } from '../errors.ts'
import { sizeArgumentOf } from '../schema/costs.ts'
import { fragmentsOf } from './document-shape.ts'

type Variables = Record<string, unknown>
/** What says how much to take: an argument, or a field of the object that is an argument's value. */
type Size = { name: string; field: string | null; most: number }

/** Refuses lists that are asked for more than they give, as the lists themselves do, but before a transaction begins. */
export function useListSizes(): Plugin {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { schema, operationName, variableValues } = args
      const document = args.document as DocumentNode
      const operation = getOperationAST(document, operationName)
      const root = operation && schema.getRootType(operation.operation)
      if (!root) return
      const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variableValues ?? {})
      // Whoever executes the operation says what is wrong with its variables.
      if (!coerced) return
      const wrong = new SizeWalk(schema, fragmentsOf(document), coerced).wrongIn(operation.selectionSet, root, [])
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
    for (const argument of node.arguments ?? []) {
      const declared = field.args.find(({ name }) => name === argument.name.value)
      const wrong = declared && wrongOf(declared, argument.value, this.#variables)
      if (!wrong) continue
      const originalError = new BadInputError(`${wrong.name} must be between 0 and ${wrong.most}.`, {
        argument: wrong.name,
      })
      return new GraphQLError(originalError.message, { nodes: node, path: here, originalError })
    }
    return node.selectionSet ? this.wrongIn(node.selectionSet, getNamedType(field.type), here) : null
  }
}

/** The first size of an argument that is out of range. */
function wrongOf(argument: GraphQLArgument, node: ValueNode, variables: Variables): Size | undefined {
  const sizes = sizesOf(argument)
  if (sizes.length === 0) return
  const value: unknown = valueFromAST(node, argument.type, variables)
  return sizes.find(({ field, most }) => {
    const asked = field === null ? value : (value as Record<string, unknown> | null | undefined)?.[field]
    return typeof asked === 'number' && (asked < 0 || asked > most)
  })
}

/** Its own size, or those of the fields of the object that it takes. */
function sizesOf(argument: GraphQLArgument): readonly Size[] {
  const known = knownSizes.get(argument)
  if (known) return known
  const { name, type, extensions } = argument
  const own = sizeArgumentOf(extensions)
  const object = getNullableType(type)
  const found: Size[] = own ? [{ name, field: null, most: own.most }] : []
  for (const field of isInputObjectType(object) ? Object.values(object.getFields()) : []) {
    const size = sizeArgumentOf(field.extensions)
    if (size) found.push({ name: `${name}.${field.name}`, field: field.name, most: size.most })
  }
  knownSizes.set(argument, found)
  return found
}

const knownSizes = new WeakMap<GraphQLArgument, readonly Size[]>()
