import type { ClientBase } from 'pg'
import type { Identifiers } from '../model/identifiers.ts'
import { RowBatch } from '../store/bulk/row-batch.ts'
import type { TableName } from '../store/bulk/tables.ts'
import type { BulkWriter } from '../store/bulk/write-rows.ts'
import { refreshCompanies } from './companies.ts'
import { addLedgerRows, type FileOutcome } from './ledger.ts'
import { IMPORTER_VERSION } from './options.ts'
import { addPayload } from './payload-rows.ts'
import { RUN_TABLES } from './playbook/decode-run.ts'
import type { PreparedRecord, PreparedUnit, ReadFile } from './prepared.ts'

export type WriteContext = {
  ids: Identifiers
  importId: string
  optionsHash: string
  /** Whether rows are written anew although nothing changed. */
  rebuild: boolean
  now: Date
  /** Called when the server has the rows of a batch and works on alone. */
  onStaged?: () => void
}

export type Outcome = 'inserted' | 'updated' | 'unchanged'

/** Rows that many records share and none owns: what is there stays. */
const KEPT_TABLES: readonly TableName[] = ['agents', 'companies', 'payloads', 'pipelines', 'prompt_versions']

/**
 * Writes units in the caller's transaction: their rows, payloads, ledger entries and rejects, all or nothing.
 * @returns what became of each file's records, and the number of rows written
 */
export async function writeUnits(
  client: ClientBase,
  writer: BulkWriter,
  units: PreparedUnit[],
  context: WriteContext,
): Promise<{ outcomes: Map<ReadFile, FileOutcome>; rows: number }> {
  const records = units.flatMap((unit) => unit.records)
  const decided = await decide(client, records, context)
  const batch = new RowBatch()
  for (const { record, outcome } of decided) if (outcome !== 'unchanged') batch.addAll(record.decoding.rows)
  await clearUpdated(client, decided)

  const outcomes = new Map<ReadFile, FileOutcome>()
  for (const file of units.flatMap((unit) => unit.files)) outcomes.set(file, { inserted: 0, updated: 0, unchanged: 0 })
  // Each file of a record counts as what became of the record, so that the ledger adds up file by file.
  for (const { record, outcome } of decided) for (const file of record.files) outcomes.get(file)![outcome]++

  for (const [file, outcome] of outcomes) {
    const kept = outcome.inserted + outcome.updated + outcome.unchanged > 0
    const hasPayload = kept && file.payload !== null && file.sha256 !== null
    if (hasPayload) addPayload(batch, context.ids, file.payload!, file.sha256!, context.now)
    addLedgerRows(batch, context.ids, file, outcome, { ...context, hasPayload })
  }
  await forgetRejects(client, context.ids, [...outcomes.keys()])
  const rows = await writeRows(client, writer, batch, context.onStaged)
  return { outcomes, rows }
}

/** Writes rows of new or cleared records, then brings up to date what other rows derive from them. */
export async function writeRows(
  client: ClientBase,
  writer: BulkWriter,
  batch: RowBatch,
  onStaged?: () => void,
): Promise<number> {
  const merged = await writer.writeAll(
    batch,
    (table) => {
      if (table === 'payload_chunks') return null
      if ((RUN_TABLES as readonly TableName[]).includes(table)) return 'none'
      return KEPT_TABLES.includes(table) ? 'keep' : 'update'
    },
    onStaged,
  )
  const written = merged + (await writer.writeBytes('payload_chunks', batch))
  const companies = [...batch.rows('companies')].map((row) => row.id as string)
  if (companies.length > 0) await refreshCompanies(client, companies)
  return written
}

export type Decided = { record: PreparedRecord; outcome: Outcome }

/**
 * What becomes of each record: new ones are inserted; of two versions the newer wins (by the record's own time, then by
 * the greater sha256), so that any order of imports ends the same; a file that changed in place replaces what it said.
 */
