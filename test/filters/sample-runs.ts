import { identifiersOf } from '../../src/model/identifiers.ts'
import type { TestDatabase } from '../database.ts'

/** A run as the tests see it: the values that filters ask for, by field name. */
export type SampleRun = {
  id: string
  externalId: string
  createdBy: string | null
  status: string
  durationSeconds: number | null
  costUsd: string | null
  totalTokens: number | null
  reportedApiCalls: number | null
  startedAt: string | null
  isLatest: boolean
  tags: string[]
  promptVersions: object | null
  prospect: { id: string; name: string | null; industry: string | null } | null
  agentCalls: { model: string | null; calls: number }[]
}

const NAMES = ['Ada', 'ada', 'ÄDA', 'Bob_1', 'Bob%2', 'c\\d', '', "O'Neil", 'Zoë', null]
const INDUSTRIES = ['Healthcare', 'B2B SaaS', null]

/** Runs with every kind of value, nulls and ties among them; made from the index alone. */
export function sampleRuns(organizationId: string, count = 60): SampleRun[] {
  const ids = identifiersOf(organizationId)
  return Array.from({ length: count }, (_, index) => ({
    id: ids.of('run', 'pipeline', index),
    externalId: `run-${String(index * 7919).slice(-3)}-${index}`,
    createdBy: NAMES[index % NAMES.length]!,
    status: ['COMPLETED', 'FAILED', 'RUNNING', 'PARTIAL', 'QUEUED'][index % 5]!,
    durationSeconds: index % 6 === 0 ? null : (index % 4) * 1.5,
    costUsd: index % 7 === 0 ? null : `${index % 3}.${'0'.repeat(index % 4)}1`,
    totalTokens: index % 8 === 0 ? null : (index % 5) * 3_000_000_000,
    reportedApiCalls: index % 9 === 0 ? null : (index % 4) - 1,
    startedAt:
      index % 5 === 0 ? null : new Date(Date.UTC(2025, index % 3, 1 + (index % 2), 0, 0, 0, index % 4)).toISOString(),
    isLatest: index % 2 === 0,
    tags: ['prompt-A', 'prompt-B', 'x,y', '"q"'].filter((_tag, place) => (index >> place) % 2 === 1),
    promptVersions: index % 3 === 0 ? null : { offerings: 'v1' },
    prospect: index % 4 === 0 ? null : companyOf(organizationId, index % 7),
    agentCalls: Array.from({ length: index % 3 }, (_call, place) => ({
      model: place === 0 ? null : 'large-1',
      calls: 1 + (index % 2),
    })),
  }))
}

function companyOf(organizationId: string, index: number) {
  const id = identifiersOf(organizationId).of('company', String(index))
  return { id, name: index % 5 === 0 ? null : `Company ${index}`, industry: INDUSTRIES[index % 3]! }
}

export async function insertRuns(database: TestDatabase, runs: SampleRun[]): Promise<void> {
  const organization_id = database.organizationId
  const ids = identifiersOf(organization_id)
  const pipeline = ids.of('pipeline', 'playbook')
  const agent = ids.of('agent', 'offerings')
  await database.insert('pipelines', [{ id: pipeline, organization_id, name: 'playbook' }])
  await database.insert('agents', [{ id: agent, organization_id, name: 'offerings' }])
  const companies = new Map(runs.flatMap(({ prospect }) => (prospect ? [[prospect.id, prospect]] : [])))
  await database.insert(
    'companies',
    [...companies.values()].map(({ id, name, industry }) => ({ id, organization_id, key: id, name, industry })),
  )
  for (const run of runs) {
    const isRunning = run.status === 'RUNNING'
    await database.insert('runs', [
      {
        id: run.id,
        organization_id,
        pipeline_id: pipeline,
        external_id: run.externalId,
        created_by: run.createdBy,
        // Half of the running ones are stored as failed until their grace is over.
        status: isRunning && run.isLatest ? 'FAILED' : run.status,
        running_until:
          isRunning && run.isLatest ? new Date(Date.now() + 3_600_000) : run.status === 'FAILED' ? new Date(0) : null,
        duration_seconds: run.durationSeconds,
        cost_usd: run.costUsd,
        total_tokens: run.totalTokens,
        reported_api_calls: run.reportedApiCalls,
        started_at: run.startedAt,
        is_latest: run.isLatest,
        tags: run.tags,
        prompt_versions: run.promptVersions,
        prospect_id: run.prospect?.id ?? null,
        record_sha256: '',
      },
    ])
    await database.insert(
      'agent_calls',
      run.agentCalls.map((call, position) => ({
        id: ids.of('agent_call', run.id, position),
        organization_id,
        run_id: run.id,
        agent_id: agent,
        position,
        model: call.model,
        calls: call.calls,
        status: 'COMPLETED',
        cost_source: 'UNKNOWN',
      })),
    )
  }
}
