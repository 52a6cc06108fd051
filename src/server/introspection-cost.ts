import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getIntrospectionQuery,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql'
import { fragmentsOf, operationsOf } from './document-shape.ts'

/** How long the lists of an introspection are, about. */
type Lengths = ReadonlyMap<string, number>

/** Costs about what tools that read the whole schema ask for. */
const STANDARD = getIntrospectionQuery({
  descriptions: true,
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
  oneOf: true,
})

/**
 * About how many values the introspection in a document gives: lists in lists multiply, and `types { fields { type {
 * fields` is the whole schema over and over.
 */
export class IntrospectionCost {
  readonly #lengths: Lengths
  /** Of the query that tools read a schema with. */
  readonly standard: number

  constructor(schema: GraphQLSchema) {
    this.#lengths = lengthsOf(schema)
    this.standard = Math.ceil(this.of(parse(STANDARD)))
  }

  of(document: DocumentNode): number {
    const fragments = fragmentsOf(document)
    const known = new Map<string, { inside: number; outside: number }>()
    const inFragment = (name: string): { inside: number; outside: number } => {
      const fragment = fragments.get(name)
      if (!fragment) return { inside: 0, outside: 0 }
      const counted = known.get(name) ?? both(fragment)
      known.set(name, counted)
      return counted
    }
    const both = ({ selectionSet }: FragmentDefinitionNode) => {
      return { inside: ofSet(selectionSet, true), outside: ofSet(selectionSet, false) }
    }
    const ofSet = ({ selections }: SelectionSetNode, inside: boolean): number => {
      let cost = 0
      for (const selection of selections) {
        if (selection.kind === Kind.FRAGMENT_SPREAD)
          cost += inFragment(selection.name.value)[inside ? 'inside' : 'outside']
        else if (selection.kind === Kind.INLINE_FRAGMENT) cost += ofSet(selection.selectionSet, inside)
        else {
          const name = selection.name.value
          const isSchema = inside || name === '__schema' || name === '__type'
          if (isSchema) cost += 1
          if (selection.selectionSet)
            cost += (isSchema ? (this.#lengths.get(name) ?? 1) : 1) * ofSet(selection.selectionSet, isSchema)
        }
      }
      return cost
    }
    return operationsOf(document).reduce((sum, { selectionSet }) => sum + ofSet(selectionSet, false), 0)
  }
}

/** How long each list is on average, where it is null too. */
function lengthsOf(schema: GraphQLSchema): Lengths {
  const types = Object.values(schema.getTypeMap())
  const fields = types.flatMap((type) =>
    isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [],
  )
  const inputFields = types.flatMap((type) => (isInputObjectType(type) ? Object.values(type.getFields()) : []))
  const enumValues = types.flatMap((type) => (isEnumType(type) ? type.getValues() : []))
  const args = fields.flatMap((field) => field.args)
  const interfaces = types.flatMap((type) => (isObjectType(type) ? type.getInterfaces() : []))
  return new Map([
    ['types', types.length],
    ['directives', schema.getDirectives().length],
    ['fields', fields.length / types.length],
    ['inputFields', inputFields.length / types.length],
    ['enumValues', enumValues.length / types.length],
    ['args', args.length / fields.length],
    ['interfaces', interfaces.length / types.length],
    ['possibleTypes', interfaces.length / types.length],
  ])
}
