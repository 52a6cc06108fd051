import { identifiersOf } from '../../src/model/identifiers.ts'
import type { TestDatabase } from '../database.ts'

/** A call as the tests see it: everything that a metric may ask of it, next to it. Money in millionths of a dollar. */
export type Fact = {
  run: string
  agent: string | null
  model: string | null
  phase: string | null
  status: string | null
  calls: number
  totalTokens: number | null
  costMicros: number | null
  durationSeconds: number | null
  startedAt: string | null
}

export type SampleRun = {
  externalId: string
  pipeline: string
  status: string
  startedAt: string | null
  durationSeconds: number | null
  reportedMicros: number | null
  tags: string[]
  prospect: string | null
  industry: string | null
  createdBy: string | null
  calls: Fact[]
}

const AGENTS = ['offerings', 'personas', 'proof']
const MODELS = ['small-1', 'large-1', null]
const TAGS = [['x', 'y'], ['x', 'x'], [], ['y']]
const INDUSTRIES = ['Health', 'Retail', null]

/** Runs with every kind of value, nulls and repetitions among them; made from the index alone. */
export function sampleRuns(count = 24): SampleRun[] {
  return Array.from({ length: count }, (_, index): SampleRun => {
    const externalId = `run-${String(index).padStart(2, '0')}`
    const startedAt = index % 8 === 7 ? null : new Date(Date.UTC(2025, index % 5, 1 + index, index, 30)).toISOString()
    return {
      externalId,
      pipeline: index % 3 === 0 ? 'briefing' : 'playbook',
      status: ['COMPLETED', 'FAILED', 'PARTIAL', 'COMPLETED', 'STOPPED'][index % 5]!,
      startedAt,
      durationSeconds: index % 4 === 3 ? null : 10 + index * 1.25,
      reportedMicros: index % 2 === 0 ? 1_000_000 + index * 123_457 : null,
      tags: TAGS[index % 4]!,
      prospect: index % 6 === 5 ? null : `prospect-${index % 6}.example`,
      industry: index % 6 === 5 ? null : INDUSTRIES[(index % 6) % 3]!,
      createdBy: index % 5 === 0 ? null : `user-${index % 2}`,
      calls: Array.from({ length: index % 4 }, (_call, place): Fact => {
        const n = index * 5 + place * 3
        return {
          run: externalId,
          agent: AGENTS[n % 3]!,
          model: MODELS[n % 3]!,
          phase: place === 0 ? null : `phase-${place}`,
          status: n % 7 === 0 ? 'FAILED' : 'COMPLETED',
          calls: 1 + (n % 2),
          totalTokens: n % 6 === 0 ? null : n * 1_000,
          costMicros: n % 5 === 0 ? null : n * 1_111,
          durationSeconds: n % 9 === 0 ? null : n * 0.37,
          startedAt,
        }
      }),
    }
  })
}

const sumOf = (values: (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0)
}

/** The facts of usage: the calls, and a row for what a run reports beyond them. */
export function usageFacts(runs: SampleRun[]): Fact[] {
  return runs.flatMap(({ externalId, startedAt, reportedMicros, calls }) => {
    const beyond = (reportedMicros ?? 0) - (sumOf(calls.map(({ costMicros }) => costMicros)) ?? 0)
    if (reportedMicros === null || beyond === 0) return calls
    const rest = { model: null, phase: null, status: null, totalTokens: null, durationSeconds: null }
    return [...calls, { run: externalId, agent: null, calls: 0, costMicros: beyond, startedAt, ...rest }]
  })
}

/** What a run cost: as it reports it, else the sum of its calls' known costs. */
export const costOf = ({ reportedMicros, calls }: SampleRun): number | null =>
  reportedMicros ?? sumOf(calls.map(({ costMicros }) => costMicros))

const usd = (micros: number | null): string | null => (micros === null ? null : (micros / 1e6).toFixed(6))

export async function insertSample(
  database: TestDatabase,
  runs: SampleRun[],
  organization_id = database.organizationId,
): Promise<void> {
  const ids = identifiersOf(organization_id)
  const distinct = (values: (string | null)[]) => [...new Set(values.filter((value) => value !== null))]
  const named = (kind: 'pipeline' | 'agent', names: string[]) =>
    names.map((name) => ({ id: ids.of(kind, name), organization_id, name }))
  await database.insert('pipelines', named('pipeline', distinct(runs.map(({ pipeline }) => pipeline))))
  await database.insert('agents', named('agent', AGENTS))
  const prospects = new Map(runs.flatMap(({ prospect, industry }) => (prospect ? [[prospect, industry]] : [])))
  await database.insert(
    'companies',
    [...prospects].map(([domain, industry]) => {
      return { id: ids.of('company', domain!), organization_id, key: domain, domain, industry }
    }),
  )
  for (const run of runs) {
    const id = ids.of('run', run.pipeline, run.externalId)
    await database.insert('runs', [
      {
        id,
        organization_id,
        pipeline_id: ids.of('pipeline', run.pipeline),
        external_id: run.externalId,
        status: run.status,
        started_at: run.startedAt,
        duration_seconds: run.durationSeconds,
        cost_usd: usd(costOf(run)),
        reported_cost_usd: usd(run.reportedMicros),
        calls_cost_usd: usd(sumOf(run.calls.map(({ costMicros }) => costMicros))),
        prospect_id: run.prospect && ids.of('company', run.prospect),
        created_by: run.createdBy,
        tags: run.tags,
        record_sha256: '',
      },
    ])
    const phases = distinct(run.calls.map(({ phase }) => phase))
    await database.insert(
      'run_phases',
      phases.map((name, place) => ({
        id: ids.of('phase', id, name),
        organization_id,
        run_id: id,
        number: place + 1,
        name,
        status: 'COMPLETED',
      })),
    )
    await database.insert(
      'agent_calls',
      run.calls.map((call, position) => ({
        id: ids.of('call', id, position),
        organization_id,
        run_id: id,
        pipeline_id: ids.of('pipeline', run.pipeline),
        phase_name: call.phase,
        phase_id: call.phase && ids.of('phase', id, call.phase),
        agent_id: ids.of('agent', call.agent!),
        position,
        model: call.model,
        status: call.status,
        calls: call.calls,
        total_tokens: call.totalTokens,
        cost_usd: usd(call.costMicros),
        cost_source: call.costMicros === null ? 'UNKNOWN' : 'REPORTED',
        started_at: call.startedAt,
        duration_seconds: call.durationSeconds,
      })),
    )
  }
}
