import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { RowBatch } from '../store/bulk/row-batch.ts'
import type { BulkWriter } from '../store/bulk/write-rows.ts'
import type { TenantSession } from '../store/tenant-session.ts'
import { Decoding, wide } from './decoding.ts'
import { addLedgerRows, type FileOutcome, isUnchanged } from './ledger.ts'
import type { ImportOptions } from './options.ts'
import { CHUNK_BYTES, isCompressed, payloadIdOf } from './payload-rows.ts'
import { decodePart, decodeRun, runContextOf, seePart } from './playbook/decode-run.ts'
import { documentOfRun } from './playbook/documents.ts'
import { layoutOf } from './playbook/layouts.ts'
import { documentFileOf } from './playbook/prepare.ts'
import { noPartsSeen, PART_PATTERNS } from './playbook/run-document.ts'
import { place, setAside } from './prepare.ts'
import type { ReadFile } from './prepared.ts'
import { reject } from './read/issue.ts'
import { openStream } from './read/open.ts'
import { readParts } from './read/parts.ts'
import { clearUpdated, decide, type WriteContext, writeRows } from './write-batch.ts'

/** Rows held before they are written. */
const FLUSH_ROWS = 5_000
/** Text held before it is written, in characters: a page may be long. */
const FLUSH_CHARACTERS = 8 * 1024 * 1024

/**
 * Imports a run whose file is too large to be held: a first reading hashes it and decodes all but its parts, a second
 * writes the parts as they come, a third keeps the bytes; all in one transaction.
 * @returns what became of it; `untouched` when it is as it was; null when it was set aside
 */
export async function writeLargeRun(
  session: TenantSession,
  file: ReadFile,
  context: WriteContext & { options: ImportOptions },
): Promise<{ outcome: FileOutcome; rows: number } | 'untouched' | null> {
  const seen = noPartsSeen()
  const first = await firstReading(file, (pointer) => seePart(seen, pointer))
  if (!context.options.rebuild && file.sha256 && isUnchanged(file.before, file.sha256, context.optionsHash))
    return 'untouched'
  if (!first) return null
  if (layoutOf(first)?.name !== 'run') {
    setAside(
      file,
      reject(
        'UNKNOWN_FORMAT',
        'A file this large is read when it is a complete run; this one is no format that Crossrun knows.',
      ),
    )
    return null
  }
  file.format = 'playbook'
  const decoding = new Decoding(context.ids, context.options.timeZone)
  const document = documentOfRun(decoding, documentFileOf(decoding, file), first)
  if (!document) {
    setAside(file, decoding.issues[0]!)
    return null
  }
  const run = runContextOf(decoding, document)
  decodeRun(run, seen)
  const record = {
    table: 'runs' as const,
    id: run.runId,
    recordAt: document.recordAt,
    recordSha256: document.recordSha256,
    decoding,
    files: [file],
  }

  return session.transaction(
    async (client, writer) => {
      const decided = await decide(client, [record], context)
      const outcome = decided[0]!.outcome
      let rows = 0
      if (outcome !== 'unchanged') {
        await clearUpdated(client, decided)
        rows += await writeRows(client, writer, decoding.rows)
        rows += await writeParts(file, (part) => writeRows(client, writer, part), decoding, run)
        await writePayload(writer, file, context)
      }
      for (const found of decoding.issues) place(file, found, null)
      const counted = { inserted: 0, updated: 0, unchanged: 0, [outcome]: 1 }
      const ledger = new RowBatch()
      addLedgerRows(ledger, context.ids, file, counted, { ...context, hasPayload: outcome !== 'unchanged' })
      for (const table of ledger.tables()) await writer.write(table, ledger, 'update')
      return { outcome: counted, rows }
    },
    { keep: !context.options.dryRun },
  )
}

/** Hashes the file, then reads all but its parts; null, with a reject, when it cannot be read to its end. */
async function firstReading(file: ReadFile, see: (pointer: string) => void): Promise<Record<string, unknown> | null> {
  const hash = createHash('sha256')
  await pipeline(openStream(file.readPath).raw, hash)
  file.sha256 = hash.digest('hex')
  let rest: unknown = null
  for await (const event of readParts(openStream(file.readPath).content, PART_PATTERNS)) {
    if ('issue' in event) {
      if (event.issue.severity === 'REJECT') {
        setAside(file, event.issue)
        return null
      }
      file.issues.push(event.issue)
    } else if ('rest' in event) rest = event.rest
    else see(event.pointer)
  }
  return rest as Record<string, unknown>
}

async function writeParts(
  file: ReadFile,
  write: (rows: RowBatch) => Promise<number>,
  decoding: Decoding,
  run: ReturnType<typeof runContextOf>,
): Promise<number> {
  let written = 0
  let position = 0
  let characters = 0
  decoding.takeRows()
  for await (const event of readParts(openStream(file.readPath).content, PART_PATTERNS)) {
    if (!('pointer' in event)) continue
    decodePart(run, event.pointer, event.value, position++)
    characters += typeof event.value === 'string' ? event.value.length : 1000
    if (decoding.rows.size < FLUSH_ROWS && characters < FLUSH_CHARACTERS) continue
    written += await write(decoding.takeRows())
    characters = 0
  }
  return written + (await write(decoding.takeRows()))
}

/** Keeps the file's bytes, a chunk at a time. */
async function writePayload(writer: BulkWriter, file: ReadFile, { ids, now }: WriteContext): Promise<void> {
  const encoding = (await startsCompressed(file.readPath)) ? 'identity' : 'gzip'
  const { raw } = openStream(file.readPath)
  const stored: AsyncIterable<Buffer> = encoding === 'gzip' ? packed(raw) : raw
  const id = payloadIdOf(ids, file.sha256!)
  let sequence = 0
  let storedBytes = 0
  for await (const content of inChunks(stored)) {
    const rows = new RowBatch()
    rows.add('payload_chunks', { organization_id: ids.organizationId, payload_id: id, sequence: sequence++, content })
    await writer.writeBytes('payload_chunks', rows)
    storedBytes += content.length
  }
  const rows = new RowBatch()
  rows.add('payloads', {
    id,
    organization_id: ids.organizationId,
    sha256: file.sha256!,
    bytes: wide(file.bytes)!,
    stored_bytes: wide(storedBytes)!,
    encoding,
    created_at: now,
  })
  await writer.write('payloads', rows, 'keep')
}

/** A pipe passes no errors on: a file that vanishes on the way must end the reading. */
function packed(raw: Readable): AsyncIterable<Buffer> {
  const gzip = createGzip({ level: 1 })
  raw.on('error', (error) => gzip.destroy(error))
  return raw.pipe(gzip)
}

async function startsCompressed(path: string): Promise<boolean> {
  const handle = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0)
    return isCompressed(buffer.subarray(0, bytesRead))
  } finally {
    await handle.close()
  }
}

async function* inChunks(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = []
  let length = 0
  for await (const piece of stream) {
    waiting.push(piece)
    length += piece.length
    if (length < CHUNK_BYTES) continue
    yield Buffer.concat(waiting)
    waiting = []
    length = 0
  }
  if (length > 0) yield Buffer.concat(waiting)
}
