import { basename, dirname } from 'node:path'
import { BRIEFING_PHASES } from '../../model/pipelines.ts'
import { isRunName, type PhaseName } from './file-names.ts'

const BRIEFING = 'briefing'
/** Directories named for what lies in them, not for who made it. */
const GENERIC = new Set(['artifact', 'artifacts', 'data', 'output', 'outputs', 'result', 'results', 'run', 'runs'])
/** Phases that no other pipeline is likely to have; the others have names that many use. */
const TELLING: ReadonlySet<string> = new Set(BRIEFING_PHASES.slice(2, 5))

/** Whether all phases are those of the briefing pipeline, by number and name. */
export function areBriefingPhases(phases: readonly PhaseName[]): boolean {
  return (
    phases.length > 0 &&
    phases.every(({ number, name }) => number > BRIEFING_PHASES.length || BRIEFING_PHASES[number - 1] === name)
  )
}

export function isTellingPhase({ number, name }: PhaseName): boolean {
  return TELLING.has(name) && BRIEFING_PHASES[number - 1] === name
}

/**
 * The pipeline of a run: `briefing` when its phases say so, else the name of the directory above the runs.
 * @param run its name
 * @param directory of its files
 * @param isBesideBriefings whether runs beside it are of the briefing pipeline
 */
export function pipelineOf(
  phases: readonly PhaseName[],
  run: string,
  directory: string,
  isBesideBriefings: boolean,
): string {
  const name = basename(directory)
  const above = nameAbove(isRunName(name) || name.includes(run) ? dirname(directory) : directory)
  if (areBriefingPhases(phases) && (isBesideBriefings || above === null || phases.some(isTellingPhase))) return BRIEFING
  return above ?? 'artifacts'
}

/** The nearest directory, from this one upwards, whose name tells something. */
function nameAbove(directory: string): string | null {
  for (let at = directory; ; at = dirname(at)) {
    const name = basename(at)
    if (name === '') return null
    if (!GENERIC.has(name.toLowerCase())) return name
  }
}
