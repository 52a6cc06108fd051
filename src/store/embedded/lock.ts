import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseError } from '../../errors.ts'
import { describeSelf } from './clients.ts'
import { makePrivateDirectory, writePrivateFile } from './private-file.ts'
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts'

/**
 * One process at a time starts or stops the server. Node has no flock, and a lock file that is deleted when its
 * holder dies can be deleted twice: by two processes that both found it stale, the second removing the first one's
 * fresh lock. So locks are numbered and the highest is never deleted:
 *
 * - the lock is free when the highest number's holder has released it or is dead;
 * - it is taken by creating the next number (exclusively: one wins), then looking again: whoever sees a higher
 *   number backs off. That covers a process that slept between looking and creating;
 * - the winner deletes the lower numbers.
 */
export type Lock = { release(): void }

type Holder = ProcessIdentity & { command: string; released: boolean }

/** How long a file may stay unreadable because its writer has created it but not written it yet. */
const unwrittenGraceMs = 5_000

/**
 * Waits for the lock.
 * @param timeoutMs Milliseconds; the default outlasts a first start on a slow disk.
 * @throws DatabaseError `DATABASE_LOCKED` naming the holder.
 */
export async function acquireLock(directory: string, timeoutMs = 120_000): Promise<Lock> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const attempt = tryLock(directory)
    if ('release' in attempt) return attempt
    if (Date.now() > deadline) {
      const by = attempt.heldBy ? `by process ${attempt.heldBy.pid} (${attempt.heldBy.command})` : 'by another process'
      throw new DatabaseError(
        'DATABASE_LOCKED',
        `The embedded database is being started, stopped or backed up ${by}, for over ${Math.round(timeoutMs / 1000)} seconds.`,
        {
          hint: 'Wait for that process or end it, then try again.',
        },
      )
    }
    await sleep(15 + Math.random() * 15)
  }
}

/** Takes the lock if it is free right now. Synchronous, so that it also works while the process exits. */
export function tryLock(directory: string): Lock | { heldBy: Holder | undefined } {
  makePrivateDirectory(directory)
  const highest = highestNumber(directory)
  if (highest > 0) {
    const holder = readHolder(join(directory, String(highest)))
    if (holder === 'unwritten' || holder === 'gone') return { heldBy: undefined }
    if (holder !== 'dead' && !holder.released && isAlive(holder)) return { heldBy: holder }
  }
  const number = highest + 1
  const file = join(directory, String(number))
  const mine: Holder = { ...ownIdentity(), command: describeSelf(), released: false }
  try {
    writePrivateFile(file, JSON.stringify(mine), 'wx')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return { heldBy: undefined }
    throw error
  }
  if (highestNumber(directory) > number) {
    rmSync(file, { force: true })
    return { heldBy: undefined }
  }
  for (const lower of numbers(directory)) if (lower < number) rmSync(join(directory, String(lower)), { force: true })
  return { release: () => writePrivateFile(file, JSON.stringify({ ...mine, released: true })) }
}

function readHolder(file: string): Holder | 'unwritten' | 'dead' | 'gone' {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'gone'
    if (!(error instanceof SyntaxError)) throw error
    return Date.now() - statSync(file).mtimeMs < unwrittenGraceMs ? 'unwritten' : 'dead'
  }
}

const numbers = (directory: string): number[] => readdirSync(directory).map(Number).filter(Number.isInteger)

const highestNumber = (directory: string): number => Math.max(0, ...numbers(directory))
