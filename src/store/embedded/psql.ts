import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseError } from '../../errors.ts'

/**
 * Runs the system's psql on a database, in this terminal, until it ends.
 * @throws DatabaseError `DATABASE_PSQL_MISSING`, or `DATABASE_PSQL_FAILED` when it ends with another code than 0.
 */
export async function runPsql(url: string, args: string[], program = 'psql'): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'crossrun-psql-'))
  // Ctrl-C is for psql, which cancels the query with it.
  const ignore = () => undefined
  process.on('SIGINT', ignore)
  try {
    const code = await exitCode(program, [await withPasswordFile(url, directory), ...args])
    if (code !== 0) throw new DatabaseError('DATABASE_PSQL_FAILED', `psql ended with code ${code}.`)
  } finally {
    process.off('SIGINT', ignore)
    await rm(directory, { recursive: true, force: true })
  }
}

/** Command lines are visible to everyone on the machine: the password goes into a private file. */
async function withPasswordFile(url: string, directory: string): Promise<string> {
  const address = new URL(url)
  if (!address.password) return url
  const file = join(directory, 'password')
  const password = decodeURIComponent(address.password).replace(/[\\:]/g, '\\$&')
  await writeFile(file, `*:*:*:*:${password}\n`, { mode: 0o600 })
  address.password = ''
  address.searchParams.set('passfile', file)
  return address.href
}

function exitCode(program: string, args: string[]): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit' })
    child.once('exit', (code) => resolve(code))
    child.once('error', (cause: NodeJS.ErrnoException) => {
      // A search path with a directory that may not be read ends in EACCES.
      if (cause.code !== 'ENOENT' && cause.code !== 'EACCES') return reject(cause)
      reject(
        new DatabaseError('DATABASE_PSQL_MISSING', 'psql is not installed.', {
          hint: 'Install it (Debian, Ubuntu: apt install postgresql-client · Fedora: dnf install postgresql · macOS: brew install libpq · Windows: winget install PostgreSQL.PostgreSQL), or give `crossrun db url` to any other PostgreSQL client.',
          cause,
        }),
      )
    })
  })
}
