import type { Plugin } from 'graphql-yoga'
import type { Environment } from '../environment.ts'
import { type Limit, LimitError } from '../errors.ts'
import { refusalResponse } from './refusal.ts'

/** Refuses addresses that are too long: what is long belongs into a body. */
export function useUrlLimit({ CROSSRUN_MAX_URL_CHARACTERS }: Environment): Plugin {
  const limit: Limit = {
    name: 'urlCharacters',
    allowed: CROSSRUN_MAX_URL_CHARACTERS,
    variable: 'CROSSRUN_MAX_URL_CHARACTERS',
  }
  return {
    onRequest({ request, endResponse, fetchAPI }) {
      if (request.url.length <= limit.allowed) return
      const message = `The address has more than ${limit.allowed} characters; send the query by POST.`
      endResponse(refusalResponse(fetchAPI, new LimitError(message, limit, request.url.length), 414))
    },
  }
}
