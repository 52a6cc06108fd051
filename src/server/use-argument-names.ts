import {
  type DefinitionNode,
  type DocumentNode,
  GraphQLError,
  Kind,
  type ValueNode,
  type VariableDefinitionNode,
  visit,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { BadInputError } from '../errors.ts'
import { causeOf } from './use-errors.ts'

/**
 * Names the argument in errors about values, whether these stand in the document or come as variables: GraphQL says at
 * most which variable it was, in words.
 */
export function useArgumentNames(): Plugin {
  return {
    onValidate: ({ params }) => {
      return ({ result, setResult }) => {
        if (result.some(isOfLiteral)) setResult(namedLiterals(result as GraphQLError[], params.documentAST))
      }
    },
    onExecute: ({ args }) => ({
      onExecuteDone({ result, setResult }) {
        if (!('errors' in result) || !result.errors?.some(isOfVariable)) return
        setResult({ ...result, errors: namedVariables(result.errors, args.document as DocumentNode) })
      },
    }),
  }
}

/** Whether a scalar of ours does not take what the document holds; whatever else is wrong there, it does not fit the schema. */
function isOfLiteral(error: unknown): error is GraphQLError {
  const cause = causeOf(error)
  return isOfDocument(error) && cause instanceof BadInputError && cause.argument === undefined
}

/** Whether a variable's value is missing or wrong. */
function isOfVariable(error: unknown): error is GraphQLError {
  return isOfDocument(error) && error.nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION
}

/** Whether it names one place in the document, and none in the answer. */
function isOfDocument(error: unknown): error is GraphQLError {
  return error instanceof GraphQLError && error.nodes?.length === 1 && error.path === undefined
}

function namedLiterals(errors: readonly GraphQLError[], document: DocumentNode): GraphQLError[] {
  const places = placesIn(document)
  return errors.map((error) => {
    const place = isOfLiteral(error) && places.find(({ node }) => node === error.nodes?.[0])
    return place ? named(error, place.variable ? nameOf(place.variable, places) + place.name : place.name) : error
  })
}

function namedVariables(errors: readonly Error[], document: DocumentNode): Error[] {
  const places = placesIn(document)
  return errors.map((error) =>
    isOfVariable(error)
      ? named(error, nameOf(error.nodes![0] as VariableDefinitionNode, places) + partNamedIn(error))
      : error,
  )
}

function named(error: GraphQLError, argument: string): GraphQLError {
  const cause = causeOf(error) as Error
  const message = messageOf(error, cause, argument)
  return new GraphQLError(message, {
    nodes: error.nodes,
    originalError: new BadInputError(message, { argument, cause: error }),
  })
}

function messageOf(error: GraphQLError, cause: Error, argument: string): string {
  if (cause instanceof BadInputError) return `${argument} ${cause.message}`
  // What GraphQL itself says of a variable that is missing names it.
  return cause === error ? error.message : `${argument}: ${cause.message}`
}

/** Which part of a variable's value is wrong: `.calls.gt` of `… at "having.calls.gt"; must be …`. */
function partNamedIn({ message, originalError }: GraphQLError): string {
  const said = originalError ? message.slice(0, -`; ${originalError.message}`.length) : ''
  return / at "\w+([.[][^"\s]*)"$/.exec(said)?.[1] ?? ''
}

/** A value in a document: its name is the argument's and how it goes on in it, or follows what the variable stands for. */
type Place = { node: ValueNode; name: string; variable: VariableDefinitionNode | null; definition: DefinitionNode }

function placesIn({ definitions }: DocumentNode): Place[] {
  const places: Place[] = []
  for (const definition of definitions) {
    const add = (node: ValueNode, name: string, variable: VariableDefinitionNode | null): void => {
      places.push({ node, name, variable, definition })
      if (node.kind === Kind.LIST) {
        for (const [place, value] of node.values.entries()) add(value, `${name}[${place}]`, variable)
      }
      if (node.kind === Kind.OBJECT)
        for (const field of node.fields) add(field.value, `${name}.${field.name.value}`, variable)
    }
    visit(definition, {
      Argument: ({ name, value }) => add(value, name.value, null),
      VariableDefinition: (variable) => variable.defaultValue && add(variable.defaultValue, '', variable),
    })
  }
  return places
}

/** The first argument that takes the variable. */
function nameOf(variable: VariableDefinitionNode, places: readonly Place[]): string {
  const { value } = variable.variable.name
  const uses = places.filter(({ node }) => node.kind === Kind.VARIABLE && node.name.value === value)
  const use =
    uses.find(
      ({ definition }) => 'variableDefinitions' in definition && definition.variableDefinitions?.includes(variable),
    ) ?? uses.find(({ definition }) => definition.kind === Kind.FRAGMENT_DEFINITION)
  return use?.name ?? `$${value}`
}
