import { setTimeout as sleep } from 'node:timers/promises'
import { CrossrunError } from '../errors.ts'

/** Ends the statement that a connection runs, from another connection. */
export type CancelBackend = (pid: number) => Promise<void>

type Options = {
  /** Milliseconds from now until the work must be done. */
  timeoutMs: number
  /** Fires when nobody waits for the answer any more. */
  signal?: AbortSignal | undefined
}

/** How long after its end a connection that does not come back keeps the answer waiting, in milliseconds. */
const GRACE_MS = 5_000
/** How long a statement that was cancelled may go on before it is cancelled again, in milliseconds; then twice as long. */
const FIRST_PAUSE_MS = 20
const LONGEST_PAUSE_MS = 500

/**
 * Ends a request before its work is done, because its time is up or its client has left: it sends no further statement
 * then, and the one that runs is cancelled.
 */
export class RequestStop {
  readonly #deadline: number
  readonly #timers: NodeJS.Timeout[] = []
  readonly #signal: AbortSignal | undefined
  readonly #onAbort = () => this.#stop(cancelled(), true)
  #reason: CrossrunError | undefined
  #isOver = false
  #running: CancelBackend | undefined
  #statement: Promise<void> = Promise.resolve()
  #cancelling: Promise<void> = Promise.resolve()
  // Called rather than raced with promises that live as long as this does: those would hold on to the answer, and Prisma
  // holds on to the last hundred transactions with whatever their requests were in.
  #endWork: ((reason: CrossrunError) => void) | undefined
  #endWait: ((reason: CrossrunError) => void) | undefined

  /** The process of the database that works for this request, once it is known. */
  backend: number | undefined

  constructor({ timeoutMs, signal }: Options) {
    this.#deadline = performance.now() + timeoutMs
    this.#after(timeoutMs, () => this.#stop(timedOut(), false))
    this.#signal = signal
    if (signal?.aborted) this.#onAbort()
    else signal?.addEventListener('abort', this.#onAbort, { once: true })
  }

  /** Why it was ended; undefined when it was not. */
  get reason(): CrossrunError | undefined {
    return this.#reason
  }

  /** Whole milliseconds that are left, at least 1. */
  get leftMs(): number {
    return Math.max(1, Math.ceil(this.#deadline - performance.now()))
  }

  /** The work's result, unless it is ended first; once it is done, nothing ends it any more. */
  async within<T>(work: () => Promise<T>): Promise<T> {
    if (this.#reason) throw this.#reason
    const result = await new Promise<T>((resolve, reject) => {
      this.#endWork = reject
      work().then(resolve, reject)
    })
    if (this.#reason) throw this.#reason
    this.close()
    return result
  }

  /** The same as the transaction's promise, but for a connection that does not answer to its end either. */
  beforeOverdue<T>(transaction: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#endWait = reject
      transaction.then(resolve, reject)
    })
  }

  /** Sends a statement that is cancelled when the client leaves. */
  async send<T>(cancel: CancelBackend, statement: () => Promise<T>): Promise<T> {
    this.#running = cancel
    const sent = statement()
    this.#statement = sent.then(
      () => undefined,
      () => undefined,
    )
    try {
      return await sent
    } finally {
      this.#running = undefined
    }
  }

  /** Until then the connection is not for others: a cancel that is on its way would hit their statement. */
  untilCancelled(): Promise<void> {
    return this.#cancelling
  }

  /** Lets go of the client's signal, of the clock and of the answer. */
  close(): void {
    this.#isOver = true
    this.#endWork = undefined
    this.#endWait = undefined
    for (const timer of this.#timers) clearTimeout(timer)
    this.#signal?.removeEventListener('abort', this.#onAbort)
  }

  /** @param isEarly the database's own statement_timeout, which ends when the time is up, is still far away */
  #stop(reason: CrossrunError, isEarly: boolean): void {
    if (this.#reason || this.#isOver) return
    this.#reason = reason
    if (isEarly && this.#running && this.backend !== undefined) {
      this.#cancelling = this.#cancel(this.#running, this.backend)
    }
    this.#endWork?.(reason)
    this.#after(GRACE_MS, () => this.#endWait?.(reason))
  }

  /**
   * Cancels until the statement is over: a cancel that arrives before the statement does finds nothing to end, and is lost.
   * When it cannot be cancelled, statement_timeout ends it.
   */
  async #cancel(cancel: CancelBackend, backend: number): Promise<void> {
    for (let pause = FIRST_PAUSE_MS; this.#running; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      await cancel(backend).catch(() => undefined)
      await Promise.race([this.#statement, sleep(pause, undefined, { ref: false })])
    }
  }

  #after(milliseconds: number, work: () => void): void {
    this.#timers.push(setTimeout(work, milliseconds).unref())
  }
}

export function timedOut(cause?: unknown): CrossrunError {
  return new CrossrunError('QUERY_TIMEOUT', 'The query took too long and was ended.', {
    hint: 'Ask for less at once, or raise CROSSRUN_STATEMENT_TIMEOUT_MS and CROSSRUN_REQUEST_TIMEOUT_MS.',
    cause,
  })
}

function cancelled(): CrossrunError {
  return new CrossrunError('REQUEST_CANCELLED', 'The client left before the answer was there.')
}
