-- Questions to the views of the schema `analytics`, to paste into Metabase ("SQL query"), Superset (SQL Lab, "Save dataset")
-- or any other tool. Each has a name, what it answers, and the unit of its numbers. Months and days are those of UTC,
-- whatever time zone the tool sets for its session. A cost is null when nobody knows it; sums leave unknown costs out,
-- so that coverage belongs beside them. Leave out the semicolon where the tool wraps the statement in another.

-- name: Cost by pipeline and month
-- answers: What did the agents' calls of each pipeline cost each month, and how much of that is known?
-- unit: cost_usd in US dollars; coverage as a share, 0–1; calls as a count
select
  date_trunc('month', started_at, 'UTC') as month,
  pipeline,
  sum(calls) as calls,
  sum(cost_usd) as cost_usd,
  sum(priced_calls)::float8 / nullif(sum(calls), 0) as coverage
from analytics.usage_hourly
group by 1, 2
order by 1, 2;

-- name: Tokens and cost by agent
-- answers: Which agents use the most? The row without agent is what runs report beyond the costs of their calls.
-- unit: tokens; cost_usd in US dollars; p95_seconds in seconds; rates as shares, 0–1
select
  agent,
  coalesce(sum(calls), 0) as calls,
  sum(prompt_tokens) as prompt_tokens,
  sum(completion_tokens) as completion_tokens,
  sum(cost_usd) as cost_usd,
  sum(cost_coverage_of)::float8 / nullif(sum(calls), 0) as coverage,
  sum(failure_rate_of)::float8 / nullif(sum(failure_rate_per), 0) as failure_rate,
  percentile_cont(0.95) within group (order by duration_seconds::float8) as p95_seconds
from analytics.agent_calls
group by agent
order by cost_usd desc nulls last, agent;

-- name: Where costs come from
-- answers: How much is reported by runs, priced from tokens, allocated, or unknown?
-- unit: calls as a count; cost_usd in US dollars
select cost_source, coalesce(sum(calls), 0) as calls, sum(cost_usd) as cost_usd
from analytics.agent_calls
group by cost_source
order by cost_source;

-- name: Models and their price per call
-- answers: What does a call of each model cost, over the calls with a known cost?
-- unit: usd_per_priced_call in US dollars a call; cached_share as a share, 0–1
select
  model,
  coalesce(sum(calls), 0) as calls,
  sum(cost_usd) as cost_usd,
  sum(cost_usd) / nullif(sum(cost_coverage_of), 0) as usd_per_priced_call,
  sum(cached_tokens)::float8 / nullif(sum(cached_share_per), 0) as cached_share
from analytics.agent_calls
where agent_id is not null
group by model
order by calls desc, model;

-- name: Runs and success rate by pipeline
-- answers: How many runs end well? Runs that are still going count neither way.
-- unit: runs as a count; success_rate as a share, 0–1; durations in seconds
select
  pipeline,
  coalesce(sum(runs), 0) as runs,
  coalesce(sum(completed), 0) as completed,
  coalesce(sum(failed), 0) as failed,
  coalesce(sum(partial), 0) as partial,
  sum(completed)::float8 / nullif(sum(success_rate_per), 0) as success_rate,
  percentile_cont(0.5) within group (order by duration_seconds::float8) as p50_seconds,
  percentile_cont(0.95) within group (order by duration_seconds::float8) as p95_seconds
from analytics.runs
group by pipeline
order by pipeline;

-- name: Cost of runs by the prospect's industry
-- answers: What does a run cost, by the industry of the company it is about?
-- unit: cost in US dollars; coverage as a share, 0–1
select
  industry,
  coalesce(sum(runs), 0) as runs,
  sum(cost_usd) as cost_usd,
  avg(cost_usd) as usd_per_priced_run,
  sum(cost_coverage_of)::float8 / nullif(sum(runs), 0) as coverage
from analytics.runs
group by industry
order by cost_usd desc nulls last, industry;

-- name: Most expensive runs
-- answers: Which 20 runs cost the most, and about whom were they?
-- unit: cost_usd in US dollars; duration_seconds in seconds
select r.external_id as run, r.pipeline, r.status, c.domain as prospect, r.started_at, r.duration_seconds, r.cost_usd
from analytics.runs as r
left join analytics.companies as c on c.id = r.prospect_id
where r.cost_usd is not null
order by r.cost_usd desc, r.id
limit 20;

