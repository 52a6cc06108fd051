import { existsSync } from 'node:fs'
import { open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { create } from 'tar'
import type { Environment } from '../../environment.ts'
import { BadInputError, DatabaseError } from '../../errors.ts'
import { clusterVersion, requireVersion } from './cluster.ts'
import { fromSystemError } from './failures.ts'
import { contentsOf, describe, sha256Of } from './manifest.ts'
import { whileStopped } from './quiet.ts'

/** Names inside the archive. */
export const manifestName = 'manifest.json'
export const clusterName = 'cluster'

export type Backup = { file: string; files: number; bytes: number; archiveBytes: number; sha256: string }

/**
 * Writes the whole cluster into one .tar.gz with a manifest of checksums. Cold: the server is stopped meanwhile. The
 * file appears under its name only when it is complete and on disk.
 * @throws DatabaseError `DATABASE_IN_USE`, `DATABASE_NOT_CREATED`, `DATABASE_DISK_FULL`.
 */
export async function backUp(environment: Environment, file: string): Promise<Backup> {
  const target = resolve(file)
  const draft = `${target}.partial`
  if (!existsSync(dirname(target)))
    throw new BadInputError(`There is no directory ${dirname(target)} to write the backup to.`)
  return whileStopped(environment, 'be backed up', async (places) => {
    const version = await clusterVersion(places.cluster)
    if (version === undefined) throw notCreated(places.dataDirectory)
    requireVersion(places.cluster, version)
    const manifest = join(places.home, manifestName)
    try {
      const contents = await contentsOf(places.cluster)
      await writeFile(manifest, JSON.stringify(describe(contents, version)), { mode: 0o600 })
      await create({ cwd: places.home, file: draft, gzip: { level: 1 }, strict: true, mode: 0o600 }, [
        manifestName,
        clusterName,
      ])
      await flush(draft)
      await rename(draft, target)
      const bytes = contents.files.reduce((sum, { size }) => sum + size, 0)
      const { size } = await stat(target)
      return { file: target, files: contents.files.length, bytes, archiveBytes: size, sha256: await sha256Of(target) }
    } catch (error) {
      await rm(draft, { force: true })
      throw fromSystemError(error, target)
    } finally {
      await rm(manifest, { force: true })
    }
  })
}

async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  await handle.sync()
  await handle.close()
}

export function notCreated(dataDirectory: string): DatabaseError {
  return new DatabaseError('DATABASE_NOT_CREATED', `There is no embedded database in ${dataDirectory} yet.`, {
    hint: '`crossrun db start` creates one.',
  })
}
