import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { byCodePoint, isReadableName } from '../read/names.ts'
import type { Found, SourceFile, Unit } from '../units.ts'
import { isDocument, isMarkdown, isRunName, phaseOfName } from './file-names.ts'
import { peekRun } from './peek.ts'
import { areBriefingPhases, isTellingPhase } from './pipeline-name.ts'

/** Gives a file the path that it is known by. */
type SourceOf = (readPath: string, bytes: number) => SourceFile

/** Files of one directory that are, or may be, artifacts of runs. */
type Group = {
  /** Absolute, as the root is. */
  directory: string
  root: string
  /** By run; files that do not tell theirs are under null. */
  runs: Map<string | null, SourceFile[]>
  markdown: SourceFile[]
}

/** A run directory's link may also be a file with the directory's name: copies of disks make it one. */
const LINK = 'latest'
const LINK_BYTES = 4096

/**
 * Puts together the files that are one phase-artifact run, while the files of a walk pass by in the order of their
 * paths. A directory is done when the walk has left it.
 */
export class ArtifactDirectories {
  readonly #sourceOf: SourceOf
  /** Directories that the walk is in, outermost first. */
  #open: Group[] = []
  /** Files that came with one of their run that was named directly. */
  readonly #taken = new Set<string>()
  readonly #linksSeen = new Set<string>()
  readonly #briefings = new Map<string, boolean>()

  constructor(sourceOf: SourceOf) {
    this.#sourceOf = sourceOf
  }

  /** What is complete once the walk goes on to this path; everything when it has ended. */
  *leave(next: string | null): Generator<Found> {
    while (this.#open.length > 0) {
      const last = this.#open.at(-1)!
      if (next !== null && isWithin(resolve(next), last.directory)) return
      this.#open.pop()
      yield* this.#close(last)
    }
  }

  /** Whether the file is taken: it is part of a run, or may be. */
  async take(found: { path: string; root: string; bytes: number }): Promise<boolean> {
    const { path, root } = found
    if (this.#taken.has(resolve(path))) return true
    const file = this.#sourceOf(path, found.bytes)
    if (isMarkdown(path)) {
      this.#groupOf(path, root).markdown.push(file)
      return true
    }
    const run = await runOf(path)
    if (run === undefined) return false
    add(this.#groupOf(path, root).runs, run, file)
    if (path === root) await this.#takeBeside(path, run)
    return true
  }

  /** One phase alone would make its run look broken: a file that is named directly brings those of its run along. */
  async #takeBeside(path: string, run: string | null): Promise<void> {
    const group = this.#groupOf(path, path)
    this.#taken.add(resolve(path))
    for (const name of namesIn(group.directory).filter(isReadableName).sort(byCodePoint)) {
      const beside = join(dirname(path), name)
      if (this.#taken.has(resolve(beside)) || !statSync(beside, { throwIfNoEntry: false })?.isFile()) continue
      const isReport = isMarkdown(beside) && phaseOfName(beside) !== null
      const its = isReport ? null : await runOf(beside)
      if (its === undefined || (its !== null && run !== null && its !== run)) continue
      this.#taken.add(resolve(beside))
      const file = this.#sourceOf(beside, statSync(beside).size)
      if (isReport) group.markdown.push(file)
      else add(group.runs, its, file)
    }
  }

  #groupOf(path: string, root: string): Group {
    const directory = dirname(resolve(path))
    const last = this.#open.at(-1)
    if (last?.directory === directory) return last
    const group = { directory, root: resolve(root), runs: new Map(), markdown: [] }
    this.#open.push(group)
    return group
  }

  *#close(group: Group): Generator<Found> {
    const { directory, runs, markdown } = group
    const untold = runs.get(null)
    if (untold && runs.size === 2) {
      runs.delete(null)
      for (const files of runs.values()) files.push(...untold)
    }
    // A report alone is a run only where runs are expected.
    const reports = markdown.filter(({ readPath }) => phaseOfName(readPath) !== null)
    if (runs.size === 0 && reports.length > 0 && isRunName(basename(directory))) runs.set(null, [])
    for (const file of markdown) {
      const owner = runs.size === 1 ? [...runs.keys()] : [...runs.keys()].filter((run) => named(file, run))
      if (owner.length === 1) runs.get(owner[0]!)!.push(file)
      else yield { note: `${file.readPath}: Markdown that belongs to no run; passed over` }
    }
    if (runs.size > 0) yield* this.#latest(group)
    for (const [run, files] of runs) {
      const original = this.#originalOf(directory, run)
      if (original) yield { note: `${directory}: a copy of ${original}, which is read itself` }
      else yield { unit: this.#unitOf(group, files) }
    }
  }

  #unitOf({ directory, root }: Group, files: SourceFile[]): Unit {
    files.sort((a, b) => byCodePoint(a.path, b.path))
    const phases = files.flatMap(({ readPath }) => phaseOfName(readPath) ?? [])
    const above = dirname(directory)
    // Elsewhere its phases, or the lack of them, say it.
    const asks = areBriefingPhases(phases) && !phases.some(isTellingPhase) && isWithin(above, root)
    const isBesideBriefings = asks && this.#holdsBriefings(above)
    return { kind: 'artifact-directory', directory, files, ...(isBesideBriefings && { isBesideBriefings }) }
  }

