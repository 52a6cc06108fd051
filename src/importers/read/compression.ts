import { PassThrough, type Readable } from 'node:stream'
import { createGunzip, gunzipSync } from 'node:zlib'
import { type Issue, issueOf, ReadError, reject } from './issue.ts'
import { pulled } from './pulled.ts'
import { unpackZstd } from './zstd.ts'

export type Compression = 'gzip' | 'zstd' | null

/** Bytes that tell how a file is compressed. */
export const MAGIC_BYTES = 4

/** How a file is compressed, by its first bytes: names lie. */
export function compressionOf(head: Uint8Array): Compression {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  if (head[1] === 0xb5 && head[0] === 0x28 && head[2] === 0x2f && head[3] === 0xfd) return 'zstd'
  // A zstd file may start with a frame to be skipped, as those of pzstd do.
  if (head[1] === 0x2a && (head[0]! & 0xf0) === 0x50 && head[2] === 0x4d && head[3] === 0x18) return 'zstd'
  return null
}

/**
 * Unpacks bytes that are all in memory.
 * @returns what could be unpacked, with `damage` when the file ends too early or is corrupt; null when it would be more
 * than `limitBytes`
 */
export async function unpack(
  raw: Buffer,
  limitBytes: number,
): Promise<{ content: Buffer; damage: Issue | null } | null> {
  const compression = compressionOf(raw)
  if (compression === null) return { content: raw, damage: null }
  if (compression === 'gzip') {
    try {
      return { content: gunzipSync(raw, { maxOutputLength: limitBytes }), damage: null }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return null
    }
  }
  const pieces: Buffer[] = []
  let length = 0
  let damage: Issue | null = null
  try {
    for await (const piece of unpacked(once(raw), compression)) {
      length += piece.length
      if (length > limitBytes) return null
      pieces.push(piece)
    }
  } catch (error) {
    damage = issueOf(error)
  }
  return { content: Buffer.concat(pieces, length), damage }
}

/**
 * The unpacked bytes of a stream, piece by piece.
 * @throws ReadError `TRUNCATED` or `UNREADABLE`, after everything that came before the damage
 */
export function unpacked(raw: Readable, compression: Compression): AsyncGenerator<Buffer> {
  if (compression === 'gzip') return pulled(raw, createGunzip({ chunkSize: 64 * 1024 }), gzipError)
  const plain = pulled<Buffer>(raw, new PassThrough())
  return compression === 'zstd' ? unpackZstd(plain) : plain
}

function once(bytes: Buffer): Readable {
  const source = new PassThrough()
  source.end(bytes)
  return source
}

function gzipError(error: NodeJS.ErrnoException): Error {
  if (error.code === 'Z_BUF_ERROR') return new ReadError(reject('TRUNCATED', 'the compressed file ends too early'))
  if (error.code?.startsWith('Z_'))
    return new ReadError(reject('UNREADABLE', `the gzip file is damaged: ${error.message}`))
  return error
}
