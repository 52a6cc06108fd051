import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { pipeline } from 'node:stream'
import type { Environment } from '../../environment.ts'
import { CrossrunError } from '../../errors.ts'
import { findPlaces } from './places.ts'
import { runningPostmaster } from './postmaster.ts'

/**
 * Only here: the embedded server trusts what comes from this machine to come from this machine, and a forwarder that
 * listened elsewhere would make everybody seem to be on it.
 */
const loopback = '127.0.0.1'

/** A port that is passed on, until it is closed. */
export type SqlPort = { port: number; close(): Promise<void> }

/**
 * Shows the embedded server at the loopback port that CROSSRUN_SQL_PORT names, whoever has started it and wherever it
 * listens after its next start.
 * @returns undefined when no port is named
 * @throws CrossrunError `PORT_IN_USE` or `PORT_NOT_ALLOWED`
 */
export async function openSqlPort(environment: Environment): Promise<SqlPort | undefined> {
  if (environment.CROSSRUN_SQL_PORT === undefined) return undefined
  const places = await findPlaces(environment.CROSSRUN_DATA_DIR)
  // Asked of the running server itself: when it is stopped, another program may have taken its port.
  return forwardPort(environment.CROSSRUN_SQL_PORT, () => runningPostmaster(places.cluster)?.port)
}

/**
 * Passes connections on, byte for byte: what is encrypted stays so, and a request to cancel, which comes on a connection
 * of its own, reaches the server too.
 * @param target asked for each connection; without an answer the connection is closed
 * @throws CrossrunError `PORT_IN_USE` or `PORT_NOT_ALLOWED`
 */
export async function forwardPort(port: number, target: () => number | undefined): Promise<SqlPort> {
  const open = new Set<Socket>()
  const track = (socket: Socket): Socket => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    // Whoever breaks off does so in the middle of something; the pipelines below close the other side.
    return socket.on('error', () => undefined)
  }
  // A client that has said its last word may still wait for answers.
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const client = track(socket)
    const targetPort = target()
    if (!targetPort) return client.destroy()
    const server = track(connect({ host: loopback, port: targetPort, allowHalfOpen: true, noDelay: true }))
    pipeline(client, server, () => undefined)
    // The server never stops only talking: when it ends, it no longer listens either.
    pipeline(server, client, () => {
      client.destroy()
      server.destroy()
    })
  })
  listener.listen(port, loopback)
  await once(listener, 'listening').catch((error: Error) => {
    throw cannotListen(error, port)
  })
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

function cannotListen(cause: Error, port: number): unknown {
  const { code } = cause as NodeJS.ErrnoException
  if (code === 'EADDRINUSE')
    return new CrossrunError(
      'PORT_IN_USE',
      `The port ${port} of ${loopback} is in use, so SQL cannot be shown there.`,
      {
        hint: 'Name another one with --sql-port or CROSSRUN_SQL_PORT, or end what listens there.',
        cause,
      },
    )
  if (code === 'EACCES')
    return new CrossrunError('PORT_NOT_ALLOWED', `This user may not listen on port ${port}.`, {
      hint: 'Name one above 1023 with --sql-port or CROSSRUN_SQL_PORT.',
      cause,
    })
  return cause
}
