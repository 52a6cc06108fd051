import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import { createYoga } from 'graphql-yoga'
import type { Logger } from 'pino'
import type { Environment } from '../environment.ts'
import { schema } from '../schema/index.ts'
import type { PrismaClient } from '../store/client.ts'
import type { Replicas } from '../store/replicas.ts'
import { AuditTrail } from './audit-trail.ts'
import { Authentication, type Openness, type TokenReader } from './authentication.ts'
import { newContext, type ServerContext } from './context.ts'
import { DocumentCache, NO_ERRORS } from './document-cache.ts'
import { Doorman } from './doorman.ts'
import { EXAMPLE_QUERIES } from './example-queries.ts'
import { withLastResort } from './last-resort.ts'
import { type Listener, listenOn } from './listen.ts'
import { openRateLimits } from './rate-limits.ts'
import { SideDoor } from './side-door.ts'
import type { Traces } from './traces.ts'
import { useArgumentNames } from './use-argument-names.ts'
import { useAudit } from './use-audit.ts'
import { useBatchLimit } from './use-batch-limit.ts'
import { useBodyLimit } from './use-body-limit.ts'
import { useComplexity } from './use-complexity.ts'
import { useDocumentShape } from './use-document-shape.ts'
import { useDocumentSize } from './use-document-size.ts'
import { unmaskedError, useErrors } from './use-errors.ts'
import { useExports } from './use-exports.ts'
import { useFrontDoor } from './use-front-door.ts'
import { useInputLimits } from './use-input-limits.ts'
import { hasGraphiQL, useIntrospection } from './use-introspection.ts'
import { useKnownHost } from './use-known-host.ts'
import { useListSizes } from './use-list-sizes.ts'
import { useMetrics } from './use-metrics.ts'
import { useOperationLog } from './use-operation-log.ts'
import { usePermalinks } from './use-permalinks.ts'
import { useRateLimit } from './use-rate-limit.ts'
import { useReadiness } from './use-readiness.ts'
import { useRequestId } from './use-request-id.ts'
import { useRequestTransaction } from './use-request-transaction.ts'
import { corsOf, useSameOrigin } from './use-same-origin.ts'
import { useStopping } from './use-stopping.ts'
import { DOCUMENT_ID, useTrustedDocuments } from './use-trusted-documents.ts'
import { useUrlLimit } from './use-url-limit.ts'
import { useViewer, viewerOf } from './use-viewer.ts'

export type ServerOptions = {
  prisma: PrismaClient
  /** The database's address, for what is not asked through the client: counters that several servers share. */
  url?: string
  /** Who may answer queries in the database's place; closed with the server. */
  replicas?: Replicas | undefined
  /** Whose rows it shows to those who come without a key. */
  organizationId: string
  /** Whom it answers without a key; until the first is made, unless given. */
  openness?: Openness
  /** Who comes with a token that is no key. */
  readToken?: TokenReader
  environment: Environment
  logger: Logger
  /** Where spans go, when they go anywhere. */
  traces?: Traces | undefined
  /** False leaves it to row-level security alone to keep organizations apart: for the test that shows that it does. */
  organizationCondition?: boolean
}

export type Server = {
  /** Answers a request without a port. */
  fetch(url: string, init?: RequestInit): Promise<Response>
  /** Opens a port; more than one may be open. */
  listen(address: { host: string; port: number }): Promise<Listener>
  /** Answers what has arrived, takes nothing new, and ends the database connections. May be called more than once. */
  close(): Promise<void>
}

const GRAPHQL_PATH = '/graphql'
/** What is asked as late as a stop begins has its whole time, and so long to be written, in milliseconds. */
const DRAIN_MARGIN_MS = 2_000

