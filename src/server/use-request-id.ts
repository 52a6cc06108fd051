import type { Plugin } from 'graphql-yoga'
import { requestIdOf } from './context.ts'

/** Answers carry the id that the log and masked errors have. */
export function useRequestId(): Plugin {
  return {
    onResponse({ request, response }) {
      response.headers.set('x-request-id', requestIdOf(request))
    },
  }
}
