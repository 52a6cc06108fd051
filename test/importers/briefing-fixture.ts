import { BRIEFING_PHASES } from '../../src/model/pipelines.ts'

type Json = Record<string, unknown>

/** A phase artifact. Phases end a minute after each other, from the moment in the run's name on. */
export function phaseArtifact(run: string, number: number, name: string, metadata: Json = {}, data: Json = {}): Json {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)$/.exec(run)!.map(Number)
  const start = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!)
  return {
    metadata: {
      run_id: run,
      phase_name: name,
      phase_number: number,
      timestamp: new Date(start + number * 60_000).toISOString(),
      duration_seconds: 10,
      input_count: 0,
      output_count: 0,
      llm_calls: 0,
      cost_usd: 0,
      status: 'completed',
      ...metadata,
    },
    data,
  }
}

type BriefingOptions = {
  /** Number of the last phase that left a file; 10 unless given. */
  upTo?: number
  metadata?: Record<number, Json>
  data?: Record<number, Json>
  folder?: string
}

/** The files of a briefing run: nine phases and the report. */
export function briefing(
  run: string,
  { upTo = 10, metadata = {}, data = {}, folder = `briefing/artifacts/run_${run}` }: BriefingOptions = {},
): Record<string, unknown> {
  const files: Record<string, unknown> = {}
  BRIEFING_PHASES.slice(0, Math.min(upTo, 9)).forEach((name, index) => {
    const number = index + 1
    files[`${folder}/phase${number}_${name}.json`] = phaseArtifact(run, number, name, metadata[number], data[number])
  })
  if (upTo === 10) files[`${folder}/phase10_final_report.md`] = `# Briefing ${run}\n`
  return files
}

/** The files of a run of another pipeline. */
export function otherRun(run: string, phases: string[], folder: string): Record<string, unknown> {
  return Object.fromEntries(
    phases.map((name, index) => [`${folder}/phase${index + 1}_${name}.json`, phaseArtifact(run, index + 1, name)]),
  )
}
