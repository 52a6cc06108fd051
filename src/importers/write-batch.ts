import type { ClientBase } from 'pg'
import type { Identifiers } from '../model/identifiers.ts'
import { RowBatch } from '../store/bulk/row-batch.ts'
import type { TableName } from '../store/bulk/tables.ts'
import type { BulkWriter, Conflict } from '../store/bulk/write-rows.ts'
import { ACCOUNT_COLUMNS, refreshCompanies } from './companies.ts'
import { eraseAgain } from './deletion/erase-again.ts'
import { noteFileRecords } from './file-records.ts'
import { holdRecords } from './import-lock.ts'
import { addLedgerRows } from './ledger.ts'
import { IMPORTER_VERSION } from './options.ts'
import { OWNED_TABLES, ownerOf } from './owners.ts'
import { addPayload, streamPayload } from './payload-rows.ts'
import type { FileOutcome, PreparedRecord, PreparedUnit, ReadFile } from './prepared.ts'
import { type Issue, reject } from './read/issue.ts'
import { healReferences, resolveReferences } from './resolve-references.ts'
import { SETTLERS, type Settler, type SettlerName } from './settlers.ts'

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
const KEPT_TABLES: readonly TableName[] = ['agents', 'payloads', 'pipelines']

/** What happens to rows of a table that are there already. */
function conflictOf(table: TableName): Conflict | null {
  if (table === 'payload_chunks') return null
  if (OWNED_TABLES.has(table)) return 'none'
  if (KEPT_TABLES.includes(table)) return 'keep'
  // Others may only name a company or a prompt version; its own record says what it is.
  if (table === 'companies') return { update: ACCOUNT_COLUMNS, when: 'record_sha256' }
  if (table === 'prompt_versions') return { update: 'all', when: 'record_sha256' }
  return 'update'
}

/**
 * Writes units in the caller's transaction: their rows, payloads, ledger entries and rejects, all or nothing.
 * @returns what became of each file's records, conflicts to be noted with their files once this is committed, and the
 * number of rows written
 */
export async function writeUnits(
  client: ClientBase,
  writer: BulkWriter,
  units: PreparedUnit[],
  context: WriteContext,
): Promise<{ outcomes: Map<ReadFile, FileOutcome>; conflicts: FileIssue[]; rows: number }> {
  await holdRecords(client)
  const records = units.flatMap((unit) => unit.records)
  const decided = await decide(client, records, context)
  const batch = new RowBatch()
  // The lost ones first: of rows that both have, the winner's stay.
  for (const { record, outcome } of decided) {
    if (isWritten(outcome)) continue
    for (const table of ownerOf(record.owner).always ?? [])
      for (const row of record.rows.rows(table)) batch.add(table, row as never)
  }
  for (const { record, outcome } of decided) if (isWritten(outcome)) batch.addAll(record.rows)
  await resolveReferences(client, batch)
  await clearUpdated(client, decided)

  const outcomes = new Map<ReadFile, FileOutcome>()
  const files = units.flatMap((unit) => [...unit.files, ...unit.records.flatMap((record) => record.files)])
  for (const file of files) outcomes.set(file, { inserted: 0, updated: 0, unchanged: 0 })
  // Each file of a record counts as what became of the record, so that the ledger adds up file by file.
  const conflicts: FileIssue[] = []
  for (const { record, outcome } of decided) {
    for (const file of record.files) outcomes.get(file)!.unchanged += record.replaced
    if (outcome === 'conflict') conflicts.push({ file: record.files[0]!, issue: conflictIssue(record) })
    // What takes the place of what an earlier unit wrote counts as the one that it leaves behind.
    else
      for (const file of record.files)
        outcomes.get(file)![record.written && outcome === 'updated' ? 'unchanged' : outcome]++
  }

  const done = new Set(units.flatMap((unit) => (unit.isFinal ? unit.files : [])))
  for (const file of done) {
    const { inserted, updated, unchanged } = outcomes.get(file)!
    const outcome = {
      inserted: inserted + file.kept.inserted,
      updated: updated + file.kept.updated,
      unchanged: unchanged + file.kept.unchanged,
    }
    const kept = outcome.inserted + outcome.updated + outcome.unchanged > 0
    const hasPayload = kept && file.sha256 !== null && (file.payload !== null || file.isStreamed)
    if (hasPayload && file.payload) addPayload(batch, context.ids, file.payload, file.sha256!, context.now)
    else if (hasPayload) await streamPayload(writer, context.ids, file, context.now)
    const found = conflicts.flatMap((conflict) => (conflict.file === file ? [conflict.issue] : []))
    addLedgerRows(batch, context.ids, withIssues(file, found), outcome, { ...context, hasPayload })
  }
  await forgetRejects(client, context.ids, [...done])
  const rows = await writeRows(client, writer, batch, context.onStaged)
  await settle(client, context.ids, [...done])
  await noteFileRecords(client, context.ids, context.importId, records, done)
  await eraseAgain(client, context.ids, batch, files)
  return { outcomes, conflicts, rows }
}

