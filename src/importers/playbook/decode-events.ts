import { PLAYBOOK_AGENTS, PLAYBOOK_PHASES, PLAYBOOK_RESEARCH_STEPS } from '../../model/pipelines.ts'
import { extraOf, isObject } from '../wire.ts'
import type { RunContext } from './run-decoder.ts'
import { event, eventShape } from './wire.ts'

export type DecodedEvent = {
  level: 'ERROR' | 'WARNING'
  phaseNumber: number | null
  step: string | null
  message: string
}

/** One event an entry of `errors[]` and `warnings[]`, and one an agent that left only an error. */
export function decodeEvents(context: RunContext): DecodedEvent[] {
  const { decoding, document, owner, runId } = context
  const given = [
    ...document.errors.map((value, place) => ({ level: 'ERROR' as const, value, pointer: `/errors/${place}` })),
    ...document.failedAgents.map(({ phase, agent, error }) => ({
      level: 'ERROR' as const,
      value: { phase: `phase${phase}`, step: agent, message: error },
      pointer: '',
    })),
    ...document.warnings.map((value, place) => ({ level: 'WARNING' as const, value, pointer: `/warnings/${place}` })),
  ]
  return given.flatMap(({ level, value, pointer }, position) => {
    const object = typeof value === 'string' ? { message: value } : value
    const read = decoding.read(event, object, pointer)
    if (!read) return []
    decoding.rows.add('run_events', {
      id: decoding.ids.of('run_event', runId, position),
      ...owner,
      position,
      level,
      ...read,
      occurred_at: decoding.time(read.occurred_at),
      extra: isObject(object) ? extraOf(object, eventShape) : {},
    })
    return [{ level, phaseNumber: phaseNumberOf(read.phase, read.step), step: read.step, message: read.message }]
  })
}

/** From `phase2`, `2`, a phase's name, or else from the step's. */
function phaseNumberOf(phase: string | null, step: string | null): number | null {
  const digits = /^(?:phase[\s_]*)?([1-4])(?:_output)?$/i.exec(phase?.trim() ?? '')
  if (digits) return Number(digits[1])
  const named = PLAYBOOK_PHASES.indexOf((phase?.trim() ?? '') as (typeof PLAYBOOK_PHASES)[number])
  if (named >= 0) return named + 1
  if (step === null) return null
  if ((PLAYBOOK_RESEARCH_STEPS as readonly string[]).includes(step)) return 1
  const byAgent = PLAYBOOK_AGENTS.findIndex((agents) => agents.includes(step))
  return byAgent >= 0 ? byAgent + 1 : null
}
