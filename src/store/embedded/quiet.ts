import type { Environment } from '../../environment.ts'
import { DatabaseError } from '../../errors.ts'
import { findBinaries } from './binaries.ts'
import { describeClients, liveClients } from './clients.ts'
import { otherConnections } from './connection.ts'
import { startAndLogIn } from './ensure.ts'
import { withLock } from './enter.ts'
import { type Places, preparePlaces } from './places.ts'
import { runName, runningPostmaster } from './postmaster.ts'
import { databaseUrl, readState, writeState } from './state.ts'
import { stopServer } from './stop.ts'

/**
 * Runs work on a cluster that is stopped and that nobody can start meanwhile. A server that `crossrun db start` left
 * running is stopped before and runs again afterwards, whether the work succeeds or not.
 * @param what For the message when it is in use: "be backed up".
 * @throws DatabaseError `DATABASE_IN_USE` naming the processes or connections that use it.
 */
export async function whileStopped<T>(
  environment: Environment,
  what: string,
  work: (places: Places) => Promise<T>,
): Promise<T> {
  const places = await preparePlaces(environment.CROSSRUN_DATA_DIR)
  return withLock(places, async () => {
    const stayed = await stopIdleServer(places, what)
    try {
      return await work(places)
    } finally {
      if (stayed) await startToStay(places)
    }
  })
}

/** Stops the server if it runs; true when it had been asked to stay. */
async function stopIdleServer(places: Places, what: string): Promise<boolean> {
  const clients = liveClients(places.clients)
  if (clients.length > 0) throw inUse(what, `processes ${describeClients(clients)}`)
  const postmaster = runningPostmaster(places.cluster)
  if (!postmaster) return false
  const state = readState(places)
  const connections = state ? await otherConnections(databaseUrl(state)) : []
  if (connections.length > 0)
    throw inUse(what, `${connections.length} open connections (${[...new Set(connections)].join(', ')})`)
  await stopServer(places, postmaster, () => findBinaries(places))
  return state?.keptServer === runName(postmaster)
}

async function startToStay(places: Places): Promise<void> {
  const state = readState(places)
  if (!state) return
  const started = await startAndLogIn(await findBinaries(places), places, state)
  writeState(places, { ...started.state, keptServer: runName(started.postmaster) })
}

function inUse(what: string, by: string): DatabaseError {
  return new DatabaseError('DATABASE_IN_USE', `The database cannot ${what} while it is used by ${by}.`, {
    hint: 'End them and try again; `crossrun db status` shows who is left.',
  })
}
