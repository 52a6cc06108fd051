import type { ClientBase } from 'pg'
import { RetryableError } from '../errors.ts'
import type { TenantSession } from '../store/tenant-session.ts'
import { whileLocked } from './while-locked.ts'

const RECORDS = `hashtextextended('crossrun records of ' || crossrun_organization_id(), 0)`

/** A wait holds up the imports that come after it, so each is short, and there are pauses between them. */
const WAIT = '2s'
const PAUSE_MS = 200

/** Held in common by every transaction that writes records, from its beginning, before it locks anything else. */
export async function holdRecords(client: ClientBase): Promise<void> {
  await client.query(`select pg_advisory_xact_lock_shared(${RECORDS})`)
}

/**
 * Runs the work in a transaction during which no import writes records, payloads or ledger entries. What an import wrote
 * before is all there; what it writes after finds what the work left.
 * @param options `patienceMs`: how long it may take until imports leave a gap; `keep: false` undoes it in the end
 * @throws RetryableError `IMPORT_RUNNING` when they leave none
 */
export async function withoutImports<T>(
  session: TenantSession,
  options: { patienceMs: number; keep?: boolean },
  work: (client: ClientBase) => Promise<T>,
): Promise<T> {
  const until = Date.now() + options.patienceMs
  for (;;) {
    try {
      return await session.transaction(
        async (client) => {
          await client.query(`set local lock_timeout = '${WAIT}'`)
          await client.query(`select pg_advisory_xact_lock(${RECORDS})`)
          await client.query('select pg_advisory_xact_lock(crossrun_payload_lock_key())')
          return work(client)
        },
        { keep: options.keep !== false },
      )
    } catch (error) {
      if (!isInTheWay(error)) throw error
      if (Date.now() > until)
        throw new RetryableError('IMPORT_RUNNING', 'An import, or other work on the same rows, leaves no gap.', {
          hint: 'Nothing was changed. Do it again when that is over.',
          cause: error,
        })
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}

/** Lock not available, deadlock detected, could not serialize: it may go well a moment later. */
function isInTheWay(error: unknown): boolean {
  return ['55P03', '40P01', '40001'].includes(String((error as { code?: unknown } | null)?.code))
}

/** Keys of the locks that an import holds in common until its connection ends: its own, and that of its organization. */
const keysOf = (organizationId: string, importId: string) => [
  `crossrun imports of ${organizationId}`,
  `crossrun import ${importId}`,
]

/** Says that the import is under way, as long as the connection lasts; waits while its organization is being deleted. */
export async function holdImport(session: TenantSession, organizationId: string, importId: string): Promise<void> {
  await session.client.query(
    `select pg_advisory_lock_shared(hashtextextended(key, 0)) from unnest($1::text[]) with ordinality as keys (key, place) order by place`,
    [keysOf(organizationId, importId)],
  )
}

/** Whether the import is under way in some process. */
export async function isUnderWay(client: ClientBase, organizationId: string, importId: string): Promise<boolean> {
  const { rows } = await client.query<{ free: boolean }>(
    `select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as free`,
    [keysOf(organizationId, importId)[1]],
  )
  return !rows[0]!.free
}

/**
 * Runs the work while no import of the organization is under way, and none can begin.
 * @throws RetryableError `IMPORT_RUNNING` when one is
 */
export async function withNoImportUnderWay<T>(
  session: TenantSession,
  organizationId: string,
  work: () => Promise<T>,
): Promise<T> {
  const busy = () =>
    new RetryableError('IMPORT_RUNNING', 'An import of this organization is under way.', {
      hint: 'Nothing was changed. Do it again when the import is over.',
    })
  return whileLocked(session, keysOf(organizationId, '')[0]!, busy, work)
}
