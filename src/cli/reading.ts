import type { Scope } from '../filters/scope.ts'
import { organizationIdOf } from '../model/identifiers.ts'
import { openClient } from '../store/client.ts'
import { inRequestTransaction, type RequestTransaction } from '../store/request-transaction.ts'
import { TenantSession } from '../store/tenant-session.ts'
import type { CommandContext } from './context.ts'
import { openStore, type Presence } from './open-store.ts'

/** One snapshot of one organization's rows, as a query of the API sees it. */
export type Reading = RequestTransaction & { scope: Scope }

export const organizationArgument = {
  type: 'string',
  default: 'default',
  description: 'Slug of the organization.',
  valueHint: 'slug',
} as const

/** An open store, within one organization. */
export type Store = {
  organizationId: string
  url: string
  /** Runs the work on one snapshot, as an operation of the API would. */
  read<T>(work: (reading: Reading) => Promise<T>): Promise<T>
  /** Runs the work in one transaction that writes, as a mutation of the API would. */
  write<T>(work: (writing: Reading) => Promise<T>): Promise<T>
  /** Runs the work with a connection that streams and writes. */
  session<T>(work: (session: TenantSession) => Promise<T>): Promise<T>
}

/**
 * Opens the store for the work, and closes it after.
 * @throws CrossrunError `NOT_FOUND` when the organization must be there and is not
 */
export async function withStore<T>(
  context: CommandContext,
  organization: string,
  work: (store: Store) => Promise<T>,
  presence: Presence = 'KNOWN',
): Promise<T> {
  const environment = context.environment()
  const database = await openStore(environment, presence === 'KNOWN' ? organization : null)
  const organizationId = organizationIdOf(organization)
  const { url } = database
  const limits = {
    organizationId,
    maxWaitMs: environment.CROSSRUN_POOL_WAIT_MS,
    statementTimeoutMs: environment.CROSSRUN_STATEMENT_TIMEOUT_MS,
  }
  async function transact<R>(access: 'read' | 'write', transacted: (reading: Reading) => Promise<R>): Promise<R> {
    const { prisma, close } = openClient(url, environment)
    const log = { statements: 0, rows: 0, failure: undefined }
    try {
      return await inRequestTransaction(prisma, { ...limits, access }, log, (transaction) =>
        transacted({ ...transaction, scope: { organizationId } }),
      )
    } finally {
      await close()
    }
  }
  try {
    return await work({
      organizationId,
      url,
      read: (reading) => transact('read', reading),
      write: (writing) => transact('write', writing),
      async session(streaming) {
        const session = await TenantSession.open(url, organizationId)
        try {
          return await streaming(session)
        } finally {
          await session.close()
        }
      },
    })
  } finally {
    await database.close()
  }
}

/** Opens the store and a snapshot of one organization for the work, and closes both after it. */
export function withReading<T>(
  context: CommandContext,
  organization: string,
  work: (reading: Reading) => Promise<T>,
): Promise<T> {
  return withStore(context, organization, (store) => store.read(work))
}
