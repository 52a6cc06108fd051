import { complexityFromQuery } from '@pothos/plugin-complexity'
import {
  type DocumentNode,
  GraphQLError,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Environment } from '../environment.ts'
import { LimitError } from '../errors.ts'
import { limitOf } from './limit-of.ts'
import { asksOnlyForSchema } from './use-request-transaction.ts'

const MOST_ERRORS = 20

/**
 * Refuses operations whose answers may be too large, before a transaction begins; the plugin's own check comes with the
 * first resolver, when there is one already. What an operation costs stands in its answer.
 */
export function useComplexity(environment: Environment): Plugin {
  const limit = limitOf(environment, 'complexity', 'CROSSRUN_MAX_COMPLEXITY')
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const document = args.document as DocumentNode
      const operation = getOperationAST(document, args.operationName)
      if (!operation || asksOnlyForSchema(operation)) return
      const variables = (args.variableValues ?? {}) as Record<string, unknown>
      const { errors } = getVariableValues(args.schema, operation.variableDefinitions ?? [], variables, {
        maxErrors: MOST_ERRORS,
      })
      if (errors) return setResultAndStopExecution({ errors: [...errors] })
      const cost = costOf(document, operation, { schema: args.schema, variables, ctx: {} })
      if (cost instanceof GraphQLError) return setResultAndStopExecution({ errors: [cost] })
      if (cost > limit.allowed) {
        const message = `The answer may have more than ${limit.allowed} values.`
        const originalError = new LimitError(
          message,
          limit,
          Number.isFinite(cost) ? cost : `more than ${limit.allowed}`,
        )
        return setResultAndStopExecution({ errors: [new GraphQLError(message, { originalError })] })
      }
      return {
        onExecuteDone({ result, setResult }) {
          if (!('data' in result)) return
          setResult({ ...result, extensions: { ...result.extensions, cost: { cost, allowed: limit.allowed } } })
        },
      }
    },
  }
}

/** The plugin takes the first operation of a document. */
function costOf(
  { definitions }: DocumentNode,
  operation: OperationDefinitionNode,
  options: Parameters<typeof complexityFromQuery>[1],
): number | GraphQLError {
  const fragments = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
  try {
    return complexityFromQuery({ kind: Kind.DOCUMENT, definitions: [operation, ...fragments] }, options).complexity
  } catch (error) {
    // An argument that execution would refuse as well.
    if (error instanceof GraphQLError) return error
    throw error
  }
}