/** Writes rows of new or cleared records, then brings up to date what other rows derive from them. */
export async function writeRows(
  client: ClientBase,
  writer: BulkWriter,
  batch: RowBatch,
  onStaged?: () => void,
): Promise<number> {
  const merged = await writer.writeAll(batch, conflictOf, onStaged)
  const written = merged + (await writer.writeBytes('payload_chunks', batch))
  await healReferences(client, batch)
  const companies = companiesToRefresh(batch)
  if (companies.length > 0) await refreshCompanies(client, companies)
  return written
}

/** Companies of which an account or a run says something; to be named, by a task, changes nothing. */
function companiesToRefresh(batch: RowBatch): string[] {
  const accounts = [...batch.rows('companies')].filter(({ record_sha256: sha256 }) => typeof sha256 === 'string')
  const sides = [...batch.rows('runs')].flatMap((run) => [run.vendor_id, run.prospect_id])
  const ids = [...accounts.map(({ id }) => id), ...sides]
  return [...new Set(ids.filter((id): id is string => typeof id === 'string'))]
}

/** Brings up to date what the records of files that are done say together. */
async function settle(client: ClientBase, ids: Identifiers, files: ReadFile[]): Promise<void> {
  await settleAll(client, ids, (name) => files.flatMap(({ touched }) => [...(touched.get(name) ?? [])]))
}

/** Brings up to date what records say together, for all keys of each settler, in the settlers' order. */
export async function settleAll(
  client: ClientBase,
  ids: Identifiers,
  keysOf: (name: SettlerName) => readonly string[],
): Promise<void> {
  for (const name of Object.keys(SETTLERS) as SettlerName[]) {
    const keys = [...new Set(keysOf(name))]
    if (keys.length > 0) await (SETTLERS as Record<string, Settler>)[name]!(client, keys, ids)
  }
}

/** `conflict`: the record would change what may not change. */
export type Decided = { record: PreparedRecord; outcome: Outcome | 'conflict' }
type Stored = { id: string; recordAt: Date | null; sha256: string | null; content: string | null }

function isWritten(outcome: Decided['outcome']): boolean {
  return outcome === 'inserted' || outcome === 'updated'
}

/**
 * What becomes of each record: new ones are inserted; of two versions the newer wins (by the record's own time, then by
 * the greater sha256), so that any order of imports ends the same; a file that changed in place replaces what it said.
 */
export async function decide(client: ClientBase, records: PreparedRecord[], context: WriteContext): Promise<Decided[]> {
  if (records.length === 0) return []
  await lockRecords(client, records)
  const stored = await storedVersions(client, records)
  const decided = new Map<string, Decided>()
  const superseded: Decided[] = []
  for (const record of records) {
    const outcome = outcomeOf(record, stored.get(record.id), context)
    const rival = decided.get(record.id)
    if (!rival) decided.set(record.id, { record, outcome })
    else if (conflicts(record, rival.record.contentSha256)) superseded.push({ record, outcome: 'conflict' })
    else if (rival.outcome === 'unchanged' || isNewer(record, rival.record)) {
      superseded.push({ record: rival.record, outcome: 'unchanged' })
      decided.set(record.id, { record, outcome })
    } else superseded.push({ record, outcome: 'unchanged' })
  }
  return [...decided.values(), ...superseded]
}

