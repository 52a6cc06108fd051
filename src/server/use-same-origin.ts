import type { Plugin, YogaServerOptions } from 'graphql-yoga'
import { CrossrunError } from '../errors.ts'
import { refusal, refusalResponse } from './refusal.ts'

/** A page of another site can send neither without asking first, and is told no. */
const OWN_HEADERS = ['authorization', 'x-crossrun-csrf', 'apollo-require-preflight']
const JSON_TYPE = /^application\/(graphql\+)?json\s*(;[^,]*)?$/i

/**
 * Refuses what a page of another site could send in the name of whoever looks at it: bodies that are not JSON, which
 * browsers send anywhere without asking, and queries in an address. Runs before anything of a request is read.
 * @param origins other sites whose pages may ask
 */
export function useSameOrigin(origins: readonly string[]): Plugin {
  const allowed = new Set(origins)
  return {
    onRequestParse({ request, endResponse, fetchAPI }) {
      const { method, headers } = request
      if (method !== 'GET' && method !== 'POST') return
      if (method === 'POST' && !JSON_TYPE.test(headers.get('content-type') ?? '')) {
        endResponse(refusalResponse(fetchAPI, notJson(), 415))
      } else if (isForeign(request, allowed)) {
        endResponse(refusalResponse(fetchAPI, foreign(), 403))
      } else if (method === 'GET' && !isAskedByBrowser(headers) && !OWN_HEADERS.some((name) => headers.has(name))) {
        endResponse(refusalResponse(fetchAPI, withoutHeader(), 403))
      }
    },
    onResponse({ response }) {
      if (allowed.size > 0) response.headers.append('vary', 'Origin')
    },
  }
}

/**
 * Refuses pages of other sites that may not ask.
 * @throws Refusal with the status 403
 */
export function checkOrigin(request: Request, origins: readonly string[]): void {
  if (isForeign(request, new Set(origins))) throw refusal(foreign(), 403)
}

/** What Yoga answers browsers that ask whether a page of another site may: nothing unless it is on the list. */
export function corsOf(origins: readonly string[]): YogaServerOptions<object, object>['cors'] {
  if (origins.length === 0) return false
  return (request) => {
    const origin = request.headers.get('origin')
    if (origin === null || !origins.includes(origin)) return false
    return {
      origin: [origin],
      // Keys travel in a header; there are no cookies.
      credentials: false,
      methods: ['GET', 'POST'],
      exposedHeaders: ['x-request-id', 'retry-after', 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'],
      maxAge: 600,
    }
  }
}

/** Whether a page of another site asks that may not. A browser's own word goes before what the address is called. */
function isForeign({ headers }: Request, allowed: ReadonlySet<string>): boolean {
  const origin = headers.get('origin')
  if (origin !== null && allowed.has(origin)) return false
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site !== 'same-origin' && site !== 'none'
  return origin !== null && hostOf(origin) !== headers.get('host')?.toLowerCase()
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}

/** The server's own page, or the person who typed the address. */
function isAskedByBrowser(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site')
  return site === 'same-origin' || site === 'none'
}

function notJson(): CrossrunError {
  return new CrossrunError('UNSUPPORTED_MEDIA_TYPE', 'The body is not JSON by its content type.', {
    hint: 'Send `Content-Type: application/json`.',
  })
}

function foreign(): CrossrunError {
  return new CrossrunError('FORBIDDEN_ORIGIN', 'Pages of other sites may not ask this server.', {
    hint: 'An administrator names those that may in CROSSRUN_CORS_ORIGINS.',
  })
}

function withoutHeader(): CrossrunError {
  return new CrossrunError('CSRF_HEADER_REQUIRED', 'A GET that any page could send is not answered.', {
    hint: 'Send `X-Crossrun-CSRF: 1` or an Authorization header along, or use POST.',
  })
}
