import { roundUsd, type Usd } from '../../model/money.ts'
import { laterBy } from '../../model/time.ts'
import { resolveCallCosts } from '../../pricing/call-costs.ts'
import { type Decoding, money, wide } from '../decoding.ts'
import { totalTokensOf } from '../total-tokens.ts'
import { extraOf, isObject } from '../wire.ts'
import { itemLists } from './decode-items.ts'
import { phaseOfName } from './file-names.ts'
import type { PhaseFile, RunFiles } from './run-files.ts'
import { metadataShape } from './wire.ts'

/** What every decoder of a run's parts needs to make rows. */
export type RunContext = {
  decoding: Decoding
  run: RunFiles
  runId: string
  pipeline: string
  /** Of its files. */
  directory: string
  /** How long after its newest phase a run that broke off counts as running, in minutes. */
  runningGraceMinutes: number
  /** The columns that every row of the run has. */
  owner: { organization_id: string; run_id: string }
}

export type PhaseStatus = 'COMPLETED' | 'FAILED' | 'RUNNING'

/** A phase as it is stored, and what it adds to its run. */
export type DecodedPhase = {
  number: number
  name: string
  status: PhaseStatus
  at: Date | null
  seconds: number | null
  llmCalls: number | null
  costUsd: Usd | null
  /** Of its call, when there were any. */
  call: { costUsd: Usd | null; totalTokens: number | null } | null
}

/** A run's phases by number, with their steps, calls and events. */
export function decodePhases(context: RunContext): DecodedPhase[] {
  const costs = costsOf(context)
  return [
    ...context.run.phases.map((phase) => decodePhase(context, phase, costs.get(phase)!)),
    ...reportsAlone(context.run).map(({ number, name }) => decodeReport(context, number, name)),
  ].sort((a, b) => a.number - b.number)
}

function phaseIdOf({ decoding, runId }: RunContext, number: number): string {
  return decoding.ids.of('phase', runId, number)
}

/** Phases that left nothing but Markdown. */
function reportsAlone({ phases, markdown }: RunFiles): { number: number; name: string }[] {
  const alone = new Map<number, { number: number; name: string }>()
  for (const { path } of markdown) {
    const named = phaseOfName(path)
    if (named && !phases.some(({ number }) => number === named.number)) alone.set(named.number, named)
  }
  return [...alone.values()]
}

type Call = ReturnType<typeof resolveCallCosts>[number]

/** What each phase's calls cost; null for a phase without calls. */
function costsOf({ run: { phases }, decoding }: RunContext): Map<PhaseFile, Call | null> {
  const calling = phases.filter(({ metadata }) => (metadata.llm_calls ?? 0) > 0)
  // The run reports no cost of its own, so there is none to share among the phases that report none.
  const costs = resolveCallCosts(
    calling.map(({ metadata, at }) => ({
      model: metadata.model,
      promptTokens: metadata.prompt_tokens,
      completionTokens: metadata.completion_tokens,
      cachedTokens: metadata.cached_tokens,
      totalTokens: totalTokensOf(metadata.total_tokens, metadata),
      reportedCostUsd: metadata.cost_usd,
      at: startOf(at, metadata.duration_seconds),
    })),
    null,
    decoding.prices.of,
  )
  return new Map(phases.map((phase) => [phase, costs[calling.indexOf(phase)] ?? null]))
}

function decodePhase(context: RunContext, phase: PhaseFile, call: Call | null): DecodedPhase {
  const { decoding, owner, runId } = context
  const { number, name, metadata, at } = phase
  const error = errorText(metadata.error)
  const status = metadata.status ?? (error === null ? 'COMPLETED' : 'FAILED')
  const reportedCostUsd = metadata.cost_usd && roundUsd(metadata.cost_usd)
  const costUsd = reportedCostUsd ?? call?.costUsd ?? null
  const startedAt = startOf(at, metadata.duration_seconds)
  decoding.rows.add('run_phases', {
    id: phaseIdOf(context, number),
    ...owner,
    number,
    name,
    status,
    started_at: startedAt,
    finished_at: at,
    duration_seconds: metadata.duration_seconds,
    input_count: metadata.input_count,
    output_count: metadata.output_count,
    llm_calls: metadata.llm_calls,
    cost_usd: money(costUsd),
    reported_cost_usd: money(reportedCostUsd),
    error,
    extra: restOf(phase),
  })
  addStep(context, number, name, status, { startedAt, seconds: metadata.duration_seconds, error })
  if (error !== null) {
    decoding.rows.add('run_events', {
      id: decoding.ids.of('run_event', runId, number),
      ...owner,
      position: number,
      // What is told of a phase that completed all the same did not make it fail.
      level: status === 'COMPLETED' ? 'WARNING' : 'ERROR',
      phase: name,
      step: name,
      message: error,
      occurred_at: at,
    })
  }
  if (call) addCall(context, phase, call, { status, startedAt, error })
  return {
    number,
    name,
    status,
    at,
    seconds: metadata.duration_seconds,
    llmCalls: metadata.llm_calls,
    costUsd,
    call: call && { costUsd: call.costUsd, totalTokens: totalTokensOf(metadata.total_tokens, metadata) },
  }
}

