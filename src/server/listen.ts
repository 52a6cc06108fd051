import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CrossrunError } from '../errors.ts'

export type Listener = {
  /** Where it can be reached, such as `http://127.0.0.1:4000`. */
  url: string
  port: number
  close(): Promise<void>
}

/**
 * @param drainMs how long requests that have arrived may take when the server is asked to stop, in milliseconds
 * @throws CrossrunError `PORT_IN_USE` or `PORT_NOT_ALLOWED`
 */
export async function listenOn(
  handler: RequestListener,
  { host, port }: { host: string; port: number },
  drainMs: number,
): Promise<Listener> {
  const server = createServer(handler)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(error, host, port)))
    server.listen(port, host, resolve)
  })
  const bound = server.address() as AddressInfo
  const shownHost = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address
  return {
    url: `http://${shownHost}:${bound.port}`,
    port: bound.port,
    close: () =>
      new Promise((resolve) => {
        const limit = setTimeout(() => server.closeAllConnections(), drainMs)
        // A connection whose last answer is out would stay open for the client's next request.
        const sweep = setInterval(() => server.closeIdleConnections(), 50)
        server.close(() => {
          clearTimeout(limit)
          clearInterval(sweep)
          resolve()
        })
      }),
  }
}

function cannotListen(cause: Error, host: string, port: number): unknown {
  const { code } = cause as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') {
    return new CrossrunError('PORT_IN_USE', `The port ${port} of ${host} is in use.`, {
      hint: 'Set PORT to another one, or to 0 for any that is free.',
      cause,
    })
  }
  if (code === 'EACCES') {
    return new CrossrunError('PORT_NOT_ALLOWED', `This user may not listen on port ${port}.`, {
      hint: 'Set PORT to one above 1023.',
      cause,
    })
  }
  return cause
}
