import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeProcess, identify, isAlive, type ProcessIdentity } from './process-identity.ts'

/** What a running server says about itself in its postmaster.pid. */
export type Postmaster = {
  pid: number
  process: ProcessIdentity
  /** Seconds since 1970; with the pid it names this run of the server. */
  startedAt: number
  port: number
  status: 'starting' | 'ready' | 'stopping'
}

/** The server of this cluster if it runs; a stale file, a zombie or a reused pid is not it. */
export function runningPostmaster(cluster: string): Postmaster | undefined {
  const file = readFile(cluster)
  const process = file && identify(file.pid)
  return process && isServerOf(cluster, process.pid) ? { ...file, process } : undefined
}

/** The name of this run of the server. */
export const runName = (postmaster: Postmaster): string => `${postmaster.pid}/${postmaster.startedAt}`

/**
 * Waits until the server's process is gone: its file goes a little earlier, its port does not. False when it still
 * runs after that many milliseconds.
 */
export async function waitUntilGone(postmaster: Postmaster, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs
  while (isAlive(postmaster.process)) {
    if (Date.now() > deadline) return false
    await sleep(5)
  }
  return true
}

/** Lines of the file: pid, data directory, start, port, socket directory, address, shared memory key, status. */
function readFile(cluster: string): Omit<Postmaster, 'process'> | undefined {
  let lines: string[]
  try {
    lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return undefined
  }
  const status = lines[7]?.trim()
  // Negative while a single-user backend has the cluster.
  const pid = Math.abs(Number(lines[0]))
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  return {
    pid,
    startedAt: Number(lines[2] ?? 0),
    port: Number(lines[3] ?? 0),
    status: status === 'ready' || status === 'stopping' ? status : 'starting',
  }
}

/** Only a process that names this cluster, or stands in it, may be taken for its server (and be stopped). */
function isServerOf(cluster: string, pid: number): boolean {
  if (process.platform === 'win32') return true
  const { commandLine, directory } = describeProcess(pid)
  return directory === cluster || `${commandLine} `.includes(` -D ${cluster} `)
}
