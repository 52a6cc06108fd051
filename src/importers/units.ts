import { basename, dirname, resolve, sep } from 'node:path'
import { ArtifactDirectories } from './briefing/artifact-directories.ts'
import { isMarkdown } from './briefing/file-names.ts'
import { isRunDirectoryMetadata } from './playbook/layouts.ts'
import type { Issue } from './read/issue.ts'
import { readSmall } from './read/open.ts'
import { parseJson } from './read/parse-json.ts'
import { walk } from './read/walk.ts'

/** A file as the importer speaks of it. */
export type SourceFile = {
  /** Where its bytes are. */
  readPath: string
  /** Absolute; the ledger knows the file by it. */
  path: string
  /** As people see it: below the root they named. */
  shown: string
  bytes: number
}

/** Files that make records together: most often one. */
export type Unit = {
  kind: 'file' | 'run-directory' | 'artifact-directory'
  directory: string | null
  files: SourceFile[]
  /** Of phase artifacts: whether runs beside this one are of the briefing pipeline. */
  isBesideBriefings?: boolean
}

/** A `latest` beside run directories: the directory that holds it, and the run directory that it points to. */
export type Latest = { directory: string; target: string }

export type Found =
  | { unit: Unit }
  | { file: string; path: string; issue: Issue }
  | { note: string }
  | { latest: Latest }

/** A run directory's metadata is small; what is larger is something else of that name. */
const METADATA_LIMIT = 1024 * 1024

/** Walks the roots and puts together the files that belong together. */
export async function* findUnits(
  roots: string[],
  pathOf: (readPath: string) => { path: string; shown: string } = asGiven,
): AsyncGenerator<Found> {
  const sourceOf = (readPath: string, bytes: number): SourceFile => ({ readPath, ...pathOf(readPath), bytes })
  const artifacts = new ArtifactDirectories(sourceOf)
  let directory: Unit | null = null
  for await (const found of walk(roots)) {
    if ('issue' in found) {
      yield { file: found.path, path: resolve(found.path), issue: found.issue }
      continue
    }
    if ('note' in found) {
      yield { note: `${found.path}: ${found.note}` }
      if (found.link) yield* artifacts.link(found.link)
      continue
    }
    yield* artifacts.leave(found.path)
    const isBelow = directory && found.path.startsWith(directory.directory! + sep)
    if (directory && !isBelow) {
      yield { unit: directory }
      directory = null
    }
    // A run directory's metadata sorts before its steps, whose files are its own.
    if (directory && !isMarkdown(found.path)) directory.files.push(sourceOf(found.path, found.bytes))
    else if (await artifacts.take(found)) continue
    else if (await startsRunDirectory(found.path))
      directory = { kind: 'run-directory', directory: dirname(found.path), files: [sourceOf(found.path, found.bytes)] }
    else yield { unit: { kind: 'file', directory: null, files: [sourceOf(found.path, found.bytes)] } }
  }
  yield* artifacts.leave(null)
  if (directory) yield { unit: directory }
}

function asGiven(readPath: string): { path: string; shown: string } {
  return { path: resolve(readPath), shown: readPath }
}

async function startsRunDirectory(path: string): Promise<boolean> {
  if (!/^metadata\.json(\.gz|\.zst)?$/.test(basename(path))) return false
  const read = await readSmall(path, METADATA_LIMIT)
  if (!read || 'code' in read) return false
  const parsed = parseJson(read.content)
  return 'value' in parsed && isRunDirectoryMetadata(parsed.value)
}
