import type { ClientBase } from 'pg'
import { CrossrunError } from '../../errors.ts'
import { identifiersOf } from '../../model/identifiers.ts'
import { sendOfSession } from '../../store/send.ts'
import type { TenantSession } from '../../store/tenant-session.ts'
import { withoutImports } from '../import-lock.ts'
import { deleteFiles, payloadsOfRuns } from './delete-files.ts'
import { deleteRecords } from './delete-records.ts'
import { beginMarking, markedAll, OWN } from './marked.ts'
import { Counts, countsOf, type DeletionReport, type Note } from './report.ts'

/** How a deletion is made: `patienceMs` is how long it waits for a gap between the transactions of imports. */
export type DeletionOptions = { organizationId: string; dryRun: boolean; patienceMs: number; note: Note }

/**
 * Deletes a run with all that hangs on it: phases, steps, calls, events, findings, playbook, items; of an extraction run
 * its tasks, attempts and results too. Companies, agents, campaigns, datasets and prompts stay. The files that it came
 * from are forgotten, so that importing them again brings it back. One transaction.
 * @throws CrossrunError `NOT_FOUND`
 * @throws RetryableError `IMPORT_RUNNING`
 */
export async function deleteRun(
  session: TenantSession,
  runId: string,
  options: DeletionOptions,
): Promise<DeletionReport> {
  const ids = identifiersOf(options.organizationId)
  return withoutImports(session, { patienceMs: options.patienceMs, keep: !options.dryRun }, async (client) => {
    const { rows } = await client.query<{ name: string; pipeline: string }>(
      `select r.external_id as name, p.name as pipeline from runs as r join pipelines as p on p.id = r.pipeline_id
       where r.${OWN} and r.id = $1`,
      [runId],
    )
    if (!rows[0]) throw new CrossrunError('NOT_FOUND', 'There is no such run.')
    await beginMarking(client)
    await markRun(client, runId)
    await markFilesOfRecords(client)
    await markedAll(client)
    const counts = new Counts()
    const payloads = await payloadsOfRuns(client)
    await deleteRecords(client, ids, counts)
    await deleteFiles(client, payloads, counts)
    const report = counts.report(options.dryRun)
    await options.note(sendOfSession(client), {
      action: 'run.deleted',
      target: { type: 'Run', id: runId },
      details: { ...rows[0], ...countsOf(report) },
    })
    return report
  })
}

/**
 * The run, and the records that are nothing without it. A task of the older dumps, which is of the run of its latest
 * session, stays when it has sessions in other runs.
 */
async function markRun(client: ClientBase, runId: string): Promise<void> {
  await client.query(
    `insert into going
     select $1::uuid
     union select id from attempts where ${OWN} and run_id = $1
     union select id from extraction_results where ${OWN} and run_id = $1
     union select t.id from tasks as t where t.${OWN} and t.run_id = $1 and (
       t.source_run_id is not null
       or not exists (select from attempts as a where a.${OWN} and a.task_id = t.id and a.run_id is distinct from $1)
     )`,
    [runId],
  )
}

/** The files that hold records that are `going`, and whether they hold nothing else. */
async function markFilesOfRecords(client: ClientBase): Promise<void> {
  await client.query(
    `insert into files
     select r.file_id, bool_and(g.id is not null)
     from x_file_records as r cross join lateral unnest(r.record_ids) as held (id) left join going as g on g.id = held.id
     where r.${OWN} group by r.file_id having bool_or(g.id is not null)`,
  )
}
