const QUOTE = 34
const COMMA = 44
const BACKSLASH = 92
/** Brackets and braces differ by this bit. */
const EITHER = 0x20
const OPEN = 0x7b
const CLOSE = 0x7d

/** Cuts one JSON value out of bytes that come in pieces, by its quotes and brackets alone; whether it is JSON is for the parser. */
export class ValueSlicer {
  isOpen = false
  /** The value was larger than the limit; its bytes were dropped. */
  isTooLarge = false
  /** Of the value's first byte. */
  byteOffset = 0
  readonly #limitBytes: number
  #kind: 'string' | 'nested' | 'literal' = 'literal'
  #depth = 0
  #isInString = false
  #skipsNext = false
  #pieces: Buffer[] = []
  #length = 0

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  /** A number or literal ends where the text ends. */
  get endsWithText(): boolean {
    return this.#kind === 'literal'
  }

  /** Starts with the value at `at`; where its bytes are to be pushed from. */
  open(chunk: Buffer, at: number, byteOffset: number): number {
    const byte = chunk[at]!
    this.#kind = byte === QUOTE ? 'string' : (byte | EITHER) === OPEN ? 'nested' : 'literal'
    this.isOpen = true
    this.isTooLarge = false
    this.byteOffset = byteOffset
    this.#depth = 0
    this.#isInString = false
    this.#skipsNext = false
    this.#length = 0
    return at
  }

  /** Takes bytes from `from` on; where the value ends, or the end of the bytes while it stays open. */
  push(chunk: Buffer, from: number): number {
    const to = this.#kind === 'literal' ? this.#endOfLiteral(chunk, from) : this.#endOfNested(chunk, from)
    this.#length += to - from
    if (this.#length > this.#limitBytes) {
      this.isTooLarge = true
      this.#pieces = []
    } else this.#pieces.push(chunk.subarray(from, to))
    return to
  }

  close(): void {
    this.isOpen = false
  }

  /** The value's bytes; none when it was too large. */
  take(): Buffer {
    const bytes = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces)
    this.#pieces = []
    return bytes
  }

  #endOfLiteral(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at]!
      if (byte !== COMMA && byte > 32 && (byte | EITHER) !== CLOSE) continue
      this.isOpen = false
      return at
    }
    return chunk.length
  }

  /** One loop over local variables: this is where large files spend their time. */
  #endOfNested(chunk: Buffer, from: number): number {
    const end = chunk.length
    const isString = this.#kind === 'string'
    let at = this.#skipsNext ? from + 1 : from
    let depth = this.#depth
    let isInString = this.#isInString
    for (; at < end; at++) {
      const byte = chunk[at]!
      if (isInString) {
        if (byte === BACKSLASH) at++
        else if (byte === QUOTE) {
          isInString = false
          if (isString) break
        }
      } else if (byte === QUOTE) isInString = true
      else if ((byte | EITHER) === OPEN) depth++
      else if ((byte | EITHER) === CLOSE && --depth === 0) break
    }
    this.#depth = depth
    this.#isInString = isInString
    this.#skipsNext = at > end
    if (at >= end) return end
    this.isOpen = false
    return at + 1
  }
}
