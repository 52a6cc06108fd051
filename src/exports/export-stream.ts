import { Readable } from 'node:stream'
import { CrossrunError, RetryableError } from '../errors.ts'
import { timedOut } from '../store/request-stop.ts'
import { copyCsv, copyJsonLines, type TextOptions } from './copied.ts'
import { describe, withDigits } from './describe.ts'
import { fetchBatches } from './fetched.ts'
import type { Format } from './formats.ts'
import { Snapshot, type SnapshotSettings } from './snapshot.ts'
import type { Source } from './source.ts'
import type { ExportColumn } from './table.ts'

export type ExportOptions = SnapshotSettings &
  TextOptions & {
    source: Source
    format: Format
    /** Fires when nobody wants the file any more. */
    signal?: AbortSignal | undefined
  }

/** A file that is being made. */
export type Exporting = {
  /** Its bytes. It never ends as if it were whole when it is not: it is destroyed with the error. */
  stream: Readable
  /** How many rows were written so far; all of them once the stream has ended. */
  rows: () => number
}

/**
 * Makes a file of a source's rows, as they are at this moment, while it is read: memory holds some thousand rows at a time.
 * Destroying the stream ends the query.
 * @returns once the first bytes are there, so that what cannot be exported is an error and no file
 * @throws RetryableError `DATABASE_UNAVAILABLE`; CrossrunError `QUERY_TIMEOUT`
 */
export async function openExport(options: ExportOptions): Promise<Exporting> {
  const snapshot = await Snapshot.open(options)
  const stop = stopOf(options, snapshot)
  let rows = 0
  try {
    const pieces = await piecesOf(snapshot, options, (count) => {
      rows += count
    })
    const first = await pieces.next()
    const stream = new PiecesStream(first, pieces, stop)
    stop.onStop = (error) => stream.destroy(error)
    return { stream, rows: () => rows }
  } catch (error) {
    const meaning = stop.reason ?? meaningOf(error)
    await stop.end(meaning)
    throw meaning
  }
}

/** What the columns of a source are, in every format. */
export async function columnsOf(settings: SnapshotSettings, source: Source): Promise<ExportColumn[]> {
  const snapshot = await Snapshot.open(settings)
  try {
    const columns = await describe(snapshot.client, source)
    return columns.map(({ name, description, type }) => ({ name, description, type }))
  } finally {
    await snapshot.close()
  }
}

async function piecesOf(
  { client }: Snapshot,
  { source, format, guardFormulas, byteOrderMark }: ExportOptions,
  count: (rows: number) => void,
): Promise<AsyncIterator<Uint8Array>> {
  const columns = await describe(client, source)
  if (format.name === 'csv') return copyCsv(client, source, columns, { guardFormulas, byteOrderMark }, count)
  if (format.name === 'jsonl') return copyJsonLines(client, source, columns, count)
  const write = await format.loadWriter!()
  const typed = await withDigits(client, source, columns)
  return write(typed, fetchBatches(client, source, typed, count))[Symbol.asyncIterator]()
}

/** What ends an export early: its time, or whoever asked for it. */
type Stop = {
  reason: CrossrunError | undefined
  onStop: (error: CrossrunError) => void
  /** Ends the connection; at once when there is an error. */
  end(error: Error | null): Promise<void>
}

function stopOf({ statementTimeoutMs, signal }: ExportOptions, snapshot: Snapshot): Stop {
  const stop: Stop = {
    reason: undefined,
    onStop: () => undefined,
    async end(error) {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      await (error ? snapshot.abort() : snapshot.close())
    },
  }
  const because = (reason: CrossrunError) => {
    stop.reason ??= reason
    // What waits for the connection is told so by its end.
    void snapshot.abort()
    stop.onStop(reason)
  }
  const onAbort = () => because(new CrossrunError('REQUEST_CANCELLED', 'The client left before the file was whole.'))
  const timer = setTimeout(() => because(timedOut()), statementTimeoutMs)
  timer.unref()
  if (signal?.aborted) onAbort()
  else signal?.addEventListener('abort', onAbort, { once: true })
  return stop
}

/** Reads pieces as they are wanted. Node's own `Readable.from` would wait for a piece before it lets itself be destroyed. */
class PiecesStream extends Readable {
  readonly #pieces: AsyncIterator<Uint8Array>
  readonly #stop: Stop
  #first: IteratorResult<Uint8Array> | undefined

  constructor(first: IteratorResult<Uint8Array>, pieces: AsyncIterator<Uint8Array>, stop: Stop) {
    super({ highWaterMark: 256 * 1024 })
    this.#first = first
    this.#pieces = pieces
    this.#stop = stop
  }

  override _read(): void {
    const next = this.#first ? Promise.resolve(this.#first) : this.#pieces.next()
    this.#first = undefined
    next.then(
      ({ value, done }) => {
        if (done) this.push(null)
        else if (value.length > 0) this.push(value)
        else this._read()
      },
      (error: unknown) => this.destroy(this.#stop.reason ?? meaningOf(error)),
    )
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    const isWhole = error === null && this.readableEnded
    this.#stop.end(isWhole ? null : (error ?? new Error('Nobody reads on.'))).then(
      () => callback(error),
      () => callback(error),
    )
  }
}

/** SQLSTATE of a statement that ran into its timeout. */
const STATEMENT_ENDED = '57014'
const LOST = /^(08...|57P0[1-3])$/

function meaningOf(error: unknown): Error {
  const { code = '', message = '' } = (error ?? {}) as { code?: unknown; message?: unknown }
  if (code === STATEMENT_ENDED) return timedOut(error)
  if (LOST.test(String(code)) || /Connection terminated|server closed the connection/.test(String(message)))
    return new RetryableError('DATABASE_UNAVAILABLE', 'The database went away. Ask again in a moment.', {
      cause: error,
    })
  return error instanceof Error ? error : new Error(String(error))
}
