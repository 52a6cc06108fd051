import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseError } from '../../errors.ts'

/** Below every system's range for outgoing connections, so that the port is still free at the next start. */
const range = { from: 20_000, to: 30_000 }

/** A loopback TCP port that is free now. */
export async function choosePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(range.from, range.to)
    if (await isFree(port)) return port
  }
  throw new DatabaseError(
    'DATABASE_NO_PORT',
    `No free port found between ${range.from} and ${range.to} on 127.0.0.1.`,
    {
      hint: 'Check that programs may listen on 127.0.0.1, or set DATABASE_URL.',
    },
  )
}

/** True when a server could listen on 127.0.0.1 with that port. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}

/** The same, but gives a server that is just ending a moment to let go of the port. */
export async function becomesFree(port: number, timeoutMs = 500): Promise<boolean> {
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await sleep(20))
    if (await isFree(port)) return true
  return false
}
