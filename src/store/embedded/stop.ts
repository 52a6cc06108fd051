import { DatabaseError } from '../../errors.ts'
import type { Binaries } from './binaries.ts'
import type { Places } from './places.ts'
import { type Postmaster, waitUntilGone } from './postmaster.ts'
import { run } from './run.ts'

/** The shutdown checkpoint writes everything that is still in memory; a slow disk needs its time. */
const stopTimeoutMs = 120_000

/**
 * Stops the server in order: connections end, everything is written, the next start needs no recovery. Call it with the
 * lock held.
 * @throws DatabaseError `DATABASE_STOP_FAILED` when it still runs after two minutes.
 */
export async function stopServer(
  places: Places,
  postmaster: Postmaster,
  findPrograms: () => Promise<Binaries>,
): Promise<void> {
  if (process.platform === 'win32') {
    const { pgCtl } = await findPrograms()
    await run(pgCtl, ['stop', '-D', places.cluster, '-m', 'fast', '-W'], { account: undefined, cwd: places.home })
  } else {
    signalStop(postmaster)
  }
  if (await waitUntilGone(postmaster, stopTimeoutMs)) return
  throw new DatabaseError(
    'DATABASE_STOP_FAILED',
    `The database (process ${postmaster.pid}) has not stopped for ${stopTimeoutMs / 1000} seconds.`,
    {
      hint: `It may still be writing to disk; its log is in ${places.logs}.`,
    },
  )
}

/** Asks for a fast shutdown without waiting; a server that is gone already is fine. */
export function signalStop(postmaster: Postmaster): void {
  try {
    process.kill(postmaster.pid, 'SIGINT')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
