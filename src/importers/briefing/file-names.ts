import { basename } from 'node:path'

/** What a phase artifact's name says: `phase3_tier1_filter.json`, `phase10_final_report.md`. */
export type PhaseName = { number: number; name: string }

const PHASE_FILE = /^phase[_-]?(\d{1,6})[_-](.+)\.(?:json|txt|md)$/i
/** Phase outputs of the playbook pipeline have names of the same kind. */
const PLAYBOOK_OUTPUT = /^phase[1-4]_output(?:_\d{8}_\d{6})?\./i

/** The phase that a file's name tells; null when it tells none. */
export function phaseOfName(path: string): PhaseName | null {
  const name = bare(path)
  const match = PLAYBOOK_OUTPUT.test(name) ? null : PHASE_FILE.exec(name)
  return match && { number: Number(match[1]), name: match[2]! }
}

export function isMarkdown(path: string): boolean {
  return /\.md$/i.test(bare(path))
}

/** Whether a file may be one JSON document, by its name. */
export function isDocument(path: string): boolean {
  return /\.(?:json|txt)$/i.test(bare(path))
}

/** A file's name without extensions. */
export function stemOf(path: string): string {
  return bare(path).replace(/\.[^.]+$/, '')
}

/** Whether a directory's name is that of a run, such as `run_20251109_060047` or `2025-11-09`, not of many runs. */
export function isRunName(name: string): boolean {
  return /^run[_-]/i.test(name) || name === 'latest' || /\d/.test(name)
}

/** The run that a directory is named after. */
export function runOfDirectory(directory: string): string {
  return basename(directory).replace(/^run[_-]/i, '')
}

function bare(path: string): string {
  return basename(path).replace(/\.(?:gz|zst)$/i, '')
}
