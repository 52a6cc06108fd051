import { basename } from 'node:path'
import type { Decoding } from '../decoding.ts'
import { payloadIdOf } from '../payload-rows.ts'
import type { PreparedRecord, ReadFile } from '../prepared.ts'
import { partsOf } from '../read/parts.ts'
import { isObject } from '../wire.ts'
import { decodePart, decodeRun, runContextOf, seePart } from './decode-run.ts'
import {
  type DirectoryFile,
  type DocumentFile,
  documentOfDirectory,
  documentOfPhases,
  documentOfRun,
  type PhaseFile,
  stemOf,
} from './documents.ts'
import { directoryParts, type Layout } from './layouts.ts'
import { noPartsSeen, PART_PATTERNS, type RunDocument } from './run-document.ts'

export type ParsedFile = { file: ReadFile; value: unknown }
export type LaidOutFile = ParsedFile & { layout: Layout }
type Part = { pointer: string; value: unknown }

/** The record of one file that holds a complete run. */
export function prepareRun(decoding: Decoding, { file, value, layout }: LaidOutFile): PreparedRecord | null {
  const { parts, rest } = split(value, layout)
  const document = documentOfRun(decoding, documentFileOf(decoding, file), rest)
  return document && finish(decoding, document, parts, [file])
}

/**
 * The record of files that hold a phase each.
 * @param name of the run
 */
export function preparePhases(decoding: Decoding, name: string, files: LaidOutFile[]): PreparedRecord {
  const parts: Part[] = []
  const phaseFiles = files.map(({ file, value, layout }): PhaseFile => {
    const divided = split(value, layout)
    parts.push(...divided.parts)
    return { file: documentFileOf(decoding, file), layout, rest: divided.rest }
  })
  return finish(
    decoding,
    documentOfPhases(name, phaseFiles),
    parts,
    files.map(({ file }) => file),
  )
}

/**
 * The record of a run directory.
 * @param directory its path; its name is the run's
 */
export function prepareDirectory(
  decoding: Decoding,
  directory: string,
  metadata: ParsedFile,
  others: ParsedFile[],
): PreparedRecord {
  const parts = others.flatMap(({ file, value }): DirectoryFile[] => {
    const part = directoryParts.get(stemOf(basename(file.readPath)))
    return part ? [{ file: documentFileOf(decoding, file), part, value }] : []
  })
  const document = documentOfDirectory(
    decoding,
    basename(directory),
    { file: documentFileOf(decoding, metadata.file), value: metadata.value as Record<string, unknown> },
    parts,
  )
  const whole = Object.fromEntries([...document.phases].map(([phase, output]) => [`phase${phase}_output`, output]))
  const divided = partsOf(whole, PART_PATTERNS)
  const rest = divided.rest as Record<string, Record<string, unknown>>
  for (const phase of document.phases.keys()) document.phases.set(phase, rest[`phase${phase}_output`]!)
  return finish(decoding, document, divided.parts, [metadata.file, ...others.map(({ file }) => file)])
}

/** Files of a run directory that are none of its parts. */
export function isDirectoryPart(path: string): boolean {
  return directoryParts.has(stemOf(basename(path)))
}

export function documentFileOf({ ids }: Decoding, file: ReadFile): DocumentFile {
  return {
    path: file.path,
    shown: file.shown,
    sha256: file.sha256!,
    bytes: file.bytes,
    payloadId: payloadIdOf(ids, file.sha256!),
  }
}

function split(value: unknown, layout: Layout): { parts: Part[]; rest: Record<string, unknown> } {
  const divided = partsOf(value, layout.patterns)
  return {
    parts: divided.parts.map((part) => ({ pointer: layout.canonical(part.pointer), value: part.value })),
    rest: divided.rest as Record<string, unknown>,
  }
}

function finish(decoding: Decoding, document: RunDocument, parts: Part[], files: ReadFile[]): PreparedRecord {
  const seen = noPartsSeen()
  for (const { pointer } of parts) seePart(seen, pointer)
  const context = runContextOf(decoding, document)
  decodeRun(context, seen)
  parts.forEach(({ pointer, value }, position) => {
    decodePart(context, pointer, value, position)
  })
  return {
    owner: 'playbookRun',
    id: context.runId,
    recordAt: document.recordAt,
    recordSha256: document.recordSha256,
    rows: decoding.rows,
    touches: [],
    files,
    place: null,
    replaced: 0,
    written: null,
  }
}

/** Where an issue of a run directory lies: the file whose part it is, and the pointer in that file. */
export function placeInDirectory(pointer: string, others: ParsedFile[]): { file: ReadFile; pointer: string } | null {
  for (const { file, value } of others) {
    const part = directoryParts.get(stemOf(basename(file.readPath)))
    if (!part || !pointer.startsWith(part.canonical)) continue
    const isBare = !isObject(value) || !(part.key in value)
    return { file, pointer: (isBare ? '' : `/${part.key}`) + pointer.slice(part.canonical.length) }
  }
  return null
}
