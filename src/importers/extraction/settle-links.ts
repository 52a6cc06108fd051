import type { ClientBase } from 'pg'
import type { Touched } from './settle.ts'

/**
 * Older sessions name no execution: one belongs to the newest execution of its job's batch that started before it (or
 * with it), a task to the execution of its latest session. The runs that win or lose a session are settled.
 */
export async function placeSessions(client: ClientBase, { task, dataset }: Touched): Promise<void> {
  if (task.length === 0 && dataset.length === 0) return
  const olderTasks = `
    older as (
      select id, source_dataset_id from tasks
      where organization_id = (select crossrun_organization_id()) and deprecated_name = 'jobs'
        and (id = any($1::uuid[]) or source_dataset_id = any($2::text[]))
    )`
  await client.query(
    `with ${olderTasks}, placed as (
       select a.id, a.run_id as before, (
         select r.id from extraction_runs e join runs r on r.id = e.id
         where e.organization_id = (select crossrun_organization_id()) and r.organization_id = (select crossrun_organization_id())
           and e.source_dataset_id = o.source_dataset_id and e.deprecated_name = 'executions'
           and r.started_at <= coalesce(a.started_at, a.source_created_at)
         order by r.started_at desc, r.id desc limit 1
       ) as after
       from older o join attempts a on a.task_id = o.id
       where a.organization_id = (select crossrun_organization_id()) and a.deprecated_name = 'sessions' and a.source_run_id is null
     ), moved as (
       update attempts a set run_id = p.after from placed p
       where a.organization_id = (select crossrun_organization_id()) and a.id = p.id and p.before is distinct from p.after
       returning p.before, p.after
     )
     insert into settled_runs
     select before from moved where before is not null union select after from moved where after is not null
     on conflict do nothing`,
    [task, dataset],
  )
  await client.query(
    `with ${olderTasks}, latest as (
       select distinct on (a.task_id) a.task_id, a.run_id
       from older o join attempts a on a.task_id = o.id
       where a.organization_id = (select crossrun_organization_id())
       order by a.task_id, coalesce(a.started_at, a.source_created_at) desc nulls last, a.attempt_number desc nulls last, a.id
     )
     update tasks t set run_id = l.run_id from latest l
     where t.organization_id = (select crossrun_organization_id()) and t.id = l.task_id and t.source_run_id is null
       and t.run_id is distinct from l.run_id`,
    [task, dataset],
  )
}

/** A run names its campaign, dataset and instruction as its extraction does. */
export async function linkRuns(client: ClientBase, { campaign, dataset, instruction }: Touched): Promise<void> {
  await client.query(
    `update runs r set campaign_id = e.campaign_id, dataset_id = e.dataset_id, instruction_id = e.prompt_version_id
     from extraction_runs e
     where r.organization_id = (select crossrun_organization_id()) and e.organization_id = (select crossrun_organization_id())
       and r.id = e.id
       and (e.id in (select id from settled_runs) or e.source_campaign_id = any($1::text[])
            or e.source_dataset_id = any($2::text[]) or e.source_instruction_id = any($3::text[]))
       and (r.campaign_id, r.dataset_id, r.instruction_id) is distinct from (e.campaign_id, e.dataset_id, e.prompt_version_id)`,
    [campaign, dataset, instruction],
  )
}

/** A task that names no campaign or dataset is of its run's; its fields are of its run. */
export async function linkTasks(client: ClientBase): Promise<void> {
  await client.query(
    `update tasks t
     set campaign_id = case when t.source_campaign_id is null then r.campaign_id else t.campaign_id end,
         dataset_id = case when t.source_dataset_id is null then r.dataset_id else t.dataset_id end
     from settled_tasks s, runs r
     where t.organization_id = (select crossrun_organization_id()) and r.organization_id = (select crossrun_organization_id())
       and t.id = s.id and r.id = t.run_id
       and ((t.source_campaign_id is null and t.campaign_id is distinct from r.campaign_id)
            or (t.source_dataset_id is null and t.dataset_id is distinct from r.dataset_id))`,
  )
}

/**
 * The row of its dataset that a task is about: by the row's id; tasks of older dumps, whose ids the rows do not have, by
 * the row's content.
 */
export async function linkDatasetRows(client: ClientBase): Promise<void> {
  await client.query(
    `with wanted as (
       select t.id, t.dataset_id, t.row_id, t.row_data, r.id as by_id
       from settled_tasks s join tasks t on t.id = s.id
       left join dataset_rows r on r.organization_id = (select crossrun_organization_id())
         and r.dataset_id = t.dataset_id and r.row_id = t.row_id
       where t.organization_id = (select crossrun_organization_id())
     ), by_content as (
       select distinct on (w.id) w.id, r.id as row_id
       from wanted w join dataset_rows r on r.dataset_id = w.dataset_id and r.data = w.row_data
       where r.organization_id = (select crossrun_organization_id()) and w.by_id is null
       order by w.id, r.position
     )
     update tasks t set dataset_row_id = coalesce(w.by_id, c.row_id)
     from wanted w left join by_content c on c.id = w.id
     where t.organization_id = (select crossrun_organization_id()) and t.id = w.id
       and t.dataset_row_id is distinct from coalesce(w.by_id, c.row_id)`,
  )
}
