import type { ClientBase } from 'pg'
import { RetryableError } from '../../errors.ts'
import type { TenantSession } from '../../store/tenant-session.ts'
import { whileLocked } from '../while-locked.ts'

/** A wait holds up imports that come after it, so each is short, and there are pauses between them. */
const WAIT = '2s'
const PAUSE_MS = 500
/** An import of one huge file is one transaction, and may take minutes. */
const PATIENCE_MS = 10 * 60_000

/**
 * Runs the work in a transaction during which no import writes payloads or ledger entries. The lock is the first thing
 * the transaction takes, so it cannot deadlock with an import; within it, rows that somebody else holds must be passed over.
 * @throws RetryableError `IMPORT_RUNNING` when imports leave no gap for ten minutes
 */
export async function alone<T>(session: TenantSession, work: (client: ClientBase) => Promise<T>): Promise<T> {
  const until = Date.now() + PATIENCE_MS
  for (;;) {
    try {
      return await session.transaction(async (client) => {
        await client.query(`set local lock_timeout = '${WAIT}'`)
        await client.query('select pg_advisory_xact_lock(crossrun_payload_lock_key())')
        return work(client)
      })
    } catch (error) {
      if ((error as { code?: string }).code !== '55P03') throw error
      if (Date.now() > until)
        throw new RetryableError('IMPORT_RUNNING', 'An import has been writing payloads for ten minutes.', {
          hint: 'What was done is kept; run `crossrun retention` again when the import is over.',
          cause: error,
        })
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}

/**
 * Runs the work unless another process of the organization is at it.
 * @throws RetryableError `RETENTION_RUNNING`
 */
export async function onlyOne<T>(session: TenantSession, organizationId: string, work: () => Promise<T>): Promise<T> {
  const busy = () =>
    new RetryableError('RETENTION_RUNNING', 'Another process applies the retention rules right now.', {
      hint: 'Wait until it is done.',
    })
  return whileLocked(session, `crossrun retention of ${organizationId}`, busy, work)
}
