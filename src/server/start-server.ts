import { isAnyKeyMade } from '../access/find-key.ts'
import { type TokenSettings, tokenReader } from '../access/read-token.ts'
import type { Environment } from '../environment.ts'
import { organizationIdOf } from '../model/identifiers.ts'
import { openClient } from '../store/client.ts'
import type { Openness } from './authentication.ts'
import type { Listener } from './listen.ts'
import { createLogger } from './logger.ts'
import { openReplicas } from './open-replicas.ts'
import { opennessOf } from './openness.ts'
import { createServer } from './server.ts'
import { openTraces } from './traces.ts'

export type StartOptions = {
  url: string
  environment: Environment
  /** Slug of the organization that requests without a key see. */
  organization: string
  /** Whether the operator wants everybody let in. */
  insecureOpen: boolean
}

/** A server that listens, and whom it answers without a key. */
export type StartedServer = Listener & { openness: Openness }

/**
 * Serves a migrated database at HOST and PORT.
 * @returns where, whom it answers, and how to stop: what has arrived is answered first
 * @throws CrossrunError `PORT_IN_USE`, `PORT_NOT_ALLOWED`, or `NOT_PROTECTED`
 */
export async function startServer({
  url,
  environment,
  organization,
  insecureOpen,
}: StartOptions): Promise<StartedServer> {
  const { prisma, close } = openClient(url, environment)
  const logger = createLogger(environment, { urls: [url] })
  const settings = tokenSettings(environment)
  let openness: Openness
  try {
    const isProtected = settings !== null || (await isAnyKeyMade(prisma))
    openness = await opennessOf(environment.HOST, { isProtected, insecureOpen })
  } catch (error) {
    await close()
    throw error
  }
  const server = createServer({
    prisma,
    url,
    replicas: openReplicas(url, environment, logger),
    organizationId: organizationIdOf(organization),
    openness,
    ...(settings ? { readToken: tokenReader(settings) } : {}),
    environment,
    logger,
    traces: await openTraces(environment),
  })
  try {
    const listener = await server.listen({ host: environment.HOST, port: environment.PORT })
    logger.info({ url: listener.url, openness }, 'listening')
    return { ...listener, openness, close: () => server.close() }
  } catch (error) {
    await server.close()
    throw error
  }
}

/** Null when no identity provider is set up. */
function tokenSettings(environment: Environment): TokenSettings | null {
  const { CROSSRUN_JWT_JWKS_URL, CROSSRUN_JWT_ISSUER, CROSSRUN_JWT_AUDIENCE } = environment
  if (!CROSSRUN_JWT_JWKS_URL || !CROSSRUN_JWT_ISSUER || !CROSSRUN_JWT_AUDIENCE) return null
  return {
    jwksUrl: CROSSRUN_JWT_JWKS_URL,
    issuer: CROSSRUN_JWT_ISSUER,
    audience: CROSSRUN_JWT_AUDIENCE,
    organizationClaim: environment.CROSSRUN_JWT_ORGANIZATION_CLAIM,
    scopeClaim: environment.CROSSRUN_JWT_SCOPE_CLAIM,
  }
}
