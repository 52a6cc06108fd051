import type { Environment } from '../../environment.ts'
import { findBinaries } from './binaries.ts'
import { liveClients, registerClient } from './clients.ts'
import { ensureServer } from './ensure.ts'
import { leaveOnExit } from './exit.ts'
import { fromSystemError } from './failures.ts'
import { acquireLock } from './lock.ts'
import { type Places, preparePlaces } from './places.ts'
import { runName, runningPostmaster } from './postmaster.ts'
import { databaseUrl, readState, writeState } from './state.ts'
import { stopServer } from './stop.ts'

export type EmbeddedDatabase = { url: string; startedHere: boolean; close(): Promise<void> }

/**
 * Enters the embedded database: creates it when there is none, starts its server when it does not run (after a crash,
 * too), adopts it when it does. The server runs until the last process that entered has closed or died, unless
 * `keep` asked it to stay.
 * @throws DatabaseError
 */
export async function enterDatabase(
  environment: Environment,
  options: { keep?: boolean } = {},
): Promise<EmbeddedDatabase> {
  const places = await preparePlaces(environment.CROSSRUN_DATA_DIR)
  return withLock(places, async () => {
    const others = liveClients(places.clients)
    const leave = registerClient(places.clients)
    try {
      const { state, postmaster, startedHere } = await ensureServer(places, others)
      if (options.keep) writeState(places, { ...state, keptServer: runName(postmaster) })
      const callOff = leaveOnExit(places, leave)
      let closing: Promise<void> | undefined
      const close = () => {
        closing ??= withLock(places, () => leaveDatabase(places, leave)).finally(callOff)
        return closing
      }
      return { url: databaseUrl(state), startedHere, close }
    } catch (error) {
      leave()
      throw error
    }
  })
}

/** Runs with the lock held, and turns file system errors into ones a person can act on. */
export async function withLock<T>(places: Places, work: () => Promise<T>): Promise<T> {
  try {
    const lock = await acquireLock(places.locks)
    try {
      return await work()
    } finally {
      lock.release()
    }
  } catch (error) {
    throw fromSystemError(error, places.home)
  }
}

/** Takes this process out and stops the server when nobody else is in and nobody asked it to stay. */
async function leaveDatabase(places: Places, leave: () => void): Promise<void> {
  leave()
  if (liveClients(places.clients).length > 0) return
  const postmaster = runningPostmaster(places.cluster)
  if (!postmaster || readState(places)?.keptServer === runName(postmaster)) return
  await stopServer(places, postmaster, () => findBinaries(places))
}