export function createServer({
  prisma,
  url,
  replicas,
  organizationId,
  environment,
  logger,
  openness = 'untilFirstKey',
  readToken,
  traces,
  organizationCondition = true,
}: ServerOptions): Server {
  const authentication = new Authentication({ prisma, openness, organizationId, readToken, logger })
  const trail = new AuditTrail({ prisma, logger })
  const limits = openRateLimits(environment, url, logger)
  const addressHeader = environment.CROSSRUN_CLIENT_ADDRESS_HEADER
  const doorman = new Doorman({ authentication, trail, logger, failures: limits.failures, addressHeader })
  const hosts = new Set<string>()
  const origins = environment.CROSSRUN_CORS_ORIGINS
  const door = new SideDoor({ doorman, limiter: limits.operations, addressHeader, origins, hosts })
  const yoga = createYoga<object, ServerContext>({
    schema,
    graphqlEndpoint: GRAPHQL_PATH,
    landingPage: false,
    healthCheckEndpoint: '/health',
    cors: corsOf(origins),
    batching: { limit: environment.CROSSRUN_BATCH_LIMIT },
    maxRequestBodySize: environment.CROSSRUN_MAX_BODY_BYTES,
    parserAndValidationCache: { documentCache: new DocumentCache(), errorCache: NO_ERRORS },
    extraParamNames: [DOCUMENT_ID],
    multipart: false,
    context: ({ request }) => newContext(request, viewerOf(request)),
    logging: yogaLogger(logger),
    maskedErrors: { maskError: unmaskedError },
    graphiql: hasGraphiQL(environment) && {
      title: 'Crossrun',
      defaultTabs: EXAMPLE_QUERIES.map((query) => ({ query })),
    },
    renderGraphiQL,
    plugins: [
      useRequestId(),
      useUrlLimit(environment),
      useSameOrigin(origins),
      hasGraphiQL(environment) ? useFrontDoor(GRAPHQL_PATH) : {},
      useStopping(() => closing !== undefined),
      useReadiness({ prisma, replicas, logger, isStopping: () => closing !== undefined }),
      useBatchLimit(environment),
      useViewer(doorman, authentication, logger),
      useKnownHost(hosts),
      useRateLimit(limits.operations, addressHeader),
      useInputLimits(environment),
      useTrustedDocuments(schema, environment),
      useDocumentSize(environment),
      useDocumentShape(environment),
      useAudit(trail),
      useRequestTransaction({ prisma, replicas, organizationCondition, environment }),
      useArgumentNames(),
      useErrors(logger),
      useOperationLog(logger),
      useListSizes(),
      useComplexity(environment),
      useBodyLimit(environment),
      useIntrospection(schema, environment),
      useMetrics({ environment, replicas, doorman, logger }),
      useExports({ prisma, replicas, environment, door, trail, logger }),
      usePermalinks({
        prisma,
        environment,
        failures: limits.failures,
        limiter: limits.operations,
        addressHeader,
        trail,
        logger,
      }),
      traces?.plugin ?? {},
    ],
  })
  const answering = withLastResort(yoga, logger)
  const listeners = new Set<Listener>()
  let closing: Promise<void> | undefined
  return {
    fetch: async (url, init) => answering.fetch(new Request(url, init)),
    async listen(address) {
      const listener = await listenOn(answering, address, environment.CROSSRUN_REQUEST_TIMEOUT_MS + DRAIN_MARGIN_MS)
      listeners.add(listener)
      hosts.add(address.host.toLowerCase())
      return listener
    },
    close() {
      closing ??= Promise.all([...listeners].map((listener) => listener.close())).then(async () => {
        await yoga.dispose()
        await authentication.settled()
        await limits.close()
        await replicas?.close()
        await prisma.$disconnect()
        await traces?.close()
      })
      return closing
    },
  }
}

function yogaLogger(logger: Logger) {
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (...parts: unknown[]) =>
      logger[level]({ parts }, 'yoga')
  // What is an error to Yoga is logged by useErrors, with the request's id.
  return { debug: () => undefined, info: write('debug'), warn: write('warn'), error: write('debug') }
}
