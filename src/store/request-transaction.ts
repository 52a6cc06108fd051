import { CrossrunError, RetryableError } from '../errors.ts'
import type { PrismaClient } from './client.ts'
import type { Prisma } from './generated/prisma/client.ts'
import { logStatements, type StatementLog } from './statements.ts'
import { APP_ROLE } from './tenant-session.ts'
import { type Db, kyselyOn } from './transaction-kysely.ts'

export type RequestSettings = {
  organizationId: string
  access: 'read' | 'write'
  /** Milliseconds until a request that gets no connection is told to retry. */
  maxWaitMs: number
  /** The longest one statement may run, in milliseconds. */
  statementTimeoutMs: number
}

/** One snapshot of one organization's rows, through Prisma and through Kysely. */
export type RequestTransaction = {
  tx: Prisma.TransactionClient
  db: Db
  /** The moment the transaction began, by the database's clock: what SQL calls now(). */
  now: Date
}

/** A request may take this many times as long as its longest statement may, and is then ended. */
const STATEMENTS_OF_FULL_LENGTH = 4

/**
 * Runs the work in one transaction of the app role within the organization. When a statement fails, all of it fails
 * with that statement's error: nothing later in the transaction could succeed, whatever the work made of the error.
 * @throws RetryableError `SERVICE_BUSY` (no connection in time) or `DATABASE_UNAVAILABLE`
 * @throws CrossrunError `QUERY_TIMEOUT`
 */
export async function inRequestTransaction<T>(
  prisma: PrismaClient,
  settings: RequestSettings,
  log: StatementLog,
  work: (transaction: RequestTransaction) => Promise<T>,
): Promise<T> {
  const { maxWaitMs, statementTimeoutMs } = settings
  const limits = { maxWait: maxWaitMs, timeout: statementTimeoutMs * STATEMENTS_OF_FULL_LENGTH }
  let began = false
  const run = async (tx: Prisma.TransactionClient): Promise<T> => {
    began = true
    const now = await enter(tx, settings)
    const result = await work({ tx, db: kyselyOn(tx), now })
    if (log.failure !== undefined) throw log.failure
    return result
  }
  try {
    return await logStatements(log, () => prisma.$transaction(run, { isolationLevel: 'RepeatableRead', ...limits }))
  } catch (error) {
    if (!began) throw cannotBegin(error)
    throw isTimeout(log.failure ?? error) ? timedOut(error) : (log.failure ?? error)
  }
}

/** Takes the role and the organization on, and fixes what values look like as text; one statement. */
async function enter(tx: Prisma.TransactionClient, settings: RequestSettings): Promise<Date> {
  const { organizationId, access, statementTimeoutMs } = settings
  const [row] = await tx.$queryRaw<[{ now: number }]>`
    select set_config('app.organization_id', ${organizationId}, true),
           set_config('role', ${APP_ROLE}, true),
           set_config('statement_timeout', ${String(statementTimeoutMs)}, true),
           set_config('transaction_read_only', ${access === 'read' ? 'on' : 'off'}, true),
           set_config('TimeZone', 'UTC', true),
           set_config('DateStyle', 'ISO', true),
           (extract(epoch from now()) * 1000)::float8 as now`
  return new Date(row.now)
}

function cannotBegin(cause: unknown): RetryableError {
  if (codeOf(cause) === 'P2028' || /timeout exceeded when trying to connect/.test(String(cause))) {
    return new RetryableError('SERVICE_BUSY', 'All database connections are in use. Ask again in a moment.', {
      hint: 'CROSSRUN_POOL_SIZE and CROSSRUN_POOL_WAIT_MS say how many there are and how long a request waits.',
      cause,
    })
  }
  return new RetryableError('DATABASE_UNAVAILABLE', 'The database cannot be reached. Ask again in a moment.', { cause })
}

function timedOut(cause: unknown): CrossrunError {
  return new CrossrunError('QUERY_TIMEOUT', 'The query took too long and was ended.', {
    hint: 'Ask for less at once, or raise CROSSRUN_STATEMENT_TIMEOUT_MS.',
    cause,
  })
}

/** A statement was cancelled (SQLSTATE 57014), or Prisma ended a transaction that had run for its whole time. */
function isTimeout(error: unknown): boolean {
  return codeOf(error) === 'P2028' || codeOf((error as { cause?: unknown }).cause) === '57014'
}

/** Prisma's code of an error, or the SQLSTATE of an adapter's error. */
function codeOf(error: unknown): string | undefined {
  const { code, originalCode } = (error ?? {}) as { code?: string; originalCode?: string }
  return originalCode ?? code
}
