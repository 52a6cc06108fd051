import type { ClientBase } from 'pg'
import { CrossrunError, RetryableError } from '../../errors.ts'
import { identifiersOf } from '../../model/identifiers.ts'
import { sendOfSession } from '../../store/send.ts'
import type { TenantSession } from '../../store/tenant-session.ts'
import { isUnderWay, withoutImports } from '../import-lock.ts'
import { deleteFiles, payloadsOfRuns } from './delete-files.ts'
import { deleteRecords } from './delete-records.ts'
import type { DeletionOptions } from './delete-run.ts'
import { beginMarking, markedAll, OWN } from './marked.ts'
import { Counts, countsOf, type DeletionReport } from './report.ts'

/**
 * Deletes what an import alone brought: the records of the files that it was the last to read, but for those that a file
 * of another import holds too, which stay as they are. The files are forgotten. One transaction.
 * @throws CrossrunError `NOT_FOUND`, or `RECORDS_UNKNOWN` when its files were read by a version that did not note what they hold
 * @throws RetryableError `IMPORT_RUNNING`
 */
export async function deleteImport(
  session: TenantSession,
  importId: string,
  options: DeletionOptions,
): Promise<DeletionReport> {
  const { organizationId, patienceMs, dryRun } = options
  const ids = identifiersOf(organizationId)
  return withoutImports(session, { patienceMs, keep: !dryRun }, async (client) => {
    const { rows } = await client.query<{ roots: string[] }>(`select roots from imports where ${OWN} and id = $1`, [
      importId,
    ])
    if (!rows[0]) throw new CrossrunError('NOT_FOUND', 'There is no such import.')
    if (await isUnderWay(client, organizationId, importId))
      throw new RetryableError('IMPORT_RUNNING', 'This import is under way.', {
        hint: 'Nothing was changed. Delete it when it is over.',
      })
    await beginMarking(client)
    await markFiles(client, importId)
    await markRecordsOfFiles(client)
    await markedAll(client)
    const counts = new Counts()
    const payloads = await payloadsOfRuns(client)
    await deleteRecords(client, ids, counts)
    await deleteFiles(client, payloads, counts)
    for (const [table, column] of [
      ['rejected_records', 'import_id'],
      ['imports', 'id'],
    ] as const) {
      const { rowCount } = await client.query(`delete from ${table} where ${OWN} and ${column} = $1`, [importId])
      counts.add(table, rowCount)
    }
    const report = counts.report(dryRun)
    await options.note(sendOfSession(client), {
      action: 'import.deleted',
      target: { type: 'Import', id: importId },
      details: { ...rows[0], ...countsOf(report) },
    })
    return report
  })
}

/** Files that the import was the last to read, those too that it did not come to the end of. */
async function markFiles(client: ClientBase, importId: string): Promise<void> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from imported_files as f
     where f.${OWN} and f.import_id = $1 and f.records_inserted + f.records_updated + f.records_unchanged > 0
       and not exists (select from x_file_records as r where r.${OWN} and r.file_id = f.id)`,
    [importId],
  )
  if (rows[0]!.count > 0)
    throw new CrossrunError(
      'RECORDS_UNKNOWN',
      `What ${rows[0]!.count === 1 ? 'one file' : `${rows[0]!.count} files`} of this import held is not known: an older version read them.`,
      { hint: '`crossrun reimport` reads the stored files again, as an import of its own that can be deleted.' },
    )
  await client.query(
    `insert into files
     select id, true from (
       select id from imported_files where ${OWN} and import_id = $1
       union select file_id from x_file_records where ${OWN} and import_id = $1
         and not exists (select from imported_files as f where f.${OWN} and f.id = x_file_records.file_id and f.import_id <> $1)
     ) as found`,
    [importId],
  )
}

/** The records that no other file holds. */
async function markRecordsOfFiles(client: ClientBase): Promise<void> {
  await client.query(
    `insert into going
     select held.id
     from x_file_records as r cross join lateral unnest(r.record_ids) as held (id) left join files as f on f.id = r.file_id
     where r.${OWN} group by held.id having bool_and(f.id is not null)`,
  )
}
