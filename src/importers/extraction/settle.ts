import type { ClientBase } from 'pg'
import type { Identifiers } from '../../model/identifiers.ts'
import { settleCalls } from './settle-calls.ts'
import { settleComparisons } from './settle-comparisons.ts'
import { settleInstructions } from './settle-instructions.ts'
import { linkDatasetRows, linkRuns, linkTasks, placeSessions } from './settle-links.ts'
import { settleTotals } from './settle-totals.ts'

const KEY_KINDS = ['campaign', 'dataset', 'instruction', 'run', 'task'] as const

/** What a file's records touched: source ids of campaigns, datasets, instructions and runs; ids of tasks. */
export type Touched = Record<(typeof KEY_KINDS)[number], string[]>

/**
 * Makes what records of several tables say together: which run a session belongs to, a task's dataset row and what is
 * compared, the calls that attempts are and their costs, the sums of tasks and runs. Keys are a kind and an id:
 * `run:…`. Whatever the order in which tables come, and however often this is called, the rows end the same.
 */
export async function settleExtraction(client: ClientBase, keys: readonly string[], ids: Identifiers): Promise<void> {
  const touched = touchedBy(keys)
  await beginSettling(client, ids)
  await settleInstructions(client, touched.campaign)
  await placeSessions(client, touched)
  await gather(client, touched)
  await linkRuns(client, touched)
  await linkTasks(client)
  await linkDatasetRows(client)
  await settleComparisons(client, ids)
  await settleCalls(client, ids)
  await settleTotals(client)
}

/** Two imports that settle at once would not see each other's rows: the second waits, and sees the first one's. */
export async function lockSettling(client: ClientBase, ids: Identifiers): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtextextended('extraction ' || $1, 0))`, [ids.organizationId])
}

async function beginSettling(client: ClientBase, ids: Identifiers): Promise<void> {
  await lockSettling(client, ids)
  for (const table of ['settled_runs', 'settled_tasks']) {
    await client.query(`create temp table if not exists ${table} (id uuid primary key) on commit delete rows`)
    await client.query(`delete from ${table}`)
  }
}

/**
 * Makes what follows from the costs of attempts: their calls', and the sums of their runs and tasks.
 * @param attempts a query of their `run_id` and `task_id`, with `$1` for the values
 */
export async function settleCosts(
  client: ClientBase,
  ids: Identifiers,
  attempts: string,
  values: readonly string[],
): Promise<void> {
  await beginSettling(client, ids)
  for (const name of ['run', 'task']) {
    await client.query(
      `insert into settled_${name}s select distinct a.${name}_id from (${attempts}) as a where a.${name}_id is not null`,
      [values],
    )
  }
  await client.query('analyze settled_runs, settled_tasks')
  await settleCalls(client, ids)
  await settleTotals(client)
}

function touchedBy(keys: readonly string[]): Touched {
  const touched: Touched = { campaign: [], dataset: [], instruction: [], run: [], task: [] }
  for (const key of keys) {
    const colon = key.indexOf(':')
    touched[key.slice(0, colon) as keyof Touched].push(key.slice(colon + 1))
  }
  return touched
}

/** Gathers the tasks and runs that are to be settled; the sessions' runs are there already. */
async function gather(client: ClientBase, { dataset, instruction, run, task }: Touched): Promise<void> {
  await client.query(
    `insert into settled_runs
     select id from extraction_runs
     where organization_id = (select crossrun_organization_id())
       and (source_id = any($1::text[]) or source_instruction_id = any($2::text[]))
     on conflict do nothing`,
    [run, instruction],
  )
  await client.query(
    `insert into settled_tasks
     select id from tasks where organization_id = (select crossrun_organization_id()) and id = any($1::uuid[])
     union select id from tasks where organization_id = (select crossrun_organization_id()) and source_dataset_id = any($2::text[])
     union select id from tasks where organization_id = (select crossrun_organization_id()) and source_run_id = any($3::text[])
     union select id from tasks where organization_id = (select crossrun_organization_id()) and run_id in (select id from settled_runs)
     union select task_id from attempts
           where organization_id = (select crossrun_organization_id()) and source_run_id = any($3::text[]) and task_id is not null
     union select task_id from attempts
           where organization_id = (select crossrun_organization_id()) and run_id in (select id from settled_runs) and task_id is not null`,
    [task, dataset, run],
  )
  // An attempt that names no run is of its task's.
  await client.query(
    `update attempts a set run_id = t.run_id
     from settled_tasks s join tasks t on t.id = s.id
     where a.organization_id = (select crossrun_organization_id()) and t.organization_id = (select crossrun_organization_id())
       and a.task_id = t.id and a.source_run_id is null and a.deprecated_name is null and a.run_id is distinct from t.run_id`,
  )
  // The runs of attempts that name none, and those that an attempt's call is still counted with.
  await client.query(
    `insert into settled_runs
     select found.run_id from settled_tasks s
     join attempts a on a.organization_id = (select crossrun_organization_id()) and a.task_id = s.id
     left join agent_calls c on c.organization_id = (select crossrun_organization_id()) and c.attempt_id = a.id
     cross join lateral (values (a.run_id), (c.run_id)) as found (run_id)
     where found.run_id is not null and (a.source_run_id is null or c.run_id is distinct from a.run_id)
     on conflict do nothing`,
  )
  await client.query('analyze settled_runs, settled_tasks')
}
