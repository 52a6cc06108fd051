import { BRIEFING_PHASES } from '../../model/pipelines.ts'
import type { Settler } from '../settlers.ts'

/**
 * Judges the runs of pipelines: which phase is the last is known only from all of them together. A run is COMPLETED when
 * it completed the last phase that any run of its pipeline has (a briefing has ten), FAILED otherwise or when a phase of
 * its own failed. Marks the runs that `latest` links point to.
 */
export const settleArtifactRuns: Settler = async (client, pipelines) => {
  // One at a time, so that two importers of one pipeline see each other's runs.
  await client.query(
    `select pg_advisory_xact_lock(key) from (select distinct hashtextextended(id, 1) as key from unnest($1::text[]) as id order by 1) as keys`,
    [pipelines],
  )
  await client.query(
    `with reached as (
       select r.id, r.pipeline_id, r.status, max(p.number) as last,
              max(p.number) filter (where p.status = 'COMPLETED') as completed,
              bool_or(p.status = 'FAILED') as has_failed, bool_or(p.status = 'RUNNING') as is_running,
              bool_and(p.number > cardinality($2::text[]) or p.name = ($2::text[])[p.number]) as has_briefing_phases
       from runs r join run_phases p on p.organization_id = r.organization_id and p.run_id = r.id
       where r.organization_id = (select crossrun_organization_id()) and r.pipeline_id = any($1::uuid[]) and r.directory is not null
       group by r.id
     ), judged as (
       select a.id, a.status as before,
              (case when a.has_failed then 'FAILED' when a.is_running then 'RUNNING'
                    when a.completed >= greatest(
                      max(a.last) over (partition by a.pipeline_id),
                      case when p.name = 'briefing' and a.has_briefing_phases then cardinality($2::text[]) end
                    ) then 'COMPLETED' else 'FAILED' end)::"RunStatus" as status
       from reached a join pipelines p on p.id = a.pipeline_id
     ), free as (
       -- A run that another importer writes is judged by that one, which waits for this.
       select r.id from runs r join judged j on j.id = r.id where j.status is distinct from r.status for update of r skip locked
     )
     update runs r set status = j.status from judged j join free f on f.id = j.id where r.id = j.id`,
    [pipelines, [...BRIEFING_PHASES]],
  )
  await client.query(
    `with pointed as (
       select r.id, exists (select from latest_links l where l.organization_id = r.organization_id and l.target = r.directory) as is_latest
       from runs r
       where r.organization_id = (select crossrun_organization_id()) and r.pipeline_id = any($1::uuid[]) and r.directory is not null
     ), free as (
       select r.id from runs r join pointed p on p.id = r.id where r.is_latest <> p.is_latest for update of r skip locked
     )
     update runs r set is_latest = p.is_latest from pointed p join free f on f.id = p.id where r.id = p.id`,
    [pipelines],
  )
}
