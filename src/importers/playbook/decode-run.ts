import { normalizeDomain } from '../../model/domain-names.ts'
import { roundUsd, sumUsd } from '../../model/money.ts'
import { type Decoding, money, unescapePointer, wide } from '../decoding.ts'
import { extraOf, isObject } from '../wire.ts'
import { decodeCalls, PLAYBOOK } from './decode-calls.ts'
import { decodeEvents } from './decode-events.ts'
import {
  decodeBuyerPersona,
  decodeCompanyProfile,
  decodePainPoint,
  decodeVendorElement,
} from './decode-intelligence.ts'
import { decodePlaybook } from './decode-playbook.ts'
import { decodePage, decodeResearch } from './decode-research.ts'
import { decodeSteps } from './decode-steps.ts'
import type { RunContext } from './run-decoder.ts'
import { type PartsSeen, type RunDocument, SIDES, type Side } from './run-document.ts'
import { type VendorList, vendorLists } from './wire.ts'

/** The context in which a run's parts are decoded. */
export function runContextOf(decoding: Decoding, document: RunDocument): RunContext {
  const { ids } = decoding
  const company = (domain: string | null) => {
    const key = normalizeDomain(domain)
    return key && ids.of('company', key)
  }
  const runId = ids.of('run', PLAYBOOK, document.externalId)
  return {
    decoding,
    document,
    runId,
    vendorId: company(document.vendorDomain),
    prospectId: company(document.prospectDomain),
    owner: { organization_id: ids.organizationId, run_id: runId },
  }
}

/** The run, its phases, steps, calls, events and artifacts, and all that is not read part by part. */
export function decodeRun(context: RunContext, seen: PartsSeen): void {
  const { decoding, document, owner, runId } = context
  const { ids, rows } = decoding
  const calls = decodeCalls(context)
  const events = decodeEvents(context)
  decodeSteps(context, seen, calls, events)
  const research = document.phases.get(1)
  const names = research && SIDES.map((side) => decodeResearch(context, research, side, seen.pages[side]))
  decodeCompany(context, document.vendorDomain, names?.[0] ?? null)
  decodeCompany(context, document.prospectDomain, names?.[1] ?? null)
  const intelligence = document.phases.get(3)?.prospect_intelligence
  if (isObject(intelligence))
    decodeCompanyProfile(context, intelligence.company_profile, '/phase3_output/prospect_intelligence/company_profile')
  const playbook = document.phases.get(4)?.sales_playbook
  if (isObject(playbook)) decodePlaybook(context, playbook, '/phase4_output/sales_playbook')

  const pipelineId = ids.of('pipeline', PLAYBOOK)
  rows.add('pipelines', { id: pipelineId, organization_id: owner.organization_id, name: PLAYBOOK })
  const reportedCost = document.reportedCostUsd && roundUsd(document.reportedCostUsd)
  const callsCost = sumUsd(calls.map(({ costUsd }) => costUsd))
  const tokens = calls.some(({ totalTokens }) => totalTokens !== null)
    ? calls.reduce((sum, { totalTokens }) => sum + (totalTokens ?? 0), 0)
    : null
  rows.add('runs', {
    id: runId,
    organization_id: owner.organization_id,
    pipeline_id: pipelineId,
    external_id: document.externalId,
    status: document.status,
    started_at: document.startedAt,
    finished_at: document.finishedAt,
    duration_seconds: document.durationSeconds,
    cost_usd: money(reportedCost ?? callsCost),
    reported_cost_usd: money(reportedCost),
    calls_cost_usd: money(callsCost),
    total_tokens: wide(document.reportedTotalTokens ?? tokens),
    reported_total_tokens: wide(document.reportedTotalTokens),
    reported_api_calls: document.reportedApiCalls,
    llm_calls: wide(calls.length),
    vendor_id: context.vendorId,
    prospect_id: context.prospectId,
    vendor_domain: document.vendorDomain,
    prospect_domain: document.prospectDomain,
    workflow_name: document.workflowName,
    created_by: document.createdBy,
    created_via: document.createdVia,
    notes: document.notes,
    tags: document.tags,
    prompt_versions: document.promptVersions,
    extra: { ...document.extra, ...unknownIntelligence(document) },
    record_at: document.recordAt,
    record_sha256: document.recordSha256,
  })
  document.artifacts.forEach((artifact, position) => {
    rows.add('artifacts', {
      id: ids.of('artifact', runId, artifact.path, artifact.pointer),
      ...owner,
      phase_number: artifact.phaseNumber,
      phase_name: artifact.name,
      position,
      name: artifact.name,
      kind: 'JSON',
      path: artifact.path,
      pointer: artifact.pointer,
      payload_id: artifact.payloadId,
      sha256: artifact.sha256,
      bytes: wide(artifact.bytes)!,
    })
  })
}

