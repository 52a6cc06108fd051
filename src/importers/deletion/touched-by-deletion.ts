import type { ClientBase } from 'pg'
import type { SettlerName } from '../settlers.ts'
import { OWN } from './marked.ts'

const goingOf = (table: string) => `select id from ${table} where ${OWN} and id in (select id from going)`

/** Ids of the rows of a table that point to a record that goes. */
const pointing = (table: string, column: string, parent: string) =>
  `select id from ${table} where ${OWN} and ${column} in (${goingOf(parent)})`

/** What has to be settled when the records that are `going` are gone, by settler: queries of keys, asked before. */
const KEYS: Partial<Record<SettlerName, readonly string[]>> = {
  accountCompanies: [
    `select source_id from companies where ${OWN} and source_id is not null and id in (select id from going)`,
  ],
  accountContacts: [`select source_id from contacts where ${OWN} and id in (select id from going)`],
  healthChecksOfDiagnoses: [`select service from health_checks where ${OWN} and id in (select id from going)`],
  diagnosesOfResolutions: [`select issue_name from diagnoses where ${OWN} and id in (select id from going)`],
  artifactRuns: [
    `select pipeline_id::text from runs where ${OWN} and directory is not null and id in (select id from going)`,
  ],
  extraction: [
    `select 'campaign:' || source_id from campaigns where ${OWN} and id in (select id from going)`,
    `select 'campaign:' || source_campaign_id from prompt_versions
     where ${OWN} and source_campaign_id is not null and id in (select id from going)`,
    `select 'instruction:' || source_id from prompt_versions
     where ${OWN} and source_id is not null and id in (select id from going)`,
    `select 'dataset:' || source_id from datasets where ${OWN} and id in (select id from going)`,
    // Runs that lose calls, tasks, or what they name, and those that tasks and attempts that stay name still.
    `select 'run:' || source_id from extraction_runs where ${OWN} and id in (
       select id from extraction_runs where ${OWN} and id in (select id from going)
       union select run_id from tasks where ${OWN} and id in (select id from going)
       union select run_id from attempts where ${OWN} and (id in (select id from going) or task_id in (${goingOf('tasks')}))
       union ${pointing('extraction_runs', 'campaign_id', 'campaigns')}
       union ${pointing('extraction_runs', 'dataset_id', 'datasets')}
       union ${pointing('extraction_runs', 'prompt_version_id', 'prompt_versions')}
     )`,
    // Tasks that lose attempts, their latest one, their run or their dataset's row.
    `select 'task:' || id from tasks where ${OWN} and id not in (select id from going) and id in (
       select task_id from attempts where ${OWN} and task_id is not null
         and (id in (select id from going) or run_id in (${goingOf('runs')}))
       union ${pointing('tasks', 'last_attempt_id', 'attempts')}
       union ${pointing('tasks', 'run_id', 'runs')}
       union ${pointing('tasks', 'dataset_id', 'datasets')}
     )`,
  ],
}

export type TouchedKeys = ReadonlyMap<SettlerName, string[]>

export async function touchedByDeletion(client: ClientBase): Promise<TouchedKeys> {
  const touched = new Map<SettlerName, string[]>()
  for (const [name, queries] of Object.entries(KEYS) as [SettlerName, string[]][]) {
    const { rows } = await client.query<{ key: string }>(
      `select distinct key from (${queries.join(' union all ')}) as found (key)`,
    )
    if (rows.length > 0)
      touched.set(
        name,
        rows.map(({ key }) => key),
      )
  }
  return touched
}

/** Companies whose name may come from a run that goes. */
export async function companiesOfRuns(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `select distinct side.id from runs as r cross join lateral (values (r.vendor_id), (r.prospect_id)) as side (id)
     where r.${OWN} and r.id in (select id from going) and side.id is not null`,
  )
  return rows.map(({ id }) => id)
}
