/** A question as people ask it, and the best SQL over the facts that we know for the same answer. */
export type BenchQuestion = { name: string; graphql: string; sql: string }

const org = '(select crossrun_organization_id())'
// A run's cost beyond its calls' is usage too.
const rest = (columns: string, where = 'true') =>
  `select ${columns} from runs r where r.organization_id = ${org} and reported_cost_usd <> coalesce(calls_cost_usd, 0) and ${where}`
const playbook = `pipeline_id = (select id from pipelines where organization_id = ${org} and name = 'playbook')`
const ofRuns = (condition: string) => `join runs r on r.id = c.run_id and r.organization_id = ${org} and ${condition}`

export const BENCH_QUESTIONS: readonly BenchQuestion[] = [
  {
    name: 'tokens-by-agent',
    graphql: `{ usageMetrics(groupBy: [AGENT], where: { pipeline: { name: { equals: "playbook" } } }, orderBy: [{ totalTokensSum: DESC }], first: 50) {
      totalCount source nodes { key { agent } calls failures totalTokens { sum avg } costUsd { sum } costCoverage durationSeconds { avg p50 p95 } }
      totals { calls totalTokens { sum } costUsd { sum } } } }`,
    sql: `with g as (
      select agent_id, sum(calls), count(*) filter (where status = 'FAILED'), sum(total_tokens) as tokens, avg(total_tokens), sum(cost_usd),
             sum(calls) filter (where cost_usd is not null), avg(duration_seconds), percentile_cont(array[0.5, 0.95]) within group (order by duration_seconds)
      from agent_calls where organization_id = ${org} and ${playbook} group by agent_id
      union all ${rest('null, 0, 0, null, null, sum(reported_cost_usd - coalesce(calls_cost_usd, 0)), 0, null, null', playbook)}
    ) select a.name, g.* from g left join agents a on a.id = g.agent_id order by tokens desc nulls last`,
  },
  {
    name: 'cost-by-phase-and-model',
    graphql: `{ usageMetrics(groupBy: [PIPELINE, PHASE, MODEL], orderBy: [{ costUsdSum: DESC }], first: 100) {
      source nodes { key { pipeline phase model } runs calls costUsd { sum } } totals { runs calls costUsd { sum } } } }`,
    sql: `with g as (
      select pipeline_id, phase_name, model, count(distinct run_id), sum(calls), sum(cost_usd) as cost from agent_calls where organization_id = ${org} group by 1, 2, 3
      union all select pipeline_id, null, null, count(*), 0, sum(cost) from (${rest('pipeline_id, reported_cost_usd - coalesce(calls_cost_usd, 0) as cost')}) as x group by 1
    ), t as (select count(distinct run_id) from agent_calls where organization_id = ${org})
    select p.name, g.*, t.* from g left join pipelines p on p.id = g.pipeline_id cross join t order by cost desc nulls last`,
  },
  {
    name: 'metrics-table',
    graphql: `{ metricsTable(query: { subject: USAGE, measures: ["calls", "costUsd.sum"], dimensions: ["agent"], where: { pipeline: { name: { equals: "playbook" } } }, orderBy: [{ name: "costUsd.sum", direction: DESC }], limit: 5 }) { rows } }`,
    sql: `with g as (select agent_id, sum(calls), sum(cost_usd) as cost from agent_calls where organization_id = ${org} and ${playbook} group by 1
      union all ${rest('null, 0, sum(reported_cost_usd - coalesce(calls_cost_usd, 0))', playbook)})
      select a.name, g.* from g left join agents a on a.id = g.agent_id order by cost desc nulls last limit 5`,
  },
  {
    name: 'monthly-cost (Berlin)',
    graphql: `{ runMetrics(where: { pipeline: { name: { equals: "playbook" } }, status: { in: [COMPLETED] } }, interval: MONTH, timeZone: "Europe/Berlin", orderBy: [{ startedAt: ASC }]) {
      source nodes { key { startedAt } runs costUsd { avg sum } durationSeconds { avg } } } }`,
    sql: `select date_trunc('month', started_at, 'Europe/Berlin') as month, count(*), avg(cost_usd), sum(cost_usd), avg(duration_seconds) from runs
      where organization_id = ${org} and ${playbook} and status = 'COMPLETED' group by 1 order by 1`,
  },
  {
    name: 'cost by agent and model by month (Berlin)',
    graphql: `{ usageMetrics(groupBy: [AGENT, MODEL], interval: MONTH, timeZone: "Europe/Berlin", first: 10000) { source nodes { key { startedAt agent model } costUsd { sum } } } }`,
    sql: `with g as (select date_trunc('month', started_at, 'Europe/Berlin') as month, agent_id, model, sum(cost_usd) from agent_calls where organization_id = ${org} group by 1, 2, 3
      union all select date_trunc('month', started_at, 'Europe/Berlin'), null, null, sum(cost) from (${rest('started_at, reported_cost_usd - coalesce(calls_cost_usd, 0) as cost')}) as x group by 1)
      select a.name, g.* from g left join agents a on a.id = g.agent_id order by month, name nulls last, model nulls last`,
  },
  {
    name: 'calls and cost by model by day',
    graphql: `{ usageMetrics(groupBy: [MODEL], interval: DAY, where: { startedAt: { gte: "2026-05-01T00:00:00Z", lt: "2026-06-01T00:00:00Z" } }, first: 1000) { source nodes { key { startedAt model } calls costUsd { sum } } } }`,
    sql: `select date_trunc('day', started_at, 'UTC') as day, model, sum(calls), sum(cost_usd) from agent_calls
      where organization_id = ${org} and started_at >= '2026-05-01T00:00:00Z' and started_at < '2026-06-01T00:00:00Z' group by 1, 2
      union all select date_trunc('day', started_at, 'UTC'), null, 0, sum(cost) from (${rest('started_at, reported_cost_usd - coalesce(calls_cost_usd, 0) as cost', `started_at >= '2026-05-01T00:00:00Z' and started_at < '2026-06-01T00:00:00Z'`)}) as x group by 1 order by 1, 2`,
  },
  {
    name: 'failures by phase of a model',
    graphql: `{ usageMetrics(groupBy: [PHASE], where: { model: { equals: "model-3" } }) { source nodes { key { phase } calls failures failureRate } } }`,
    sql: `select phase_name, sum(calls), count(*) filter (where status = 'FAILED') from agent_calls where organization_id = ${org} and model = 'model-3' group by 1 order by 1`,
  },
  {
    name: 'a week by hour (New York)',
    graphql: `{ usageMetrics(groupBy: [PIPELINE], interval: HOUR, timeZone: "America/New_York", where: { startedAt: { gte: "2026-05-04T04:00:00Z", lt: "2026-05-11T04:00:00Z" } }, first: 10000) { source nodes { key { startedAt pipeline } calls } } }`,
    sql: `select date_trunc('hour', started_at, 'America/New_York') as hour, p.name, sum(calls) from agent_calls c join pipelines p on p.id = c.pipeline_id
      where c.organization_id = ${org} and started_at >= '2026-05-04T04:00:00Z' and started_at < '2026-05-11T04:00:00Z' group by 1, 2 order by 1, 2`,
  },
  {
    name: 'cost by agent for an industry',
    graphql: `{ usageMetrics(groupBy: [AGENT], where: { run: { prospect: { industry: { equals: "Healthcare" } } } }) { source nodes { key { agent } calls costUsd { sum } } } }`,
    sql: `with chosen as (select r.id, reported_cost_usd - coalesce(calls_cost_usd, 0) as rest from runs r join companies p on p.id = r.prospect_id and p.organization_id = ${org} where r.organization_id = ${org} and p.industry = 'Healthcare'),
      g as (select agent_id, sum(calls), sum(cost_usd) from agent_calls c join chosen on chosen.id = c.run_id where c.organization_id = ${org} group by 1 union all select null, 0, sum(rest) from chosen where rest <> 0)
      select a.name, g.* from g left join agents a on a.id = g.agent_id order by 1`,
  },
  {
    name: 'cost by tag',
    graphql: `{ usageMetrics(groupBy: [TAG]) { source nodes { key { tag } calls costUsd { sum } } } }`,
    sql: `with u as (select c.run_id, sum(calls) as calls, sum(cost_usd) as cost from agent_calls c where c.organization_id = ${org} group by 1)
      select tag, sum(u.calls), sum(u.cost) + sum(case when reported_cost_usd <> coalesce(calls_cost_usd, 0) then reported_cost_usd - coalesce(calls_cost_usd, 0) else 0 end)
      from runs r join u on u.run_id = r.id left join lateral unnest(tags) as tag on true where r.organization_id = ${org} group by 1 order by 1`,
  },
  {
    name: 'models of tagged runs',
    graphql: `{ usageMetrics(groupBy: [MODEL], where: { run: { tags: { has: "prompt-A" } } }) { source nodes { key { model } calls costUsd { avg } } } }`,
    sql: `select model, sum(calls), avg(c.cost_usd) from agent_calls c ${ofRuns(`tags @> array['prompt-A']`)} where c.organization_id = ${org} group by 1 order by 1`,
  },
  {
    name: 'runs by agent by month (distinct)',
    graphql: `{ usageMetrics(groupBy: [AGENT], interval: MONTH, first: 1000) { source nodes { key { startedAt agent } runs } } }`,
    sql: `with g as (select date_trunc('month', started_at, 'UTC') as month, agent_id, count(distinct run_id) from agent_calls where organization_id = ${org} group by 1, 2
      union all select date_trunc('month', started_at, 'UTC'), null, count(*) from (${rest('started_at')}) as x group by 1)
      select a.name, g.* from g left join agents a on a.id = g.agent_id order by month, name nulls last`,
  },
  {
    name: 'percentiles by agent by week',
    graphql: `{ usageMetrics(groupBy: [AGENT], interval: WEEK, first: 10000) { source nodes { key { startedAt agent } durationSeconds { p50 p95 } } } }`,
    sql: `with g as (select date_trunc('week', started_at, 'UTC') as week, agent_id, percentile_cont(array[0.5, 0.95]) within group (order by duration_seconds) from agent_calls where organization_id = ${org} group by 1, 2)
      select a.name, g.* from g left join agents a on a.id = g.agent_id order by week, name nulls last`,
  },
  {
    name: 'prospects by industry by quarter',
    graphql: `{ runMetrics(groupBy: [INDUSTRY], interval: QUARTER) { source nodes { key { startedAt industry } runs prospects } } }`,
    sql: `select date_trunc('quarter', started_at, 'UTC'), industry, count(*), count(distinct prospect_id) from runs r left join companies p on p.id = r.prospect_id and p.organization_id = ${org} where r.organization_id = ${org} group by 1, 2 order by 1, 2`,
  },
]
