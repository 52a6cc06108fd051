import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { giveTo } from './account.ts'
import type { Binaries } from './binaries.ts'
import { fromServerOutput, fromSystemError, noCluster, otherVersion } from './failures.ts'
import type { Places } from './places.ts'
import { run } from './run.ts'
import { accessRules, serverSettings } from './settings.ts'
import { runAsSuperuser } from './single-user.ts'

/** The major version whose data directory this code can open. */
export const majorVersion = '18'

/** Clusters that are not complete yet: being created, or being unpacked from a backup. */
export const draftPrefix = 'cluster.new-'

/**
 * The major version a cluster was written by, such as `18`; undefined when there is no cluster.
 * @throws DatabaseError `DATABASE_START_FAILED` when the directory holds something else.
 */
export async function clusterVersion(cluster: string): Promise<string | undefined> {
  try {
    return (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fromSystemError(error, cluster)
    if ((await readdir(cluster).catch(() => [])).length > 0) throw noCluster(cluster)
    return undefined
  }
}

/** @throws DatabaseError `DATABASE_VERSION_MISMATCH` */
export function requireVersion(cluster: string, version: string): void {
  if (version !== majorVersion) throw otherVersion(cluster, version)
}

/**
 * Makes a new cluster with the role and the database `crossrun`. It appears under its name only when it is complete,
 * so a killed first start leaves nothing that looks like a database. The superuser cannot log in; `crossrun` may
 * create roles and databases and is not subject to row-level security when it acts as itself (pg_dump needs that).
 * @throws DatabaseError, `DATABASE_DISK_FULL` among them.
 */
export async function createCluster(
  binaries: Binaries,
  places: Places,
  state: { port: number; password: string },
): Promise<void> {
  const draft = await mkdtemp(join(places.home, draftPrefix))
  try {
    await giveTo(places.account, draft)
    const outcome = await run(binaries.initdb, [...initdbOptions, '-D', draft], {
      account: places.account,
      cwd: places.account ? '/' : places.home,
    })
    if (outcome.code !== 0)
      throw fromServerOutput(
        `${outcome.output}\n${outcome.spawnError?.message ?? ''}`,
        'create the database',
        places.home,
      )
    await writeConfiguration(places, draft, state.port)
    await runAsSuperuser(binaries, places, draft, closedToAll, 'template1')
    await runAsSuperuser(binaries, places, draft, [
      `CREATE ROLE crossrun LOGIN CREATEDB CREATEROLE BYPASSRLS PASSWORD '${state.password}'`,
      'GRANT pg_monitor, pg_signal_backend TO crossrun',
      'CREATE DATABASE crossrun OWNER crossrun',
    ])
    await rename(draft, places.cluster)
  } catch (error) {
    await removeTree(draft)
    throw fromSystemError(error, places.home)
  }
}

/** In every database that is made: large objects belong to no schema, so that any login could fill the disk with them. */
const closedToAll = [
  'REVOKE EXECUTE ON FUNCTION lo_create(oid), lo_creat(integer), lo_from_bytea(oid, bytea) FROM PUBLIC',
]

/**
 * The builtin provider compares text by code point and folds case by Unicode, the same on every system; the
 * operating system's locales, which change under a database, play no part. Not synchronized: a power cut within
 * seconds of the first start costs an empty database.
 */
const initdbOptions = [
  '--username=postgres',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--auth=reject',
  '--no-sync',
  '--no-instructions',
]

/** Writes postgresql.conf and pg_hba.conf as this version of Crossrun wants them. */
export async function writeConfiguration(places: Places, cluster: string, port: number): Promise<void> {
  const files = { 'postgresql.conf': await serverSettings(places, port), 'pg_hba.conf': accessRules }
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(cluster, name), text, { mode: 0o600 })
    await giveTo(places.account, join(cluster, name))
  }
}

/** Removes what a killed first start or restore left. Call it with the lock held. */
export async function removeDrafts(places: Places): Promise<void> {
  for (const name of await readdir(places.home)) {
    if (name.startsWith(draftPrefix)) await removeTree(join(places.home, name))
  }
}

/** Removes a directory in which the last child of a failed server may still be writing. */
export function removeTree(directory: string): Promise<void> {
  return rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
}
