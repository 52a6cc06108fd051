import { streamUtf8 } from './encoding.ts'
import { type Issue, issueOf, reject } from './issue.ts'
import { parseJson } from './parse-json.ts'
import { RECORD_LIMIT_BYTES, type ReadEvent } from './records.ts'

const LINE_FEED = 10

type Line = { bytes: Buffer; number: number; byteOffset: number }

/**
 * Reads JSON lines, one record a line; blank lines are skipped. A line that cannot be read becomes one reject with its
 * line and byte offset, and the others go on. Memory: one line and one piece of the source.
 */
export async function* readLines(
  source: AsyncIterable<Buffer> | Iterable<Buffer>,
  limitBytes = RECORD_LIMIT_BYTES,
): AsyncGenerator<ReadEvent> {
  let pending: Buffer[] = []
  let pendingBytes = 0
  let number = 1
  let byteOffset = 0
  let isEmpty = true
  let damage: Issue | null = null

  const hold = (bytes: Buffer) => {
    pendingBytes += bytes.length
    if (pendingBytes <= limitBytes) pending.push(bytes)
    else pending = []
  }
  const finish = (isLast: boolean): ReadEvent | null => {
    const bytes = pending.length === 1 ? pending[0]! : Buffer.concat(pending)
    const event =
      pendingBytes > limitBytes
        ? tooLarge(number, byteOffset, limitBytes)
        : eventOf({ bytes, number, byteOffset }, isLast)
    pending = []
    number++
    byteOffset += pendingBytes + 1
    pendingBytes = 0
    return event
  }

  try {
    for await (const chunk of streamUtf8(source)) {
      let from = 0
      for (let to = chunk.indexOf(LINE_FEED); to !== -1; to = chunk.indexOf(LINE_FEED, from)) {
        hold(chunk.subarray(from, to))
        from = to + 1
        const event = finish(false)
        if (!event) continue
        isEmpty = false
        yield event
      }
      if (from < chunk.length) hold(chunk.subarray(from))
    }
  } catch (error) {
    damage = issueOf(error)
  }

  const last = { number, byteOffset, bytes: pendingBytes }
  const event = pendingBytes > 0 ? finish(true) : null
  // Of a damaged file the last line counts when it is whole: an object or a list that is closed.
  if (event && (!damage || isWhole(event))) yield event
  if (damage) yield { issue: { ...damage, line: last.number, byteOffset: last.byteOffset + last.bytes } }
  else if (isEmpty && !event) yield { issue: reject('EMPTY', 'there is nothing in it') }
}

function eventOf({ bytes, number: line, byteOffset }: Line, isLast: boolean): ReadEvent | null {
  if (isBlank(bytes)) return null
  const parsed = parseJson(bytes, { line, byteOffset })
  if ('value' in parsed)
    return { record: { value: parsed.value, line, pointer: '', byteOffset, issues: parsed.issues } }
  const { issue } = parsed
  // Only the end of the file can be cut off; a line that another follows was written so.
  return { issue: issue.code === 'TRUNCATED' && !isLast ? { ...issue, code: 'SYNTAX' } : issue }
}

function isBlank(bytes: Buffer): boolean {
  // A record starts with a brace: nearly every line is told from its first byte.
  if (bytes.length > 0 && bytes[0]! > 32) return false
  return bytes.every((byte) => byte === 32 || byte === 9 || byte === 13)
}

function isWhole(event: ReadEvent): boolean {
  return 'record' in event && typeof event.record.value === 'object' && event.record.value !== null
}

function tooLarge(line: number, byteOffset: number, limitBytes: number): ReadEvent {
  return { issue: reject('TOO_LARGE', `the line is longer than ${limitBytes} bytes`, { line, byteOffset }) }
}
