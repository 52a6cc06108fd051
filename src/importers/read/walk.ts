import { type Dirent, lstatSync, realpathSync, type Stats, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { type Issue, reject, unreadable } from './issue.ts'
import { byCodePoint, isReadableName, isWalkedFolder } from './names.ts'

/** A file to read: its path to open, its path below the root with `/` (the file's name when the root is the file). */
export type FoundFile = { path: string; relativePath: string; root: string; bytes: number }

/** Something that is not read and needs no action; `link` when it is a symbolic link to what is read anyway. */
export type WalkNote = { path: string; note: string; link?: { path: string; target: string } }

/** Something that should have been read and cannot be. */
export type WalkIssue = { path: string; issue: Issue }

export type Walked = FoundFile | WalkNote | WalkIssue

/** One root being walked: `real` is its path without symbolic links. */
type Walk = { root: string; real: string; earlier: ReadonlySet<string>; linked: Set<string> }

/**
 * Finds the files to import below each root, in code-point order of their paths, each once.
 * Folders are walked for names that can hold artifacts; a root that is a file is yielded whatever its name.
 * Symbolic links are never followed out of their root, and one to something that is walked anyway is only noted.
 */
export async function* walk(roots: string[]): AsyncGenerator<Walked> {
  const earlier = new Set<string>()
  for (const root of roots) {
    let real: string
    let stats: Stats
    try {
      real = realpathSync(root)
      stats = statSync(real)
    } catch (error) {
      yield { path: root, issue: unreadable(error as NodeJS.ErrnoException) }
      continue
    }
    if (earlier.has(real)) {
      yield { path: root, note: 'named twice; it is read once' }
      continue
    }
    if (stats.isDirectory()) yield* walkFolders({ root, real, earlier, linked: new Set() })
    else if (!stats.isFile()) yield { path: root, issue: reject('UNREADABLE', `cannot be read: it is ${kind(stats)}`) }
    else if (isReadableName(real) && lies(real, earlier))
      yield { path: root, note: 'lies in a folder that was named before; it is read once' }
    else yield { path: root, relativePath: basename(root), root, bytes: stats.size }
    earlier.add(real)
  }
}

async function* walkFolders(walk: Walk): AsyncGenerator<Walked> {
  // A stack of its own: neither deep folders nor wide ones cost call frames. The last entry is the next one.
  const pending: (string | { path: string; entry: Dirent })[] = ['']
  while (pending.length > 0) {
    const next = pending.pop()!
    if (typeof next !== 'string') {
      const found = examine(walk, next.path, next.entry)
      if (found === 'folder') pending.push(next.path)
      else if (found) yield found
      continue
    }
    const path = below(walk, next)
    if (lies(join(walk.real, next), walk.earlier)) {
      yield { path, note: 'lies in a folder that was named before; it is read once' }
      continue
    }
    let entries: Dirent[]
    try {
      entries = await readdir(path, { withFileTypes: true })
    } catch (error) {
      yield { path, issue: unreadable(error as NodeJS.ErrnoException) }
      continue
    }
    // A folder sorts as its name and a slash: so whole paths come in code-point order.
    const named = entries.map((entry) => ({ entry, key: entry.isDirectory() ? `${entry.name}/` : entry.name }))
    named.sort((a, b) => byCodePoint(b.key, a.key))
    for (const { entry } of named) pending.push({ path: next === '' ? entry.name : `${next}/${entry.name}`, entry })
  }
}

/** What becomes of one entry; nothing when it is silently passed over. */
function examine(walk: Walk, relativePath: string, entry: Dirent): Walked | 'folder' | undefined {
  const path = below(walk, relativePath)
  if (entry.isSymbolicLink()) return examineLink(walk, relativePath, entry.name)
  if (entry.isDirectory()) return isWalkedFolder(entry.name) ? 'folder' : undefined
  // A stat takes 2 µs here, a trip through the thread pool 40.
  let stats: Stats
  try {
    if (entry.isFile() && !isReadableName(entry.name)) return undefined
    stats = lstatSync(path)
  } catch (error) {
    // Node decodes names as UTF-8; one that is not cannot be opened by the string it became.
    if (entry.name.includes('\uFFFD'))
      return { path, issue: reject('UNREADABLE', 'cannot be read: its name is not UTF-8') }
    return { path, issue: unreadable(error as NodeJS.ErrnoException) }
  }
  if (!stats.isFile()) return { path, note: `passed over: it is ${kind(stats)}` }
  if (walk.earlier.has(join(walk.real, relativePath))) return { path, note: 'named before; it is read once' }
  return { path, relativePath, root: walk.root, bytes: stats.size }
}

function examineLink(walk: Walk, relativePath: string, name: string): Walked | undefined {
  const path = below(walk, relativePath)
  let target: string
  let stats: Stats
  try {
    target = realpathSync(path)
    stats = statSync(target)
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ELOOP' ? 'links in a circle' : 'to nothing that can be read'
    return { path, note: `symbolic link ${why}; not followed` }
  }
  const inside = target === walk.real ? '' : relative(walk.real, target)
  if (inside === '..' || inside.startsWith(`..${sep}`)) {
    return { path, note: `symbolic link out of ${walk.root}, to ${target}; not followed`, link: { path, target } }
  }
  const parts = inside === '' ? [] : inside.split(sep)
  const folders = stats.isDirectory() ? parts : parts.slice(0, -1)
  const walkedAnyway = folders.every(isWalkedFolder) && (stats.isDirectory() || isReadableName(target))
  if (walkedAnyway || !stats.isFile()) {
    const note = walkedAnyway
      ? `symbolic link to ${inside || '.'}, which is read itself`
      : 'symbolic link; not followed'
    return { path, note, link: { path, target } }
  }
  // The target has a name that is not read or lies in a folder that is passed over: the link is its only way in.
  if (!isReadableName(name) || walk.linked.has(target)) return undefined
  walk.linked.add(target)
  return { path, relativePath, root: walk.root, bytes: stats.size }
}

function below(walk: Walk, relativePath: string): string {
  return relativePath === '' ? walk.root : join(walk.root, relativePath)
}

/** Whether a real path is, or is below, one of the roots walked before (and is reached by walking that root). */
function lies(real: string, earlier: ReadonlySet<string>): boolean {
  for (const root of earlier) {
    if (real === root) return true
    const prefix = root.endsWith(sep) ? root : root + sep
    if (real.startsWith(prefix) && real.slice(prefix.length).split(sep).every(isWalkedFolder)) return true
  }
  return false
}

function kind(stats: Stats): string {
  if (stats.isDirectory()) return 'a directory'
  if (stats.isFIFO()) return 'a named pipe'
  if (stats.isSocket()) return 'a socket'
  if (stats.isCharacterDevice() || stats.isBlockDevice()) return 'a device'
  return 'not a regular file'
}

/** The size of all files that a walk finds, in bytes. */
export async function totalBytes(roots: string[]): Promise<number> {
  let bytes = 0
  for await (const found of walk(roots)) if ('bytes' in found) bytes += found.bytes
  return bytes
}
