import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rename, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { extract } from 'tar'
import type { Environment } from '../../environment.ts'
import { DatabaseError } from '../../errors.ts'
import { giveTo, giveTreeTo } from './account.ts'
import { clusterName, manifestName } from './backup.ts'
import { type Binaries, findBinaries } from './binaries.ts'
import { draftPrefix, majorVersion, removeTree, writeConfiguration } from './cluster.ts'
import { startAndLogIn } from './ensure.ts'
import { fromSystemError } from './failures.ts'
import { dropOldCluster, oldCluster, undoInterruptedRestore } from './interrupted-restore.ts'
import { contentsOf, differences, type Manifest, manifestShape } from './manifest.ts'
import type { Places } from './places.ts'
import { choosePort } from './ports.ts'
import { runningPostmaster } from './postmaster.ts'
import { whileStopped } from './quiet.ts'
import { setPassword } from './single-user.ts'
import { newPassword, readState, type State, writeState } from './state.ts'
import { stopServer } from './stop.ts'

/**
 * Replaces the cluster by a backup's. Everything is verified first, and the old cluster comes back when the restored
 * one does not start. Port and password of this place stay.
 * @throws DatabaseError `DATABASE_NOT_EMPTY` without `force`, `DATABASE_BACKUP_DAMAGED`, `DATABASE_VERSION_MISMATCH`,
 * `DATABASE_IN_USE`.
 */
export async function restore(environment: Environment, file: string, options: { force: boolean }): Promise<Manifest> {
  const archive = resolve(file)
  await requireFile(archive)
  return whileStopped(environment, 'be replaced', async (places) => {
    await undoInterruptedRestore(places)
    if (existsSync(places.cluster) && !options.force) throw notEmpty(places)
    const draft = await mkdtemp(join(places.home, draftPrefix))
    try {
      await giveTo(places.account, draft)
      const manifest = await unpack(archive, draft)
      const binaries = await findBinaries(places)
      const state = readState(places) ?? { port: await choosePort(), password: newPassword() }
      const cluster = join(draft, clusterName)
      await giveTreeTo(places.account, cluster)
      await chmod(cluster, 0o700)
      await writeConfiguration(places, cluster, state.port)
      await setPassword(binaries, places, cluster, state.password)
      await swap(binaries, places, cluster, state)
      return manifest
    } finally {
      await removeTree(draft)
    }
  })
}

/** Unpacks into a directory and compares every file with the manifest. */
async function unpack(archive: string, directory: string): Promise<Manifest> {
  const strangers: string[] = []
  try {
    await extract({
      file: archive,
      cwd: directory,
      strict: true,
      preserveOwner: false,
      filter: (path, entry) => {
        const expected = path === manifestName || path === clusterName || path.startsWith(`${clusterName}/`)
        const plain =
          'type' in entry && (entry.type === 'File' || entry.type === 'Directory' || entry.type === 'OldFile')
        if (!expected || !plain) strangers.push(path)
        return expected && plain
      },
    })
  } catch (error) {
    const known = fromSystemError(error, directory)
    throw known instanceof DatabaseError ? known : damaged(archive, (error as Error).message, error)
  }
  if (strangers.length > 0) throw damaged(archive, `${strangers[0]} does not belong to it`)
  const manifest = await readManifest(archive, directory)
  if (manifest.postgresVersion !== majorVersion) {
    throw new DatabaseError(
      'DATABASE_VERSION_MISMATCH',
      `${archive} was written by PostgreSQL ${manifest.postgresVersion}; this Crossrun runs PostgreSQL ${majorVersion}.`,
      {
        hint: 'Restore it with the Crossrun version that wrote it, and move the data over with pg_dump.',
      },
    )
  }
  const wrong = differences(manifest, await contentsOf(join(directory, clusterName)))
  if (wrong.length > 0) throw damaged(archive, wrong.join(', '))
  return manifest
}

async function readManifest(archive: string, directory: string): Promise<Manifest> {
  try {
    return manifestShape.parse(JSON.parse(await readFile(join(directory, manifestName), 'utf8')))
  } catch (error) {
    throw damaged(archive, 'it has no readable manifest', error)
  }
}

/** Puts the new cluster in the old one's place and proves that it starts and lets us in. */
async function swap(binaries: Binaries, places: Places, cluster: string, state: State): Promise<void> {
  const old = oldCluster(places)
  const replaces = existsSync(places.cluster)
  await dropOldCluster(places)
  if (replaces) await rename(places.cluster, old)
  try {
    await rename(cluster, places.cluster)
    writeState(places, state)
    const { postmaster } = await startAndLogIn(binaries, places, state)
    await stopServer(places, postmaster, async () => binaries)
  } catch (error) {
    const running = runningPostmaster(places.cluster)
    if (running) await stopServer(places, running, async () => binaries)
    // Back by renames alone: the failed server's last child may still be writing, and a removal could stop half-way.
    if (existsSync(places.cluster)) await rename(places.cluster, cluster)
    if (replaces) await rename(old, places.cluster)
    throw error
  }
  await dropOldCluster(places)
}

async function requireFile(archive: string): Promise<void> {
  const found = await stat(archive).catch(() => undefined)
  if (!found?.isFile()) throw new DatabaseError('DATABASE_BACKUP_MISSING', `There is no backup file ${archive}.`)
}

function damaged(archive: string, why: string, cause?: unknown): DatabaseError {
  return new DatabaseError(
    'DATABASE_BACKUP_DAMAGED',
    `${archive} is not an intact backup: ${why}. Nothing was changed.`,
    {
      hint: 'Copy the file again from where it was written, or use an older backup.',
      cause,
    },
  )
}

function notEmpty(places: Places): DatabaseError {
  return new DatabaseError(
    'DATABASE_NOT_EMPTY',
    `There is a database in ${places.cluster} already. Nothing was changed.`,
    {
      hint: 'Back it up, then add --force to replace it.',
    },
  )
}
