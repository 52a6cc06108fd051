import { isAscii, isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'
import { type Issue, ReadError, reject } from './issue.ts'

type Encoding = 'utf-16le' | 'utf-16be' | 'utf-32'

/** How many bytes tell the encoding. */
const MARK_BYTES = 4

/** The encoding that a byte-order mark names; null is UTF-8, marked or not. */
function markedEncoding(head: Uint8Array): Encoding | null {
  if (head[0] === 0xff && head[1] === 0xfe)
    return head[2] === 0 && head[3] === 0 && head.length >= 4 ? 'utf-32' : 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  if (head[0] === 0 && head[1] === 0 && head[2] === 0xfe && head[3] === 0xff) return 'utf-32'
  return null
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}

/** The bytes as UTF-8 without a byte-order mark; whether they are valid UTF-8 is for `textOf` to say. */
export function toUtf8(bytes: Buffer): { content: Buffer; damage: Issue | null } {
  const encoding = markedEncoding(bytes)
  if (encoding === null) return { content: withoutMark(bytes), damage: null }
  const damage =
    encoding === 'utf-32' ? unknownEncoding() : bytes.length % 2 === 1 ? cutCharacter(bytes.length - 1) : null
  if (encoding === 'utf-32') return { content: Buffer.alloc(0), damage }
  const even = bytes.length - (bytes.length % 2)
  const little = encoding === 'utf-16le' ? bytes.subarray(2, even) : Buffer.from(bytes.subarray(2, even)).swap16()
  const text = little.toString('utf16le')
  const lone = text.search(/\p{Surrogate}/u)
  if (lone !== -1) return { content: Buffer.from(text), damage: notText(2 + lone * 2, 'UTF-16') }
  return { content: Buffer.from(text), damage }
}

/** The same for a stream. @throws ReadError when UTF-16 is not valid or ends within a character */
export async function* streamUtf8(bytes: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer | null = Buffer.alloc(0)
  let decoder: TextDecoder | null = null
  let read = 0
  for await (const piece of bytes) {
    let chunk = piece
    if (head) {
      chunk = head.length > 0 ? Buffer.concat([head, piece]) : piece
      head = chunk.length < MARK_BYTES ? chunk : null
      if (head) continue
      decoder = decoderFor(chunk)
      if (!decoder) chunk = withoutMark(chunk)
    }
    if (decoder) chunk = decoded(decoder, chunk, read, true)
    read += piece.length
    if (chunk.length > 0) yield chunk
  }
  if (head && head.length > 0) {
    decoder = decoderFor(head)
    yield decoder ? decoded(decoder, head, 0, true) : withoutMark(head)
  }
  if (decoder) decoded(decoder, Buffer.alloc(0), read, false)
}

function decoderFor(head: Buffer): TextDecoder | null {
  const encoding = markedEncoding(head)
  if (encoding === 'utf-32') throw new ReadError(unknownEncoding())
  return encoding && new TextDecoder(encoding, { fatal: true })
}

function decoded(decoder: TextDecoder, bytes: Buffer, offset: number, more: boolean): Buffer {
  try {
    return Buffer.from(decoder.decode(bytes, { stream: more }))
  } catch {
    throw new ReadError(more ? notText(offset, 'UTF-16') : cutCharacter(offset))
  }
}

/**
 * The text of UTF-8 bytes.
 * @returns `UNREADABLE` with the offset of the first byte that is not UTF-8; `TRUNCATED` when only the last character
 * is incomplete
 */
export function textOf(content: Buffer): string | Issue {
  // Most artifacts are ASCII, and reading it as Latin-1 costs a fraction of decoding UTF-8.
  if (isAscii(content)) return content.toString('latin1')
  return utf8Damage(content) ?? content.toString('utf8')
}

/** What is wrong with the encoding; null when nothing is. */
export function utf8Damage(content: Buffer): Issue | null {
  if (isUtf8(content)) return null
  const offset = firstInvalidByte(content)
  return isCutCharacter(content.subarray(offset)) ? cutCharacter(offset) : notText(offset, 'UTF-8')
}

/** Halves the range until the first byte is found that makes the bytes before it invalid. */
function firstInvalidByte(bytes: Buffer): number {
  let valid = 0
  let invalid = bytes.length
  while (invalid - valid > 4) {
    let middle = (valid + invalid) >> 1
    // Not between the bytes of one character (it has at most three that continue it).
    for (let back = 0; back < 3 && middle > valid && (bytes[middle]! & 0xc0) === 0x80; back++) middle--
    if (middle === valid) break
    if (isUtf8(bytes.subarray(valid, middle))) valid = middle
    else invalid = middle
  }
  for (let end = valid; end < bytes.length; ) {
    const size = sizeOf(bytes[end]!)
    if (size === 0 || end + size > bytes.length || !isUtf8(bytes.subarray(end, end + size))) return end
    end += size
  }
  return bytes.length
}

function sizeOf(lead: number): number {
  if (lead < 0x80) return 1
  if (lead >= 0xc2 && lead < 0xe0) return 2
  if (lead >= 0xe0 && lead < 0xf0) return 3
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0
}

/** Whether these last bytes of a file are the start of a character. */
function isCutCharacter(tail: Buffer): boolean {
  const size = sizeOf(tail[0]!)
  return tail.length < size && tail.subarray(1).every((byte) => (byte & 0xc0) === 0x80)
}

function notText(byteOffset: number, encoding: string): Issue {
  return reject('UNREADABLE', `the encoding is not valid ${encoding}`, { byteOffset })
}

function cutCharacter(byteOffset: number): Issue {
  return reject('TRUNCATED', 'the file ends within a character', { byteOffset })
}

function unknownEncoding(): Issue {
  return reject('UNREADABLE', 'the encoding is UTF-32; save the file as UTF-8')
}
