import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, afterEach, vi } from 'vitest'
import { type Environment, readEnvironment } from '../../../src/environment.ts'
import { openDatabase } from '../../../src/store/database.ts'
import { findPlaces, type Places } from '../../../src/store/embedded/places.ts'
import { stopDatabase } from '../../../src/store/embedded/stay.ts'

export const isRoot = process.getuid?.() === 0

/** Memory where there is plenty of it: the tests make some forty clusters of a thousand files each. */
const root = freeBytes('/dev/shm') > 4e9 ? '/dev/shm' : tmpdir()

// On a slow disk a first start alone takes some seconds.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const made: string[] = []
const children: ChildProcess[] = []

/** A directory of its own that the server's account can reach, also when the tests run as root. */
export function temporaryDirectory(mode = 0o755): string {
  const directory = mkdtempSync(join(root, 'crossrun-test-'))
  chmodSync(directory, mode)
  made.push(directory)
  return directory
}

/** A directory whose database, wherever it is, is stopped and removed after the test as well. */
export function cleanUpAfter<T extends string>(directory: T): T {
  made.unshift(directory)
  return directory
}

/** A temporary directory with a database that has been created but is stopped; much faster than creating one. */
export async function directoryWithDatabase(): Promise<string> {
  template ??= createTemplate()
  const directory = temporaryDirectory()
  execFileSync('cp', ['-a', join(await template, '.crossrun'), directory])
  return directory
}

let template: Promise<string> | undefined

async function createTemplate(): Promise<string> {
  const directory = mkdtempSync(join(root, 'crossrun-test-'))
  chmodSync(directory, 0o755)
  await (await openDatabase(environmentOf(directory))).close()
  return directory
}

afterAll(async () => {
  if (template) rmSync(await template, { recursive: true, force: true })
})

export const environmentOf = (directory: string, more: Record<string, string> = {}): Environment =>
  readEnvironment({ CROSSRUN_DATA_DIR: join(directory, '.crossrun'), ...more })

export const placesOf = (directory: string): Promise<Places> => findPlaces(join(directory, '.crossrun'))

/** Whatever a test leaves running is stopped, whatever it leaves on disk is removed. */
afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
  for (const directory of made.splice(0)) {
    // A test may have made it unreadable or another user's on purpose; then it has nothing running.
    await stopDatabase(environmentOf(directory), { force: true }).catch(() => undefined)
    const { home, relocated } = await placesOf(directory).catch(() => ({ home: '', relocated: false }))
    if (relocated) rmSync(home, { recursive: true, force: true })
    rmSync(directory, { recursive: true, force: true })
  }
})

/** Asks one question in a connection of its own. */
export async function query(url: string, sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query(sql, values)).rows
  } finally {
    await client.end()
  }
}

export const serverPid = (places: Places): number =>
  Number(readFileSync(join(places.cluster, 'postmaster.pid'), 'utf8').split('\n')[0])

/** True while a process that is not a zombie has the pid; asks the system, not the code under test. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !/\) [ZX] /.test(stat)
  } catch {
    if (process.platform === 'linux') return false
  }
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function freeBytes(directory: string): number {
  try {
    const { bavail, bsize } = statfsSync(directory)
    return bavail * bsize
  } catch {
    return 0
  }
}

/** Waits for something that must come true within ten seconds. */
export async function eventually(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(10)) if (await check()) return
  throw new Error(`it did not come true that ${what}`)
}

/** A process that has opened the database and tells what it got. */
export type Opener = {
  pid: number
  url: string
  startedHere: boolean
  /** `close` closes and ends; `end` ends without closing. Resolves when the process is gone. */
  say(word: 'close' | 'end'): Promise<void>
  kill(): Promise<void>
}

/** Starts another Crossrun process on the same data directory and waits until it has the database open. */
export async function openElsewhere(
  directory: string,
  program = openerProgram,
  user: { uid?: number; gid?: number } = {},
): Promise<Opener> {
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), program, join(directory, '.crossrun')],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      cwd: '/',
      ...user,
    },
  )
  children.push(child)
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve)
    child.once('exit', () => setTimeout(() => reject(new Error(`the process ended early: ${errors}`)), 50))
  })
  const { url, startedHere } = JSON.parse(line) as { url: string; startedHere: boolean }
  return {
    pid: child.pid!,
    url,
    startedHere,
    say: async (word) => {
      child.stdin.write(`${word}\n`)
      await gone
    },
    kill: async () => {
      child.kill('SIGKILL')
      await gone
    },
  }
}

const openerProgram = fileURLToPath(new URL('opener.ts', import.meta.url))