/** Lists and objects of phases 2 and 3 that the format does not have are kept as they are. */
function unknownIntelligence({ phases }: RunDocument): Record<string, unknown> {
  const unknown: Record<string, unknown> = {}
  const known = {
    vendor_elements: vendorLists,
    prospect_intelligence: { company_profile: 1, pain_points: 1, target_buyer_personas: 1 },
  }
  for (const [key, shape] of Object.entries(known)) {
    const value = phases.get(key === 'vendor_elements' ? 2 : 3)?.[key]
    const extra = isObject(value) ? extraOf(value, shape) : {}
    if (Object.keys(extra).length > 0) unknown[key] = extra
  }
  return unknown
}

function decodeCompany({ decoding, owner }: RunContext, given: string | null, name: string | null): void {
  const domain = normalizeDomain(given)
  if (!domain) return
  const id = decoding.ids.of('company', domain)
  decoding.rows.add('companies', {
    id,
    organization_id: owner.organization_id,
    key: domain,
    domain,
    name,
    site_name: name,
  })
}

/** What a part's pointer says of it. */
type Place =
  | { kind: 'page'; side: Side; url: string }
  | { kind: 'vendor'; list: VendorList; position: number }
  | { kind: 'pain_point' | 'buyer_persona'; position: number }

export function placeOf(pointer: string): Place {
  const steps = pointer.split('/').map(unescapePointer)
  const last = steps.at(-1)!
  if (steps[1] === 'phase1_output')
    return { kind: 'page', side: steps[2]!.startsWith('vendor') ? 'vendor' : 'prospect', url: last }
  if (steps[1] === 'phase2_output') return { kind: 'vendor', list: steps[3] as VendorList, position: Number(last) }
  return { kind: steps[3] === 'pain_points' ? 'pain_point' : 'buyer_persona', position: Number(last) }
}

/** Notes a part on the first look, before the rest of the run can be decoded. */
export function seePart(seen: PartsSeen, pointer: string): void {
  const place = placeOf(pointer)
  if (place.kind === 'page') seen.pages[place.side].add(place.url)
  else if (place.kind === 'vendor') seen.lists.add(place.list)
  else seen.lists.add(place.kind === 'pain_point' ? 'pain_points' : 'target_buyer_personas')
}

/** One of the parts that are read one by one. */
export function decodePart(context: RunContext, pointer: string, value: unknown, position: number): void {
  const place = placeOf(pointer)
  if (place.kind === 'page') decodePage(context, place.side, place.url, value, position, pointer)
  else if (place.kind === 'vendor') decodeVendorElement(context, place.list, value, place.position, pointer)
  else if (place.kind === 'pain_point') decodePainPoint(context, value, place.position, pointer)
  else decodeBuyerPersona(context, value, place.position, pointer)
}

/** Tables whose rows belong to one run, and go when a newer version of the run no longer has them. */
export const RUN_TABLES = [
  'agent_calls',
  'artifacts',
  'battle_cards',
  'buyer_personas',
  'company_profiles',
  'competitive_positionings',
  'email_sequences',
  'email_touches',
  'pain_points',
  'playbooks',
  'prioritized_urls',
  'run_events',
  'run_phases',
  'scraped_pages',
  'site_researches',
  'source_references',
  'steps',
  'talk_scripts',
  'talk_tracks',
  ...Object.values(vendorLists).map(({ table }) => table),
] as const
