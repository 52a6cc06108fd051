import { defineCommand } from 'citty'
import type { Environment } from '../environment.ts'
import { BadInputError } from '../errors.ts'
import { startServer } from '../server/index.ts'
import type { DatabaseHandle } from '../store/database.ts'
import type { CommandContext } from './context.ts'
import { openStore } from './open-store.ts'

export const serveArguments = {
  host: { type: 'string', description: 'Address to listen on; HOST, else 127.0.0.1.', valueHint: '127.0.0.1' },
  port: { type: 'string', description: 'Port to listen on, 0 for a free one; PORT, else 4000.', valueHint: '4000' },
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
      const database = await openStore(environment)
      await serveUntilInterrupted(context, environment, database)
    },
  })
}

/** Serves, says where, and at an interrupt answers what is under way before it closes the server and the database. */
export async function serveUntilInterrupted(
  context: CommandContext,
  environment: Environment,
  database: DatabaseHandle,
): Promise<void> {
  const interrupted = new Promise<void>((resolve) => {
    const stop = context.onInterrupt(() => {
      stop()
      resolve()
    })
  })
  try {
    const server = await startServer({ url: database.url, environment })
    try {
      context.stdout(`GraphQL and GraphiQL  ${server.url}/graphql`)
      context.stdout(`Health, readiness     ${server.url}/health  ${server.url}/ready`)
      context.stdout('Stop with Ctrl-C.')
      await interrupted
    } finally {
      await server.close()
    }
  } finally {
    await database.close()
  }
}

/** The environment with the address that the command line names. */
export function withAddress(environment: Environment, { host, port }: { host?: string; port?: string }): Environment {
  const number = port === undefined ? environment.PORT : Number(port)
  if (!Number.isInteger(number) || number < 0 || number > 65535) {
    throw new BadInputError(`--port: expected a number from 0 to 65535, found '${port}'.`)
  }
  return { ...environment, HOST: host ?? environment.HOST, PORT: number }
}
