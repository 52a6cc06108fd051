import { chmod, mkdir, readdir, realpath, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { DatabaseError } from '../../errors.ts'
import { type Account, chooseAccount } from './account.ts'
import { fromSystemError } from './failures.ts'
import { makePrivateDirectory } from './private-file.ts'
import { dropForgotten, recordRelocation, relocatedHome } from './relocation.ts'
import { run } from './run.ts'

/** Every path of one embedded database, and the account its server runs as. */
export type Places = {
  /** CROSSRUN_DATA_DIR as an absolute path; the name of the database. */
  dataDirectory: string
  /** The directory that holds all of the below: `postgres` in the data directory, or one under /var/lib/crossrun. */
  home: string
  relocated: boolean
  cluster: string
  logs: string
  /** What the server says before its own log is open. */
  startLog: string
  stateFile: string
  /** PostgreSQL settings a person may add. */
  ownSettings: string
  clients: string
  locks: string
  account: Account | undefined
}

/**
 * Decides where the database of a data directory lives, without creating anything. A cluster that exists is never
 * left behind for an empty new one.
 * @throws DatabaseError `DATABASE_NO_PERMISSION` when the cluster is in a place its account cannot reach.
 */
export async function findPlaces(dataDir: string): Promise<Places> {
  const dataDirectory = await realPath(resolve(dataDir))
  const inPlace = join(dataDirectory, 'postgres')
  const account = await chooseAccount(join(inPlace, 'cluster'))
  if (!account) return placesIn(dataDirectory, inPlace, undefined)
  const reachable = await canEnter(account, await nearestExisting(inPlace))
  if (await exists(join(inPlace, 'cluster'))) {
    if (reachable) return placesIn(dataDirectory, inPlace, account)
    throw new DatabaseError(
      'DATABASE_NO_PERMISSION',
      `The database in ${inPlace} cannot be reached by user ${account.name}, who runs PostgreSQL (it refuses root).`,
      {
        hint: `Let ${account.name} pass through the directories above it (chmod o+x), or move it and set CROSSRUN_DATA_DIR.`,
      },
    )
  }
  const elsewhere = await relocatedHome(dataDirectory)
  if (reachable && !(await exists(join(elsewhere, 'cluster')))) return placesIn(dataDirectory, inPlace, account)
  return placesIn(dataDirectory, elsewhere, await chooseAccount(join(elsewhere, 'cluster')))
}

/**
 * Finds the places and creates the directories Crossrun itself writes.
 * @throws DatabaseError `DATABASE_NO_PERMISSION` or `DATABASE_DISK_FULL`.
 */
export async function preparePlaces(dataDir: string): Promise<Places> {
  try {
    await mkdir(resolve(dataDir), { recursive: true })
    const found = await findPlaces(dataDir)
    const places = found.relocated && (await openDataDirectory(found)) ? await findPlaces(dataDir) : found
    await makeHome(places)
    for (const directory of [places.clients, places.locks]) makePrivateDirectory(directory)
    return places
  } catch (error) {
    throw fromSystemError(error, resolve(dataDir))
  }
}

/** The account must pass through to its cluster, whatever root's umask; what is private has its own mode. */
async function makeHome(places: Places): Promise<void> {
  const { account, home } = places
  const isNew = (await mkdir(home, { recursive: true, mode: 0o700 })) !== undefined
  if (account && (await stat(home)).uid !== account.uid) await chmod(home, 0o755)
  if (isNew) {
    await writeFile(join(home, '.gitignore'), '*\n')
    await writeFile(places.ownSettings, '# Your own PostgreSQL settings; they win over those of Crossrun.\n', {
      mode: 0o644,
    })
  }
  if (!places.relocated) return
  await chmod(dirname(home), 0o755)
  recordRelocation(places.dataDirectory, home)
  if (isNew) await dropForgotten()
}

/**
 * A data directory that is private and holds nothing else (mktemp -d) is opened for passing through, never for
 * listing. True when that made it reachable.
 */
async function openDataDirectory({ account, dataDirectory, cluster }: Places): Promise<boolean> {
  if (!account || (await exists(cluster)) || !(await canEnter(account, dirname(dataDirectory)))) return false
  if ((await readdir(dataDirectory)).length > 0 || (await canEnter(account, dataDirectory))) return false
  await chmod(dataDirectory, (await stat(dataDirectory)).mode | 0o011)
  return canEnter(account, dataDirectory)
}

function placesIn(dataDirectory: string, home: string, account: Account | undefined): Places {
  return {
    dataDirectory,
    home,
    relocated: home !== join(dataDirectory, 'postgres'),
    cluster: join(home, 'cluster'),
    logs: join(home, 'logs'),
    startLog: join(home, 'start.log'),
    stateFile: join(home, 'state.json'),
    ownSettings: join(home, 'local.conf'),
    clients: join(home, 'clients'),
    locks: join(home, 'locks'),
    account,
  }
}

/** Asks the system itself, so that access lists and mounts count too. */
async function canEnter(account: Account, directory: string): Promise<boolean> {
  const outcome = await run('/bin/sh', ['-c', 'cd -- "$1"', 'sh', directory], { account, cwd: '/' })
  return outcome.code === 0
}

async function nearestExisting(path: string): Promise<string> {
  return (await exists(path)) || dirname(path) === path ? path : nearestExisting(dirname(path))
}

async function realPath(path: string): Promise<string> {
  const existing = await nearestExisting(path)
  return join(await realpath(existing), path.slice(existing.length))
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
