import {
  bigint,
  dateTime,
  decimal,
  entity,
  extra,
  float,
  integer,
  long,
  many,
  one,
  oneOf,
  required,
  text,
} from '../declaration.ts'
import { campaign } from './campaigns.ts'
import { pipeline, run, runPhase, step } from './runs.ts'
import { attempt } from './tasks.ts'

export const agent = entity({
  name: 'Agent',
  table: 'agents',
  description: 'A named AI agent; the same name is the same agent in every pipeline.',
  fields: {
    name: text('Unique among the agents.', required),
  },
  relations: {
    calls: many(() => agentCall, 'agent_id', 'Its calls.'),
    promptVersions: many(() => promptVersion, 'agent_id', 'Versions of its prompt.'),
  },
  order: { name: 'ASC' },
})

export const promptVersion = entity({
  name: 'PromptVersion',
  table: 'prompt_versions',
  description: "A version of an agent's prompt, or of an extraction campaign's instruction.",
  fields: {
    version: text('Its label, such as v2.', required),
    versionNumber: integer('Its number, when it has one.'),
    status: oneOf('PromptVersionStatus', 'Whether it is in use.'),
    promptText: text('The prompt itself.', long),
    changeDescription: text('What changed against the version before.', long),
    changedBy: text('Who changed it.'),
    activatedAt: dateTime('When it came into use.'),
    deprecatedAt: dateTime('When it went out of use.'),
    sourceCreatedAt: dateTime('When the source system created it.'),
    sourceId: text("The source system's id of it."),
    sourceCampaignId: text("The source system's id of its campaign."),
    reportedTotalRuns: integer("The source system's own count of its runs."),
    reportedAccuracyPercent: float("The source system's own accuracy, 0–100."),
    reportedPassRate: float("The source system's own pass rate, as written."),
    reportedAverageDuration: float("The source system's own mean duration, as written."),
    deprecatedName: text('The older table that it was imported from.'),
    extra,
  },
  relations: {
    agent: one(() => agent, 'agent_id', "The agent whose prompt it is; none for a campaign's instruction."),
    agentCalls: many(() => agentCall, 'prompt_version_id', 'The calls made with it.'),
    campaign: one(() => campaign, 'campaign_id', 'The campaign whose instruction it is.'),
    parent: one(() => promptVersion, 'parent_id', 'The version of the campaign before it, by number.'),
    children: many(() => promptVersion, 'parent_id', 'The versions of the campaign that follow it.'),
    runs: many(() => run, 'instruction_id', 'The extraction runs made with it.'),
  },
  order: { version: 'ASC' },
})

export const agentCall = entity({
  name: 'AgentCall',
  table: 'agent_calls',
  description: "One call of an agent, or a phase's calls taken together: the grain of cost and tokens.",
  fields: {
    position: integer('Its place in the run, from 0.', required),
    phaseName: text('Name of the phase it was made in.'),
    model: text('The language model, as written.'),
    status: oneOf('StepStatus', 'How it ended.', required),
    calls: integer('How many calls the row stands for; 1 unless a phase reports a number.', required),
    promptTokens: bigint('Tokens of the prompt, cached ones included.'),
    completionTokens: bigint('Tokens of the answer.'),
    cachedTokens: bigint('Tokens of the prompt that came from a cache.'),
    totalTokens: bigint('Tokens of prompt and answer together.'),
    costUsd: decimal('What it cost, in US dollars; null when nothing says so, never 0 for unknown.'),
    costSource: oneOf('CostSource', 'Where the cost comes from.', required),
    priceReference: text('Which price was taken, for PRICED costs.'),
    startedAt: dateTime('When it started.'),
    durationSeconds: float('How long it took, in seconds.'),
    error: text('What went wrong.'),
    output: text("The agent's answer as it was.", long),
    extra,
  },
  relations: {
    run: one(() => run, 'run_id', 'The run it was made in.', { optional: false }),
    pipeline: one(() => pipeline, 'pipeline_id', 'The pipeline of its run.'),
    phase: one(() => runPhase, 'phase_id', 'The phase it was made in.'),
    step: one(() => step, 'step_id', 'The step it was made in.'),
    agent: one(() => agent, 'agent_id', 'The agent that was called.', { optional: false }),
    promptVersion: one(() => promptVersion, 'prompt_version_id', 'The version of the prompt it was made with.'),
    attempt: one(() => attempt, 'attempt_id', 'The attempt that it is, of an extraction task.'),
  },
  order: { startedAt: 'DESC' },
})
