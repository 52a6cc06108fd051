import type { ClientBase } from 'pg'
import type { Settler } from '../settlers.ts'

/**
 * A diagnosis belongs to the health check of the same service nearest before it, or at the same moment; of checks at one
 * moment the one with the greatest id. Each is a probe of the index on (organization, service, time, id).
 */
export const settleHealthChecks: Settler = async (client, services) => {
  await takeTurn(client)
  await client.query(
    `update diagnoses as d set health_check_id = nearest.id
     from diagnoses as own left join lateral (
       select c.id from health_checks as c
       where c.organization_id = (select crossrun_organization_id())
         and c.service = own.issue_name and c.checked_at <= own.diagnosed_at
       order by c.checked_at desc, c.id desc limit 1
     ) as nearest on true
     where own.organization_id = (select crossrun_organization_id()) and own.issue_name = any($1::text[])
       and d.organization_id = (select crossrun_organization_id()) and d.id = own.id
       and d.health_check_id is distinct from nearest.id`,
    [services],
  )
}

/**
 * A resolution belongs to the diagnosis of the same issue nearest before it, or at the same moment; of diagnoses at one
 * moment the one with the greatest id. A diagnosis that took another name leaves the resolutions it had.
 */
export const settleDiagnoses: Settler = async (client, issues) => {
  await takeTurn(client)
  await client.query(
    `update resolutions as r set diagnosis_id = nearest.id
     from resolutions as own left join lateral (
       select d.id from diagnoses as d
       where d.organization_id = (select crossrun_organization_id())
         and d.issue_name = own.issue_name and d.diagnosed_at <= own.resolved_at
       order by d.diagnosed_at desc, d.id desc limit 1
     ) as nearest on true
     where own.organization_id = (select crossrun_organization_id())
       and own.id in (
         select o.id from resolutions as o
         where o.organization_id = (select crossrun_organization_id()) and o.issue_name = any($1::text[])
         union all
         select o.id from resolutions as o join diagnoses as d on d.id = o.diagnosis_id
         where o.organization_id = (select crossrun_organization_id())
           and d.organization_id = (select crossrun_organization_id()) and d.issue_name = any($1::text[])
       )
       and r.organization_id = (select crossrun_organization_id()) and r.id = own.id
       and r.diagnosis_id is distinct from nearest.id`,
    [issues],
  )
}

/**
 * Of two imports that bring the checks and the diagnoses of one service at the same moment neither sees the other's rows:
 * the second waits here, at the end of its transaction, until the first is committed.
 */
async function takeTurn(client: ClientBase): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtextextended('ops chain ' || crossrun_organization_id(), 0))`)
}
