import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, sep } from 'node:path'
import { runningPostmaster } from './postmaster.ts'
import { writePrivateFile } from './private-file.ts'

/** Where root keeps what an unprivileged account must reach but cannot reach in the checkout. */
export const systemDirectories = { data: '/var/lib/crossrun', cache: '/var/cache/crossrun' }

/** In the data directory: says where its database is. */
const pointerIn = (dataDirectory: string) => join(dataDirectory, 'postgres-location')

/** Beside the relocated database: says whose it is. */
const originIn = (home: string) => join(home, 'origin')

/**
 * Where the database of an unreachable data directory is kept. A moved checkout finds its database again by the
 * pointer; a copied one gets its own.
 */
export async function relocatedHome(dataDirectory: string): Promise<string> {
  const home = await read(pointerIn(dataDirectory))
  if (!home) return defaultHome(dataDirectory)
  const origin = await read(originIn(home))
  const isCopy = origin !== dataDirectory && origin !== undefined && (await read(pointerIn(origin))) === home
  return origin === undefined || isCopy ? defaultHome(dataDirectory) : home
}

/** Writes the pointer and its counterpart. */
export function recordRelocation(dataDirectory: string, home: string): void {
  writePrivateFile(originIn(home), `${dataDirectory}\n`)
  writePrivateFile(pointerIn(dataDirectory), `${home}\n`)
}

/** Removes relocated databases whose data directory was a temporary one and is gone: nobody can ask for them again. */
export async function dropForgotten(): Promise<void> {
  const temporary = await realpath(tmpdir())
  for (const name of await readdir(systemDirectories.data)) {
    const home = join(systemDirectories.data, name)
    const origin = await read(originIn(home))
    if (!origin?.startsWith(temporary + sep) || existsSync(origin) || runningPostmaster(join(home, 'cluster'))) continue
    await rm(home, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** The checkout's name for people, a hash of the data directory's path so that no two checkouts meet. */
function defaultHome(dataDirectory: string): string {
  const hash = createHash('sha256').update(dataDirectory).digest('hex').slice(0, 12)
  return join(systemDirectories.data, `${basename(dirname(dataDirectory)) || 'root'}-${hash}`)
}

async function read(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  return text?.trim() || undefined
}