/** What is stored of the records; a statement per table. */
async function storedVersions(client: ClientBase, records: PreparedRecord[]): Promise<Map<string, Stored>> {
  const stored = new Map<string, Stored>()
  for (const name of new Set(records.map(({ owner }) => owner))) {
    const { table, immutable } = ownerOf(name)
    const { rows } = await client.query<Stored>(
      `select id, record_at as "recordAt", record_sha256 as sha256, ${immutable ?? 'null::text'} as content from ${table}
       where organization_id = (select crossrun_organization_id()) and id = any($1::uuid[])`,
      [records.flatMap(({ owner, id }) => (owner === name ? [id] : []))],
    )
    for (const row of rows) stored.set(row.id, row)
  }
  return stored
}

function outcomeOf(record: PreparedRecord, known: Stored | undefined, context: WriteContext): Decided['outcome'] {
  // A row without a record is one that others only name.
  if (!known || known.sha256 === null) return 'inserted'
  if (conflicts(record, known.content)) return 'conflict'
  return replaces(record, known.recordAt, known.sha256, context) ? 'updated' : 'unchanged'
}

function conflicts({ contentSha256 }: PreparedRecord, content: string | null | undefined): boolean {
  return contentSha256 !== undefined && typeof content === 'string' && content !== contentSha256
}

/** A finding about a record that is set aside, and its file. */
type FileIssue = { file: ReadFile; issue: Issue }

function conflictIssue({ owner, place }: PreparedRecord): Issue {
  const message = `What it holds may not change once it is imported, and is another than what is stored (${ownerOf(owner).table}); the stored one stays.`
  return reject('CONFLICT', message, place ?? {})
}

/** The file with further records set aside. */
function withIssues(file: ReadFile, found: Issue[]): ReadFile {
  if (found.length === 0) return file
  const { read, quarantined } = file.records
  return { ...file, issues: [...file.issues, ...found], records: { read, quarantined: quarantined + found.length } }
}

function replaces(record: PreparedRecord, recordAt: Date | null, sha256: string, context: WriteContext): boolean {
  if (record.recordSha256 === sha256) return needsRebuild(record, context)
  const mine = timeOf(record.recordAt)
  const other = timeOf(recordAt)
  if (sha256.startsWith(record.written ?? '-') || changedInPlace(record, sha256)) return true
  if (mine !== other) return mine > other
  return wasEdited(record) || record.recordSha256 > sha256
}

function isNewer(record: PreparedRecord, rival: PreparedRecord): boolean {
  const mine = timeOf(record.recordAt)
  const other = timeOf(rival.recordAt)
  return mine === other ? record.recordSha256 > rival.recordSha256 : mine > other
}

function timeOf(time: Date | null): number {
  return time?.getTime() ?? Number.NEGATIVE_INFINITY
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

function changedInPlace({ files, place }: PreparedRecord, sha256: string): boolean {
  if (place) return false
  const changed = files.filter((file) => file.before !== null && file.before.sha256 !== file.sha256)
  return changed.length > 0 && (files.length > 1 || changed.some(({ before }) => before!.sha256 === sha256))
}

/** A record whose file was edited says something newer than it did, though its time is the same. */
function wasEdited({ files, place }: PreparedRecord): boolean {
  return place !== null && files.some(({ before, sha256 }) => before !== null && before.sha256 !== sha256)
}

/** Two importers that meet the same record wait for each other; in one order, so that neither waits for ever. */
async function lockRecords(client: ClientBase, records: PreparedRecord[]): Promise<void> {
  await client.query(lockOf('select unnest($1::text[])'), [records.map(({ id }) => id)])
}

/** The statement that locks the records whose ids a query gives, until the transaction ends. */
export function lockOf(ids: string): string {
  return `select pg_advisory_xact_lock(key) from (
    select distinct hashtextextended(id, 0) % 1024 as key from (${ids}) as records (id) order by 1
  ) as keys`
}

/** Takes away what hangs on updated records: it is written anew. */
export async function clearUpdated(client: ClientBase, decided: Decided[]): Promise<void> {
  const updated = decided.filter(({ outcome }) => outcome === 'updated')
  for (const name of new Set(updated.map(({ record }) => record.owner))) {
    const ids = updated.flatMap(({ record }) => (record.owner === name ? [record.id] : []))
    for (const [table, column, where] of ownerOf(name).owned) {
      await client.query(
        `delete from ${table} where organization_id = (select crossrun_organization_id()) and ${column} = any($1::uuid[])${where ? ` and ${where}` : ''}`,
        [ids],
      )
    }
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
