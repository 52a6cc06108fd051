import { hash } from 'node:crypto'
import { closeSync, createReadStream, openSync, readSync, type Stats, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { compressionOf, MAGIC_BYTES, unpack, unpacked } from './compression.ts'
import { streamUtf8, toUtf8, utf8Damage } from './encoding.ts'
import { type Issue, issueOf, ReadError, reject, unreadable } from './issue.ts'

/** A file that is all in memory. `content` is UTF-8 without a byte-order mark; it is `raw` when nothing had to be done. */
export type SmallFile = { raw: Buffer; sha256: string; content: Buffer }

/** More than this many unpacked bytes are taken for a decompression bomb. */
const HARD_LIMIT_BYTES = 64 * 1024 ** 3

/**
 * Reads a file whole, unpacked.
 * @param limitBytes of the file and of what it unpacks to
 * @returns null when the file is larger than the limit, to be read as a stream; a reject when it cannot be read, ends
 * within its compression or is not text. `sha256` is of the file's own bytes.
 */
export async function readSmall(path: string, limitBytes: number): Promise<SmallFile | null | Issue> {
  const read = await salvageSmall(path, limitBytes)
  if (read === null || 'code' in read) return read
  const { damage, ...file } = read
  return damage ?? file
}

/**
 * Like `readSmall`, but gives what there is of a damaged file, for formats whose records stand alone.
 * @returns the bytes that could be had, and in `damage` what is wrong with the rest
 */
export async function salvageSmall(
  path: string,
  limitBytes: number,
): Promise<(SmallFile & { damage: Issue | null }) | null | Issue> {
  const stats = statOf(path)
  if ('code' in stats) return stats
  if (stats.size > limitBytes) return null
  let raw: Buffer
  try {
    raw = await readFile(path)
  } catch (error) {
    return unreadable(error as NodeJS.ErrnoException)
  }
  const unpackedFile = await unpack(raw, limitBytes)
  if (unpackedFile === null) return null
  const { content, damage } = toUtf8(unpackedFile.content)
  return {
    raw,
    sha256: hash('sha256', raw, 'hex'),
    content,
    damage: unpackedFile.damage ?? damage ?? utf8Damage(content),
  }
}

/** Asks before opening: to open a named pipe would wait for its writer forever. */
function statOf(path: string): Stats | Issue {
  try {
    const stats = statSync(path)
    if (stats.isFile()) return stats
    return reject(
      'UNREADABLE',
      stats.isDirectory() ? 'cannot be read: is a directory' : 'cannot be read: not a regular file',
    )
  } catch (error) {
    return unreadable(error as NodeJS.ErrnoException)
  }
}

/**
 * Opens a file of any size. `content` is unpacked UTF-8 without a byte-order mark and can be read once; `raw` is the
 * file's own bytes, which wait until `content` is read (listen to `data` before, to hash or keep them in the same
 * pass), or until `raw` is read in its place.
 * @throws ReadError from `content`, when the file cannot be read, is damaged or unpacks to more than `hardLimitBytes`;
 * the readers of records make an issue of it
 */
export function openStream(
  path: string,
  hardLimitBytes = HARD_LIMIT_BYTES,
): { raw: Readable; content: AsyncGenerator<Buffer> } {
  const stats = statOf(path)
  const raw = 'code' in stats ? failing(stats) : createReadStream(path, { highWaterMark: 256 * 1024 })
  raw.pause()
  // Whoever reads the stream hears of the error; one that nobody reads must not end the process.
  raw.on('error', () => {})
  return { raw, content: contentOf(path, raw, hardLimitBytes) }
}

async function* contentOf(path: string, raw: Readable, hardLimitBytes: number): AsyncGenerator<Buffer> {
  let length = 0
  try {
    for await (const piece of streamUtf8(unpacked(raw, compressionOf(headOf(path))))) {
      length += piece.length
      if (length > hardLimitBytes) {
        const limit = `${Math.floor(hardLimitBytes / 1024 ** 2)} MB`
        throw new ReadError(reject('TOO_LARGE', `the file unpacks to more than ${limit}`))
      }
      yield piece
    }
  } catch (error) {
    throw new ReadError(issueOf(error))
  } finally {
    raw.destroy()
  }
}

function failing(issue: Issue): Readable {
  return new Readable({
    read() {
      this.destroy(new ReadError(issue))
    },
  })
}

function headOf(path: string): Buffer {
  const stats = statOf(path)
  if ('code' in stats) throw new ReadError(stats)
  const head = Buffer.alloc(MAGIC_BYTES)
  const file = openSync(path, 'r')
  try {
    return head.subarray(0, readSync(file, head, 0, MAGIC_BYTES, 0))
  } finally {
    closeSync(file)
  }
}
