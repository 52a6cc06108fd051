import type { ClientBase } from 'pg'

/** The versions of campaigns' instructions: which are there, which follows which, which is in use. */
export async function settleInstructions(client: ClientBase, campaigns: readonly string[]): Promise<void> {
  if (campaigns.length === 0) return
  // The text that an older project has is its version 1, unless the project's versions have a first one.
  await client.query(
    `delete from prompt_versions d
     where d.organization_id = (select crossrun_organization_id()) and d.source_campaign_id = any($1::text[])
       and d.deprecated_name = 'projects'
       and exists (
         select from prompt_versions v
         where v.organization_id = (select crossrun_organization_id()) and v.source_campaign_id = d.source_campaign_id and v.id <> d.id
           and (v.version_number = 1 or (v.version_number is null and v.version in ('1', '1.0', 'v1')))
       )`,
    [campaigns],
  )
  await client.query(
    `with numbered as (
       select id, min(id::text) over (
         partition by source_campaign_id order by version_number groups between 1 preceding and 1 preceding
       )::uuid as parent_id
       from prompt_versions
       where organization_id = (select crossrun_organization_id()) and source_campaign_id = any($1::text[])
         and version_number is not null
     )
     update prompt_versions p set parent_id = n.parent_id from numbered n
     where p.organization_id = (select crossrun_organization_id()) and p.id = n.id and p.parent_id is distinct from n.parent_id`,
    [campaigns],
  )
  // Older projects do not say which version is in use: the newest is.
  await client.query(
    `update campaigns c set current_instruction_id = newest.id
     from (
       select distinct on (source_campaign_id) source_campaign_id, id from prompt_versions
       where organization_id = (select crossrun_organization_id()) and source_campaign_id = any($1::text[])
       order by source_campaign_id, version_number desc nulls last, id
     ) newest
     where c.organization_id = (select crossrun_organization_id()) and c.source_id = newest.source_campaign_id
       and c.deprecated_name = 'projects' and c.source_current_instruction_id is null
       and c.current_instruction_id is distinct from newest.id`,
    [campaigns],
  )
  // Nor do older executions say which they were made with, when there was but one.
  await client.query(
    `with versions as (
       select source_campaign_id, case when count(*) = 1 then min(id::text)::uuid end as only_id from prompt_versions
       where organization_id = (select crossrun_organization_id()) and source_campaign_id = any($1::text[])
       group by source_campaign_id
     ), changed as (
       update extraction_runs e set prompt_version_id = v.only_id from versions v
       where e.organization_id = (select crossrun_organization_id()) and e.source_campaign_id = v.source_campaign_id
         and e.deprecated_name = 'executions' and e.source_instruction_id is null
         and e.prompt_version_id is distinct from v.only_id
       returning e.id
     )
     insert into settled_runs select id from changed on conflict do nothing`,
    [campaigns],
  )
}
