import { execFile } from 'node:child_process'
import { chown, lstat, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DatabaseError } from '../../errors.ts'

/** The operating-system user that the server runs as, when it is not the user that runs Crossrun. */
export type Account = { name: string; uid: number; gid: number }

const run = promisify(execFile)

/**
 * Chooses who runs the server. Everyone but root runs it themselves (undefined). PostgreSQL refuses root, so root
 * hands it to the owner of the cluster that is there already, else to `postgres`, else to `nobody`. No system user is
 * ever created.
 * @throws DatabaseError `DATABASE_NO_ACCOUNT` when root has nobody to hand the server to.
 */
export async function chooseAccount(cluster: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const owner = await stat(cluster).catch(() => undefined)
  const candidates = owner && owner.uid !== 0 ? [String(owner.uid)] : ['postgres', 'nobody']
  for (const candidate of candidates) {
    const account = await findAccount(candidate)
    if (account) return account
  }
  throw new DatabaseError(
    'DATABASE_NO_ACCOUNT',
    `PostgreSQL does not run as root, and there is no user to run it as (looked for ${candidates.join(', ')}).`,
    {
      hint: 'Run Crossrun as another user, create one with `useradd --system postgres`, or set DATABASE_URL.',
    },
  )
}

const known = new Map<string, Promise<Account | undefined>>()

/** Asks the system, once a process. */
function findAccount(nameOrUid: string): Promise<Account | undefined> {
  const found = known.get(nameOrUid) ?? lookUp(nameOrUid)
  known.set(nameOrUid, found)
  return found
}

async function lookUp(nameOrUid: string): Promise<Account | undefined> {
  try {
    const answers = ['-u', '-g', '-un'].map(async (flag) => (await run('id', [flag, nameOrUid])).stdout.trim())
    const [uid, gid, name] = await Promise.all(answers)
    return Number(uid) === 0 ? undefined : { name: name!, uid: Number(uid), gid: Number(gid) }
  } catch {
    return undefined
  }
}

/** Gives one path to the account; does nothing without one. */
export async function giveTo(account: Account | undefined, path: string): Promise<void> {
  if (account) await chown(path, account.uid, account.gid)
}

/** Gives a directory and everything in it to the account; symbolic links are left alone. */
export async function giveTreeTo(account: Account | undefined, path: string): Promise<void> {
  if (!account) return
  const entry = await lstat(path)
  if (entry.isSymbolicLink()) return
  await chown(path, account.uid, account.gid)
  if (!entry.isDirectory()) return
  for (const name of await readdir(path)) await giveTreeTo(account, join(path, name))
}
