import type { Environment } from '../environment.ts'
import { CrossrunError, RetryableError } from '../errors.ts'
import { type Identity, PositionLine, WRITTEN } from './position-line.ts'
import { Replica, type ReplicaChange, type ReplicaState, type Written } from './replica.ts'

export type { ReplicaChange, ReplicaState }

/**
 * Why the primary was asked: no replica was fresh enough (`behind`), could be asked (`down`), or had a connection free
 * (`busy`); a replica was asked and had to break the query off, as what it read was replayed away (`conflict`), or failed
 * (`failed`); or the primary could not say what a replica must have (`primary_away`).
 */
export type FallbackReason = 'behind' | 'down' | 'busy' | 'conflict' | 'failed' | 'primary_away'

/** How a replica does, for those who watch. */
export type ReplicaStatus = {
  /** Its place in DATABASE_REPLICA_URLS, from 1. */
  number: number
  /** Host, port and database; not for everybody's eyes. */
  address: string
  state: ReplicaState
  /** Null when nobody can tell. */
  lagSeconds: number | null
  used: number
}

/** A server to read from. */
export type ReadPlace = { url: string; isReplica: boolean }

type Options = {
  /** The primary's address. */
  url: string
  environment: Environment
  /** Told when a replica begins or ceases to serve. */
  onChange?: (change: ReplicaChange) => void
}

/** How often replicas are looked at, in milliseconds. */
const INTERVAL_MS = 500
/** So many moments of the primary are remembered to tell how late a replica is: ten minutes of a busy one. */
const MOST_MOMENTS = 1_200

/**
 * Servers that replay what the primary writes, and answer in its place where nobody can tell the difference: what was
 * finished before somebody asks, is in the answer. For that the primary is asked with each request how far its
 * write-ahead log is flushed, and only a replica that has replayed as much is asked.
 */
export class Replicas {
  /** How often the primary answered in a replica's place, by reason. */
  readonly fallbacks = new Map<FallbackReason, number>()
  readonly #url: string
  readonly #primary: PositionLine<{ bytes: string; under_way: string }, { bytes: bigint; underWay: string }>
  readonly #replicas: readonly Replica[]
  readonly #history: Written[] = []
  #watermark = { bytes: 0n, underWay: '' }
  #identity: Identity | undefined
  #checking: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #isChecked = false
  #isClosed = false
  #turn = 0

