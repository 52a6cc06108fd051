import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import { createYoga } from 'graphql-yoga'
import type { Logger } from 'pino'
import type { Environment } from '../environment.ts'
import { schema } from '../schema/index.ts'
import type { PrismaClient } from '../store/client.ts'
import { Authentication, type Openness, type TokenReader } from './authentication.ts'
import { newContext, type ServerContext } from './context.ts'
import { EXAMPLE_QUERIES } from './example-queries.ts'
import { type Listener, listenOn } from './listen.ts'
import { useErrors } from './use-errors.ts'
import { useFrontDoor } from './use-front-door.ts'
import { useOperationLog } from './use-operation-log.ts'
import { useReadiness } from './use-readiness.ts'
import { useRequestId } from './use-request-id.ts'
import { useRequestTransaction } from './use-request-transaction.ts'
import { useViewer, viewerOf } from './use-viewer.ts'

export type ServerOptions = {
  prisma: PrismaClient
  /** Whose rows it shows to those who come without a key. */
  organizationId: string
  /** Whom it answers without a key; until the first is made, unless given. */
  openness?: Openness
  /** Who comes with a token that is no key. */
  readToken?: TokenReader
  environment: Environment
  logger: Logger
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

export function createServer({
  prisma,
  organizationId,
  environment,
  logger,
  openness = 'untilFirstKey',
  readToken,
  organizationCondition = true,
}: ServerOptions): Server {
  const authentication = new Authentication({ prisma, openness, organizationId, readToken })
  const yoga = createYoga<object, ServerContext>({
    schema,
    graphqlEndpoint: GRAPHQL_PATH,
    landingPage: false,
    healthCheckEndpoint: '/health',
    // Nothing tells a page that may ask from one that may not: none but the server's own may.
    cors: false,
    multipart: false,
    context: ({ request }) => newContext(request, viewerOf(request)),
    logging: yogaLogger(logger),
    maskedErrors: { errorMessage: 'Unexpected error.', isDev: false },
    graphiql: { title: 'Crossrun', defaultTabs: EXAMPLE_QUERIES.map((query) => ({ query })) },
    renderGraphiQL,
    plugins: [
      useRequestId(),
      useFrontDoor(GRAPHQL_PATH),
      useReadiness(prisma, logger),
      useViewer(authentication, logger),
      useRequestTransaction({ prisma, organizationCondition, environment }),
      useErrors(logger),
      useOperationLog(logger),
    ],
  })
  const listeners = new Set<Listener>()
  let closing: Promise<void> | undefined
  return {
    fetch: async (url, init) => yoga.fetch(new Request(url, init)),
    async listen(address) {
      const listener = await listenOn(yoga, address)
      listeners.add(listener)
      return listener
    },
    close() {
      closing ??= Promise.all([...listeners].map((listener) => listener.close())).then(async () => {
        await yoga.dispose()
        await prisma.$disconnect()
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
  return { debug: () => undefined, info: write('debug'), warn: write('warn'), error: write('error') }
}
