import { Decimal } from 'decimal.js'
import type { ClientBase } from 'pg'
import { type CallCost, type CostedCall, type CostSource, resolveCallCosts } from '../../pricing/call-costs.ts'
import type { CallPrice } from '../../pricing/price-list.ts'
import { money } from '../decoding.ts'
import type { Batch } from './batches.ts'
import type { RepriceContext } from './reprice.ts'

type Stored = {
  id: string
  runId: string
  /** What the run reports and may be shared among its calls. */
  runCostUsd: string | null
  model: string | null
  promptTokens: number | null
  completionTokens: number | null
  cachedTokens: number | null
  totalTokens: number | null
  at: Date | null
  costUsd: string | null
  costSource: CostSource
  priceReference: string | null
}

/** Prices calls of runs whose calls are their own, not attempts, and brings phases and runs up to date. */
export async function repriceCalls(client: ClientBase, { runIds }: Batch, context: RepriceContext): Promise<void> {
  const { rows } = await client.query<Stored>(
    // What an artifact directory's run reports is of phases without calls: none of it is shared among calls. A playbook
    // run's positions are a thousand a phase and a number that goes on: by that the first of equal calls is told.
    `select c.id, c.run_id as "runId", case when r.directory is null then r.reported_cost_usd end::text as "runCostUsd",
            c.model, c.prompt_tokens::float8 as "promptTokens", c.completion_tokens::float8 as "completionTokens",
            c.cached_tokens::float8 as "cachedTokens", c.total_tokens::float8 as "totalTokens", c.started_at as at,
            c.cost_usd::text as "costUsd", c.cost_source as "costSource", c.price_reference as "priceReference"
     from agent_calls c join runs r on r.id = c.run_id
     left join run_phases p on p.id = c.phase_id and p.organization_id = (select crossrun_organization_id())
     where c.organization_id = (select crossrun_organization_id()) and r.organization_id = (select crossrun_organization_id())
       and c.run_id = any($1::uuid[]) and c.attempt_id is null
     order by c.run_id, c.position - 1000 * coalesce(p.number, 0), c.id`,
    [runIds],
  )
  const changed: { id: string; cost: CallCost }[] = []
  for (let start = 0; start < rows.length; ) {
    const { runId, runCostUsd } = rows[start]!
    let end = start
    while (end < rows.length && rows[end]!.runId === runId) end++
    const calls = rows.slice(start, end)
    const costs = resolveCallCosts(calls.map(costed), usd(runCostUsd), (call) => priceOf(call, context))
    calls.forEach((call, place) => {
      const cost = costs[place]!
      if (call.costSource !== 'REPORTED' && differs(call, cost)) changed.push({ id: call.id, cost })
    })
    start = end
  }
  if (changed.length > 0) await writeCosts(client, changed)
  if (rows.length > 0) await sumUp(client, [...new Set(rows.map(({ runId }) => runId))])
}

type Priced = CostedCall & { stored: Stored }

function costed(stored: Stored): Priced {
  const { model, promptTokens, completionTokens, cachedTokens, totalTokens, at, costSource, costUsd } = stored
  const reportedCostUsd = costSource === 'REPORTED' ? usd(costUsd) : null
  return { model, promptTokens, completionTokens, cachedTokens, totalTokens, at, reportedCostUsd, stored }
}

/** The price of now, or for calls made too early the one that was taken. */
function priceOf({ stored, ...call }: Priced, { prices, since }: RepriceContext): CallPrice | null {
  if (since === null || (call.at !== null && call.at >= since)) return prices.of(call)
  const { costSource, costUsd, priceReference } = stored
  return costSource === 'PRICED' ? { costUsd: new Decimal(costUsd!), reference: priceReference! } : null
}

function differs(stored: Stored, { costUsd, costSource, priceReference }: CallCost): boolean {
  if (stored.costSource !== costSource || stored.priceReference !== priceReference) return true
  return costUsd === null ? stored.costUsd !== null : stored.costUsd === null || !costUsd.eq(stored.costUsd)
}

function usd(text: string | null): Decimal | null {
  return text === null ? null : new Decimal(text)
}

async function writeCosts(client: ClientBase, changed: { id: string; cost: CallCost }[]): Promise<void> {
  await client.query(
    `update agent_calls c set cost_usd = x.cost, cost_source = x.source::"CostSource", price_reference = x.reference
     from unnest($1::uuid[], $2::numeric[], $3::text[], $4::text[]) as x (id, cost, source, reference)
     where c.organization_id = (select crossrun_organization_id()) and c.id = x.id`,
    [
      changed.map(({ id }) => id),
      changed.map(({ cost }) => money(cost.costUsd)),
      changed.map(({ cost }) => cost.costSource),
      changed.map(({ cost }) => cost.priceReference),
    ],
  )
}

/** What phases and runs cost, as their importers say it. */
async function sumUp(client: ClientBase, runIds: string[]): Promise<void> {
  await client.query(
    `with costs as (
       select p.id, coalesce(p.reported_cost_usd, sum(c.cost_usd)) as cost from run_phases p
       left join agent_calls c
         on c.organization_id = (select crossrun_organization_id()) and c.run_id = p.run_id and c.phase_id = p.id
       where p.organization_id = (select crossrun_organization_id()) and p.run_id = any($1::uuid[])
       group by p.id
     )
     update run_phases p set cost_usd = x.cost from costs x
     where p.organization_id = (select crossrun_organization_id()) and p.id = x.id and p.cost_usd is distinct from x.cost`,
    [runIds],
  )
  // A run of an artifact directory costs what its phases do, and reports that when it is more than its calls account for.
  await client.query(
    `with costs as (
       select r.id, r.directory is not null as is_artifacts, c.cost as calls, p.cost as phases
       from runs r
       left join lateral (
         select sum(cost_usd) as cost from agent_calls
         where organization_id = (select crossrun_organization_id()) and run_id = r.id
       ) as c on true
       left join lateral (
         select sum(cost_usd) as cost from run_phases
         where organization_id = (select crossrun_organization_id()) and run_id = r.id
       ) as p on true
       where r.organization_id = (select crossrun_organization_id()) and r.id = any($1::uuid[])
     ), wanted as (
       select c.id, c.calls, x.reported, case when c.is_artifacts then c.phases else coalesce(x.reported, c.calls) end as cost
       from costs c join runs r on r.id = c.id cross join lateral (values (
         case when not c.is_artifacts then r.reported_cost_usd when c.phases <> coalesce(c.calls, 0) then c.phases end
       )) as x (reported)
     )
     update runs r set cost_usd = w.cost, calls_cost_usd = w.calls, reported_cost_usd = w.reported from wanted w
     where r.organization_id = (select crossrun_organization_id()) and r.id = w.id
       and (r.cost_usd, r.calls_cost_usd, r.reported_cost_usd) is distinct from (w.cost, w.calls, w.reported)`,
    [runIds],
  )
}
