import { sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../../filters/scope.ts'
import type { Subject } from '../declaration.ts'
import { aroundRun, runDimensions } from './runs.ts'
import {
  column,
  columnOf,
  distinct,
  has,
  is,
  joined,
  ofFact,
  oneOf,
  perObject,
  ratio,
  seconds,
  share,
  text,
  those,
  through,
  tokens,
  total,
  usd,
} from './shared.ts'
import { usageFact } from './usage-fact.ts'
import { usageRollups } from './usage-rollups.ts'

// Without a condition of its own, the first part is read as the table that it is: the condition on the organization
// comes from around it.
/**
 * Calls, and a row for each run whose reported cost is another than the sum over its calls: with it totals by agent are
 * totals by run. The difference is signed, stands for no call, has no agent, model or phase, and is dated at the run's start.
 */
function usageFacts(scope: Scope) {
  const run = rowOf('r')
  return [
    sql`select id, organization_id, run_id, pipeline_id, phase_id, phase_name, step_id, agent_id, prompt_version_id, attempt_id, position, model, status, calls,
           prompt_tokens, completion_tokens, cached_tokens, total_tokens, cost_usd, cost_source, price_reference, started_at,
           duration_seconds, error, output, extra
    from agent_calls`,
    sql`select id, organization_id, id as run_id, pipeline_id, null::uuid as phase_id, null::text as phase_name, null::uuid as step_id,
           null::uuid as agent_id, null::uuid as prompt_version_id, null::uuid as attempt_id, null::int as position,
           null::text as model, null::"StepStatus" as status, 0 as calls, null::int8 as prompt_tokens,
           null::int8 as completion_tokens, null::int8 as cached_tokens, null::int8 as total_tokens,
           reported_cost_usd - coalesce(calls_cost_usd, 0) as cost_usd, null::"CostSource" as cost_source,
           null::text as price_reference, started_at, null::float8 as duration_seconds, null::text as error,
           null::text as output, null::jsonb as extra
    from runs as r where ${ofOrganization(run, scope)} and reported_cost_usd <> coalesce(calls_cost_usd, 0)`,
  ]
}

export const usage: Subject = {
  name: 'USAGE',
  field: 'usageMetrics',
  description:
    "Agents' calls: tokens, cost, duration. What a run reports beyond its calls' costs is a row without agent, so that totals by agent are totals by run.",
  entity: usageFact,
  facts: usageFacts,
  rollups: usageRollups,
  time: { description: 'When the call started.', value: column('started_at') },
  joins: {
    run: joined('runs', 'run', ofFact, 'run_id'),
    ...aroundRun(through('run')),
    pipeline: joined('pipelines', 'pipeline', ofFact, 'pipeline_id'),
    agent: joined('agents', 'agent', ofFact, 'agent_id'),
    step: joined('steps', 'step', ofFact, 'step_id'),
    promptVersion: joined('prompt_versions', 'promptVersion', ofFact, 'prompt_version_id'),
    promptAgent: joined('agents', 'promptAgent', through('promptVersion'), 'agent_id'),
    promptCampaign: joined('campaigns', 'promptCampaign', through('promptVersion'), 'campaign_id'),
  },
  dimensions: {
    agent: text(
      'Name of the agent; none for what a run reports beyond its calls.',
      columnOf('agent', 'name'),
      'agent_id',
    ),
    phase: text('Name of the phase.', column('phase_name')),
    step: text('Name of the step.', columnOf('step', 'name')),
    model: text('The language model, as written.', column('model')),
    prompt: text(
      'Whose prompt it is: the agent, or the extraction campaign.',
      (fact) => sql`coalesce(${columnOf('promptAgent', 'name')(fact)}, ${columnOf('promptCampaign', 'name')(fact)})`,
    ),
    promptVersion: text('Version of the prompt.', columnOf('promptVersion', 'version')),
    status: oneOf('StepStatus', 'How the call ended.', column('status')),
    costSource: oneOf('CostSource', 'Where the cost comes from.', column('cost_source')),
    run: text("The run's name; runs of different pipelines may share one.", columnOf('run', 'external_id')),
    ...runDimensions((name) => columnOf('run', name)),
  },
  ofRun: ({ row }, run) => sql<boolean>`${row.column('run_id')} = ${run.column('id')}`,
  objects: {
    Agent: perObject('usage', 'Its calls in numbers.', column('agent_id')),
    PromptVersion: perObject('usage', 'The calls made with it in numbers.', column('prompt_version_id')),
    Run: perObject('usage', "Its agents' calls in numbers.", column('run_id')),
    RunPhase: perObject('usage', "Its agents' calls in numbers.", column('phase_id')),
    Step: perObject('usage', "Its agents' calls in numbers.", column('step_id')),
    Pipeline: perObject('usage', "The agents' calls of its runs in numbers.", column('pipeline_id')),
    Company: perObject(
      'usage',
      "The agents' calls of the runs that it is the prospect of, in numbers.",
      columnOf('run', 'prospect_id'),
    ),
    Campaign: perObject('usage', "The agents' calls of its runs in numbers.", columnOf('run', 'campaign_id')),
  },
  measures: {
    calls: total('Calls; a row may stand for several.', column('calls')),
    failures: those(
      'Rows of calls that FAILED.',
      (fact) => sql`coalesce(${is(column('status'), 'FAILED')(fact)}, false)`,
    ),
    failureRate: share(
      'Rows of calls that FAILED ÷ rows of calls.',
      is(column('status'), 'FAILED'),
      has(column('status')),
    ),
    runs: distinct('Different runs.', column('run_id')),
    agents: distinct('Different agents.', column('agent_id')),
    promptTokens: tokens('Tokens of prompts, cached ones included.', column('prompt_tokens')),
    completionTokens: tokens('Tokens of answers.', column('completion_tokens')),
    cachedTokens: tokens('Tokens of prompts that came from a cache.', column('cached_tokens')),
    cachedShare: ratio(
      'Cached ÷ prompt tokens, over the rows that say how many were cached.',
      column('cached_tokens'),
      (fact) => sql`case when ${has(column('cached_tokens'))(fact)} then ${column('prompt_tokens')(fact)} end`,
    ),
    models: distinct('Different models.', column('model')),
    totalTokens: tokens('Tokens of prompts and answers together.', column('total_tokens')),
    costUsd: usd('What calls cost; unknown costs are left out.', column('cost_usd')),
    costCoverage: ratio(
      'Calls with a known cost ÷ calls.',
      (fact) => sql`case when ${has(column('cost_usd'))(fact)} then ${column('calls')(fact)} else 0 end`,
      column('calls'),
    ),
    durationSeconds: seconds('How long calls took.', column('duration_seconds')),
  },
}
