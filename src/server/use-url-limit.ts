import type { Plugin } from 'graphql-yoga'
import type { Environment } from '../environment.ts'
import { LimitError } from '../errors.ts'
import { limitOf } from './limit-of.ts'
import { refusalResponse } from './refusal.ts'

/** Refuses addresses that are too long: what is long belongs into a body. */
export function useUrlLimit(environment: Environment): Plugin {
  const limit = limitOf(environment, 'urlCharacters', 'CROSSRUN_MAX_URL_CHARACTERS')
  return {
    onRequest({ request, endResponse, fetchAPI }) {
      if (request.url.length <= limit.allowed) return
      const message = `The address has more than ${limit.allowed} characters; send the query by POST.`
      endResponse(refusalResponse(fetchAPI, new LimitError(message, limit, request.url.length), 414))
    },
  }
}
