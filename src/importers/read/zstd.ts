import { Decompress, ZstdErrorCode } from 'fzstd'
import { ReadError, reject } from './issue.ts'

/** A block of zstd holds at most 128 KB and may take 4 bytes: so much input at a time unpacks to 32 MB at most. */
const STEP_BYTES = 1024

/**
 * Unpacks zstd, any number of frames. fzstd even where Node has zstd: Node's (24) stops after the first frame without
 * an error, and files that were appended to, or written by several threads, have more.
 * @throws ReadError `TRUNCATED` or `UNREADABLE`, after everything that came before the damage
 */
export async function* unpackZstd(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = []
  const unpacker = new Decompress((bytes) => {
    // A copy: the unpacker may reuse its memory.
    if (bytes.length > 0) waiting.push(Buffer.from(bytes))
  })
  const push = (bytes: Uint8Array, isLast: boolean): ReadError | null => {
    try {
      unpacker.push(bytes, isLast)
      return null
    } catch (error) {
      return zstdError(error)
    }
  }
  for await (const chunk of packed) {
    for (let from = 0; from < chunk.length; from += STEP_BYTES) {
      const failure = push(chunk.subarray(from, from + STEP_BYTES), false)
      if (waiting.length > 0) yield Buffer.concat(waiting)
      waiting = []
      if (failure) throw failure
    }
  }
  const failure = push(new Uint8Array(0), true)
  if (waiting.length > 0) yield Buffer.concat(waiting)
  if (failure) throw failure
}

function zstdError(error: unknown): ReadError {
  const code = (error as { code?: unknown }).code
  if (code === ZstdErrorCode.UnexpectedEOF)
    return new ReadError(reject('TRUNCATED', 'the compressed file ends too early'))
  const message = error instanceof Error ? error.message : String(error)
  return new ReadError(reject('UNREADABLE', `the zstd file is damaged: ${message}`))
}
