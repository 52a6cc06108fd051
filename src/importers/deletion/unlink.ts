import type { ClientBase } from 'pg'
import { REFERENCES } from '../references.ts'
import { OWN } from './marked.ts'
import type { Counts } from './report.ts'

/** What a row has of the record it named, and has no more when that is gone. */
const BORROWED: Readonly<Record<string, readonly string[]>> = {
  'tasks.run_id': [
    'campaign_id = case when t.source_campaign_id is null then null else t.campaign_id end',
    'dataset_id = case when t.source_dataset_id is null then null else t.dataset_id end',
  ],
  'attempts.task_id': ['run_id = case when t.source_run_id is null then null else t.run_id end'],
}

/** Lets rows point nowhere that pointed to what is `gone`: they find it when it comes again. A statement a reference. */
export async function unlink(client: ClientBase, counts: Counts): Promise<void> {
  for (const { table, column, parent } of REFERENCES) {
    const place = parent.where?.kind === 'company' ? 'companies' : parent.table
    const set = [`${column} = null`, ...(BORROWED[`${table}.${column}`] ?? [])]
    await client.query(
      `update ${table} as t set ${set.join(', ')} from gone as g
       where t.${OWN} and g.place = '${place}' and t.${column} = g.id`,
    )
  }
  // An attempt of no run is no call.
  const { rowCount } = await client.query(
    `delete from agent_calls as c using attempts as a
     where c.${OWN} and a.${OWN} and c.attempt_id = a.id and a.run_id is null
       and exists (select from gone where place in ('extraction_runs', 'tasks'))`,
  )
  counts.add('agent_calls', rowCount)
}
