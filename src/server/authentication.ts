import type { Logger } from 'pino'
import { isAnyKeyMade, type RefusedKey, viewerOfKey } from '../access/find-key.ts'
import { noteUse } from '../access/note-use.ts'
import { readKeyText } from '../access/secrets.ts'
import { openViewer, type Viewer } from '../access/viewer.ts'
import { CrossrunError } from '../errors.ts'
import type { PrismaClient } from '../store/client.ts'
import { inShortTransaction } from '../store/short-transaction.ts'

/** Whom a request without a key is answered: nobody, anybody until the first key is made, or anybody. */
export type Openness = 'never' | 'untilFirstKey' | 'always'

/** Who somebody is who comes with a token that is no key; null when it is not for this. */
export type TokenReader = (token: string) => Promise<Viewer | null>

type Options = {
  prisma: PrismaClient
  openness: Openness
  organizationId: string
  readToken?: TokenReader | undefined
  logger: Logger
}

/** Somebody came with a key that lets nobody in. */
export class RefusedKeyError extends CrossrunError {
  readonly refused: RefusedKey

  constructor(refused: RefusedKey) {
    const message = { unknown: 'is not valid', expired: 'has expired', revoked: 'was revoked' }[refused.why]
    super('UNAUTHENTICATED', `The key ${message}.`, { hint: '`crossrun keys list` shows which there are.' })
    this.refused = refused
  }
}

/** How long an answer about a key is remembered, in milliseconds: a key that is revoked works so long at most. */
const REMEMBERED_MS = 500
const MOST_REMEMBERED = 10_000
const MINUTE_MS = 60_000

/** Tells who asks. */
export class Authentication {
  readonly #options: Options
  readonly #keys = new Map<string, { until: number; viewer: Promise<Viewer | RefusedKey> }>()
  /** The minute in which the use of a key was noted last. */
  readonly #noted = new Map<string, number>()
  readonly #noting = new Set<Promise<void>>()
  #isClosed: { until: number; answer: Promise<boolean> } | null = null

  constructor(options: Options) {
    this.#options = options
  }

  /** @throws CrossrunError `UNAUTHENTICATED` with what to do about it */
  async viewerOf(request: Request): Promise<Viewer> {
    const header = request.headers.get('authorization')
    if (header !== null) return this.#withHeader(header)
    const { openness, organizationId } = this.#options
    if (openness === 'always') return openViewer(organizationId)
    if (openness === 'untilFirstKey') {
      const isClosed = await this.#isAnyKeyMade().catch(() => null)
      // Whoever cannot be told from somebody who needs a key sees what needs none: the schema.
      if (isClosed === null) return { ...openViewer(organizationId), scopes: new Set() }
      if (!isClosed) return openViewer(organizationId)
    }
    throw unauthenticated('This server asks for a key.', 'Send it as the header `Authorization: Bearer crossrun_…`.')
  }

  async #withHeader(header: string): Promise<Viewer> {
    const [, token] = /^Bearer +(\S+) *$/i.exec(header) ?? []
    if (!token)
      throw unauthenticated('The Authorization header is not understood.', 'It reads `Bearer`, then a key or token.')
    if (!token.startsWith('crossrun_')) {
      const viewer = await this.#options.readToken?.(token)
      if (viewer) return viewer
      throw unauthenticated('The key is not valid.', 'Keys begin with `crossrun_`; `crossrun keys create` makes one.')
    }
    const viewer = await this.#key(token)
    if ('why' in viewer) throw new RefusedKeyError(viewer)
    return viewer
  }

  /**
   * Notes that a key is in use, once a minute, while nobody waits for it. Called when a request is answered: what the
   * request itself writes to the key's row is committed then.
   */
  noteUse({ actor, organizationId }: Viewer): void {
    const { kind, id } = actor
    const minute = Math.floor(Date.now() / MINUTE_MS)
    if (kind !== 'API_KEY' || id === null || this.#noted.get(id) === minute) return
    if (this.#noted.size >= MOST_REMEMBERED) this.#noted.clear()
    this.#noted.set(id, minute)
    const { prisma, logger } = this.#options
    const noting = inShortTransaction(prisma, organizationId, (send) => noteUse(send, 'api_keys', id))
      .catch((error: unknown) => logger.warn({ err: error, key: id }, 'the use of a key could not be noted'))
      .finally(() => this.#noting.delete(noting))
    this.#noting.add(noting)
  }

  /** Settles when what was to be noted is noted. */
  async settled(): Promise<void> {
    await Promise.all(this.#noting)
  }

  async #key(text: string): Promise<Viewer | RefusedKey> {
    // Only what can be a key is remembered: texts of any length would fill the memory.
    if (!readKeyText(text)) return { why: 'unknown', of: null }
    const now = Date.now()
    const known = this.#keys.get(text)
    if (known && known.until > now) return known.viewer
    if (this.#keys.size >= MOST_REMEMBERED) this.#keys.clear()
    const viewer = viewerOfKey(this.#options.prisma, text)
    this.#keys.set(text, { until: now + REMEMBERED_MS, viewer })
    // What could not be asked is asked again.
    viewer.catch(() => this.#keys.delete(text))
    return viewer
  }

  #isAnyKeyMade(): Promise<boolean> {
    const now = Date.now()
    if (this.#isClosed && this.#isClosed.until > now) return this.#isClosed.answer
    const answer = isAnyKeyMade(this.#options.prisma)
    this.#isClosed = { until: now + REMEMBERED_MS, answer }
    answer.catch(() => {
      this.#isClosed = null
    })
    return answer
  }
}

function unauthenticated(message: string, hint: string): CrossrunError {
  return new CrossrunError('UNAUTHENTICATED', message, { hint })
}
