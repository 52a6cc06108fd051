import { sumUsd } from '../../model/money.ts'
import { PLAYBOOK_AGENTS, PLAYBOOK_PHASES, PLAYBOOK_RESEARCH_STEPS } from '../../model/pipelines.ts'
import { money } from '../decoding.ts'
import { isObject } from '../wire.ts'
import { type DecodedCall, phaseIdOf, stepIdOf } from './decode-calls.ts'
import type { DecodedEvent } from './decode-events.ts'
import type { RunContext } from './run-decoder.ts'
import type { PartsSeen, Side } from './run-document.ts'
import { vendorLists } from './wire.ts'

type StepStatus = 'COMPLETED' | 'FAILED' | 'PARTIAL' | 'RUNNING' | 'SKIPPED'
type DecodedStep = { name: string; status: StepStatus; error: string | null; call: DecodedCall | null }

/** What each named step of phase 1 leaves behind, without its side. */
const RESEARCH_OUTPUTS: Record<string, string> = {
  validate: 'validation',
  scrape_home: 'homepage',
  analyze_home: 'homepage_analysis',
  prioritize_urls: 'url_prioritization',
  batch_scrape: 'batch_content',
}

/** Which agent makes which part of phases 3 and 4. */
const PART_AGENTS: Record<string, string> = {
  company_profile: 'company_profile',
  pain_points: 'pain_points',
  target_buyer_personas: 'buyer_personas',
  executive_summary: 'playbook_summary',
  email_sequences: 'email_sequences',
  talk_tracks: 'talk_tracks',
  battle_cards: 'battle_cards',
}

/** A run's phases and their steps, with the status that follows from outputs, results and events. */
export function decodeSteps(context: RunContext, seen: PartsSeen, calls: DecodedCall[], events: DecodedEvent[]): void {
  const { decoding, document, owner } = context
  for (let number = 1; number <= PLAYBOOK_PHASES.length; number++) {
    const steps = stepsOf(context, number, seen, calls)
    const failures = events.filter(
      (event) => event.level === 'ERROR' && event.phaseNumber === number && event.step !== null,
    )
    for (const failure of failures) failStep(steps, failure)
    // A complete run lists all its phases, those it did not come to as well.
    if (!document.isComplete && !document.phases.has(number) && steps.length === 0) continue
    const ofPhase = calls.filter(({ phase }) => phase === number)
    const costUsd = sumUsd(ofPhase.map((call) => call.costUsd))
    decoding.rows.add('run_phases', {
      id: phaseIdOf(context, number),
      ...owner,
      number,
      name: PLAYBOOK_PHASES[number - 1]!,
      status: phaseStatus(steps),
      finished_at: decoding.time(finishedAt(document.phases.get(number))),
      cost_usd: money(costUsd),
    })
    steps.forEach(({ name, status, error, call }, place) => {
      decoding.rows.add('steps', {
        id: stepIdOf(context, number, name),
        ...owner,
        phase_id: phaseIdOf(context, number),
        position: number * 1000 + place,
        name,
        status,
        started_at: call?.startedAt ?? null,
        duration_seconds: call?.durationSeconds ?? null,
        error,
      })
    })
  }
}

function stepsOf(context: RunContext, number: number, seen: PartsSeen, calls: DecodedCall[]): DecodedStep[] {
  const { document } = context
  const output = document.phases.get(number)
  const steps = number === 1 && output ? researchSteps(output, seen, document.isComplete) : []
  const results = calls.filter(({ phase }) => phase === number)
  const haveFiles = document.workedAgents.length + document.failedAgents.length > 0
  // Without results or files of their own, what a phase produced tells which agents worked.
  const agents = results.length > 0 || haveFiles ? [] : producersOf(number, output ?? {}, seen)
  steps.push(...agents.map((name) => ({ name, status: 'COMPLETED' as const, error: null, call: null })))
  for (const call of results) {
    steps.push({ name: call.agent, status: call.failed ? 'FAILED' : 'COMPLETED', error: call.error, call })
  }
  for (const { phase, agent } of document.workedAgents) {
    if (phase === number && !steps.some(({ name }) => name === agent))
      steps.push({ name: agent, status: 'COMPLETED', error: null, call: null })
  }
  for (const { phase, agent, error } of document.failedAgents) {
    if (phase === number) failStep(steps, { step: agent, message: error })
  }
  const order = PLAYBOOK_AGENTS[number - 1]!
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  return number === 1 ? steps : steps.sort((a, b) => rank(a.name) - rank(b.name))
}

function researchSteps(output: Record<string, unknown>, seen: PartsSeen, isComplete: boolean): DecodedStep[] {
  return PLAYBOOK_RESEARCH_STEPS.flatMap((name): DecodedStep[] => {
    const side: Side = name.includes('vendor') ? 'vendor' : 'prospect'
    const kind = name.replace(`_${side}`, '')
    const value = output[`${side}_${RESEARCH_OUTPUTS[kind]}`]
    const present = isObject(value) || (kind === 'batch_scrape' && seen.pages[side].size > 0)
    if (!present) return isComplete ? [{ name, status: 'SKIPPED', error: null, call: null }] : []
    const error = kind === 'validate' && isObject(value) ? validationError(value) : null
    return [{ name, status: error === null ? 'COMPLETED' : 'FAILED', error, call: null }]
  })
}

function validationError(validation: Record<string, unknown>): string | null {
  if (typeof validation.error_message === 'string' && validation.error_message !== '') return validation.error_message
  return /^(failed|error|invalid)$/i.test(String(validation.validation_status ?? ''))
    ? String(validation.validation_status)
    : null
}

function producersOf(number: number, output: Record<string, unknown>, seen: PartsSeen): string[] {
  if (number === 2) {
    return Object.entries(vendorLists).flatMap(([list, { agent }]) => (seen.lists.has(list) ? [agent] : []))
  }
  const part = number === 3 ? output.prospect_intelligence : number === 4 ? output.sales_playbook : undefined
  if (!isObject(part)) return []
  return Object.entries(PART_AGENTS).flatMap(([key, agent]) =>
    filled(part[key]) || (number === 3 && seen.lists.has(key)) ? [agent] : [],
  )
}

function filled(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return false
  return Array.isArray(value) ? value.length > 0 : true
}

function failStep(steps: DecodedStep[], failure: { step: string | null; message: string }): void {
  const step = steps.find(({ name }) => name === failure.step)
  if (!step) steps.push({ name: failure.step!, status: 'FAILED', error: failure.message, call: null })
  else {
    step.status = 'FAILED'
    step.error ??= failure.message
  }
}

function phaseStatus(steps: DecodedStep[]): StepStatus {
  if (steps.length === 0) return 'SKIPPED'
  if (steps.some(({ status }) => status === 'FAILED')) return 'FAILED'
  return steps.every(({ status }) => status === 'COMPLETED') ? 'COMPLETED' : 'PARTIAL'
}

function finishedAt(output: Record<string, unknown> | undefined): string | null {
  const stamp = output?.generation_timestamp ?? output?.analysis_timestamp ?? output?.extraction_timestamp
  return typeof stamp === 'string' ? stamp : null
}