export async function decide(client: ClientBase, records: PreparedRecord[], context: WriteContext): Promise<Decided[]> {
  if (records.length === 0) return []
  await lockRecords(client, records)
  const { rows } = await client.query<{ id: string; recordAt: Date | null; sha256: string }>(
    `select id, record_at as "recordAt", record_sha256 as sha256 from runs
     where organization_id = (select crossrun_organization_id()) and id = any($1::uuid[])`,
    [records.map(({ id }) => id)],
  )
  const stored = new Map(rows.map((row) => [row.id, row]))
  const decided = new Map<string, Decided>()
  const superseded: Decided[] = []
  for (const record of records) {
    const known = stored.get(record.id)
    const outcome: Outcome = !known
      ? 'inserted'
      : replaces(record, known.recordAt, known.sha256, context)
        ? 'updated'
        : 'unchanged'
    const rival = decided.get(record.id)
    if (!rival) decided.set(record.id, { record, outcome })
    else if (
      rival.outcome === 'unchanged' ||
      replaces(record, rival.record.recordAt, rival.record.recordSha256, context)
    ) {
      superseded.push({ record: rival.record, outcome: 'unchanged' })
      decided.set(record.id, { record, outcome })
    } else superseded.push({ record, outcome: 'unchanged' })
  }
  return [...decided.values(), ...superseded]
}

function replaces(record: PreparedRecord, recordAt: Date | null, sha256: string, context: WriteContext): boolean {
  if (record.recordSha256 === sha256) return needsRebuild(record, context)
  if (changedInPlace(record, sha256)) return true
  const mine = record.recordAt?.getTime() ?? Number.NEGATIVE_INFINITY
  const other = recordAt?.getTime() ?? Number.NEGATIVE_INFINITY
  return mine === other ? record.recordSha256 > sha256 : mine > other
}

/** The same bytes make other rows when the importer or its options are not those of last time. */
function needsRebuild({ files }: PreparedRecord, { rebuild, optionsHash }: WriteContext): boolean {
  return files.some(
    ({ before, sha256 }) =>
      before !== null &&
      before.sha256 === sha256 &&
      (rebuild || before.importerVersion !== IMPORTER_VERSION || before.optionsHash !== optionsHash),
  )
}

function changedInPlace({ files }: PreparedRecord, sha256: string): boolean {
  const changed = files.filter((file) => file.before !== null && file.before.sha256 !== file.sha256)
  return changed.length > 0 && (files.length > 1 || changed.some(({ before }) => before!.sha256 === sha256))
}

/** Two importers that meet the same record wait for each other; in one order, so that neither waits for ever. */
async function lockRecords(client: ClientBase, records: PreparedRecord[]): Promise<void> {
  await client.query(
    `select pg_advisory_xact_lock(key) from (select distinct hashtextextended(id, 0) % 1024 as key from unnest($1::text[]) as id order by 1) as keys`,
    [records.map(({ id }) => id)],
  )
}

/** Takes away what an updated run had: its rows are written anew. */
export async function clearUpdated(client: ClientBase, decided: Decided[]): Promise<void> {
  const runs = decided.flatMap(({ record, outcome }) => (outcome === 'updated' ? [record.id] : []))
  if (runs.length === 0) return
  for (const table of RUN_TABLES) {
    await client.query(
      `delete from ${table} where organization_id = (select crossrun_organization_id()) and run_id = any($1::uuid[])`,
      [runs],
    )
  }
}

/** A file that is read again says anew what is wrong with it. */
async function forgetRejects(client: ClientBase, ids: Identifiers, files: ReadFile[]): Promise<void> {
  const again = files.filter(({ before }) => before !== null)
  if (again.length === 0) return
  await client.query(
    `delete from rejected_records where organization_id = (select crossrun_organization_id()) and file_id = any($1::uuid[])`,
    [again.map(({ path }) => ids.of('imported_file', path))],
  )
}