  /** Opens connections when there are replicas; `close` ends them. What cannot be reached is tried again and again. */
  constructor({ url, environment, onChange = () => undefined }: Options) {
    this.#url = url
    this.#primary = new PositionLine(url, WRITTEN, () => this.#forget())
    const tell = (change: ReplicaChange) => (this.#isClosed ? undefined : onChange(change))
    this.#replicas = environment.DATABASE_REPLICA_URLS.map(
      (address, place) => new Replica({ url: address, number: place + 1, environment, onChange: tell }),
    )
    if (this.#replicas.length > 0) this.#check()
  }

  /**
   * Asks a replica that is fresh enough, each in its turn; the primary when there is none, or when the replica fails.
   * What it began to answer then is thrown away.
   * @param onReplica asks it; a CrossrunError of its is about the request unless it is a RetryableError, and is final
   */
  async read<T>(onReplica: (replica: Replica) => Promise<T>, onPrimary: () => Promise<T>): Promise<T> {
    const replica = await this.#fresh({ withConnection: true })
    if (!replica) return onPrimary()
    try {
      const result = await onReplica(replica)
      replica.used += 1
      return result
    } catch (error) {
      if (isOfTheRequest(error)) throw error
      this.#failed(replica, error)
    } finally {
      replica.busy -= 1
    }
    return onPrimary()
  }

  /** Where to read what was finished before this call: a replica, else the primary. Never throws. */
  async readUrl(): Promise<ReadPlace> {
    const replica = await this.#fresh()
    if (!replica) return { url: this.#url, isReplica: false }
    replica.used += 1
    return { url: replica.url, isReplica: true }
  }

  /**
   * Opens what reads over a connection of its own: at a replica, else, or when that fails, at the primary.
   * @param open settles when the first row is there, or the end: whatever fails after it fails for good
   */
  async openAt<T>(open: (place: ReadPlace) => Promise<T>): Promise<T> {
    const replica = await this.#fresh()
    if (replica) {
      try {
        const opened = await open({ url: replica.url, isReplica: true })
        replica.used += 1
        return opened
      } catch (error) {
        if (isOfTheRequest(error)) throw error
        this.#failed(replica, error)
      }
    }
    return open({ url: this.#url, isReplica: false })
  }

  status(): ReplicaStatus[] {
    return this.#replicas.map(({ number, address, state, lagMs, used }) => {
      return { number, address, state, lagSeconds: lagMs === undefined ? null : Math.round(lagMs) / 1_000, used }
    })
  }

  /** Ends the connections once what is asked on them is answered. May be called more than once. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await Promise.all([this.#primary.close(), ...this.#replicas.map((replica) => replica.close()), this.#checking])
  }

  /** @param withConnection takes one of its connections, to be given back by lowering `busy` */
  async #fresh({ withConnection = false } = {}): Promise<Replica | null> {
    if (this.#replicas.length === 0) return null
    if (!this.#isChecked) await this.#checking
    const states = this.#replicas.filter(({ isServing }) => !isServing).map(({ state }) => state)
    if (states.length === this.#replicas.length) return this.#fallBack(states.includes('behind') ? 'behind' : 'down')
    const bytes = await this.#finished().catch(() => null)
    if (bytes === null) return this.#fallBack('primary_away')
    const able = this.#inTurn().filter((each) => each.isServing && (each.isFree || !withConnection))
    if (able.length === 0) return this.#fallBack('busy')
    const known = able.find((replica) => replica.has(bytes))
    const fresh = known ?? (await firstThatReaches(able, bytes))
    if (!fresh) return this.#fallBack('behind')
    if (!withConnection) return fresh
    // Others may have taken them while it was waited for.
    if (!fresh.isFree) return this.#fallBack('busy')
    fresh.busy += 1
    return fresh
  }

  /**
   * So many bytes of the primary's log hold everything that was finished before this call. Large transactions that are
   * not finished write a lot, and replicas need not have it: the bytes count from when the last one was finished.
   */
  async #finished(): Promise<bigint> {
    const written = await this.#primary.ask()
    if (written.underWay !== this.#watermark.underWay) this.#watermark = written
    return this.#watermark.bytes
  }

  /** A primary that was lost may come back as another one, or give the numbers of lost transactions to new ones. */
  #forget(): void {
    this.#watermark = { bytes: 0n, underWay: '' }
    this.#history.length = 0
  }

  #inTurn(): Replica[] {
    const first = this.#turn++ % this.#replicas.length
    return [...this.#replicas.slice(first), ...this.#replicas.slice(0, first)]
  }

  #failed(replica: Replica, error: unknown): void {
    if (isRecoveryConflict(error)) return void this.#fallBack('conflict')
    // Others would fail at a connection too; a statement may fail for what it asks.
    if (error instanceof RetryableError) replica.rest()
    this.#fallBack('failed')
  }

  #fallBack(reason: FallbackReason): null {
    this.fallbacks.set(reason, (this.fallbacks.get(reason) ?? 0) + 1)
    return null
  }

  #check(): void {
    this.#checking = this.#checkAll().finally(() => {
      this.#isChecked = true
      if (!this.#isClosed) this.#timer = setTimeout(() => this.#check(), INTERVAL_MS).unref()
    })
  }

  async #checkAll(): Promise<void> {
    try {
      this.#identity = await this.#primary.identity()
      this.#remember(await this.#finished())
    } catch {
      // What is late is told by what was known until now.
    }
    const identity = this.#identity
    if (identity) await Promise.all(this.#replicas.map((replica) => replica.check(identity, this.#history)))
  }

  #remember(bytes: bigint): void {
    if (this.#history.at(-1)?.bytes === bytes) return
    this.#history.push({ at: performance.now(), bytes })
    if (this.#history.length > MOST_MOMENTS) this.#history.shift()
  }
}

async function firstThatReaches(replicas: readonly Replica[], bytes: bigint): Promise<Replica | null> {
  const reaching = replicas.map(async (replica) => {
    if (await replica.reaches(bytes)) return replica
    throw new Error('It is behind.')
  })
  return Promise.any(reaching).catch(() => null)
}

/** The primary would say the same: something is wrong with the request, its time is up, or nobody waits for it. */
function isOfTheRequest(error: unknown): boolean {
  return error instanceof CrossrunError && !(error instanceof RetryableError)
}

/** Nothing a query that only reads does can conflict with anything but what is replayed. */
function isRecoveryConflict(error: unknown): boolean {
  const { code, originalCode = code } = (error ?? {}) as { code?: string; originalCode?: string }
  return ['CONFLICT', '40001', '40P01'].includes(originalCode ?? '')
}
