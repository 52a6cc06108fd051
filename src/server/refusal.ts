import { GraphQLError } from 'graphql'
import type { FetchAPI, Plugin } from 'graphql-yoga'
import type { Logger } from 'pino'
import type { CrossrunError } from '../errors.ts'
import { extensionsOf, shownError } from './use-errors.ts'

/** Why a request is not answered at all, before anything of it was done. */
export class Refusal extends GraphQLError {}

/** @param status of HTTP */
export function refusal(error: CrossrunError, status: number, headers: Record<string, string> = {}): Refusal {
  return new Refusal(error.message, { extensions: { ...extensionsOf(error), http: { status, headers } } })
}

/** The same as an answer, for where there is no operation yet. */
export function refusalResponse(
  { Response }: FetchAPI,
  error: CrossrunError,
  status: number,
  headers: Record<string, string> = {},
): Response {
  const { http: _, ...extensions } = extensionsOf(error)
  return Response.json({ errors: [{ message: error.message, extensions }] }, { status, headers })
}

/** What HTTP calls errors that are no operation's; GraphQL's own answers have one status whatever went wrong. */
const STATUSES: Record<string, number> = {
  BAD_USER_INPUT: 400,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
}

/** Any error as the answer to a request that is no operation of GraphQL. */
export function errorResponse({ Response }: FetchAPI, error: unknown, requestId: string, logger: Logger): Response {
  const shown = error instanceof Refusal ? error : shownError(error, requestId, logger)
  const { http, ...extensions } = shown.extensions as {
    code?: string
    http?: { status: number; headers?: Record<string, string> }
  }
  const status = http?.status ?? STATUSES[extensions.code ?? ''] ?? 500
  return Response.json(
    { errors: [{ message: shown.message, extensions }] },
    { status, headers: { 'cache-control': 'no-store', ...http?.headers } },
  )
}

/**
 * Looks at a document's text before it is parsed, or at the document before it is validated; one that has been let
 * through before is not looked at again. What the check throws as a refusal is the answer, and is not kept.
 */
export function useParserCheck(check: {
  text?: (text: string) => void
  document?: (document: ReturnType<typeof import('graphql').parse>) => void
}): Plugin {
  return {
    onParse({ parseFn, setParseFn }) {
      setParseFn((source: Parameters<typeof parseFn>[0], options: Parameters<typeof parseFn>[1]) => {
        check.text?.(typeof source === 'string' ? source : source.body)
        const document = parseFn(source, options)
        check.document?.(document)
        return document
      })
      return ({ result }) => {
        if (result instanceof Refusal) throw result
      }
    },
  }
}
