import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseError } from '../../errors.ts'
import { type Binaries, findBinaries } from './binaries.ts'
import { type Client, describeClients } from './clients.ts'
import { clusterVersion, createCluster, removeDrafts, requireVersion } from './cluster.ts'
import { acceptsPassword } from './connection.ts'
import { dropOldCluster, undoInterruptedRestore } from './interrupted-restore.ts'
import type { Places } from './places.ts'
import { choosePort } from './ports.ts'
import { type Postmaster, runningPostmaster, waitUntilGone } from './postmaster.ts'
import { isAlive } from './process-identity.ts'
import { setPassword } from './single-user.ts'
import { startServer } from './start.ts'
import { databaseUrl, newPassword, readState, type State, writeState } from './state.ts'
import { stopServer } from './stop.ts'

export type RunningServer = { state: State; postmaster: Postmaster; startedHere: boolean }

/**
 * Makes the server run and this process able to log in: adopts a running one, else starts it, creating or repairing
 * what is missing. Call it with the lock held.
 * @param others Processes that use it already; with any, nothing is stopped to be repaired.
 * @throws DatabaseError
 */
export async function ensureServer(places: Places, others: Client[]): Promise<RunningServer> {
  await undoInterruptedRestore(places)
  const version = await clusterVersion(places.cluster)
  if (version !== undefined) requireVersion(places.cluster, version)
  const state = readState(places)
  const running = await settledPostmaster(places)
  if (running && state) {
    const adopted = await adopt(places, state, running)
    if (adopted) return { ...adopted, startedHere: false }
  }
  if (running && isAlive(running.process)) {
    // The password is lost (no state file, or one of another cluster), and only a stopped cluster takes a new one.
    if (others.length > 0) throw passwordLost(places, others)
    await stopServer(places, running, () => findBinaries(places))
  }
  await removeDrafts(places)
  const binaries = await findBinaries(places)
  const usable = state ?? writeState(places, { port: running?.port ?? (await choosePort()), password: newPassword() })
  if (version === undefined) await createCluster(binaries, places, usable)
  else if (!state) await setPassword(binaries, places, places.cluster, usable.password)
  const started = await startAndLogIn(binaries, places, usable)
  await dropOldCluster(places)
  return { ...started, startedHere: true }
}

/**
 * Starts the server; gives its role the password of the state file when it has another one. A server that is killed
 * right after its start is started again, a few times.
 */
export async function startAndLogIn(
  binaries: Binaries,
  places: Places,
  state: State,
  attempts = 3,
): Promise<{ state: State; postmaster: Postmaster }> {
  const started = await startServer(binaries, places, state)
  try {
    if (await acceptsPassword(databaseUrl(started.state))) return started
  } catch (error) {
    if (attempts > 1 && (await waitUntilGone(started.postmaster, 1_000))) {
      return startAndLogIn(binaries, places, started.state, attempts - 1)
    }
    throw error
  }
  await stopServer(places, started.postmaster, async () => binaries)
  await setPassword(binaries, places, places.cluster, started.state.password)
  return startServer(binaries, places, started.state)
}

/**
 * Takes the running server as it is; undefined when it refuses the password, or was dying (killed a moment ago).
 * @throws DatabaseError `DATABASE_UNREACHABLE` when it lives and does not answer.
 */
async function adopt(
  places: Places,
  state: State,
  running: Postmaster,
): Promise<Omit<RunningServer, 'startedHere'> | undefined> {
  const current = state.port === running.port ? state : writeState(places, { ...state, port: running.port })
  try {
    return (await acceptsPassword(databaseUrl(current))) ? { state: current, postmaster: running } : undefined
  } catch (error) {
    if (await waitUntilGone(running, 3_000)) return undefined
    throw error
  }
}

/** The running server once it is neither starting nor stopping; undefined when there is none. */
async function settledPostmaster(places: Places): Promise<Postmaster | undefined> {
  for (;;) {
    const postmaster = runningPostmaster(places.cluster)
    if (!postmaster || postmaster.status === 'ready') return postmaster
    if (postmaster.status === 'stopping') await waitUntilGone(postmaster, 1_000)
    else await sleep(10)
  }
}

function passwordLost(places: Places, others: Client[]): DatabaseError {
  return new DatabaseError(
    'DATABASE_STATE_LOST',
    `${places.stateFile}, which holds the database's port and password, is missing or damaged, and a running database cannot be given a new password.`,
    {
      hint: `End the processes that use it (${describeClients(others)}) and try again; the file is then written anew.`,
    },
  )
}
