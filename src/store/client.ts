import type { Environment } from '../environment.ts'
import { PrismaClient } from './generated/prisma/client.ts'
import { LoggedPrismaPg } from './statements.ts'
import { TenantSession } from './tenant-session.ts'

export type { PrismaClient }

/** A client and its pool; connections are opened as they are needed. */
export type Client = {
  prisma: PrismaClient
  /** Ends the pool's connections once the queries on them are answered. */
  close(): Promise<void>
}

/** @param url of a database that is migrated */
export function openClient(url: string, environment: Environment): Client {
  const adapter = new LoggedPrismaPg({
    connectionString: url,
    application_name: 'crossrun serve',
    max: environment.CROSSRUN_POOL_SIZE,
    connectionTimeoutMillis: environment.CROSSRUN_POOL_WAIT_MS,
    allowExitOnIdle: true,
  })
  const prisma = new PrismaClient({ adapter })
  urls.set(prisma, url)
  return { prisma, close: () => prisma.$disconnect() }
}

const urls = new WeakMap<PrismaClient, string>()

/**
 * Where a client is connected to.
 * @throws Error when the client was not opened here
 */
export function urlOf(prisma: PrismaClient): string {
  const url = urls.get(prisma)
  if (url === undefined) throw new Error('Where this client is connected to is not known.')
  return url
}

/**
 * A connection beside those of the client, for work that has transactions and locks of its own. Whoever opens it closes it.
 * @throws Error when the client was not opened here
 */
export async function openSession(prisma: PrismaClient, organizationId: string): Promise<TenantSession> {
  return TenantSession.open(urlOf(prisma), organizationId)
}