function addCall(
  { decoding, owner, runId, pipeline }: RunContext,
  { number, name, metadata }: PhaseFile,
  cost: Call,
  { status, startedAt, error }: { status: PhaseStatus; startedAt: Date | null; error: string | null },
): void {
  const { ids, rows } = decoding
  const agentId = ids.of('agent', name)
  const version = metadata.prompt_version
  const versionId = version === null ? null : ids.of('prompt_version', agentId, version)
  rows.add('agents', { id: agentId, organization_id: owner.organization_id, name })
  if (version !== null && versionId !== null)
    rows.add('prompt_versions', {
      id: versionId,
      organization_id: owner.organization_id,
      agent_id: agentId,
      version,
    })
  rows.add('agent_calls', {
    id: ids.of('agent_call', runId, number, name),
    ...owner,
    pipeline_id: ids.of('pipeline', pipeline),
    phase_id: ids.of('phase', runId, number),
    phase_name: name,
    step_id: ids.of('step', runId, number, name),
    agent_id: agentId,
    prompt_version_id: versionId,
    position: number,
    model: metadata.model,
    status,
    calls: metadata.llm_calls!,
    prompt_tokens: wide(metadata.prompt_tokens),
    completion_tokens: wide(metadata.completion_tokens),
    cached_tokens: wide(metadata.cached_tokens),
    total_tokens: wide(totalTokensOf(metadata.total_tokens, metadata)),
    cost_usd: money(cost.costUsd),
    cost_source: cost.costSource,
    price_reference: cost.priceReference,
    started_at: startedAt,
    duration_seconds: metadata.duration_seconds,
    error,
  })
}

/** A report says that its phase was done, and nothing more. */
function decodeReport(context: RunContext, number: number, name: string): DecodedPhase {
  context.decoding.rows.add('run_phases', {
    id: phaseIdOf(context, number),
    ...context.owner,
    number,
    name,
    status: 'COMPLETED',
  })
  addStep(context, number, name, 'COMPLETED', { startedAt: null, seconds: null, error: null })
  return { number, name, status: 'COMPLETED', at: null, seconds: null, llmCalls: null, costUsd: null, call: null }
}

function addStep(
  context: RunContext,
  number: number,
  name: string,
  status: PhaseStatus,
  { startedAt, seconds, error }: { startedAt: Date | null; seconds: number | null; error: string | null },
): void {
  context.decoding.rows.add('steps', {
    id: context.decoding.ids.of('step', context.runId, number, name),
    ...context.owner,
    phase_id: phaseIdOf(context, number),
    position: number,
    name,
    status,
    started_at: startedAt,
    duration_seconds: seconds,
    error,
  })
}

/** When a phase of so many seconds began that ended then; null when no calendar has it. */
export function startOf(at: Date | null, seconds: number | null): Date | null {
  return at && laterBy(at, -(seconds ?? 0) * 1000)
}

function errorText(error: unknown): string | null {
  if (error === null || error === false || error === '') return null
  return typeof error === 'string' ? error : JSON.stringify(error)
}

/** What a phase's file holds beyond metadata that is known and items. */
function restOf(phase: PhaseFile): Record<string, unknown> {
  const { document } = phase
  const extra = {
    ...extraOf(document, { metadata: 1, data: 1 }),
    ...extraOf(document.metadata as never, metadataShape),
  }
  const lists = new Set(itemLists(phase).map(([key]) => key))
  if (isObject(document.data)) {
    const data = Object.fromEntries(Object.entries(document.data).filter(([key]) => !lists.has(key)))
    if (Object.keys(data).length > 0) extra.data = data
  } else if (document.data !== undefined && document.data !== null && !lists.has('')) extra.data = document.data
  return extra
}
