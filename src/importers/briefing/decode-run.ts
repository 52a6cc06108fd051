import { Decimal } from 'decimal.js'
import { sumUsd } from '../../model/money.ts'
import { laterBy, parseTimestamp } from '../../model/time.ts'
import { type Decoding, money, wide } from '../decoding.ts'
import { payloadIdOf } from '../payload-rows.ts'
import type { ReadFile } from '../prepared.ts'
import { type DecodedPhase, decodePhases, type PhaseStatus, type RunContext, startOf } from './decode-phases.ts'
import { phaseOfName, stemOf } from './file-names.ts'
import type { RunFiles } from './run-files.ts'

/**
 * The run, its phases, steps, calls, events and artifacts; its items come apart.
 * @param version of the record that the run's row is of
 */
export function decodeRun(context: RunContext, version: { recordAt: Date | null; recordSha256: string }): void {
  const phases = decodePhases(context)
  decodeArtifacts(context)
  addRun(context, phases, version)
}

function decodeArtifacts({ decoding, run, runId, owner }: RunContext): void {
  const ofPhases = run.phases.map(({ file, number, name }) => ({ file, number, name, kind: 'JSON' as const }))
  const reports = run.markdown.map((file) => {
    const stem = stemOf(file.path)
    const named = phaseOfName(file.path) ?? run.phases.find(({ name }) => name === stem)
    return { file, number: named?.number ?? null, name: named?.name ?? stem, kind: 'MARKDOWN' as const }
  })
  const all = [...ofPhases, ...reports].sort((a, b) => (a.number ?? Infinity) - (b.number ?? Infinity))
  all.forEach(({ file, number, name, kind }, position) => {
    decoding.rows.add('artifacts', {
      id: decoding.ids.of('artifact', runId, file.path, ''),
      ...owner,
      phase_number: number,
      phase_name: number === null ? null : name,
      position,
      name,
      kind,
      path: file.path,
      pointer: '',
      ...bytesOf(decoding, file),
    })
  })
}

function bytesOf({ ids }: Decoding, file: ReadFile) {
  return { payload_id: payloadIdOf(ids, file.sha256!), sha256: file.sha256!, bytes: wide(file.bytes)! }
}

function addRun(
  context: RunContext,
  phases: DecodedPhase[],
  version: { recordAt: Date | null; recordSha256: string },
): void {
  const { decoding, run, runId, pipeline, directory, owner } = context
  const { ids, rows } = decoding
  const newest = newestOf(phases)
  const calls = phases.flatMap(({ call }) => call ?? [])
  const costUsd = sumUsd(phases.map((phase) => phase.costUsd))
  const callsCostUsd = sumUsd(calls.map((call) => call.costUsd))
  // Phases without calls may cost something too: the run then reports more than its calls account for.
  const isMore = costUsd !== null && !costUsd.eq(callsCostUsd ?? 0)
  const status = statusOf(phases)
  const versions = run.phases.flatMap(({ name, metadata }) =>
    metadata.prompt_version === null ? [] : [[name, metadata.prompt_version]],
  )
  const pipelineId = ids.of('pipeline', pipeline)
  rows.add('pipelines', { id: pipelineId, organization_id: owner.organization_id, name: pipeline })
  rows.add('runs', {
    id: runId,
    organization_id: owner.organization_id,
    pipeline_id: pipelineId,
    external_id: run.externalId,
    status,
    running_until: isFailedItself(phases) || !newest ? null : laterBy(newest, context.runningGraceMinutes * 60_000),
    started_at: startedAt(context, phases),
    finished_at: newest,
    duration_seconds: sumOf(phases.map(({ seconds }) => seconds)),
    cost_usd: money(costUsd),
    reported_cost_usd: isMore ? money(costUsd) : null,
    calls_cost_usd: money(callsCostUsd),
    total_tokens: wide(sumOf(calls.map(({ totalTokens }) => totalTokens))),
    llm_calls: wide(sumOf(phases.map(({ llmCalls }) => llmCalls))),
    prompt_versions: versions.length > 0 ? Object.fromEntries(versions) : null,
    directory,
    extra: {},
    record_at: version.recordAt,
    record_sha256: version.recordSha256,
  })
}

/** As far as the run itself tells; which phase is the last is judged over all runs of the pipeline. */
function statusOf(phases: DecodedPhase[]): PhaseStatus {
  if (isFailedItself(phases)) return 'FAILED'
  return phases.some(({ status }) => status === 'RUNNING') ? 'RUNNING' : 'COMPLETED'
}

function isFailedItself(phases: DecodedPhase[]): boolean {
  return phases.some(({ status }) => status === 'FAILED')
}

/** From the run's name, in UTC whatever the time zone of the artifacts; else from its directory's, else its first phase. */
function startedAt({ run, directory }: RunContext, phases: DecodedPhase[]): Date | null {
  for (const name of [run.externalId, stemOf(directory)]) {
    const stamp = /(?<!\d)\d{8}_\d{6}(?!\d)/.exec(name)
    const at = parseTimestamp(stamp ? stamp[0] : name)
    if (at) return at
  }
  const starts = phases.flatMap(({ at, seconds }) => startOf(at, seconds)?.getTime() ?? [])
  return starts.length === 0 ? null : new Date(Math.min(...starts))
}

/**
 * When the run was last added to: its newest phase, and a millisecond a file, so that a run with a further report is
 * newer than the same run without.
 */
export function recordAt({ phases, markdown }: RunFiles): Date | null {
  const newest = newestOf(phases)
  return newest && new Date(newest.getTime() + phases.length + markdown.length)
}

function newestOf(phases: readonly { at: Date | null }[]): Date | null {
  const times = phases.flatMap(({ at }) => at?.getTime() ?? [])
  return times.length === 0 ? null : new Date(Math.max(...times))
}

/** The exact sum of the known numbers; null when none is known. */
function sumOf(numbers: (number | null)[]): number | null {
  const known = numbers.filter((number) => number !== null)
  return known.length === 0 ? null : known.reduce((sum, number) => sum.plus(number), new Decimal(0)).toNumber()
}