-- name: Where runs stop
-- answers: In which phase do runs of a pipeline fail?
-- unit: phases as a count; failure_rate as a share, 0–1
select
  r.pipeline,
  p.number,
  p.name as phase,
  count(*) as phases,
  count(*) filter (where p.status = 'FAILED') as failed,
  count(*) filter (where p.status = 'FAILED')::float8 / count(*) as failure_rate
from analytics.run_phases as p
join analytics.runs as r on r.id = p.run_id
group by 1, 2, 3
order by 1, 2, 3;

-- name: Errors of runs
-- answers: Which errors and warnings do runs report most often, and where?
-- unit: events and runs as counts
select r.pipeline, e.level, e.phase, e.error_type, count(*) as events, count(distinct e.run_id) as runs
from analytics.run_events as e
join analytics.runs as r on r.id = e.run_id
group by 1, 2, 3, 4
order by events desc, 1, 2, 3, 4;

-- name: Runs by tag
-- answers: How many runs carry each tag? A run with two tags counts in both rows: do not add the rows up.
-- unit: runs as a count; cost_usd in US dollars
select t.tag, coalesce(sum(r.runs), 0) as runs, sum(r.cost_usd) as cost_usd
from analytics.runs as r
cross join lateral string_to_table(r.tag, ', ') as t (tag)
group by t.tag
order by runs desc, t.tag;

-- name: Playbook quality by vendor
-- answers: How good are the playbooks made for each vendor, by the quality score?
-- unit: score, 0–100
select
  vendor,
  coalesce(sum(playbooks), 0) as playbooks,
  avg(quality_score) as average_score,
  min(quality_score) as lowest_score,
  percentile_cont(0.5) within group (order by quality_score::float8) as median_score
from analytics.runs
group by vendor
having sum(playbooks) > 0
order by vendor;

-- name: Email touches by number
-- answers: How long are the emails of a sequence, first to last, and how personal?
-- unit: words, characters and tokens, on average
select
  touch_number,
  count(*) as emails,
  avg(subject_length) as subject_characters,
  avg(body_words) as body_words,
  avg(personalization_tokens) as personalization_tokens
from analytics.email_touches
group by touch_number
order by touch_number;

-- name: Pain points by industry
-- answers: What hurts in which industry, in how many companies?
-- unit: counts; themes and companies are counted once each
select
  industry,
  category,
  coalesce(sum(pain_points), 0) as pain_points,
  count(distinct theme) as themes,
  count(distinct company_id) as companies
from analytics.pain_points
group by industry, category
order by pain_points desc, industry, category;

-- name: Candidates by source
-- answers: Which sources bring candidates that are worth it?
-- unit: go_rate as a share, 0–1; average_score as a score, 0–100
select
  source,
  coalesce(sum(candidates), 0) as candidates,
  coalesce(sum(go), 0) as go,
  sum(go)::float8 / nullif(sum(candidates), 0) as go_rate,
  avg(overall_score) as average_score
from analytics.candidates
group by source
order by candidates desc, source;

-- name: Scores by dimension and verdict
-- answers: In which dimensions do candidates with a GO differ from the others?
-- unit: average_score as a score, 0–100
select s.dimension, c.verdict, count(*) as scores, avg(s.score) as average_score
from analytics.candidate_scores as s
join analytics.candidates as c on c.id = s.candidate_id
group by s.dimension, c.verdict
order by s.dimension, c.verdict;

-- name: Prompt versions and their accuracy
-- answers: Did a newer instruction extract better, and what does a task cost with it?
-- unit: rates as shares, 0–1; usd_per_priced_task in US dollars a task
select
  campaign,
  instruction,
  coalesce(sum(tasks), 0) as tasks,
  coalesce(sum(evaluated), 0) as evaluated,
  sum(passed_measured)::float8 / nullif(sum(evaluated), 0) as pass_rate,
  sum(field_accuracy_of)::float8 / nullif(sum(field_accuracy_per), 0) as field_accuracy,
  avg(cost_usd) as usd_per_priced_task
from analytics.tasks
group by campaign, instruction
order by campaign, instruction;

