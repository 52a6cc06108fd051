import { streamUtf8 } from './encoding.ts'
import { keysOf } from './pointer.ts'
import { ValueSlicer } from './value-slicer.ts'

/**
 * The bytes of one value within a JSON text of any size, exactly as they stand there, piece by piece. Only the objects and
 * lists on the way to it are looked into; nothing after it is read. Of a key that an object names twice, the first.
 * @param pointer a JSON pointer (RFC 6901); empty for the whole text
 * @returns nothing when there is no such value
 */
export async function* valueAt(source: AsyncIterable<Buffer>, pointer: string): AsyncGenerator<Buffer> {
  const finder = new ValueFinder(keysOf(pointer))
  for await (const chunk of streamUtf8(source)) {
    if (pointer === '') yield chunk
    else {
      const piece = finder.push(chunk)
      if (piece.length > 0) yield piece
      if (finder.isDone) return
    }
  }
}

/** A key longer than this is none that a pointer names. */
const KEY_LIMIT_BYTES = 1024 * 1024

class ValueFinder {
  /** The value was found, or cannot be there. */
  isDone = false
  readonly #keys: string[]
  readonly #skipped = new ValueSlicer(0)
  readonly #key = new ValueSlicer(KEY_LIMIT_BYTES)
  /** How many of the pointer's keys the containers that are open stand for. */
  #level = 0
  #isArray = false
  #index = 0
  #name: string | null = null
  #expect: 'key' | 'value' | 'start' = 'start'
  #isTarget = false
  #open: ValueSlicer | null = null

  constructor(keys: string[]) {
    this.#keys = keys
  }

  /** What this piece of the text holds of the value. */
  push(chunk: Buffer): Buffer {
    let at = 0
    while (at < chunk.length && !this.isDone) {
      if (!this.#open) {
        at = this.#token(chunk, at)
        continue
      }
      const from = at
      const slicer: ValueSlicer = this.#open
      at = slicer.push(chunk, at)
      if (!slicer.isOpen) this.#closed(slicer)
      // One value lies in one stretch of the piece.
      if (this.#isTarget) return chunk.subarray(from, at)
    }
    return chunk.subarray(0, 0)
  }

  #closed(slicer: ValueSlicer): void {
    this.#open = null
    if (slicer === this.#key) {
      this.#name = nameOf(slicer.take())
      this.#expect = 'value'
      return
    }
    if (this.#isTarget) this.isDone = true
    this.#expect = this.#isArray ? 'value' : 'key'
  }

  #token(chunk: Buffer, at: number): number {
    const byte = chunk[at]!
    if (byte <= SPACE || byte === COLON) return at + 1
    if (byte === COMMA) {
      this.#index++
      return at + 1
    }
    if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      // The container where the value had to be has ended without it.
      this.isDone = true
      return at
    }
    if (this.#expect === 'start') return this.#enter(byte, at)
    if (this.#expect === 'key') {
      this.#open = this.#key
      return this.#key.open(chunk, at, at)
    }
    const isOnTheWay = (this.#isArray ? String(this.#index) : this.#name) === this.#keys[this.#level]
    if (isOnTheWay && this.#level + 1 < this.#keys.length) {
      this.#level++
      return this.#enter(byte, at)
    }
    this.#isTarget = isOnTheWay
    this.#open = this.#skipped
    return this.#skipped.open(chunk, at, at)
  }

  #enter(byte: number, at: number): number {
    this.#isArray = byte === OPEN_BRACKET
    this.#index = 0
    this.#expect = this.#isArray ? 'value' : 'key'
    if (!this.#isArray && byte !== OPEN_BRACE) this.isDone = true
    return at + 1
  }
}

/** What a key says; a broken one is none that a pointer names. */
function nameOf(key: Buffer): string | null {
  try {
    return JSON.parse(key.toString('utf8')) as string
  } catch {
    return null
  }
}

const SPACE = 32
const COMMA = 44
const COLON = 58
const OPEN_BRACKET = 91
const CLOSE_BRACKET = 93
const OPEN_BRACE = 123
const CLOSE_BRACE = 125
