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
import { agentCall } from './agents.ts'
import { artifact } from './artifacts.ts'
import { company } from './companies.ts'
import { playbook } from './playbooks.ts'
import { buyerPersona, companyProfile, painPoint } from './prospects.ts'
import { siteResearch } from './site-research.ts'

/** A run counts as FAILED once its newest phase has been silent for too long: judged when it is asked. */
const currentStatus: Computed = (alias) => {
  const [status, until] = [sql.ref(`${alias}.status`), sql.ref(`${alias}.running_until`)]
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
    createdBy: text('Who started it.'),
    createdVia: text('What it was started with, such as CLI or API.'),
    notes: text('What somebody noted about it.'),
    tags: textList('Its tags; A/B runs are marked here.'),
    promptVersions: json('Map from agent to version label of its prompt, as written.'),
    isLatest: boolean("Whether the pipeline's `latest` link points to it.", required),
    extra,
  },
  relations: {
    pipeline: one(() => pipeline, 'pipeline_id', 'The pipeline it is a run of.', { optional: false }),
    vendor: one(() => company, 'vendor_id', 'The company that sells.'),
    prospect: one(() => company, 'prospect_id', 'The company that is sold to.'),
    phases: many(() => runPhase, 'run_id', 'Its phases.'),
    steps: many(() => step, 'run_id', 'The steps of its phases.'),
    events: many(() => runEvent, 'run_id', 'Its errors, warnings and remarks.'),
    agentCalls: many(() => agentCall, 'run_id', "Its agents' calls."),
    artifacts: many(() => artifact, 'run_id', 'What its phases left behind.'),
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
