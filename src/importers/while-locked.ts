import type { RetryableError } from '../errors.ts'
import type { TenantSession } from '../store/tenant-session.ts'

/**
 * Runs the work while the connection holds the lock of this name.
 * @throws what `busy` makes, when another connection holds it
 */
export async function whileLocked<T>(
  { client }: TenantSession,
  name: string,
  busy: () => RetryableError,
  work: () => Promise<T>,
): Promise<T> {
  const { rows } = await client.query<{ locked: boolean }>(
    'select pg_try_advisory_lock(hashtextextended($1, 0)) as locked',
    [name],
  )
  if (!rows[0]!.locked) throw busy()
  try {
    return await work()
  } finally {
    // A connection that is gone holds nothing.
    await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name]).catch(() => undefined)
  }
}
