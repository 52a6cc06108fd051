import { GraphQLError } from 'graphql'
import type { FetchAPI, Plugin } from 'graphql-yoga'
import type { CrossrunError } from '../errors.ts'
import { extensionsOf } from './use-errors.ts'

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
