import { CrossrunError } from '../errors.ts'
import { findRuns, type RunSummary } from '../measures/run-summaries.ts'
import type { Reading } from './reading.ts'

/** As many candidates as an error names. */
const MOST_NAMED = 10

export const runArgument = {
  type: 'positional',
  required: true,
  description: 'The run: its name in the artifacts, or its id.',
} as const

export const pipelineArgument = {
  type: 'string',
  description: 'The name of its pipeline, for names that several pipelines use.',
  valueHint: 'NAME',
} as const

/**
 * The run that a name or id means.
 * @throws CrossrunError `RUN_NOT_FOUND`, or `RUN_AMBIGUOUS` naming the candidates
 */
export async function findRun(
  { db, scope }: Reading,
  name: string,
  pipeline: string | null | undefined,
): Promise<RunSummary> {
  const named = (text: string) => findRuns(db, scope, text, pipeline ?? null, MOST_NAMED + 1)
  let found = await named(name)
  // The directory of a phase-artifact run is called run_ and its name.
  if (found.length === 0 && name.startsWith('run_')) found = await named(name.slice('run_'.length))
  if (found.length === 1) return found[0]!
  const within = pipeline ? ` of the pipeline '${pipeline}'` : ''
  if (found.length === 0)
    throw new CrossrunError('RUN_NOT_FOUND', `No run${within} is called '${name}'.`, {
      hint: '`crossrun runs list` names the runs there are.',
    })
  const candidates = found.slice(0, MOST_NAMED).map((run) => `  ${run.pipeline}  ${run.externalId}  ${run.id}`)
  if (found.length > MOST_NAMED) candidates.push('  … and more')
  const pipelines = new Set(found.map((run) => run.pipeline))
  throw new CrossrunError('RUN_AMBIGUOUS', `'${name}' names several runs${within}:\n${candidates.join('\n')}`, {
    hint:
      pipelines.size > 1
        ? `Say which pipeline is meant, such as --pipeline ${found[0]!.pipeline}, or name the run by its id.`
        : 'Name the run by its id.',
  })
}