-- name: Hardest fields
-- answers: Which fields are extracted worst, over all runs? Counts are added up, percentages are not averaged.
-- unit: accuracy as a share, 0–1; counts of tasks
select
  field,
  sum(compared) as compared,
  sum(matched) as matched,
  sum(missing) as missing,
  sum(matched)::float8 / nullif(sum(compared), 0) as accuracy
from analytics.field_accuracy
group by field
having sum(compared) > 0
order by accuracy, field;

-- name: Failures by reason
-- answers: Why do extraction tasks fail, and how often were they tried?
-- unit: tasks and attempts as counts; cost_usd in US dollars
select failure_category, failure_reason, count(*) as tasks, sum(attempt_count) as attempts, sum(cost_usd) as cost_usd
from analytics.tasks
where status = 'FAILED'
group by failure_category, failure_reason
order by tasks desc, failure_category, failure_reason;

-- name: What retries cost
-- answers: How many tries does each model need, and what do the later tries cost?
-- unit: attempts as a count; cost in US dollars, as priced from tokens
select
  model,
  count(*) as attempts,
  count(*) filter (where number > 1) as later_attempts,
  sum(priced_cost_usd) as priced_cost_usd,
  sum(priced_cost_usd) filter (where number > 1) as priced_cost_of_later_usd
from analytics.attempts
group by model
order by attempts desc, model;

-- name: Account health
-- answers: Which accounts are looked after worst?
-- unit: score, 0–100; counts
select company, name, account_tier, score, status, contacts, decision_makers, relationships, active_conversations
from analytics.account_health
where contacts > 0
order by score, company;

-- name: Spent and won by account
-- answers: What did research about an account cost, and what did its conversations bring?
-- unit: US dollars; runs and won_conversations as counts
select domain, account_tier, runs, run_cost_usd, task_cost_usd, won_conversations, actual_value, estimated_value
from analytics.companies
where in_accounts
order by run_cost_usd desc nulls last, domain;

-- name: Replies by channel
-- answers: Which way of writing gets answers?
-- unit: rates as shares of touchpoints, 0–1
select
  channel,
  direction,
  coalesce(sum(touchpoints), 0) as touchpoints,
  sum(opened)::float8 / nullif(sum(touchpoints), 0) as open_rate,
  sum(replied)::float8 / nullif(sum(touchpoints), 0) as reply_rate
from analytics.touchpoints
group by channel, direction
order by channel, direction;

-- name: Uptime by service and week
-- answers: In what share of its checks was a service healthy? Checks that could not tell count as not healthy.
-- unit: uptime as a share, 0–1; checks as a count
select
  date_trunc('week', checked_at, 'UTC') as week,
  service,
  coalesce(sum(checks), 0) as checks,
  sum(healthy)::float8 / nullif(sum(checks), 0) as uptime
from analytics.health_checks
group by 1, 2
order by 1, 2;

-- name: Time from diagnosis to resolution
-- answers: How long does it take until an issue is resolved, once its cause is known?
-- unit: seconds; success_rate as a share, 0–1
select
  r.issue_name,
  count(*) as resolutions,
  percentile_cont(0.5) within group (order by extract(epoch from r.resolved_at - d.diagnosed_at)::float8) as median_seconds,
  sum(r.succeeded)::float8 / nullif(sum(r.resolutions), 0) as success_rate
from analytics.resolutions as r
join analytics.diagnoses as d on d.id = r.diagnosis_id
group by r.issue_name
order by r.issue_name;

-- name: Alerts by level and service
-- answers: What raises alerts, and how grave are they?
-- unit: alerts as a count
select level, service, coalesce(sum(alerts), 0) as alerts, max(raised_at) as last_raised_at
from analytics.alerts
group by level, service
order by alerts desc, level, service;

-- name: Imports and what they set aside
-- answers: What was imported when, and was all of it readable?
-- unit: files and records as counts
select started_at, finished_at, status, files_read, files_quarantined, records_read, records_quarantined, warnings, error
from analytics.imports
order by started_at desc;

-- name: Rejected records by reason
-- answers: What keeps records out, in which files?
-- unit: records and files as counts
select severity, code, count(*) as records, count(distinct file) as files, max(rejected_at) as last_rejected_at
from analytics.rejected_records
group by severity, code
order by records desc, severity, code;
