import type { Logger } from 'pino'
import type { RateLimiterAbstract } from 'rate-limiter-flexible'
import type { Viewer } from '../access/viewer.ts'
import { CrossrunError, RetryableError } from '../errors.ts'
import type { AuditTrail } from './audit-trail.ts'
import { type Authentication, RefusedKeyError } from './authentication.ts'
import { clientAddressOf } from './client-address.ts'
import { requestIdOf } from './context.ts'
import { spend, tooOften } from './use-rate-limit.ts'

type Options = {
  authentication: Authentication
  trail: AuditTrail
  logger: Logger
  /** Counts the wrong keys of an address; null for any number. */
  failures: RateLimiterAbstract | null
  addressHeader: string | undefined
}

/**
 * Lets in who may come in, and writes down who may not. Whoever comes with too many wrong keys is told so instead of what
 * is wrong with the next; a right key opens all the same: behind one address there may be others than who guesses.
 */
export class Doorman {
  readonly #options: Options
  readonly #asked = new WeakMap<Request, Promise<Viewer>>()

  constructor(options: Options) {
    this.#options = options
  }

  /**
   * Once a request, however many operations it has.
   * @param context of the server: it knows the client's address
   * @throws CrossrunError `UNAUTHENTICATED` or `DATABASE_UNAVAILABLE`; Refusal with the status 429
   */
  letIn(request: Request, context: unknown): Promise<Viewer> {
    const asked = this.#asked.get(request) ?? this.#ask(request, context)
    this.#asked.set(request, asked)
    return asked
  }

  async #ask(request: Request, context: unknown): Promise<Viewer> {
    const { authentication, failures, addressHeader } = this.#options
    try {
      return await authentication.viewerOf(request)
    } catch (error) {
      if (error instanceof RefusedKeyError) await this.#note(error, requestIdOf(request))
      if (!(error instanceof CrossrunError)) throw unavailable(error)
      // Only what is wrong with a key counts: not that there is none, nor that nobody could tell.
      if (failures && error.code === 'UNAUTHENTICATED' && request.headers.has('authorization')) {
        const { isTooMuch, state } = await spend(failures, clientAddressOf(request, context, addressHeader))
        if (isTooMuch) throw tooOften(failures, state, 'wrong keys')
      }
      throw error
    }
  }

  async #note({ refused: { why, of } }: RefusedKeyError, requestId: string): Promise<void> {
    const { logger, trail } = this.#options
    logger.warn({ requestId, why, key: of?.actor.id ?? null }, 'a key was refused')
    if (!of?.actor.id) return
    const { actor, organizationId } = of
    const target = { type: 'ApiKey', id: of.actor.id }
    await trail.writeDenial(organizationId, { actor, action: 'key.refused', target, requestId, details: { why } })
  }
}

function unavailable(cause: unknown): RetryableError {
  return new RetryableError('DATABASE_UNAVAILABLE', 'The database cannot be reached. Ask again in a moment.', { cause })
}
