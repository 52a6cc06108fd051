import type { ClientBase } from 'pg'
import type { Identifiers } from '../../model/identifiers.ts'
import { AGENT } from './decode-attempts.ts'

/**
 * Every attempt is a call of the extraction agent, with the run's instruction for its prompt; a call's id is its
 * attempt's. Its cost is the attempt's own (reported, else priced); else its share of what the run reported beyond its
 * calls' known costs, in proportion to their tokens (equally when none has any): to six decimals, half-even, the call
 * with the most tokens (the first of several) taking the remainder; else it is not known.
 */
export async function settleCalls(client: ClientBase, ids: Identifiers): Promise<void> {
  await client.query(
    `with calls as (
       select a.*, r.pipeline_id, r.instruction_id, r.reported_cost_usd as run_cost, coalesce(a.reported_cost_usd, a.priced_cost_usd) as own_cost,
              coalesce(a.total_tokens, 0)::numeric as tokens,
              (row_number() over (partition by a.run_id order by a.started_at nulls last, a.attempt_number nulls last, a.source_id) - 1)::int as position
       from attempts a join runs r on r.id = a.run_id
       where a.organization_id = (select crossrun_organization_id()) and r.organization_id = (select crossrun_organization_id())
         and a.run_id in (select id from settled_runs)
     ), budgets as (
       select run_id, greatest(run_cost - coalesce(sum(own_cost), 0), 0) as amount,
              sum(tokens) filter (where own_cost is null) as tokens, count(*) filter (where own_cost is null) as calls
       from calls where run_cost is not null group by run_id, run_cost
     ), weighted as (
       -- Whole numbers of millionths: what is left over tells a tie exactly.
       select c.id, c.run_id, b.amount,
              case when b.tokens = 0 then 1 else c.tokens end as weight, case when b.tokens = 0 then b.calls else b.tokens end as whole,
              row_number() over (partition by c.run_id order by c.tokens desc, c.position) as place
       from calls c join budgets b on b.run_id = c.run_id
       where c.own_cost is null
     ), divided as (
       select id, run_id, amount, place, div(amount * weight * 1000000, whole) as millionths,
              2 * (amount * weight * 1000000 - div(amount * weight * 1000000, whole) * whole) - whole as beyond_half
       from weighted
     ), rounded as (
       select id, run_id, amount, place,
              (millionths + case when beyond_half > 0 or (beyond_half = 0 and mod(millionths, 2) = 1) then 1 else 0 end) * 0.000001 as share
       from divided
     ), shares as (
       select id, case when place = 1 then amount - (sum(share) over (partition by run_id) - share) else share end as share from rounded
     )
     insert into agent_calls as t (
       id, organization_id, run_id, pipeline_id, agent_id, prompt_version_id, attempt_id, position, model, status, calls, prompt_tokens,
       completion_tokens, cached_tokens, total_tokens, cost_usd, cost_source, price_reference, started_at, duration_seconds, error, output
     )
     select c.id, c.organization_id, c.run_id, c.pipeline_id, $1::uuid, c.instruction_id, c.id, c.position, c.model,
            case c.status when 'SUCCESS' then 'COMPLETED' when 'CANCELLED' then 'SKIPPED' else 'FAILED' end::"StepStatus", 1,
            c.prompt_tokens, c.completion_tokens, c.cached_tokens, c.total_tokens, coalesce(c.own_cost, s.share),
            case when c.reported_cost_usd is not null then 'REPORTED' when c.priced_cost_usd is not null then 'PRICED'
                 when s.share is not null then 'ALLOCATED' else 'UNKNOWN' end::"CostSource",
            case when c.reported_cost_usd is null then c.price_reference end, c.started_at, c.duration_ms / 1000.0::float8,
            coalesce(c.error_message, c.failure_reason), c.raw_output
     from calls c left join shares s on s.id = c.id
     order by c.id
     on conflict (id) do update
     set run_id = excluded.run_id, pipeline_id = excluded.pipeline_id, agent_id = excluded.agent_id, prompt_version_id = excluded.prompt_version_id,
         attempt_id = excluded.attempt_id, position = excluded.position, model = excluded.model, status = excluded.status,
         prompt_tokens = excluded.prompt_tokens, completion_tokens = excluded.completion_tokens,
         cached_tokens = excluded.cached_tokens, total_tokens = excluded.total_tokens, cost_usd = excluded.cost_usd,
         cost_source = excluded.cost_source, price_reference = excluded.price_reference, started_at = excluded.started_at,
         duration_seconds = excluded.duration_seconds, error = excluded.error, output = excluded.output
     where (t.run_id, t.pipeline_id, t.prompt_version_id, t.position, t.model, t.status, t.prompt_tokens, t.completion_tokens, t.cached_tokens,
            t.total_tokens, t.cost_usd, t.cost_source, t.price_reference, t.started_at, t.duration_seconds, t.error, t.output)
           is distinct from
           (excluded.run_id, excluded.pipeline_id, excluded.prompt_version_id, excluded.position, excluded.model, excluded.status, excluded.prompt_tokens,
            excluded.completion_tokens, excluded.cached_tokens, excluded.total_tokens, excluded.cost_usd, excluded.cost_source,
            excluded.price_reference, excluded.started_at, excluded.duration_seconds, excluded.error, excluded.output)`,
    [ids.of('agent', AGENT)],
  )
  // A session that turned out to belong to no execution is no call.
  await client.query(
    `delete from agent_calls c using settled_tasks s join attempts a on a.task_id = s.id
     where c.organization_id = (select crossrun_organization_id()) and a.organization_id = (select crossrun_organization_id())
       and c.attempt_id = a.id and a.run_id is null`,
  )
}
