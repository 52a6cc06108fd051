import { spawn } from 'node:child_process'
import type { Account } from './account.ts'

/** What a program of PostgreSQL left behind; `spawnError` is set when the system could not even start it. */
export type Outcome = { code: number | null; output: string; spawnError: NodeJS.ErrnoException | undefined }

/**
 * The whole environment of PostgreSQL's programs: messages in English (they are matched), UTC, and none of the
 * caller's secrets or PG* variables.
 */
export const serverEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

/** Who a child process runs as; spread into spawn's options. */
export const asAccount = (account: Account | undefined): { uid?: number; gid?: number } =>
  account ? { uid: account.uid, gid: account.gid } : {}

/** Runs a program to its end as the account and collects what it says on both streams. Never rejects. */
export function run(
  file: string,
  args: string[],
  options: { account: Account | undefined; cwd: string; input?: string },
): Promise<Outcome> {
  return new Promise((resolve) => {
    const { account, cwd, input } = options
    const child = spawn(file, args, {
      cwd,
      env: serverEnvironment,
      stdio: 'pipe',
      windowsHide: true,
      ...asAccount(account),
    })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    const output = () => Buffer.concat(chunks).toString('utf8')
    child.on('error', (spawnError) => resolve({ code: null, output: output(), spawnError }))
    child.on('close', (code) => resolve({ code, output: output(), spawnError: undefined }))
    // A program that ends before it has read its input closes the pipe; its exit code says why.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input ?? '')
  })
}
