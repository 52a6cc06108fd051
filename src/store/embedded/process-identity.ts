import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'

/** A process and the moment it began, so that a reused pid is not taken for it. */
export type ProcessIdentity = {
  pid: number
  /** Opaque: boot, pid namespace and start time on Linux, start time elsewhere, empty where the system has none. */
  started: string
}

/** This process. */
export const ownIdentity = (): ProcessIdentity => identify(process.pid) ?? { pid: process.pid, started: '' }

/** The process that has the pid now; undefined when there is none or only a zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
  const started = startOf(pid)
  return started === undefined ? undefined : { pid, started }
}

/** True while that very process runs; a zombie, a reused pid, an earlier boot or another container's pid is not it. */
export function isAlive(identity: ProcessIdentity): boolean {
  const started = startOf(identity.pid)
  return started !== undefined && (started === identity.started || identity.started === '')
}

/** The command line and working directory of a process, as far as the system tells. */
export function describeProcess(pid: number): { commandLine: string; directory: string | undefined } {
  if (process.platform === 'linux') {
    return {
      commandLine: attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')) ?? '',
      directory: attempt(() => readlinkSync(`/proc/${pid}/cwd`)),
    }
  }
  return { commandLine: ps(pid, 'args=') ?? '', directory: undefined }
}

function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') return linuxStart(pid)
  if (process.platform === 'win32') return signalReaches(pid) ? '' : undefined
  return ps(pid, 'lstart=')
}

function linuxStart(pid: number): string | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  if (stat === undefined) return undefined
  // The command name is in parentheses and may hold anything; the fields after it are plain: state, …, start time.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined
  return `${system.boot}/${system.namespace}/${fields[19]}`
}

const system = {
  boot: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? '',
  namespace: attempt(() => readlinkSync('/proc/self/ns/pid')) ?? '',
}

function ps(pid: number, column: string): string | undefined {
  const output = attempt(() =>
    execFileSync('ps', ['-ww', '-o', 'stat=', '-o', column, '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }),
  )
  const [state, ...rest] = output?.trim().split(/\s+/) ?? []
  return state && !state.startsWith('Z') ? rest.join(' ') : undefined
}

function signalReaches(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
