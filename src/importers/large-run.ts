import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import type { PriceList } from '../pricing/price-list.ts'
import { RowBatch } from '../store/bulk/row-batch.ts'
import type { TenantSession } from '../store/tenant-session.ts'
import { Decoding } from './decoding.ts'
import { noteFileRecords } from './file-records.ts'
import { holdRecords } from './import-lock.ts'
import { addLedgerRows, isUnchanged } from './ledger.ts'
import type { ImportOptions } from './options.ts'
import { streamPayload } from './payload-rows.ts'
import { decodePart, decodeRun, runContextOf, seePart } from './playbook/decode-run.ts'
import { documentOfRun } from './playbook/documents.ts'
import { layoutOf } from './playbook/layouts.ts'
import { documentFileOf } from './playbook/prepare.ts'
import { noPartsSeen, PART_PATTERNS } from './playbook/run-document.ts'
import { place, setAside } from './prepare.ts'
import type { FileOutcome, PreparedRecord, ReadFile } from './prepared.ts'
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
  context: WriteContext & { options: ImportOptions; prices: PriceList },
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
  const decoding = new Decoding(context.ids, context.options.timeZone, context.prices)
  const document = documentOfRun(decoding, documentFileOf(decoding, file), first)
  if (!document) {
    setAside(file, decoding.issues[0]!)
    return null
  }
  const run = runContextOf(decoding, document)
  decodeRun(run, seen)
  const record: PreparedRecord = {
    owner: 'playbookRun',
    id: run.runId,
    recordAt: document.recordAt,
    recordSha256: document.recordSha256,
    rows: decoding.rows,
    touches: [],
    files: [file],
    place: null,
    replaced: 0,
    written: null,
  }

  return session.transaction(
    async (client, writer) => {
      await holdRecords(client)
      const decided = await decide(client, [record], context)
      const outcome = decided[0]!.outcome
      let rows = 0
      if (outcome !== 'unchanged') {
        await clearUpdated(client, decided)
        rows += await writeRows(client, writer, decoding.rows)
        rows += await writeParts(file, (part) => writeRows(client, writer, part), decoding, run)
        await streamPayload(writer, context.ids, file, context.now)
      }
      for (const found of decoding.issues) place(file, found, null)
      const counted = { inserted: 0, updated: 0, unchanged: 0, [outcome]: 1 }
      const ledger = new RowBatch()
      addLedgerRows(ledger, context.ids, file, counted, { ...context, hasPayload: outcome !== 'unchanged' })
      for (const table of ledger.tables()) await writer.write(table, ledger, 'update')
      await noteFileRecords(client, context.ids, context.importId, [record], [file])
      return { outcome: counted, rows }
    },
    { keep: !context.options.dryRun },
  )
}

/** SHA-256 of a file's own bytes. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(openStream(path).raw, hash)
  return hash.digest('hex')
}

/** Hashes the file, then reads all but its parts; null, with a reject, when it cannot be read to its end. */
async function firstReading(file: ReadFile, see: (pointer: string) => void): Promise<Record<string, unknown> | null> {
  file.sha256 = await hashFile(file.readPath)
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
