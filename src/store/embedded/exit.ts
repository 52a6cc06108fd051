import { liveClients } from './clients.ts'
import { tryLock } from './lock.ts'
import type { Places } from './places.ts'
import { runName, runningPostmaster } from './postmaster.ts'
import { readState } from './state.ts'
import { signalStop } from './stop.ts'

const open = new Set<() => void>()

/**
 * Covers a process that ends without having closed: it leaves, and asks the server to stop when it was the last one.
 * Nothing can wait at that point; the next process to enter waits for the server to be gone. Returns the function
 * that calls it off.
 */
export function leaveOnExit(places: Places, leave: () => void): () => void {
  if (open.size === 0) process.on('exit', leaveAll)
  const leaveNow = () => {
    leave()
    const lock = tryLock(places.locks)
    // Someone is entering or leaving: the server is theirs.
    if (!('release' in lock)) return
    try {
      const postmaster = runningPostmaster(places.cluster)
      const unused = liveClients(places.clients).length === 0
      if (postmaster && unused && readState(places)?.keptServer !== runName(postmaster)) signalStop(postmaster)
    } finally {
      lock.release()
    }
  }
  open.add(leaveNow)
  return () => {
    open.delete(leaveNow)
    if (open.size === 0) process.off('exit', leaveAll)
  }
}

function leaveAll(): void {
  for (const leaveNow of open) {
    try {
      leaveNow()
    } catch {
      // The data directory may be gone (a test's temporary one); the exit goes on.
    }
  }
}
