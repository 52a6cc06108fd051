import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Logger } from 'pino'
import { BadInputError, CrossrunError, RetryableError } from '../errors.ts'
import type { ServerContext } from './context.ts'

/** Shows expected errors with their codes; logs whatever else happens whole, and tells the client only where to look. */
export function useErrors(logger: Logger): Plugin<ServerContext> {
  return {
    onExecute: ({ args }) => ({
      onExecuteDone({ result, setResult }) {
        if (!('errors' in result) || !result.errors) return
        const { requestId } = args.contextValue as ServerContext
        setResult({ ...result, errors: result.errors.map((error) => shownError(error, requestId, logger)) })
      },
    }),
  }
}

/** What a client sees of an error. */
export function shownError(error: unknown, requestId: string, logger: Logger): GraphQLError {
  const cause = causeOf(error)
  const place = error instanceof GraphQLError ? { nodes: error.nodes, path: error.path } : {}
  if (cause instanceof CrossrunError) {
    return new GraphQLError(cause.message, { ...place, extensions: extensionsOf(cause) })
  }
  if (cause instanceof GraphQLError) {
    // A value that does not fit its type: GraphQL itself gives no code.
    const extensions = { code: 'BAD_USER_INPUT', ...cause.extensions }
    return new GraphQLError(cause.message, { ...place, nodes: cause.nodes ?? place.nodes, extensions })
  }
  logger.error({ requestId, err: cause, path: place.path }, 'unexpected error')
  return new GraphQLError('Unexpected error.', {
    ...place,
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId, http: { status: 500 } },
  })
}

/** What a resolver threw, without the wrapping that says where. */
function causeOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? causeOf(error.originalError) : error
}

function extensionsOf(error: CrossrunError): Record<string, unknown> {
  return {
    code: error.code,
    ...(error.hint ? { hint: error.hint } : {}),
    ...(error instanceof BadInputError && error.argument ? { argument: error.argument } : {}),
    ...(error.code === 'UNAUTHENTICATED' ? { http: { status: 401, headers: { 'www-authenticate': 'Bearer' } } } : {}),
    ...(error instanceof RetryableError ? { http: { status: 503, headers: { 'retry-after': '1' } } } : {}),
  }
}
