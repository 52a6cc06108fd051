import type { Environment } from '../environment.ts'
import { organizationIdOf } from '../model/identifiers.ts'
import { openClient } from '../store/client.ts'
import type { Listener } from './listen.ts'
import { createLogger } from './logger.ts'
import { createServer } from './server.ts'

/** The organization that is served until there are accounts to tell organizations apart. */
const ORGANIZATION = 'default'

/**
 * Serves a migrated database at HOST and PORT.
 * @returns where, and how to stop: what has arrived is answered first
 * @throws CrossrunError `PORT_IN_USE` or `PORT_NOT_ALLOWED`
 */
export async function startServer({ url, environment }: { url: string; environment: Environment }): Promise<Listener> {
  const { prisma } = openClient(url, environment)
  const logger = createLogger(environment)
  const server = createServer({ prisma, organizationId: organizationIdOf(ORGANIZATION), environment, logger })
  try {
    const listener = await server.listen({ host: environment.HOST, port: environment.PORT })
    logger.info({ url: listener.url }, 'listening')
    return { ...listener, close: () => server.close() }
  } catch (error) {
    await server.close()
    throw error
  }
}
