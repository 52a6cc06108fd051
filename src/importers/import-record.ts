import { cliActor, record as recordEvent } from '../access/audit.ts'
import type { Actor } from '../access/viewer.ts'
import type { Identifiers } from '../model/identifiers.ts'
import { ensureOrganization } from '../store/organizations.ts'
import { sendOfSession } from '../store/send.ts'
import type { TenantSession } from '../store/tenant-session.ts'
import { holdImport } from './import-lock.ts'
import { IMPORTER_VERSION, type ImportOptions } from './options.ts'
import type { ImportStatus, ImportSummary, Tally } from './tally.ts'

/** The row that stands for one import, from its start to its end. A dry run leaves none. */
export class ImportRecord {
  readonly importId: string
  readonly startedAt: Date
  readonly #session: TenantSession
  readonly #isKept: boolean
  readonly #actor: Actor

  private constructor(session: TenantSession, importId: string, startedAt: Date, isKept: boolean, actor: Actor) {
    this.#session = session
    this.#actor = actor
    this.importId = importId
    this.startedAt = startedAt
    this.#isKept = isKept
  }

  static async start(
    session: TenantSession,
    ids: Identifiers,
    roots: string[],
    options: ImportOptions,
    actor: Actor = cliActor(),
  ): Promise<ImportRecord> {
    const startedAt = new Date()
    const importId = ids.of('import', startedAt.toISOString(), process.pid, ...roots)
    const record = new ImportRecord(session, importId, startedAt, !options.dryRun, actor)
    if (record.#isKept) await holdImport(session, ids.organizationId, importId)
    await session.transaction(
      async (client) => {
        await ensureOrganization(sendOfSession(client), options.organization)
        await client.query(
          `insert into imports (id, organization_id, status, roots, importer_version, options, started_at) values ($1, $2, 'RUNNING', $3, $4, $5, $6)`,
          [importId, ids.organizationId, roots, IMPORTER_VERSION, JSON.stringify(options), startedAt],
        )
      },
      { keep: record.#isKept },
    )
    return record
  }

  async finish(tally: Tally): Promise<ImportSummary> {
    const summary = tally.summary()
    await this.#close(
      tally,
      summary.status,
      tally.stopped === 'TOO_MANY_ERRORS' ? 'Stopped: more records were set aside than --max-errors allows.' : null,
    )
    return summary
  }

  /** Notes why the import ended; when the database is what failed, the first error matters more than this note. */
  async fail(tally: Tally, error: unknown): Promise<void> {
    await this.#close(tally, 'FAILED', error instanceof Error ? error.message : String(error)).catch(() => undefined)
  }

  async #close({ files, records, warningCount }: Tally, status: ImportStatus, error: string | null): Promise<void> {
    await this.#session.transaction(
      async (client) => {
        await client.query(
          `update imports set status = $2, finished_at = now(), files_read = $3, files_unchanged = $4, files_quarantined = $5, bytes_read = $6,
             records_read = $7, records_inserted = $8, records_updated = $9, records_unchanged = $10, records_quarantined = $11,
             warnings = $12, error = $13
           where organization_id = (select crossrun_organization_id()) and id = $1`,
          [
            this.importId,
            status,
            files.read,
            files.unchanged,
            files.quarantined,
            files.bytes,
            records.read,
            records.inserted,
            records.updated,
            records.unchanged,
            records.quarantined,
            warningCount,
            error,
          ],
        )
        await recordEvent(sendOfSession(client), {
          actor: this.#actor,
          action: 'import.finished',
          outcome: status === 'FAILED' || status === 'INTERRUPTED' ? 'FAILED' : 'SUCCEEDED',
          target: { type: 'Import', id: this.importId },
          details: { status, files, records },
        })
      },
      { keep: this.#isKept },
    )
  }
}
