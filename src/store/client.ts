import type { Environment } from '../environment.ts'
import { PrismaClient } from './generated/prisma/client.ts'
import { LoggedPrismaPg } from './statements.ts'

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
  return { prisma, close: () => prisma.$disconnect() }
}
