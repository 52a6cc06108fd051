import { execFile, execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { describe } from 'vitest'

/** Tests of a client that this machine may lack: then they are skipped, counted, and named with what to install. */
export function describeClient(name: string, isInstalled: boolean, packages: string, tests: () => void): void {
  if (isInstalled) describe(name, tests)
  else describe.skip(`${name} is not installed (${packages}): skipped`, tests)
}

/** Whether a program is there and ends well. */
export function runs(program: string, ...argv: string[]): boolean {
  return outputOf(program, ...argv) !== null
}

/** What a program prints; null when it is not there or fails. */
export function outputOf(program: string, ...argv: string[]): string | null {
  try {
    return execFileSync(program, argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return null
  }
}

export type Outcome = { code: number; stdout: string; stderr: string }

/**
 * Runs a client to its end, with nothing of the caller's environment but where programs are. Not synchronous: what it
 * connects to is in this process.
 */
export function run(program: string, argv: string[], input = ''): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    // Nobody's own settings; without any HOME, isql crashes.
    const env = { PATH: process.env.PATH, HOME: tmpdir(), LC_ALL: 'C.UTF-8', TZ: 'UTC' }
    const child = execFile(program, argv, { env, maxBuffer: 50_000_000 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') return reject(error)
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr })
    })
    // A client that ends before it has read its input closes the pipe; its exit code says why.
    child.stdin!.on('error', () => undefined)
    child.stdin!.end(input)
  })
}
