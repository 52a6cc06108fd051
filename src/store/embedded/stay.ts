import type { Environment } from '../../environment.ts'
import { DatabaseError } from '../../errors.ts'
import { findBinaries } from './binaries.ts'
import { describeClients, liveClients } from './clients.ts'
import { enterDatabase, withLock } from './enter.ts'
import { preparePlaces } from './places.ts'
import { runningPostmaster } from './postmaster.ts'
import { readState, writeState } from './state.ts'
import { stopServer } from './stop.ts'

/** Starts the server, or takes the running one, and lets it run until `stopDatabase`. */
export async function startToStay(environment: Environment): Promise<{ startedHere: boolean }> {
  const { startedHere, close } = await enterDatabase(environment, { keep: true })
  await close()
  return { startedHere }
}

/**
 * Stops the server. With processes that use it, it only no longer stays: it stops with the last of them, unless forced
 * to stop at once.
 * @returns False when it did not run.
 * @throws DatabaseError `DATABASE_IN_USE` naming the processes.
 */
export async function stopDatabase(environment: Environment, options: { force: boolean }): Promise<boolean> {
  const places = await preparePlaces(environment.CROSSRUN_DATA_DIR)
  return withLock(places, async () => {
    const postmaster = runningPostmaster(places.cluster)
    if (!postmaster) return false
    const state = readState(places)
    if (state?.keptServer) writeState(places, { ...state, keptServer: undefined })
    const clients = liveClients(places.clients)
    if (clients.length > 0 && !options.force) {
      throw new DatabaseError(
        'DATABASE_IN_USE',
        `The database is used by ${describeClients(clients)}; it stops when the last of them ends.`,
        {
          hint: '`crossrun db stop --force` stops it at once and breaks their connections.',
        },
      )
    }
    await stopServer(places, postmaster, () => findBinaries(places))
    return true
  })
}
