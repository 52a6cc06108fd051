import { sql } from 'kysely'
import {
  bigint,
  boolean,
  type Computed,
  dateTime,
  decimal,
  entity,
  extra,
  float,
  integer,
  json,
  many,
  one,
  oneOf,
  oneOwned,
  required,
  text,
  textList,
} from '../declaration.ts'
import { agentCall, promptVersion } from './agents.ts'
import { artifact } from './artifacts.ts'
import { runItem, runItemPhase } from './briefings.ts'
import { campaign, instructionComparison } from './campaigns.ts'
import { company } from './companies.ts'
import { dataset } from './datasets.ts'
import { extractionResult } from './extraction-results.ts'
import { extractionRun } from './extraction-runs.ts'
import { playbook } from './playbooks.ts'
import { buyerPersona, companyProfile, painPoint } from './prospects.ts'
import { siteResearch } from './site-research.ts'
import { attempt, task, taskField } from './tasks.ts'

/** A run counts as FAILED once its newest phase has been silent for too long: judged when it is asked. */
const currentStatus: Computed = (row) => {
  const [status, until] = [row.column('status'), row.column('running_until')]
  return sql`case when ${status} = 'FAILED' and ${until} > now() then 'RUNNING'::"RunStatus" else ${status} end`
}

export const pipeline = entity({
  name: 'Pipeline',
  table: 'pipelines',
  description:
    'A kind of run: playbook, briefing, extraction, scoring, ops, or the name of an unknown artifact directory.',
  fields: {
    name: text('Unique among the pipelines.', required),
  },
  relations: {
    runs: many(() => run, 'pipeline_id', 'Its runs.'),
  },
  order: { name: 'ASC' },
})

export const run = entity({
  name: 'Run',
  table: 'runs',
  description: 'One execution of a pipeline.',
  fields: {
    externalId: text('Its name in the artifacts; unique within its pipeline.', required),
    status: oneOf('RunStatus', 'How far it is, or how it ended.', { ...required, computed: currentStatus }),
    startedAt: dateTime('When it started.'),
    finishedAt: dateTime('When it ended.'),
    durationSeconds: float('How long it took, in seconds.'),
    costUsd: decimal(
      "What it cost, in US dollars: as reported by the run, else the sum of its calls' known costs; null when nothing is known.",
    ),
    reportedCostUsd: decimal('What the run itself reports that it cost, in US dollars.'),
    callsCostUsd: decimal("The sum of its calls' known costs, in US dollars."),
    totalTokens: bigint('Tokens used by its calls, prompt and completion together.'),
    reportedTotalTokens: bigint('Tokens as the run itself reports them.'),
    reportedApiCalls: integer('API calls as the run itself reports them.'),
    llmCalls: bigint('Number of calls to language models.'),
    vendorDomain: text('Normalized domain of the vendor.'),
    prospectDomain: text('Normalized domain of the prospect.'),
    workflowName: text('Name of the workflow, as written.'),
    runType: oneOf('RunType', 'Whether an extraction run is a test.'),
    createdBy: text('Who started it.'),
    createdVia: text('What it was started with, such as CLI or API.'),
    notes: text('What somebody noted about it.'),
    tags: textList('Its tags; A/B runs are marked here.'),
    promptVersions: json('Map from agent to version label of its prompt, as written.'),
    directory: text('Path of the directory that its phase artifacts lie in.'),
    isLatest: boolean("Whether the pipeline's `latest` link points to it.", required),
    extra,
  },
  relations: {
    pipeline: one(() => pipeline, 'pipeline_id', 'The pipeline it is a run of.', { optional: false }),
    vendor: one(() => company, 'vendor_id', 'The company that sells.'),
    prospect: one(() => company, 'prospect_id', 'The company that is sold to.'),
    campaign: one(() => campaign, 'campaign_id', 'The campaign that an extraction run belongs to.'),
    dataset: one(() => dataset, 'dataset_id', 'The dataset that an extraction run is on.'),
    instruction: one(() => promptVersion, 'instruction_id', 'The instruction that an extraction run is made with.'),
    extraction: oneOwned(() => extractionRun, 'id', 'What an extraction run has beyond a run.'),
    tasks: many(() => task, 'run_id', 'The sites that an extraction run reads.'),
    taskFields: many(() => taskField, 'run_id', 'The fields of its tasks.'),
    attempts: many(() => attempt, 'run_id', 'The tries of its tasks.'),
    extractionResults: many(() => extractionResult, 'run_id', 'Snapshots of its outcome.'),
    comparisonsAsA: many(() => instructionComparison, 'run_a_id', 'Comparisons in which it is the run of version A.'),
    comparisonsAsB: many(() => instructionComparison, 'run_b_id', 'Comparisons in which it is the run of version B.'),
    phases: many(() => runPhase, 'run_id', 'Its phases.'),
    steps: many(() => step, 'run_id', 'The steps of its phases.'),
    events: many(() => runEvent, 'run_id', 'Its errors, warnings and remarks.'),
    agentCalls: many(() => agentCall, 'run_id', "Its agents' calls."),
    artifacts: many(() => artifact, 'run_id', 'What its phases left behind.'),
    items: many(() => runItem, 'run_id', 'The distinct items of its phases, such as articles.'),
    itemPhases: many(() => runItemPhase, 'run_id', 'Its items as they stood in each phase.'),
    siteResearches: many(() => siteResearch, 'run_id', 'What it found out about the websites of both sides.'),
    companyProfile: oneOwned(() => companyProfile, 'run_id', 'What it says of the prospect.'),
    playbook: oneOwned(() => playbook, 'run_id', 'The sales playbook it made.'),
    painPoints: many(() => painPoint, 'run_id', 'Pain points it found.'),
    buyerPersonas: many(() => buyerPersona, 'run_id', 'Buyer personas it found.'),
  },
  order: { startedAt: 'DESC' },
})

