import { spawn } from 'node:child_process'
import { close, open, readFileSync } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { DatabaseError } from '../../errors.ts'
import { giveTo } from './account.ts'
import type { Binaries } from './binaries.ts'
import { writeConfiguration } from './cluster.ts'
import { fromServerOutput } from './failures.ts'
import type { Places } from './places.ts'
import { becomesFree, choosePort } from './ports.ts'
import { type Postmaster, runningPostmaster } from './postmaster.ts'
import { asAccount, serverEnvironment } from './run.ts'
import { type State, writeState } from './state.ts'

/** Log files kept, of at most 10 MB each. */
const keptLogs = 5

/** Crash recovery replays at most max_wal_size; it takes minutes on a slow disk. */
const readyTimeoutMs = 10 * 60_000

/** After a killed server its workers need a moment to notice. */
const orphanTimeoutMs = 30_000

/**
 * Starts the server of an existing cluster and waits until it accepts connections. Takes another port, and writes it
 * to the state file, when something else has taken the old one. Call it with the lock held.
 * @throws DatabaseError when PostgreSQL gives up; the message has its reason.
 */
export async function startServer(
  binaries: Binaries,
  places: Places,
  state: State,
): Promise<{ postmaster: Postmaster; state: State }> {
  await mkdir(places.logs, { recursive: true, mode: 0o700 })
  await giveTo(places.account, places.logs)
  await pruneLogs(places.logs)
  const orphanDeadline = Date.now() + orphanTimeoutMs
  let current = state
  for (let attempt = 1; ; attempt++) {
    if (!(await becomesFree(current.port))) current = await moveToFreePort(places, current)
    await writeConfiguration(places, places.cluster, current.port)
    const outcome = await launch(binaries, places)
    if ('pid' in outcome) return { postmaster: outcome, state: current }
    // Taken between the look and the start.
    if (/Address already in use/.test(outcome.output) && attempt < 10) continue
    if (
      /pre-existing shared memory block|lock file "postmaster.pid" already exists/.test(outcome.output) &&
      Date.now() < orphanDeadline
    ) {
      // Another program has the pid of a server that was killed: the file is stale. PostgreSQL itself cannot tell.
      if (/lock file/.test(outcome.output) && !runningPostmaster(places.cluster))
        await rm(join(places.cluster, 'postmaster.pid'), { force: true })
      await sleep(250)
      continue
    }
    throw fromServerOutput(outcome.output, 'start the database', places.home)
  }
}

async function moveToFreePort(places: Places, state: State): Promise<State> {
  const moved = { ...state, port: await choosePort() }
  await writeState(places, moved)
  return moved
}

/** The server leads its own process group: Ctrl-C in the terminal reaches Crossrun, which then stops it in order. */
async function launch(binaries: Binaries, places: Places): Promise<Postmaster | { output: string }> {
  const before = await logSizes(places.logs)
  const log = await promisify(open)(places.startLog, 'w', 0o600)
  const child = spawn(binaries.postgres, ['-D', places.cluster], {
    cwd: places.cluster,
    env: serverEnvironment,
    detached: true,
    windowsHide: true,
    stdio: ['ignore', log, log],
    ...asAccount(places.account),
  })
  let failure: Error | undefined
  child.once('error', (error) => {
    failure = error
  })
  child.unref()
  await promisify(close)(log)
  const deadline = Date.now() + readyTimeoutMs
  while (!failure && child.exitCode === null && child.signalCode === null) {
    const postmaster = runningPostmaster(places.cluster)
    if (postmaster?.status === 'ready') return postmaster
    if (Date.now() > deadline) {
      throw new DatabaseError(
        'DATABASE_START_FAILED',
        `The database has not become ready for ${readyTimeoutMs / 60_000} minutes.`,
        {
          hint: `It may still be recovering; its log is in ${places.logs}. Try again later.`,
        },
      )
    }
    await sleep(8)
  }
  return {
    output: `${failure?.message ?? ''}\n${child.signalCode ? `FATAL: the server was ended by ${child.signalCode}` : ''}\n${readFileSync(places.startLog, 'utf8')}\n${await loggedSince(places.logs, before)}`,
  }
}

async function logSizes(directory: string): Promise<Map<string, number>> {
  const names = await readdir(directory)
  return new Map(
    await Promise.all(names.map(async (name) => [name, (await stat(join(directory, name))).size] as const)),
  )
}

/** What the server wrote into its log after `before` was taken. */
async function loggedSince(directory: string, before: Map<string, number>): Promise<string> {
  const names = (await readdir(directory)).sort()
  return names
    .map((name) =>
      readFileSync(join(directory, name))
        .subarray(before.get(name) ?? 0)
        .toString('utf8'),
    )
    .join('\n')
}

async function pruneLogs(directory: string): Promise<void> {
  const old = (await readdir(directory)).sort().slice(0, -keptLogs)
  await Promise.all(old.map((name) => rm(join(directory, name), { force: true })))
}
