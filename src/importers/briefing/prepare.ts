import { dirname } from 'node:path'
import { Decoding } from '../decoding.ts'
import { type PrepareContext, place, setAside } from '../prepare.ts'
import type { PreparedRecord } from '../prepared.ts'
import { reject } from '../read/issue.ts'
import type { Touch } from '../settlers.ts'
import type { Unit } from '../units.ts'
import { decodeItems } from './decode-items.ts'
import { decodeRun, recordAt } from './decode-run.ts'
import { phaseOfName } from './file-names.ts'
import { pipelineOf } from './pipeline-name.ts'
import { type Content, type RunFiles, runsIn, sha256Of } from './run-files.ts'

/** The runs whose phase artifacts lie in a directory: most often one. */
export function prepareArtifactDirectory(
  { isBesideBriefings = false }: Unit,
  files: Content[],
  { ids, options, prices }: PrepareContext,
): PreparedRecord[] {
  const { format } = options
  if (format !== 'auto' && format !== 'briefing') {
    const message = `This is a phase artifact of a run (briefing), and only ${format} is imported.`
    for (const { file } of files) setAside(file, reject('UNKNOWN_FORMAT', message))
    return []
  }
  const runs = runsIn(new Decoding(ids, options.timeZone, prices), files, { setAside })
  return runs.map((run) => {
    const directory = dirname(run.files[0]!.path)
    const phases = [...run.phases, ...run.markdown.flatMap(({ path }) => phaseOfName(path) ?? [])]
    const pipeline = options.pipeline ?? pipelineOf(phases, run.externalId, directory, isBesideBriefings)
    const decoding = new Decoding(ids, options.timeZone, prices)
    const runId = ids.of('run', pipeline, run.externalId)
    const owner = { organization_id: ids.organizationId, run_id: runId }
    const { runningGraceMinutes } = options
    const record = preparedRecord(run, runId, ids.of('pipeline', pipeline), decoding)
    decodeRun({ decoding, run, runId, pipeline, directory, runningGraceMinutes, owner }, record)
    const phaseIdOf = (number: number) => ids.of('phase', runId, number)
    decodeItems({ decoding, runId, owner, phaseIdOf }, run.phases, ({ file }) => {
      for (const found of decoding.issues.splice(0)) place(file, found, null)
    })
    return record
  })
}

function preparedRecord(run: RunFiles, id: string, pipelineId: string, { rows }: Decoding): PreparedRecord {
  const touches: Touch[] = [['artifactRuns', pipelineId]]
  for (const { touched } of run.files) for (const [settler, key] of touches) touched.set(settler, new Set([key]))
  return {
    owner: 'artifactRun',
    id,
    recordAt: recordAt(run),
    recordSha256: sha256Of(run.files),
    rows,
    touches,
    files: run.files,
    place: null,
    replaced: 0,
    written: null,
  }
}
