import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { decompress as unzstd } from 'fzstd'
import { sql } from 'kysely'
import { CrossrunError } from '../errors.ts'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import { unpackStored } from '../model/payload-encoding.ts'
import type { Db } from '../store/transaction-kysely.ts'

const gunzipAsync = promisify(gunzip)

/** The longest document that is parsed for an answer, in bytes: a JavaScript string holds no more. */
const LONGEST = 512 * 1024 * 1024

/** The text of stored files, decompressed. One statement. */
export async function readTexts(db: Db, scope: Scope, payloadIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ payload: string; encoding: string; length: number; content: Uint8Array }>`
    select p.id as payload, p.encoding, p.stored_bytes::float8 as length, c.content
    from payloads as p join payload_chunks as c on c.payload_id = p.id
    where ${ofOrganization(rowOf('p'), scope)} and ${ofOrganization(rowOf('c'), scope)} and p.id = any(${payloadIds}::text[]::uuid[])
    order by p.id, c.sequence`.execute(db)
  const files = new Map<string, { encoding: string; length: number; chunks: Uint8Array[] }>()
  for (const { payload, encoding, length, content } of rows) {
    const file = files.get(payload) ?? { encoding, length, chunks: [] }
    files.set(payload, file)
    file.chunks.push(content)
  }
  const texts = new Map<string, string>()
  for (const [payload, { encoding, length, chunks }] of files) {
    // No more than its length: an import that meets the same content later may add chunks that another packing had.
    const stored = Buffer.concat(chunks).subarray(0, length)
    const raw = await limited(unpackStored(encoding, stored, LONGEST))
    texts.set(payload, (await unpack(raw)).toString('utf8'))
  }
  return texts
}

/** The bytes of a file that may itself be compressed. */
async function unpack(bytes: Buffer): Promise<Buffer> {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return limited(gunzipAsync(bytes, { maxOutputLength: LONGEST }))
  const isZstd = bytes.length > 3 && bytes.readUInt32LE(0) === 0xfd2fb528
  const unpacked = isZstd ? Buffer.from(unzstd(bytes)) : bytes
  if (unpacked.length > LONGEST) throw tooLarge()
  return unpacked
}

async function limited(unpacking: Promise<Buffer>): Promise<Buffer> {
  try {
    return await unpacking
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(cause)
    throw cause
  }
}

function tooLarge(cause?: unknown): CrossrunError {
  return new CrossrunError('PAYLOAD_TOO_LARGE', 'A stored file is too large to be shown in an answer.', {
    hint: 'Ask for the inputs without their payload; sha256 and path say which files they are.',
    cause,
  })
}

/** Parses a document; numbers that JSON does not have are null. */
export function parseDocument(text: string): unknown {
  const bare = text.startsWith('\ufeff') ? text.slice(1) : text
  try {
    return JSON.parse(bare)
  } catch {
    // Python writes NaN and Infinity; within strings they are left alone.
    return JSON.parse(
      bare.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/gs, (found) => (found[0] === '"' ? found : 'null')),
    )
  }
}

/** The part of a document that a JSON pointer (RFC 6901) names; undefined when there is none. */
export function partOf(document: unknown, pointer: string): unknown {
  let part = document
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, name)) return undefined
    part = (part as Record<string, unknown>)[name]
  }
  return part
}
