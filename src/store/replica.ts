import { setTimeout as sleep } from 'node:timers/promises'
import type { Environment } from '../environment.ts'
import { type Client, openClient } from './client.ts'
import { withoutPassword } from './database.ts'
import { type Identity, PositionLine, REPLAYED } from './position-line.ts'

/**
 * `serving` answers what it is fresh enough for; `behind` lacks what the primary had some seconds ago; `down` cannot be
 * asked; `refused` is no replica of this primary; `starting` was not looked at yet.
 */
export type ReplicaState = 'starting' | 'serving' | 'behind' | 'down' | 'refused'

/** A replica entered a state, with the reason when it does not serve. */
export type ReplicaChange = { replica: string; state: ReplicaState; why: string | null }

/** When the primary had finished what stands in so many bytes of its log. */
export type Written = { at: number; bytes: bigint }

type Options = {
  url: string
  /** Its place in DATABASE_REPLICA_URLS, from 1. */
  number: number
  environment: Environment
  onChange: (change: ReplicaChange) => void
}

/** A replica this late no longer serves, and serves again when it is less late than half of it, in milliseconds. */
const LATE_MS = 2_000
/** How long a request waits for a replica that is nearly there, and how often it looks, in milliseconds. */
const CATCH_UP_MS = 50
const LOOK_AGAIN_MS = 4
/** After it was waited for in vain nobody waits for so long, in milliseconds. */
const IMPATIENCE_MS = 500
/** How long a replica that has failed a request is not asked, in milliseconds. */
const REST_MS = 1_000
/** The longest a connection to it may take to be made before the primary is asked instead, in milliseconds. */
const CONNECT_MS = 2_000

/** A server that replays what the primary writes. */
export class Replica {
  readonly url: string
  readonly number: number
  /** Host, port and database. */
  readonly address: string
  /** How many queries and exports it answered. */
  used = 0
  /** How many it is answering. */
  busy = 0
  readonly #environment: Environment
  readonly #onChange: Options['onChange']
  readonly #line: PositionLine<{ bytes: string | null }, bigint | null>
  #client: Client | undefined
  /** How far it has replayed at least, as long as its line holds. */
  #replayed: bigint | undefined
  #lagMs: number | undefined
  #impatientUntil = 0
  #restsUntil = 0
  #state: ReplicaState = 'starting'

  constructor({ url, number, environment, onChange }: Options) {
    this.url = url
    this.number = number
    this.address = withoutPassword(url)
    this.#environment = {
      ...environment,
      CROSSRUN_POOL_WAIT_MS: Math.min(environment.CROSSRUN_POOL_WAIT_MS, CONNECT_MS),
    }
    this.#onChange = onChange
    this.#line = new PositionLine(url, REPLAYED, () => this.forget())
  }

  get state(): ReplicaState {
    return this.#state
  }

  /** How late it is, in milliseconds; undefined when nobody can tell. */
  get lagMs(): number | undefined {
    return this.#replayed === undefined ? undefined : this.#lagMs
  }

  /** Its connections; they are made as they are needed. */
  get client(): Client {
    this.#client ??= openClient(this.url, this.#environment)
    return this.#client
  }

  /** How long a request waits for one of its connections, in milliseconds. */
  get maxWaitMs(): number {
    return this.#environment.CROSSRUN_POOL_WAIT_MS
  }

  /** Whether it may be asked when it is fresh enough. */
  get isServing(): boolean {
    return this.#state === 'serving' && performance.now() >= this.#restsUntil
  }

  /** Whether a connection is free: to wait for one would be slower than to ask another server. */
  get isFree(): boolean {
    return this.busy < this.#environment.CROSSRUN_POOL_SIZE
  }

  /** Whether it is known to have replayed that much; what is known holds, as a log is never replayed backwards. */
  has(bytes: bigint): boolean {
    return this.#replayed !== undefined && this.#replayed >= bytes
  }

  /** The same, looking again for a moment. Never throws. */
  async reaches(bytes: bigint): Promise<boolean> {
    const until = performance.now() + CATCH_UP_MS
    for (;;) {
      if (!(await this.#look().catch(() => false))) return false
      if (this.has(bytes)) return true
      const now = performance.now()
      if (now < this.#impatientUntil) return false
      if (now >= until) {
        this.#impatientUntil = now + IMPATIENCE_MS
        return false
      }
      await sleep(LOOK_AGAIN_MS)
    }
  }

  /**
   * Looks how it does. Never throws.
   * @param primary what the replica must be one of
   * @param history what the primary had written when, oldest first; empty when it cannot be asked
   */
  async check(primary: Identity, history: readonly Written[]): Promise<void> {
    try {
      const identity = await this.#line.identity()
      const stranger = strangenessOf(identity, primary)
      if (stranger) return this.#enter('refused', stranger)
      if (!(await this.#look())) return this.#enter('refused', 'it is not a replica: it does not replay another server')
    } catch (error) {
      this.forget()
      return this.#enter('down', error instanceof Error ? messageOf(error) : String(error))
    }
    const missing = history.find(({ bytes }) => !this.has(bytes))
    this.#lagMs = missing ? performance.now() - missing.at : 0
    if (this.#lagMs >= (this.#state === 'behind' ? LATE_MS / 2 : LATE_MS))
      this.#enter('behind', 'it lacks what the primary wrote some seconds ago')
    else this.#enter('serving', null)
  }

  /** It has failed a request: others do not try it for a while. */
  rest(): void {
    this.#restsUntil = performance.now() + REST_MS
  }

  /** What was known of it no longer holds: it was lost, and may come back further back. */
  forget(): void {
    this.#replayed = undefined
  }

  async close(): Promise<void> {
    await Promise.all([this.#line.close(), this.#client?.close()])
  }

  /** False when it does not replay: it was promoted, or never was a replica. */
  async #look(): Promise<boolean> {
    const bytes = await this.#line.ask()
    this.#replayed = bytes ?? undefined
    return bytes !== null
  }

  #enter(state: ReplicaState, why: string | null): void {
    if (state === this.#state) return
    this.#state = state
    if (state === 'refused') this.forget()
    this.#onChange({ replica: this.address, state, why })
  }
}

/** Why it is none of this primary's; null when it may be. */
function strangenessOf(replica: Identity, primary: Identity): string | null {
  if (replica.system !== null && primary.system !== null && replica.system !== primary.system)
    return 'it is a server of its own, made apart from the primary'
  return replica.database === primary.database ? null : 'its address names another database than DATABASE_URL'
}

/** A host with two addresses fails with an AggregateError that has no message of its own. */
const messageOf = (error: Error): string =>
  error.message ||
  (error instanceof AggregateError ? error.errors.map((each: Error) => each.message).join(', ') : error.name)
