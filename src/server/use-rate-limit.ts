import { createHash } from 'node:crypto'
import type { Plugin } from 'graphql-yoga'
import type { RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible'
import type { Viewer } from '../access/viewer.ts'
import { CrossrunError } from '../errors.ts'
import { clientAddressOf } from './client-address.ts'
import { refusal } from './refusal.ts'
import { knownViewerOf } from './use-viewer.ts'

type Spent = { isTooMuch: boolean; state: RateLimiterRes }

/** Refuses who asks too often: each operation counts, those of a list all at once. Comes after `useViewer`. */
export function useRateLimit(limiter: RateLimiterAbstract | null, addressHeader: string | undefined): Plugin {
  if (!limiter) return {}
  const sizes = new WeakMap<Request, number>()
  const spending = new WeakMap<Request, Promise<Spent>>()
  const spent = new WeakMap<Request, Spent>()
  return {
    onRequestParse: ({ request }) => ({
      onRequestParseDone({ requestParserResult: operations }) {
        sizes.set(request, Array.isArray(operations) ? operations.length : 1)
      },
    }),
    async onParams({ request, context }) {
      const viewer = knownViewerOf(request)
      if (!viewer) return
      let asked = spending.get(request)
      if (!asked) {
        asked = spend(
          limiter,
          keyOf(viewer, () => clientAddressOf(request, context, addressHeader)),
          sizes.get(request),
        )
        spending.set(request, asked)
      }
      const result = await asked
      spent.set(request, result)
      if (result.isTooMuch) throw tooOften(limiter, result.state, 'operations')
    },
    onResponse({ request, response, setResponse, fetchAPI }) {
      const result = spent.get(request)
      if (!result) return
      const headers = headersOf(limiter, result)
      if (result.isTooMuch && response.status !== 429) {
        // The answer to a list of operations has no status of its own.
        setResponse(
          new fetchAPI.Response(response.body, {
            status: 429,
            headers: { ...Object.fromEntries(response.headers), ...headers },
          }),
        )
      } else for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
    },
  }
}

/**
 * Counts a request that is no operation of GraphQL as one.
 * @throws Refusal with the status 429
 */
export async function countRequest(
  { limiter, addressHeader }: { limiter: RateLimiterAbstract | null; addressHeader: string | undefined },
  viewer: Viewer,
  request: Request,
  context: unknown,
): Promise<void> {
  if (!limiter) return
  const { isTooMuch, state } = await spend(
    limiter,
    keyOf(viewer, () => clientAddressOf(request, context, addressHeader)),
  )
  if (isTooMuch) throw tooOften(limiter, state, 'operations')
}

/** Takes so many points of a key; nobody waits for a store that is away. */
export async function spend(limiter: RateLimiterAbstract, key: string, count = 1): Promise<Spent> {
  try {
    return { isTooMuch: false, state: await limiter.consume(key, count) }
  } catch (state) {
    if (state instanceof Error) throw state
    return { isTooMuch: true, state: state as RateLimiterRes }
  }
}

/** Stores take keys of some length only, and a token's subject may have any. */
function keyOf({ actor, organizationId }: Viewer, address: () => string): string {
  if (actor.kind === 'OPEN') return `open ${address()}`
  const key = `${actor.kind} ${organizationId} ${actor.id}`
  return key.length <= 200 ? key : createHash('sha256').update(key).digest('hex')
}

/** That somebody came too often, with when to come again. */
export function tooOften(limiter: RateLimiterAbstract, state: RateLimiterRes, what: string) {
  const seconds = secondsUntil(state)
  return refusal(
    new CrossrunError('RATE_LIMITED', `More than ${limiter.points} ${what} in ${limiter.duration} seconds.`, {
      hint: `Ask again in ${seconds} seconds.`,
    }),
    429,
    { 'retry-after': String(seconds) },
  )
}

function headersOf({ points }: RateLimiterAbstract, { isTooMuch, state }: Spent): Record<string, string> {
  return {
    'ratelimit-limit': String(points),
    'ratelimit-remaining': String(state.remainingPoints),
    'ratelimit-reset': String(secondsUntil(state)),
    ...(isTooMuch ? { 'retry-after': String(secondsUntil(state)) } : {}),
  }
}

/** Until the minute is over, rounded up. */
function secondsUntil({ msBeforeNext }: RateLimiterRes): number {
  return Math.max(1, Math.ceil(msBeforeNext / 1000))
}
