import { PLAYBOOK_PHASES } from '../../model/pipelines.ts'
import { resolveCallCosts } from '../../pricing/call-costs.ts'
import { money, wide } from '../decoding.ts'
import { totalTokensOf } from '../total-tokens.ts'
import { extraOf, isObject } from '../wire.ts'
import type { RunContext } from './run-decoder.ts'
import { agentResult, agentResultShape } from './wire.ts'

/** The pipeline that playbook runs are of. */
export const PLAYBOOK = 'playbook'

/** Where a phase keeps its agents' results. */
const RESULT_KEYS = ['agent_results', 'specialist_results', 'analyst_results']

export type DecodedCall = {
  phase: number
  agent: string
  failed: boolean
  error: string | null
  costUsd: import('../../model/money.ts').Usd | null
  totalTokens: number | null
  startedAt: Date | null
  durationSeconds: number | null
}

/** One call an agent result, with its cost; their steps and phases must be made by `decodeSteps`. */
export function decodeCalls(context: RunContext): DecodedCall[] {
  const { decoding, document, owner, runId } = context
  const results = [...document.phases].flatMap(([phase, output]) =>
    RESULT_KEYS.flatMap((key) => (isObject(output[key]) ? resultsOf(context, phase, key, output[key]) : [])),
  )
  const costs = resolveCallCosts(
    results.map(({ read }) => ({
      model: read.model,
      promptTokens: read.prompt_tokens,
      completionTokens: read.completion_tokens,
      cachedTokens: read.cached_tokens,
      totalTokens: totalTokensOf(read.tokens_used, read),
      reportedCostUsd: read.cost_usd ?? read.cost,
      at: decoding.time(read.started_at) ?? document.startedAt,
    })),
    document.reportedCostUsd,
    decoding.prices.of,
  )
  return results.map(({ phase, agent, read, value }, index) => {
    const cost = costs[index]!
    const agentId = decoding.ids.of('agent', agent)
    const error = errorText(read.error)
    const failed = error !== null || /^(failed|error)$/i.test(read.status ?? '')
    const version = read.prompt_version ?? versionOf(document.promptVersions?.[agent])
    const startedAt = decoding.time(read.started_at) ?? document.startedAt
    decoding.rows.add('agents', { id: agentId, organization_id: owner.organization_id, name: agent })
    decoding.rows.add('agent_calls', {
      id: decoding.ids.of('agent_call', runId, phase, agent),
      ...owner,
      pipeline_id: decoding.ids.of('pipeline', PLAYBOOK),
      phase_id: phaseIdOf(context, phase),
      phase_name: PLAYBOOK_PHASES[phase - 1],
      step_id: stepIdOf(context, phase, agent),
      agent_id: agentId,
      prompt_version_id: version && decodePromptVersion(context, agentId, version),
      position: phase * 1000 + index,
      model: read.model,
      status: failed ? 'FAILED' : /^running$/i.test(read.status ?? '') ? 'RUNNING' : 'COMPLETED',
      calls: 1,
      prompt_tokens: wide(read.prompt_tokens),
      completion_tokens: wide(read.completion_tokens),
      cached_tokens: wide(read.cached_tokens),
      total_tokens: wide(totalTokensOf(read.tokens_used, read)),
      cost_usd: money(cost.costUsd),
      cost_source: cost.costSource,
      price_reference: cost.priceReference,
      started_at: startedAt,
      duration_seconds: read.execution_time,
      error,
      output:
        read.raw_output === null
          ? null
          : typeof read.raw_output === 'string'
            ? read.raw_output
            : JSON.stringify(read.raw_output),
      extra: extraOf(value, agentResultShape),
    })
    return {
      phase,
      agent,
      failed,
      error,
      costUsd: cost.costUsd,
      totalTokens: totalTokensOf(read.tokens_used, read),
      startedAt: decoding.time(read.started_at),
      durationSeconds: read.execution_time,
    }
  })
}

export function phaseIdOf({ decoding, runId }: RunContext, phase: number): string {
  return decoding.ids.of('phase', runId, phase)
}

export function stepIdOf({ decoding, runId }: RunContext, phase: number, step: string): string {
  return decoding.ids.of('step', runId, phase, step)
}

function resultsOf(context: RunContext, phase: number, key: string, results: Record<string, unknown>) {
  return Object.entries(results).flatMap(([agent, value]) => {
    if (value === null) return []
    const read = context.decoding.read(agentResult, value, `/phase${phase}_output/${key}/${agent}`)
    return read ? [{ phase, agent, read, value: value as Record<string, unknown> }] : []
  })
}

/** Agents report an error as text or as an object; false and empty text report none. */
function errorText(error: unknown): string | null {
  if (error === null || error === false || error === '') return null
  return typeof error === 'string' ? error : JSON.stringify(error)
}

function versionOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}

function decodePromptVersion({ decoding, owner }: RunContext, agentId: string, version: string): string {
  const id = decoding.ids.of('prompt_version', agentId, version)
  decoding.rows.add('prompt_versions', { id, organization_id: owner.organization_id, agent_id: agentId, version })
  return id
}
