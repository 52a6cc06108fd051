import type { ClientBase } from 'pg'

/** Counts and sums of tasks over their attempts, and of runs over their calls. */
export async function settleTotals(client: ClientBase): Promise<void> {
  await client.query(
    `with totals as (
       select s.id, count(a.id)::int as attempts,
              sum(coalesce(c.cost_usd, a.reported_cost_usd, a.priced_cost_usd)) as cost,
              (array_agg(a.id order by coalesce(a.started_at, a.source_created_at) desc nulls last, a.attempt_number desc nulls last, a.id)
                filter (where a.id is not null))[1] as last_id
       from settled_tasks s
       left join attempts a on a.organization_id = (select crossrun_organization_id()) and a.task_id = s.id
       left join agent_calls c on c.organization_id = (select crossrun_organization_id()) and c.attempt_id = a.id
       group by s.id
     )
     update tasks t
     set attempt_count = x.attempts, cost_usd = x.cost,
         last_attempt_id = case when t.source_last_attempt_id is null then x.last_id else t.last_attempt_id end
     from totals x
     where t.organization_id = (select crossrun_organization_id()) and t.id = x.id
       and ((t.attempt_count, t.cost_usd) is distinct from (x.attempts, x.cost)
            or (t.source_last_attempt_id is null and t.last_attempt_id is distinct from x.last_id))`,
  )
  await client.query(
    `with totals as (
       select s.id, count(c.id) as calls, sum(c.total_tokens)::int8 as tokens, sum(c.cost_usd) as cost
       from settled_runs s
       left join agent_calls c on c.organization_id = (select crossrun_organization_id()) and c.run_id = s.id
       group by s.id
     )
     update runs r
     set llm_calls = x.calls, total_tokens = x.tokens, calls_cost_usd = x.cost, cost_usd = coalesce(r.reported_cost_usd, x.cost)
     from totals x
     where r.organization_id = (select crossrun_organization_id()) and r.id = x.id
       and (r.llm_calls, r.total_tokens, r.calls_cost_usd, r.cost_usd)
           is distinct from (x.calls, x.tokens, x.cost, coalesce(r.reported_cost_usd, x.cost))`,
  )
}
