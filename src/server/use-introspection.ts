import { type DocumentNode, GraphQLError, type GraphQLSchema, Kind, visit } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { may, type Viewer } from '../access/viewer.ts'
import type { Environment } from '../environment.ts'
import { CrossrunError, type Limit, LimitError } from '../errors.ts'
import { IntrospectionCost } from './introspection-cost.ts'
import { refusal } from './refusal.ts'
import { knownViewerOf } from './use-viewer.ts'

const SUGGESTION = /\s*Did you mean [^?]*\?/g

/**
 * Shows the schema to those who may see it. To others GraphQL does not suggest names either, with which one would find
 * out the schema word by word. `__typename` is no secret.
 */
export function useIntrospection(schema: GraphQLSchema, environment: Environment): Plugin {
  const audience = introspectionOf(environment)
  const maySee = (viewer: Viewer | undefined) =>
    audience === 'on' || (audience === 'admin' && viewer !== undefined && may(viewer, 'ADMIN'))
  const costs = new IntrospectionCost(schema)
  const limit: Limit = {
    name: 'introspection',
    allowed: environment.CROSSRUN_MAX_INTROSPECTION * costs.standard,
    variable: 'CROSSRUN_MAX_INTROSPECTION',
  }
  const checkCost = (document: DocumentNode): void => {
    const found = costs.of(document)
    if (found <= limit.allowed) return
    const message = 'The document asks for the schema many times over.'
    throw refusal(
      new LimitError(message, limit, Number.isSafeInteger(found) ? found : `more than ${limit.allowed}`),
      400,
    )
  }
  return {
    onValidate({ context, params: { documentAST } }) {
      if (!asksForSchema(documentAST)) return
      if (maySee(knownViewerOf((context as { request: Request }).request))) return checkCost(documentAST)
      throw refusal(
        new CrossrunError('INTROSPECTION_OFF', 'This server does not show you its schema.', {
          hint:
            audience === 'admin'
              ? 'A key with the scope ADMIN may ask for it.'
              : 'CROSSRUN_INTROSPECTION says who may ask for it; it is also in schema.graphql.',
        }),
        400,
      )
    },
    onResultProcess({ request, result, setResult }) {
      if (maySee(knownViewerOf(request))) return
      setResult((Array.isArray(result) ? result.map(withoutSuggestions) : withoutSuggestions(result)) as never)
    },
  }
}

/** Who may ask for the schema; in production, unless it is said, administrators. */
export function introspectionOf({ CROSSRUN_INTROSPECTION, NODE_ENV }: Environment): 'on' | 'off' | 'admin' {
  return CROSSRUN_INTROSPECTION ?? (NODE_ENV === 'production' ? 'admin' : 'on')
}

/** Whether GraphiQL is served. */
export function hasGraphiQL({ CROSSRUN_GRAPHIQL, NODE_ENV }: Environment): boolean {
  return (CROSSRUN_GRAPHIQL ?? (NODE_ENV === 'production' ? 'off' : 'on')) === 'on'
}

const known = new WeakMap<DocumentNode, boolean>()

function asksForSchema(document: DocumentNode): boolean {
  let answer = known.get(document)
  if (answer === undefined) {
    answer = false
    visit(document, {
      [Kind.FIELD]({ name }) {
        if (name.value === '__schema' || name.value === '__type') answer = true
      },
    })
    known.set(document, answer)
  }
  return answer
}

type WithErrors = { errors?: readonly { message: string }[] }

function withoutSuggestions<T>(result: T): T {
  const { errors } = result as WithErrors
  if (!errors?.some(({ message }) => message.includes('Did you mean'))) return result
  return { ...result, errors: errors.map(withoutSuggestion) }
}

function withoutSuggestion(error: { message: string }): object {
  const message = error.message.replace(SUGGESTION, '')
  if (!(error instanceof GraphQLError)) return { ...error, message }
  const { nodes, source, positions, path, extensions } = error
  return new GraphQLError(message, { nodes, source, positions, path, extensions })
}
