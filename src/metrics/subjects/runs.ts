import { sql } from 'kysely'
import { entities } from '../../filters/entities/index.ts'
import { columnOf as fieldSql } from '../../filters/operators.ts'
import { type Fact, type Subject, WITHOUT_SUM } from '../declaration.ts'
import { runRollups } from './run-rollups.ts'
import {
  column,
  columnOf,
  distinct,
  each,
  facts,
  flag,
  has,
  is,
  joined,
  numbers,
  ofFact,
  oneOf,
  owned,
  perObject,
  seconds,
  share,
  text,
  those,
  tokens,
  usd,
} from './shared.ts'

const status = (fact: Fact) => fieldSql(entities.run.fields.status!, fact.row)

/** Joins by which a run's surroundings are reached, from the row that `from` gives. */
export const aroundRun = (run: (fact: Fact) => ReturnType<Fact['to']>) => ({
  pipeline: joined('pipelines', 'pipeline', run, 'pipeline_id'),
  vendor: joined('companies', 'vendor', run, 'vendor_id'),
  prospect: joined('companies', 'prospect', run, 'prospect_id'),
  campaign: joined('campaigns', 'campaign', run, 'campaign_id'),
  dataset: joined('datasets', 'dataset', run, 'dataset_id'),
  instruction: joined('prompt_versions', 'instruction', run, 'instruction_id'),
})

/** What runs, and facts within runs, can be grouped by. */
export const runDimensions = (run: (name: string) => (fact: Fact) => ReturnType<Fact['row']['column']>) => ({
  pipeline: text('Name of the pipeline.', columnOf('pipeline', 'name'), 'pipeline_id'),
  runType: oneOf('RunType', 'What an extraction run was for.', run('run_type')),
  vendor: text('Domain of the company that sells.', columnOf('vendor', 'domain')),
  prospect: text('Domain of the company that is sold to.', columnOf('prospect', 'domain')),
  industry: text("The prospect's industry.", columnOf('prospect', 'industry')),
  accountTier: oneOf('AccountTier', "The prospect's tier in the accounts data.", columnOf('prospect', 'account_tier')),
  campaign: text('Name of the extraction campaign.', columnOf('campaign', 'name')),
  dataset: text('Name of the extraction dataset.', columnOf('dataset', 'name')),
  instruction: text('Version of the extraction instruction.', columnOf('instruction', 'version')),
  createdBy: text('Who started the run.', run('created_by')),
  createdVia: text('What the run was started with, such as CLI or API.', run('created_via')),
  workflow: text('Name of the workflow, as written.', run('workflow_name')),
  tag: each('tag', "The run's tags.", run('tags')),
})

export const runs: Subject = {
  name: 'RUNS',
  field: 'runMetrics',
  description: 'Runs of all pipelines: how many, how they ended, how long they took, what they cost.',
  entity: entities.run,
  rollups: runRollups,
  time: { description: 'When the run started.', value: column('started_at') },
  joins: {
    ...aroundRun(ofFact),
    playbook: owned('playbooks', 'playbook', 'run_id'),
  },
  dimensions: {
    ...runDimensions(column),
    status: oneOf('RunStatus', 'How far the run is, or how it ended.', status),
    run: text("The run's name; runs of different pipelines may share one.", column('external_id')),
    isLatest: flag("Whether the pipeline's `latest` link points to the run.", column('is_latest')),
  },
  ofRun: ({ row }, run) => sql<boolean>`${row.column('id')} = ${run.column('id')}`,
  objects: {
    Pipeline: perObject('runMetrics', 'Its runs in numbers.', column('pipeline_id')),
    Company: perObject('runMetrics', 'The runs that it is the prospect of, in numbers.', column('prospect_id')),
    Campaign: perObject('runMetrics', 'Its runs in numbers.', column('campaign_id')),
    Dataset: perObject('runMetrics', 'The runs on it in numbers.', column('dataset_id')),
    PromptVersion: perObject(
      'runMetrics',
      'The extraction runs made with it as the instruction, in numbers.',
      column('instruction_id'),
    ),
  },
  measures: {
    runs: facts('Runs.'),
    completed: those('Runs that are COMPLETED.', is(status, 'COMPLETED')),
    failed: those('Runs that are FAILED.', is(status, 'FAILED')),
    partial: those('Runs that are PARTIAL.', is(status, 'PARTIAL')),
    successRate: share(
      'COMPLETED runs ÷ runs that are COMPLETED, FAILED or PARTIAL.',
      is(status, 'COMPLETED'),
      is(status, 'COMPLETED', 'FAILED', 'PARTIAL'),
    ),
    costUsd: usd('What runs cost: as reported by the run, else the sum over its calls.', column('cost_usd')),
    durationSeconds: seconds('How long runs took.', column('duration_seconds')),
    totalTokens: tokens('Tokens of runs, prompt and completion together.', column('total_tokens')),
    llmCalls: numbers('integer', 'count', 'Calls to language models in a run.', column('llm_calls')),
    costCoverage: share('Runs with a known cost ÷ runs.', has(column('cost_usd'))),
    qualityScore: numbers(
      'integer',
      'score 0–100',
      "The quality score of the run's playbook.",
      columnOf('playbook', 'quality_score'),
      WITHOUT_SUM,
    ),
    playbooks: those('Runs that made a playbook.', has(columnOf('playbook', 'id'))),
    prospects: distinct('Different companies that runs are about.', column('prospect_id')),
    vendors: distinct('Different companies that runs are made for.', column('vendor_id')),
  },
}
