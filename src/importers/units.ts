import { basename, dirname, resolve, sep } from 'node:path'
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
}

export type Found = { unit: Unit } | { file: string; path: string; issue: Issue } | { note: string }

/** A run directory's metadata is small; what is larger is something else of that name. */
const METADATA_LIMIT = 1024 * 1024

/** Walks the roots and puts together the files that belong together. */
export async function* findUnits(
  roots: string[],
  pathOf: (readPath: string) => { path: string; shown: string } = asGiven,
): AsyncGenerator<Found> {
  let directory: Unit | null = null
  for await (const found of walk(roots)) {
    if ('issue' in found) {
      yield { file: found.path, path: resolve(found.path), issue: found.issue }
      continue
    }
    if ('note' in found) {
      yield { note: `${found.path}: ${found.note}` }
      continue
    }
    if (/\.md(\.gz|\.zst)?$/i.test(found.path)) {
      yield { note: `${found.path}: Markdown that belongs to no run; passed over` }
      continue
    }
    const file: SourceFile = { readPath: found.path, ...pathOf(found.path), bytes: found.bytes }
    if (directory && found.path.startsWith(directory.directory! + sep)) {
      directory.files.push(file)
      continue
    }
    if (directory) yield { unit: directory }
    directory = null
    if (await startsRunDirectory(found.path))
      directory = { kind: 'run-directory', directory: dirname(found.path), files: [file] }
    else yield { unit: { kind: 'file', directory: null, files: [file] } }
  }
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
