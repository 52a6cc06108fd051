import { Readable } from 'node:stream'
import type { ClientBase } from 'pg'
import { storedUnpacker } from '../model/payload-encoding.ts'
import type { TenantSession } from '../store/tenant-session.ts'
import { compressionOf, MAGIC_BYTES, unpacked } from './read/compression.ts'
import { pulled } from './read/pulled.ts'

/** What is known of a stored file before its bytes are read. */
export type StoredPayload = { encoding: string; sha256: string; bytes: number; storedBytes: number; chunks: number }

/** Chunks that are fetched at a time; one is 1 MB, and travels as twice that in text. */
const FETCHED = 1

/**
 * Reads a stored file of any size, as one moment has it: retention may pack or drop it meanwhile.
 * @param use gets the file's own bytes, piece by piece, which end when it returns
 * @returns what `use` returns; null when the file is not stored
 */
export async function readPayload<T>(
  session: TenantSession,
  payloadId: string,
  use: (bytes: AsyncGenerator<Buffer>, payload: StoredPayload) => Promise<T>,
): Promise<T | null> {
  return session.transaction(async (client) => {
    // A cursor keeps the snapshot it was opened with, also where each statement has one of its own.
    await client.query(
      `declare stored no scroll cursor for
       select p.encoding, p.sha256, p.bytes::float8 as bytes, p.stored_bytes::float8 as "storedBytes", c.content,
              (select count(*)::int from payload_chunks as n where n.organization_id = p.organization_id and n.payload_id = p.id) as chunks
       from payloads as p join payload_chunks as c on c.payload_id = p.id
       where p.organization_id = (select crossrun_organization_id()) and c.organization_id = p.organization_id and p.id = '${uuid(payloadId)}'
       order by c.sequence`,
    )
    const first = await fetch(client)
    if (first.length === 0) return null
    const payload = first[0]!
    const packed = Readable.from(storedBytes(client, first), { objectMode: false })
    const bytes = pulled<Buffer>(packed, storedUnpacker(payload.encoding))
    try {
      return await use(bytes, payload)
    } finally {
      await bytes.return(undefined)
    }
  })
}

/** The text's bytes of a stored file that may itself be compressed, piece by piece. */
export async function* contentOf(bytes: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer = Buffer.alloc(0)
  while (head.length < MAGIC_BYTES) {
    const { value, done } = await bytes.next()
    if (done) break
    head = Buffer.concat([head, value])
  }
  async function* whole() {
    yield head
    yield* bytes
  }
  const compression = compressionOf(head)
  if (compression === null) yield* whole()
  else yield* unpacked(Readable.from(whole(), { objectMode: false }), compression)
}

type Fetched = StoredPayload & { content: Buffer }

async function fetch(client: ClientBase): Promise<Fetched[]> {
  return (await client.query<Fetched>(`fetch ${FETCHED} from stored`)).rows
}

/** No more than the length that is noted: an import that met the content again may have added chunks of another packing. */
async function* storedBytes(client: ClientBase, first: Fetched[]): AsyncGenerator<Buffer> {
  let left = first[0]!.storedBytes
  for (let rows = first; rows.length > 0 && left > 0; rows = await fetch(client)) {
    for (const { content } of rows) {
      if (left > 0 && content.length > 0) yield content.subarray(0, left)
      left -= content.length
    }
  }
}

/** A cursor takes no parameters. */
function uuid(text: string): string {
  if (/^[0-9a-f-]{36}$/i.test(text)) return text
  throw new Error(`Not the id of a payload: ${text}`)
}
