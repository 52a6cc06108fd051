import { RetryableError } from '../errors.ts'
import { openSession, type PrismaClient } from './client.ts'
import type { Prisma } from './generated/prisma/client.ts'
import { RequestStop, timedOut } from './request-stop.ts'
import { logStatements, type StatementLog } from './statements.ts'
import { APP_ROLE, type TenantSession } from './tenant-session.ts'
import { type Db, kyselyOn } from './transaction-kysely.ts'

export type RequestSettings = {
  organizationId: string
  access: 'read' | 'write'
  /** Milliseconds until a request that gets no connection is told to retry. */
  maxWaitMs: number
  /** The longest one statement may run, in milliseconds. */
  statementTimeoutMs: number
  /** The longest all of it may take, in milliseconds; a minute unless given. */
  timeoutMs?: number
  /** Fires when nobody waits for the answer any more. */
  signal?: AbortSignal | undefined
}

/** One snapshot of one organization's rows, through Prisma and through Kysely. */
export type RequestTransaction = {
  tx: Prisma.TransactionClient
  db: Db
  /** The moment the transaction began, by the database's clock: what SQL calls now(). */
  now: Date
  /** Opens a connection beside this transaction, for work that has transactions and locks of its own; to be closed. */
  openSession: () => Promise<TenantSession>
}

const TIMEOUT_MS = 60_000
/** By how much Prisma's own limit on a transaction comes after ours, in milliseconds. */
const MARGIN_MS = 10_000

/**
 * Runs the work in one transaction of the app role within the organization. When a statement fails, all of it fails
 * with that statement's error: nothing later in the transaction could succeed, whatever the work made of the error.
 * @throws RetryableError `SERVICE_BUSY` (no connection in time), `DATABASE_UNAVAILABLE`, or `CONFLICT` with another's write
 * @throws CrossrunError `QUERY_TIMEOUT`, or `REQUEST_CANCELLED` when the signal fires
 */
export async function inRequestTransaction<T>(
  prisma: PrismaClient,
  settings: RequestSettings,
  log: StatementLog,
  work: (transaction: RequestTransaction) => Promise<T>,
): Promise<T> {
  const { maxWaitMs, statementTimeoutMs, timeoutMs = TIMEOUT_MS, signal } = settings
  const limits = { maxWait: Math.min(maxWaitMs, timeoutMs), timeout: timeoutMs + MARGIN_MS }
  const stop = new RequestStop({ timeoutMs, signal })
  let began = false
  const run = (tx: Prisma.TransactionClient): Promise<T> => {
    began = true
    return stop.within(async () => {
      const now = await enter(tx, settings, stop)
      const result = await work({
        tx,
        db: kyselyOn(tx),
        now,
        openSession: () => openSession(prisma, settings.organizationId),
      })
      if (log.failure !== undefined) throw log.failure
      return result
    })
  }
  try {
    const transaction = logStatements(
      log,
      () => prisma.$transaction(run, { isolationLevel: 'RepeatableRead', ...limits }),
      { stop, statementTimeoutMs },
    )
    return await stop.beforeOverdue(transaction)
  } catch (error) {
    throw stop.reason ?? (began ? meaningOf(log.failure ?? error) : cannotBegin(error))
  } finally {
    stop.close()
  }
}

/**
 * Takes the role and the organization on, and fixes what values look like as text; one statement. What is written is on
 * disk when it is said to be done: replicas are told by that whether they have it.
 */
async function enter(tx: Prisma.TransactionClient, settings: RequestSettings, stop: RequestStop): Promise<Date> {
  const { organizationId, access } = settings
  const statementTimeoutMs = Math.min(settings.statementTimeoutMs, stop.leftMs)
  const [row] = await tx.$queryRaw<[{ now: number; backend: number }]>`
    select set_config('app.organization_id', ${organizationId}, true),
           set_config('role', ${APP_ROLE}, true),
           set_config('statement_timeout', ${String(statementTimeoutMs)}, true),
           set_config('transaction_read_only', ${access === 'read' ? 'on' : 'off'}, true),
           set_config('synchronous_commit', coalesce(nullif(current_setting('synchronous_commit'), 'off'), 'on'), true),
           set_config('TimeZone', 'UTC', true),
           set_config('DateStyle', 'ISO', true),
           (extract(epoch from now()) * 1000)::float8 as now, pg_backend_pid() as backend`
  stop.backend = row.backend
  return new Date(row.now)
}

function cannotBegin(cause: unknown): RetryableError {
  if (codeOf(cause) === 'P2028' || /timeout exceeded when trying to connect/.test(String(cause))) {
    return new RetryableError('SERVICE_BUSY', 'All database connections are in use. Ask again in a moment.', {
      hint: 'CROSSRUN_POOL_SIZE and CROSSRUN_POOL_WAIT_MS say how many there are and how long a request waits.',
      cause,
    })
  }
  return unavailable(cause)
}

/** The same error, but for those that are nobody's mistake. */
function meaningOf(error: unknown): unknown {
  const code = codeOf(error)
  const { originalCode = code, kind } = ((error as { cause?: unknown } | null)?.cause ?? {}) as {
    originalCode?: string
    kind?: string
  }
  if (code === 'P2028' || originalCode === STATEMENT_ENDED) return timedOut(error)
  if (kind === 'TransactionWriteConflict' || WRITE_CONFLICTS.includes(originalCode ?? '')) {
    return new RetryableError('CONFLICT', 'Somebody else was changing the same. Ask again in a moment.', {
      cause: error,
    })
  }
  if (LOST_KINDS.includes(kind ?? '') || LOST_CODES.test(originalCode ?? '') || LOST_MESSAGES.test(String(error)))
    return unavailable(error)
  return error
}

/** SQLSTATE of a statement that was cancelled or ran into its timeout. */
const STATEMENT_ENDED = '57014'
/** Serialization failure, deadlock, lock not available, a key that another made at the same moment; Prisma's code for the first two. */
const WRITE_CONFLICTS = ['40001', '40P01', '55P03', '23505', 'P2034']
const LOST_KINDS = ['ConnectionClosed', 'DatabaseNotReachable', 'SocketTimeout']
/** Connection exceptions, and a server that shuts down, has crashed or cannot take connections. */
const LOST_CODES = /^(08...|57P0[1-3])$/
/** What the driver says of a connection that ended by itself; it gives no code. */
const LOST_MESSAGES = /Connection terminated|Client has encountered a connection error|server closed the connection/

function unavailable(cause: unknown): RetryableError {
  return new RetryableError('DATABASE_UNAVAILABLE', 'The database cannot be reached. Ask again in a moment.', { cause })
}

/** Prisma's code of an error, or the SQLSTATE of an adapter's error. */
function codeOf(error: unknown): string | undefined {
  const { code, originalCode } = (error ?? {}) as { code?: string; originalCode?: string }
  return originalCode ?? code
}