  /** Whether a directory holds runs that are of the briefing pipeline without doubt. */
  #holdsBriefings(directory: string): boolean {
    const known = this.#briefings.get(directory)
    if (known !== undefined) return known
    const isTelling = (name: string) => {
      const phase = phaseOfName(name)
      return phase !== null && isTellingPhase(phase)
    }
    const found = foldersOf(directory).some((folder) => namesIn(folder).some(isTelling))
    this.#briefings.set(directory, found)
    return found
  }

  /** Where `latest` points to, once for each directory of runs. */
  *#latest({ directory, root, runs }: Group): Generator<Found> {
    const above = dirname(directory)
    if (!isWithin(above, root) || this.#linksSeen.has(above)) return
    const link = join(above, LINK)
    const stats = lstatSync(link, { throwIfNoEntry: false })
    if (!stats || stats.isSymbolicLink()) return
    if (stats.isDirectory()) {
      // A copy that followed links has the newest run twice.
      if (link !== directory || runs.size !== 1) return
      const target = this.#originalOf(directory, [...runs.keys()][0]!) ?? directory
      this.#linksSeen.add(above)
      yield this.#linkTo(above, target)
    } else if (stats.isFile() && stats.size <= LINK_BYTES) {
      this.#linksSeen.add(above)
      const name = readName(link)
      if (!name) return
      const target = resolve(above, name)
      yield this.#linkTo(above, target)
      yield { note: `${link}: names ${relative(above, target)}, which is read itself` }
    }
  }

  /** What a symbolic link says of the newest run; nothing when it is not called `latest`. */
  *link({ path, target }: { path: string; target: string }): Generator<Found> {
    if (basename(path) !== LINK) return
    const directory = dirname(resolve(path))
    this.#linksSeen.add(directory)
    // The target comes without symbolic links; the files are known by the paths that they were found under.
    yield this.#linkTo(directory, resolve(directory, relative(realpathSync(directory), target)))
  }

  #linkTo(directory: string, target: string): Found {
    const pathOf = (path: string) => this.#sourceOf(path, 0).path
    return { latest: { directory: pathOf(directory), target: pathOf(target) } }
  }

  /** The directory that a directory `latest` is a copy of. */
  #originalOf(directory: string, run: string | null): string | null {
    if (basename(directory) !== LINK || run === null) return null
    const names = [`run_${run}`, run].map((name) => join(dirname(directory), name))
    return names.find((path) => existsSync(path)) ?? null
  }
}

/** The run that a phase artifact belongs to, null when it does not say; undefined when the file is none. */
async function runOf(path: string): Promise<string | null | undefined> {
  const phase = isMarkdown(path) ? null : phaseOfName(path)
  if (!phase && !isDocument(path)) return undefined
  const peeked = await peekRun(path)
  if (peeked) return peeked.runId
  return phase ? null : undefined
}

function add(runs: Group['runs'], run: string | null, file: SourceFile): void {
  const files = runs.get(run)
  if (files) files.push(file)
  else runs.set(run, [file])
}

function named({ readPath }: SourceFile, run: string | null): boolean {
  return run !== null && basename(readPath).includes(run)
}

function isWithin(directory: string, root: string): boolean {
  return directory === root || directory.startsWith(root.endsWith(sep) ? root : root + sep)
}

function foldersOf(directory: string): string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true })
    return entries.flatMap((entry) => (entry.isDirectory() ? [join(directory, entry.name)] : []))
  } catch {
    return []
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

/** The one line that a link copied as a file holds. */
function readName(path: string): string | null {
  try {
    const name = readFileSync(path, 'utf8').trim()
    return name === '' || /[\n\r\0]/.test(name) ? null : name
  } catch {
    return null
  }
}
