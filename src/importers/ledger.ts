import { createHash } from 'node:crypto'
import type { ClientBase } from 'pg'
import type { Identifiers } from '../model/identifiers.ts'
import type { RowBatch } from '../store/bulk/row-batch.ts'
import { wide } from './decoding.ts'
import { IMPORTER_VERSION, type ImportOptions } from './options.ts'
import { payloadIdOf } from './payload-rows.ts'
import type { FileOutcome, LedgerEntry, ReadFile } from './prepared.ts'

/** What was imported before from these paths; one statement. */
export async function readLedger(client: ClientBase, paths: string[]): Promise<Map<string, LedgerEntry>> {
  const { rows } = await client.query<LedgerEntry & { path: string }>(
    `select path, sha256, status::text, importer_version as "importerVersion", options_hash as "optionsHash",
            records_inserted + records_updated + records_unchanged as records
     from imported_files where organization_id = (select crossrun_organization_id()) and path = any($1::text[])`,
    [paths],
  )
  return new Map(rows.map(({ path, ...entry }) => [path, entry]))
}

/** The options that change what rows a file becomes. */
export const DECODING_OPTIONS = ['asRun', 'format', 'pipeline', 'runningGraceMinutes', 'timeZone'] as const

/** Of the options that change what rows a file becomes. */
export function optionsHashOf(options: ImportOptions): string {
  return createHash('sha256')
    .update(JSON.stringify(DECODING_OPTIONS.map((name) => options[name])))
    .digest('hex')
    .slice(0, 16)
}

/** A file is left alone when it was imported whole, as it is now, by this importer with these options. */
export function isUnchanged(entry: LedgerEntry | null, sha256: string, optionsHash: string): boolean {
  return (
    entry !== null &&
    entry.status === 'IMPORTED' &&
    entry.sha256 === sha256 &&
    entry.importerVersion === IMPORTER_VERSION &&
    entry.optionsHash === optionsHash
  )
}

/** The ledger row of a file, and rows for what was set aside or remarked on in it. */
export function addLedgerRows(
  rows: RowBatch,
  ids: Identifiers,
  file: ReadFile,
  outcome: FileOutcome,
  context: { importId: string; optionsHash: string; now: Date; hasPayload: boolean },
): void {
  const { organizationId } = ids
  const kept = outcome.inserted + outcome.updated + outcome.unchanged
  rows.add('imported_files', {
    id: ids.of('imported_file', file.path),
    organization_id: organizationId,
    import_id: context.importId,
    path: file.path,
    format: file.format,
    status: file.records.quarantined === 0 ? 'IMPORTED' : kept > 0 ? 'PARTLY_IMPORTED' : 'QUARANTINED',
    sha256: file.sha256,
    bytes: wide(file.bytes)!,
    importer_version: IMPORTER_VERSION,
    options_hash: context.optionsHash,
    records_read: file.records.read,
    records_inserted: outcome.inserted,
    records_updated: outcome.updated,
    records_unchanged: outcome.unchanged,
    records_quarantined: file.records.quarantined,
    imported_at: context.now,
    payload_id: context.hasPayload && file.sha256 ? payloadIdOf(ids, file.sha256) : null,
  })
  file.issues.forEach((issue, place) => {
    rows.add('rejected_records', {
      id: ids.of('rejected_record', context.importId, file.path, place),
      organization_id: organizationId,
      import_id: context.importId,
      file_id: ids.of('imported_file', file.path),
      severity: issue.severity,
      file: file.shown,
      line: issue.line,
      byte_offset: issue.byteOffset === null ? null : wide(issue.byteOffset),
      pointer: issue.pointer,
      code: issue.code,
      message: issue.message,
      snippet: issue.snippet,
      rejected_at: context.now,
    })
  })
}
