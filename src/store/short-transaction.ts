import type { PrismaClient } from './client.ts'
import { type Send, sendOfRequest } from './send.ts'
import { APP_ROLE } from './tenant-session.ts'
import { kyselyOn } from './transaction-kysely.ts'

/** It does little, and nobody shall wait long for it. */
const MOST_WAIT_MS = 2_000
const MOST_TIME_MS = 5_000

/**
 * Runs the work in a transaction of its own within the organization, beside whatever a request does: what it writes
 * stays when the request's own transaction is undone. Each of its statements sees what is committed by then.
 */
export function inShortTransaction<T>(
  prisma: PrismaClient,
  organizationId: string,
  work: (send: Send) => Promise<T>,
): Promise<T> {
  return prisma.$transaction(
    async (tx) => {
      await tx.$queryRaw`
        select set_config('app.organization_id', ${organizationId}, true), set_config('role', ${APP_ROLE}, true),
               set_config('synchronous_commit', coalesce(nullif(current_setting('synchronous_commit'), 'off'), 'on'), true),
               set_config('statement_timeout', ${String(MOST_TIME_MS)}, true)`
      return work(sendOfRequest(kyselyOn(tx)))
    },
    { isolationLevel: 'ReadCommitted', maxWait: MOST_WAIT_MS, timeout: MOST_TIME_MS },
  )
}