export const runPhase = entity({
  name: 'RunPhase',
  table: 'run_phases',
  description: 'A numbered stage of a run.',
  fields: {
    number: integer('Its place in the run; the first is 1.', required),
    name: text('Its name.', required),
    status: oneOf(
      'StepStatus',
      'FAILED when one of its steps failed, COMPLETED when all did, PARTIAL otherwise.',
      required,
    ),
    startedAt: dateTime('When it started.'),
    finishedAt: dateTime('When it ended.'),
    durationSeconds: float('How long it took, in seconds.'),
    inputCount: integer('Items that went in.'),
    outputCount: integer('Items that came out.'),
    llmCalls: integer('Number of calls to language models.'),
    costUsd: decimal("What it cost, in US dollars: as reported by the phase, else the sum of its calls' known costs."),
    reportedCostUsd: decimal('What the phase itself reports that it cost, in US dollars.'),
    error: text('What went wrong.'),
    extra,
  },
  relations: {
    run: one(() => run, 'run_id', 'The run it is part of.', { optional: false }),
    steps: many(() => step, 'phase_id', 'Its steps.'),
    agentCalls: many(() => agentCall, 'phase_id', "Its agents' calls."),
    itemPhases: many(() => runItemPhase, 'phase_id', 'The items that came out of it, as they stood then.'),
    lastItems: many(() => runItem, 'last_phase_id', 'The items that no later phase has.'),
  },
  order: { number: 'ASC' },
})

export const step = entity({
  name: 'Step',
  table: 'steps',
  description: 'A named piece of work within a phase.',
  fields: {
    position: integer('Its place in the run, from 0.', required),
    name: text('Its name; that of its agent when it has one.', required),
    status: oneOf('StepStatus', 'How it ended.', required),
    startedAt: dateTime('When it started.'),
    durationSeconds: float('How long it took, in seconds.'),
    error: text('What went wrong.'),
  },
  relations: {
    run: one(() => run, 'run_id', 'The run it is part of.', { optional: false }),
    phase: one(() => runPhase, 'phase_id', 'The phase it is part of.', { optional: false }),
    agentCalls: many(() => agentCall, 'step_id', "Its agents' calls."),
  },
  order: { position: 'ASC' },
})

export const runEvent = entity({
  name: 'RunEvent',
  table: 'run_events',
  description: 'An error, a warning or a remark of a run.',
  fields: {
    position: integer('Its place in the run, from 0.', required),
    level: oneOf('EventLevel', 'How grave it is.', required),
    phase: text('The phase it names.'),
    step: text('The step it names.'),
    message: text('What happened.', required),
    errorType: text("The error's type, as written."),
    occurredAt: dateTime('When it happened.'),
    extra,
  },
  relations: {
    run: one(() => run, 'run_id', 'The run it is about.', { optional: false }),
  },
  order: { position: 'ASC' },
})
