import { createHash } from 'node:crypto'
import { PLAYBOOK_PHASES } from '../../model/pipelines.ts'
import { laterBy, parseTimestamp } from '../../model/time.ts'
import type { Decoding } from '../decoding.ts'
import { extraOf, isObject } from '../wire.ts'
import type { DirectoryPart, Layout } from './layouts.ts'
import type { DocumentArtifact, RunDocument } from './run-document.ts'
import { run, runShape, workflowInput, workflowInputShape } from './wire.ts'

/** What is known of a file a document is made from. */
export type DocumentFile = { path: string; shown: string; sha256: string; bytes: number; payloadId: string }

/** A file of a run that holds one phase: its root, without the parts that are read one by one. */
export type PhaseFile = { file: DocumentFile; layout: Layout; rest: Record<string, unknown> }

/** A complete run (one JSON object); null, with a reject, when its head cannot be read. */
export function documentOfRun(
  decoding: Decoding,
  file: DocumentFile,
  rest: Record<string, unknown>,
): RunDocument | null {
  const head = decoding.read(run, rest, '')
  if (!head) return null
  const input = head.workflow_input ? decoding.read(workflowInput, head.workflow_input, '/workflow_input') : null
  const startedAt = decoding.time(head.run_timestamp)
  const phases = new Map<number, Record<string, unknown>>()
  const artifacts: DocumentArtifact[] = []
  const extra = extraOf(rest, runShape)
  if (head.workflow_input)
    Object.assign(extra, nonEmpty('workflow_input', extraOf(head.workflow_input, workflowInputShape)))
  for (const phase of [1, 2, 3, 4] as const) {
    const output = head[`phase${phase}_output`]
    if (!output) continue
    phases.set(phase, output)
    artifacts.push(artifactOf(file, phase, `/phase${phase}_output`))
    Object.assign(extra, nonEmpty(`phase${phase}_output`, extraOf(output, KNOWN_PHASE_KEYS[phase]!)))
  }
  return {
    ...emptyDocument(head.run_id, file.sha256),
    status: head.status!,
    startedAt,
    finishedAt:
      startedAt && head.execution_time_seconds !== null ? laterBy(startedAt, head.execution_time_seconds * 1000) : null,
    durationSeconds: head.execution_time_seconds,
    vendorDomain: input?.vendor_domain ?? null,
    prospectDomain: input?.prospect_domain ?? null,
    reportedCostUsd: head.estimated_cost_usd,
    reportedTotalTokens: head.total_tokens_used,
    reportedApiCalls: head.total_api_calls,
    createdBy: head.created_by,
    createdVia: head.created_via,
    notes: head.notes,
    tags: head.tags,
    promptVersions: head.prompt_versions,
    errors: head.errors,
    warnings: head.warnings,
    phases,
    isComplete: true,
    artifacts,
    extra,
    recordAt: startedAt,
  }
}

/** One run of one or more files that hold a phase each: partial unless all four are there. */
export function documentOfPhases(name: string, files: PhaseFile[]): RunDocument {
  const phases = new Map<number, Record<string, unknown>>()
  const extra: Record<string, unknown> = {}
  for (const { layout, rest } of files) {
    const output = layout.phase === 1 ? researchOutput(rest, extra) : wrapped(layout, rest)
    phases.set(layout.phase!, mergeObjects(phases.get(layout.phase!), output))
  }
  const dates = files.flatMap(({ file, rest }) => dateOf(file, rest) ?? [])
  const startedAt = dates.length > 0 ? new Date(Math.min(...dates.map((date) => date.getTime()))) : null
  return {
    ...emptyDocument(name, digestOf(files.map(({ file }) => file))),
    status: phases.size === PLAYBOOK_PHASES.length ? 'COMPLETED' : 'PARTIAL',
    startedAt,
    phases,
    artifacts: files.map(({ file, layout }) => artifactOf(file, layout.phase, '')),
    extra,
    recordAt: startedAt,
  }
}

/** A file of a run directory, read. */
export type DirectoryFile = { file: DocumentFile; part: DirectoryPart; value: unknown }

/** A run directory: its metadata and what each agent left; `final_playbook` wins over the parts beside it. */
export function documentOfDirectory(
  decoding: Decoding,
  name: string,
  metadata: { file: DocumentFile; value: Record<string, unknown> },
  parts: DirectoryFile[],
): RunDocument {
  const given = metadata.value
  const textOf = (key: string) => (typeof given[key] === 'string' ? given[key] : null)
  const document = emptyDocument(name, digestOf([metadata.file, ...parts.map(({ file }) => file)]))
  const startedAt = decoding.time(textOf('timestamp')) ?? parseTimestamp(name)
  const completedAt = decoding.time(textOf('completed_at'))
  const { phases, failedAgents, workedAgents } = document
  // The final playbook comes last, so that its fields replace those of the parts.
  for (const { part, value } of [...parts].sort(
    (a, b) => Number(a.part.key === 'sales_playbook') - Number(b.part.key === 'sales_playbook'),
  )) {
    if (isObject(value) && typeof value.error === 'string')
      failedAgents.push({ phase: part.phase, agent: part.agent, error: value.error })
    else {
      workedAgents.push({ phase: part.phase, agent: part.agent })
      const isEmpty = isObject(value) && Object.keys(value).length === 0
      if (!isEmpty) phases.set(part.phase, mergeObjects(phases.get(part.phase), nested(part, value)))
    }
    if (!phases.has(part.phase)) phases.set(part.phase, {})
  }
  const finished = completedAt !== null
  return {
    ...document,
    status: finished && failedAgents.length === 0 ? 'COMPLETED' : 'PARTIAL',
    startedAt,
    finishedAt: completedAt,
    durationSeconds: startedAt && completedAt ? (completedAt.getTime() - startedAt.getTime()) / 1000 : null,
    vendorDomain: textOf('vendor_domain'),
    prospectDomain: textOf('prospect_domain'),
    workflowName: textOf('workflow_name'),
    artifacts: [
      artifactOf(metadata.file, null, '', 'metadata'),
      ...parts.map(({ file, part }) => artifactOf(file, part.phase, '')),
    ],
    extra: extraOf(given, { timestamp: 1, vendor_domain: 1, prospect_domain: 1, workflow_name: 1, completed_at: 1 }),
    recordAt: startedAt,
  }
}

