import type { RateLimiterAbstract } from 'rate-limiter-flexible'
import { type ApiScope, may, type Viewer } from '../access/viewer.ts'
import { CrossrunError } from '../errors.ts'
import type { Doorman } from './doorman.ts'
import { checkHost } from './use-known-host.ts'
import { countRequest } from './use-rate-limit.ts'
import { checkOrigin } from './use-same-origin.ts'
import { rememberViewer } from './use-viewer.ts'

type Options = {
  doorman: Doorman
  limiter: RateLimiterAbstract | null
  addressHeader: string | undefined
  /** Other sites whose pages may ask. */
  origins: readonly string[]
  /** Names the server listens at. */
  hosts: ReadonlySet<string>
}

/** The way in for requests that are no operations of GraphQL: the same checks in the same order. */
export class SideDoor {
  readonly #options: Options

  constructor(options: Options) {
    this.#options = options
  }

  /**
   * @param context of the server: it knows the client's address
   * @returns who asks
   * @throws CrossrunError `UNAUTHENTICATED` or `FORBIDDEN`; Refusal with its status
   */
  async letIn(request: Request, context: unknown, scope: ApiScope): Promise<Viewer> {
    const { doorman, limiter, addressHeader, origins, hosts } = this.#options
    checkOrigin(request, origins)
    const viewer = await doorman.letIn(request, context)
    rememberViewer(request, viewer)
    checkHost(viewer, request, context, hosts)
    await countRequest({ limiter, addressHeader }, viewer, request, context)
    if (may(viewer, scope)) return viewer
    throw new CrossrunError('FORBIDDEN', `This needs a key with the scope ${scope}.`, {
      hint: 'Ask an administrator for a key that has it.',
    })
  }
}
