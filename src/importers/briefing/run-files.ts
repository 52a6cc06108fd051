import { hash } from 'node:crypto'
import { basename, dirname } from 'node:path'
import type { Decoding } from '../decoding.ts'
import type { ReadFile } from '../prepared.ts'
import { type Issue, reject } from '../read/issue.ts'
import { parseJson } from '../read/parse-json.ts'
import { isObject } from '../wire.ts'
import { isMarkdown, phaseOfName, runOfDirectory } from './file-names.ts'
import { type Metadata, metadata } from './wire.ts'

/** A phase that left JSON. */
export type PhaseFile = {
  file: ReadFile
  number: number
  name: string
  metadata: Metadata
  /** The whole file. */
  document: Record<string, unknown>
  /** When it was finished. */
  at: Date | null
}

/** The files of one run. */
export type RunFiles = {
  externalId: string
  /** By number, each once. */
  phases: PhaseFile[]
  markdown: ReadFile[]
  /** All that the run was made from, those that were superseded included. */
  files: ReadFile[]
}

export type Content = { file: ReadFile; content: Buffer }

/** What is wrong with a file as a whole, or with a part of it. */
export type Placing = { setAside(file: ReadFile, found: Issue): void }

/** Reads a directory's files and divides them by run. A file that is no phase artifact is set aside; the others stay. */
export function runsIn(decoding: Decoding, contents: readonly Content[], { setAside }: Placing): RunFiles[] {
  const phases: { run: string | null; phase: PhaseFile }[] = []
  const markdown: ReadFile[] = []
  for (const { file, content } of contents) {
    file.format = 'briefing'
    if (isMarkdown(file.readPath)) {
      markdown.push(file)
      continue
    }
    const parsed = parseJson(content)
    if ('issue' in parsed) {
      setAside(file, parsed.issue)
      continue
    }
    for (const issue of parsed.issues) file.issues.push(issue)
    const phase = phaseIn(decoding, file, parsed.value)
    if ('issue' in phase) setAside(file, phase.issue)
    else phases.push({ run: phase.metadata.run_id, phase })
  }
  const told = new Set(phases.flatMap(({ run }) => run ?? []))
  const files = contents.map(({ file }) => file)
  // Files that do not say whose they are belong to the one that the others name, or that the directory is named after.
  const usual = told.size === 1 ? [...told][0]! : files[0] ? runOfDirectory(dirname(files[0].path)) : ''
  const runs = new Map<string, PhaseFile[]>()
  for (const { run, phase } of phases) runs.set(run ?? usual, [...(runs.get(run ?? usual) ?? []), phase])
  if (runs.size === 0 && markdown.some(({ path }) => phaseOfName(path))) runs.set(usual, [])
  return [...runs].map(([externalId, found]) => {
    const reports = runs.size === 1 ? markdown : markdown.filter(({ path }) => basename(path).includes(externalId))
    return {
      externalId,
      phases: onePerNumber(found),
      markdown: reports,
      files: [...found.map(({ file }) => file), ...reports],
    }
  })
}

function phaseIn(decoding: Decoding, file: ReadFile, document: unknown): PhaseFile | { issue: Issue } {
  if (!isObject(document) || !isObject(document.metadata))
    return { issue: reject('SCHEMA', 'metadata is missing (expected an object that names a run and a phase)') }
  const before = decoding.issues.length
  const read = decoding.read(metadata, document.metadata, '/metadata')
  if (!read) {
    // One file is one reject, whatever the number of things wrong with it.
    const found = decoding.issues.splice(before)
    return { issue: { ...found[0]!, message: found.map(({ message }) => message).join('; ') } }
  }
  const named = phaseOfName(file.path)
  const { phase } = document.metadata
  const number = read.phase_number ?? (typeof phase === 'number' ? phase : null) ?? named?.number ?? null
  const name = read.phase_name ?? (typeof phase === 'string' ? phase : null) ?? named?.name ?? null
  if (number === null || !Number.isInteger(number))
    return { issue: reject('SCHEMA', 'phase_number is missing (expected a whole number)', { pointer: '/metadata' }) }
  return { file, number, name: name ?? `phase${number}`, metadata: read, document, at: decoding.time(read.timestamp) }
}

/** Of several files of one phase the newest counts; the others are remarked on. */
function onePerNumber(found: PhaseFile[]): PhaseFile[] {
  const phases = new Map<number, PhaseFile>()
  for (const phase of found) {
    const other = phases.get(phase.number)
    const isNewer = !other || (phase.at?.getTime() ?? 0) >= (other.at?.getTime() ?? 0)
    const superseded = isNewer ? other : phase
    if (isNewer) phases.set(phase.number, phase)
    superseded?.file.issues.push({
      ...reject('SCHEMA', `another file of the run has phase ${phase.number} too; the newer one counts`),
      severity: 'WARNING',
      code: 'DUPLICATE_ID',
      pointer: '/metadata/phase_number',
    })
  }
  return [...phases.values()].sort((a, b) => a.number - b.number)
}

/** SHA-256 of what the run was made from, wherever the files lie. */
export function sha256Of(files: readonly ReadFile[]): string {
  const lines = files.map(({ path, sha256 }) => `${basename(path)} ${sha256}`)
  return hash('sha256', lines.sort().join('\n'))
}
