import { GraphQLError, type GraphQLErrorOptions } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Logger } from 'pino'
import { BadInputError, CrossrunError, LimitError, RetryableError } from '../errors.ts'
import { requestIdOf, type ServerContext } from './context.ts'

/**
 * Shows expected errors with their codes; logs whatever else happens whole, once, and tells the client only where to
 * look. Results of operations are shown before they are logged; what fails before or beside an operation (parsing,
 * limits, plugins) when the answer is put together.
 */
export function useErrors(logger: Logger): Plugin<ServerContext> {
  return {
    onExecute: ({ args }) => ({
      onExecuteDone({ result, setResult }) {
        if (!('errors' in result) || !result.errors) return
        setResult(shownResult(result, (args.contextValue as ServerContext).requestId, logger))
      },
    }),
    onResultProcess({ request, result, setResult }) {
      const requestId = requestIdOf(request)
      const show = (each: object) => shownResult(each as WithErrors, requestId, logger)
      setResult((Array.isArray(result) ? result.map(show) : show(result)) as never)
    },
  }
}

/** What Yoga is told instead of masking errors itself, which it would do without a request id: nothing, of errors. */
export function unmaskedError(error: unknown): Error {
  return error instanceof Error ? error : new Error('Something that is no error was thrown.', { cause: error })
}

type WithErrors = { errors?: readonly unknown[] }

/** Errors that are as a client sees them. */
const shown = new WeakSet<object>()

function shownResult<T extends WithErrors>(result: T, requestId: string, logger: Logger): T {
  if (!result.errors?.length) return result
  const errors = result.errors.map((error) => (isShown(error) ? error : shownError(error, requestId, logger)))
  return { ...result, errors }
}

/** Plain objects are not thrown: whoever made one meant it to be seen. */
function isShown(error: unknown): boolean {
  return typeof error === 'object' && error !== null && (shown.has(error) || !(error instanceof Error))
}

/** What a client sees of an error. */
export function shownError(error: unknown, requestId: string, logger: Logger): GraphQLError {
  const cause = causeOf(error)
  const place = error instanceof GraphQLError ? { nodes: error.nodes, path: error.path } : {}
  const made = expectedError(cause, place) ?? maskedError(cause, place, requestId, logger)
  if (cause instanceof CrossrunError && cause.code === 'DATABASE_UNAVAILABLE') {
    logger.warn({ requestId, err: cause.cause }, 'the database cannot be reached')
  }
  shown.add(made)
  return made
}

type Place = Pick<GraphQLErrorOptions, 'nodes' | 'path'>

/** Null when nobody expected it. */
function expectedError(cause: unknown, place: Place): GraphQLError | null {
  if (cause instanceof CrossrunError) {
    return new GraphQLError(cause.message, { ...place, extensions: extensionsOf(cause) })
  }
  if (!(cause instanceof GraphQLError) || isOfTheProgram(cause, place)) return null
  // A value that does not fit its type: GraphQL itself gives no code.
  const { originalError: hidden, unexpected: _, http, ...given } = cause.extensions
  // A request that cannot be read is no request of GraphQL: old clients are not told 200 for it either.
  const status = hidden && http ? { ...http, spec: false } : http
  const extensions = { code: 'BAD_USER_INPUT', ...given, ...(status ? { http: status } : {}) }
  const { source, positions, nodes = place.nodes, path = place.path } = cause
  return new GraphQLError(cause.message, { nodes, source, positions, path, extensions })
}

/**
 * Whether GraphQL found fault with what a resolver returned (a null where none may be, a text that is no number) rather
 * than with what was asked: both come without a code, and the former with the place in the answer, not the argument.
 */
function isOfTheProgram({ extensions, path, message }: GraphQLError, place: Place): boolean {
  const isInAnswer = (path ?? place.path) !== undefined
  return extensions.code === undefined && isInAnswer && !/^(Argument|Variable|Directive) "/.test(message)
}

function maskedError(cause: unknown, place: Place, requestId: string, logger: Logger): GraphQLError {
  logger.error({ requestId, err: cause, path: place.path }, 'unexpected error')
  return new GraphQLError(UNEXPECTED, {
    ...place,
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId, http: { status: 500 } },
  })
}

/** What a client is told of whatever it can do nothing about. */
export const UNEXPECTED = 'Unexpected error.'

/** What a resolver threw, without the wrapping that says where. */
export function causeOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? causeOf(error.originalError) : error
}

/** What programs read of an error. */
export function extensionsOf(error: CrossrunError): Record<string, unknown> {
  return {
    code: error.code,
    ...(error.hint ? { hint: error.hint } : {}),
    ...(error instanceof BadInputError && error.argument ? { argument: error.argument } : {}),
    ...(error.code === 'UNAUTHENTICATED' ? { http: { status: 401, headers: { 'www-authenticate': 'Bearer' } } } : {}),
    ...(error.code === 'QUERY_TIMEOUT' ? { http: { status: 504 } } : {}),
    ...(error instanceof LimitError ? limitOf(error) : {}),
    ...(error instanceof RetryableError
      ? { http: { status: error.code === 'CONFLICT' ? 409 : 503, headers: { 'retry-after': '1' } } }
      : {}),
  }
}

function limitOf({ limit, found }: LimitError): Record<string, unknown> {
  return { limit: limit.name, allowed: limit.allowed, found, http: { status: 400 } }
}
