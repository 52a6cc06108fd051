import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'

/** What a backup says about itself: every directory and file of the cluster, each file with size and sha256. */
export const manifestShape = z.object({
  format: z.literal('crossrun-backup'),
  formatVersion: z.literal(1),
  createdAt: z.string(),
  /** Major version of PostgreSQL that can open the cluster. */
  postgresVersion: z.string(),
  directories: z.array(z.string()),
  files: z.array(z.object({ path: z.string(), size: z.number(), sha256: z.string() })),
  /** sha256 over the two lists as JSON, so that a damaged manifest is not believed. */
  checksum: z.string(),
})

export type Manifest = z.infer<typeof manifestShape>
export type Contents = Pick<Manifest, 'directories' | 'files'>

/** Reads a whole directory; paths are relative to it, with `/`, in code-point order. */
export async function contentsOf(directory: string): Promise<Contents> {
  const contents: Contents = { directories: [], files: [] }
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    const full = join(entry.parentPath, entry.name)
    const path = relative(directory, full).split(sep).join('/')
    if (entry.isDirectory()) contents.directories.push(path)
    else {
      const { size } = await stat(full)
      contents.files.push({ path, size, sha256: await sha256Of(full, size) })
    }
  }
  contents.directories.sort()
  contents.files.sort((a, b) => (a.path < b.path ? -1 : 1))
  return contents
}

export function describe(contents: Contents, postgresVersion: string): Manifest {
  return {
    format: 'crossrun-backup',
    formatVersion: 1,
    createdAt: new Date().toISOString(),
    postgresVersion,
    ...contents,
    checksum: checksumOf(contents),
  }
}

/** The first few ways in which the contents are not what the manifest says; empty when they agree. */
export function differences(manifest: Manifest, found: Contents): string[] {
  if (checksumOf(manifest) !== manifest.checksum) return ['its manifest has been altered']
  const files = new Map(found.files.map((file) => [file.path, file]))
  const wrong: string[] = []
  for (const file of manifest.files) {
    const match = files.get(file.path)
    files.delete(file.path)
    if (!match) wrong.push(`${file.path} is missing`)
    else if (match.size !== file.size || match.sha256 !== file.sha256) wrong.push(`${file.path} is damaged`)
  }
  for (const path of files.keys()) wrong.push(`${path} does not belong to it`)
  const directories = new Set(found.directories)
  for (const path of manifest.directories) if (!directories.has(path)) wrong.push(`${path}/ is missing`)
  return wrong.length > 5 ? [...wrong.slice(0, 5), `and ${wrong.length - 5} more`] : wrong
}

/** Most files of a cluster are smaller; a stream for each of a thousand takes seconds. */
const wholeFileBytes = 1 << 20

/** Hexadecimal sha256 of a file; a large one is read as a stream. */
export async function sha256Of(file: string, size = Number.POSITIVE_INFINITY): Promise<string> {
  const hash = createHash('sha256')
  if (size <= wholeFileBytes) return hash.update(await readFile(file)).digest('hex')
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}

const checksumOf = ({ directories, files }: Contents): string =>
  createHash('sha256')
    .update(JSON.stringify([directories, files.map(({ path, size, sha256 }) => [path, size, sha256])]))
    .digest('hex')