/** The name of a file without the extensions of its format and compression. */
export function stemOf(fileName: string): string {
  return fileName.replace(/\.(gz|zst)$/i, '').replace(/\.(json|txt|jsonl|ndjson)$/i, '')
}

function emptyDocument(externalId: string, recordSha256: string): RunDocument {
  return {
    externalId,
    status: 'PARTIAL',
    startedAt: null,
    finishedAt: null,
    durationSeconds: null,
    vendorDomain: null,
    prospectDomain: null,
    workflowName: null,
    reportedCostUsd: null,
    reportedTotalTokens: null,
    reportedApiCalls: null,
    createdBy: null,
    createdVia: null,
    notes: null,
    tags: [],
    promptVersions: null,
    errors: [],
    warnings: [],
    phases: new Map(),
    isComplete: false,
    failedAgents: [],
    workedAgents: [],
    artifacts: [],
    extra: {},
    recordSha256,
    recordAt: null,
  }
}

/** Which keys of a phase's output land in columns; of phase 1, `decodeResearch` keeps what is unknown inside its parts. */
const RESULTS = { agent_results: 1, specialist_results: 1, analyst_results: 1 }
const SIDE_PARTS = ['validation', 'homepage', 'homepage_analysis', 'url_prioritization', 'batch_content']
const KNOWN_PHASE_KEYS: Record<number, Record<string, unknown>> = {
  1: {
    ...RESULTS,
    ...Object.fromEntries(
      SIDE_PARTS.flatMap((part) => [
        [`vendor_${part}`, 1],
        [`prospect_${part}`, 1],
      ]),
    ),
  },
  2: { ...RESULTS, vendor_elements: 1, extraction_timestamp: 1 },
  3: { ...RESULTS, prospect_intelligence: 1, analysis_timestamp: 1 },
  4: { ...RESULTS, sales_playbook: 1, generation_timestamp: 1 },
}

function nonEmpty(key: string, value: Record<string, unknown>): Record<string, unknown> {
  return Object.keys(value).length > 0 ? { [key]: value } : {}
}

function artifactOf(file: DocumentFile, phaseNumber: number | null, pointer: string, name?: string): DocumentArtifact {
  return {
    phaseNumber,
    name: name ?? (phaseNumber === null ? 'run' : PLAYBOOK_PHASES[phaseNumber - 1]!),
    path: file.shown,
    pointer,
    payloadId: file.payloadId,
    sha256: file.sha256,
    bytes: file.bytes,
  }
}

/** Phase 1 as it lies in a file of its own, in the shape it has in a complete run; what has no place there goes to extra. */
function researchOutput(rest: Record<string, unknown>, extra: Record<string, unknown>): Record<string, unknown> {
  const { vendor_content: _, prospect_content: __, stats, ...others } = rest
  Object.assign(extra, others, isObject(stats) ? { stats } : {})
  const batch = (side: 'vendor' | 'prospect') => {
    const counts = isObject(stats) ? stats : {}
    if (!(`${side}_content` in rest) && counts[`${side}_pages`] === undefined) return {}
    return {
      [`${side}_batch_content`]: {
        page_count: counts[`${side}_pages`] ?? null,
        total_chars: counts[`${side}_chars`] ?? null,
      },
    }
  }
  return { ...batch('vendor'), ...batch('prospect') }
}

function wrapped(layout: Layout, rest: Record<string, unknown>): Record<string, unknown> {
  if (layout.phase === 4) return rest
  const key = layout.phase === 2 ? 'vendor_elements' : 'prospect_intelligence'
  return key in rest ? rest : { [key]: rest }
}

function nested(part: DirectoryPart, value: unknown): Record<string, unknown> {
  const bare = isObject(value) && part.key in value ? value[part.key] : value
  const [, , holder, key] = part.canonical.split('/')
  return { [holder!]: key === undefined ? bare : { [key]: bare } }
}

/** Objects are merged key by key, a level deep; what comes later wins. */
function mergeObjects(
  one: Record<string, unknown> | undefined,
  other: Record<string, unknown>,
): Record<string, unknown> {
  if (!one) return other
  const merged = { ...one }
  for (const [key, value] of Object.entries(other)) {
    const before = merged[key]
    merged[key] = isObject(before) && isObject(value) ? { ...before, ...value } : value
  }
  return merged
}

/** A phase's file is dated by its name, else by the playbook's own date. */
function dateOf(file: DocumentFile, rest: Record<string, unknown>): Date | null {
  const named = /\d{8}_\d{6}/.exec(stemOf(file.path.split(/[\\/]/).at(-1)!))
  if (named) return parseTimestamp(named[0])
  const playbook = rest.sales_playbook
  const generated = isObject(playbook) ? playbook.generated_date : null
  return typeof generated === 'string' ? parseTimestamp(generated) : null
}

function digestOf(files: DocumentFile[]): string {
  if (files.length === 1) return files[0]!.sha256
  const hash = createHash('sha256')
  for (const sha256 of files.map((file) => file.sha256).sort()) hash.update(sha256)
  return hash.digest('hex')
}
