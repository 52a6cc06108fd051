import { defineCommand } from 'citty'
import { refreshViews } from '../analytics/refresh-views.ts'
import type { Environment } from '../environment.ts'
import { BadInputError } from '../errors.ts'
import { organizationIdOf } from '../model/identifiers.ts'
import { type StartedServer, startServer } from '../server/index.ts'
import type { DatabaseHandle } from '../store/database.ts'
import { openSqlPort, type SqlPort } from '../store/embedded/sql-port.ts'
import { ensureOrganization } from '../store/organizations.ts'
import { sendOfSession } from '../store/send.ts'
import { TenantSession } from '../store/tenant-session.ts'
import type { CommandContext } from './context.ts'
import { openStore } from './open-store.ts'
import { withSqlPort } from './sql-port.ts'

export const serveArguments = {
  host: { type: 'string', description: 'Address to listen on; HOST, else 127.0.0.1.', valueHint: '127.0.0.1' },
  port: { type: 'string', description: 'Port to listen on, 0 for a free one; PORT, else 4000.', valueHint: '4000' },
  'sql-port': {
    type: 'string',
    description: 'Port of 127.0.0.1 to show the embedded PostgreSQL on too, for BI tools; CROSSRUN_SQL_PORT.',
    valueHint: '5433',
  },
  organization: {
    type: 'string',
    default: 'default',
    description: 'Slug of the organization that requests without a key see.',
    valueHint: 'slug',
  },
  'insecure-open': { type: 'boolean', description: 'Let everybody in who can reach the port, keys or not.' },
} as const

export function createServeCommand(context: CommandContext) {
  return defineCommand({
    meta: {
      name: 'serve',
      description: 'Serve the GraphQL API until SIGINT or SIGTERM. Example: crossrun serve --port 4001',
    },
    args: serveArguments,
    async run({ args }) {
      const environment = withAddress(context.environment(), args)
      const database = await openStore(environment, null)
      await serveUntilInterrupted(context, environment, database, whomToServe(args))
    },
  })
}

/** Whom requests without a key are answered for. */
export type Served = { organization: string; insecureOpen: boolean }

export function whomToServe(args: { organization: string; 'insecure-open'?: boolean }): Served {
  return { organization: args.organization, insecureOpen: args['insecure-open'] === true }
}

/** Serves, says where, and at an interrupt answers what is under way before it closes the server and the database. */
export async function serveUntilInterrupted(
  context: CommandContext,
  environment: Environment,
  database: DatabaseHandle,
  served: Served,
): Promise<void> {
  const interrupted = new Promise<void>((resolve) => {
    const stop = context.onInterrupt(() => {
      stop()
      resolve()
    })
  })
  let sqlPort: SqlPort | undefined
  try {
    await makeOrganization(database.url, served.organization)
    await refreshViews(database.url)
    sqlPort = await openSqlPort(environment)
    const server = await startServer({ url: database.url, environment, ...served })
    try {
      context.stdout(`GraphQL and GraphiQL  ${server.url}/graphql`)
      context.stdout(`Health, readiness     ${server.url}/health  ${server.url}/ready`)
      if (sqlPort)
        context.stdout(`SQL for BI tools      127.0.0.1:${sqlPort.port}  \`crossrun bi grant\` makes a login.`)
      context.stdout(admission(server, served))
      context.stdout('Stop with Ctrl-C.')
      await interrupted
    } finally {
      await server.close()
    }
  } finally {
    try {
      await database.close()
    } finally {
      // Last, so that a server that stops can still tell its clients so.
      await sqlPort?.close()
    }
  }
}

/** Requests without a key may write before anything was imported, and nothing shall stand there without an organization. */
async function makeOrganization(url: string, organization: string): Promise<void> {
  const session = await TenantSession.open(url, organizationIdOf(organization))
  try {
    await session.transaction((client) => ensureOrganization(sendOfSession(client), organization))
  } finally {
    await session.close()
  }
}

/** Whether requests need a key, in one line. */
function admission({ openness }: StartedServer, { organization }: Served): string {
  const seen = `sees and changes the organization '${organization}'`
  if (openness === 'never') return 'Requests need a key   `crossrun keys create` makes one.'
  if (openness === 'always') return `Requests need no key  Everybody who reaches the port ${seen}.`
  return `Requests need no key  Everybody on this machine ${seen}, until the first key: \`crossrun keys create\`.`
}

/** The environment with the address and the port for SQL that the command line names. */
export function withAddress(
  environment: Environment,
  { host, port, 'sql-port': sqlPort }: { host?: string; port?: string; 'sql-port'?: string },
): Environment {
  const number = port === undefined ? environment.PORT : Number(port)
  if (!Number.isInteger(number) || number < 0 || number > 65535) {
    throw new BadInputError(`--port: expected a number from 0 to 65535, found '${port}'.`)
  }
  return withSqlPort({ ...environment, HOST: host ?? environment.HOST, PORT: number }, sqlPort)
}
