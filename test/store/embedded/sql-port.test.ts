import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import pg from 'pg'
import { expect, inject, it } from 'vitest'
import { choosePort } from '../../../src/store/embedded/ports.ts'
import { forwardPort } from '../../../src/store/embedded/sql-port.ts'
import { eventually, query } from './workspace.ts'

/** What the driver keeps of a session and does not declare. */
type Session = pg.Client & { processID: number; secretKey: number; connection: { stream: Socket } }

const serverPort = () => Number(new URL(inject('server')).port)

it('passes a request to cancel on to the server', async () => {
  await forwarded(async (client, port) => {
    const asleep = client.query('select pg_sleep(60)')
    asleep.catch(() => undefined)
    await eventually('it sleeps', async () => (await waitOf(client)) === 'PgSleep')
    const request = Buffer.alloc(16)
    const cancel = 80_877_102
    for (const [place, value] of [16, cancel, client.processID, client.secretKey].entries())
      request.writeInt32BE(value, place * 4)
    connect(port, '127.0.0.1').end(request)
    await expect(asleep).rejects.toMatchObject({ code: '57014' })
  })
})

it('makes the server wait for a client that reads slowly', async () => {
  await forwarded(async (client) => {
    const rows = client.query(`select repeat('x', 100000) from generate_series(1, 1000)`)
    client.connection.stream.pause()
    await eventually('the server waits', async () => (await waitOf(client)) === 'ClientWrite')
    client.connection.stream.resume()
    expect((await rows).rowCount).toBe(1000)
  })
})

it('gives a client that has said its last word what it has asked for', async () => {
  await forwarded(async (client) => {
    const rows = client.query(`select repeat('x', 100000) from generate_series(1, 100), pg_sleep(0.1)`)
    client.connection.stream.end()
    expect((await rows).rowCount).toBe(100)
  })
})

it('ends the session of a client that breaks off, and serves the next', async () => {
  await forwarded(async (client, port) => {
    client.connection.stream.resetAndDestroy()
    await eventually('the session is gone', async () => (await waitOf(client)) === undefined)
    expect(await query(through(port), 'select 1 as alive')).toEqual([{ alive: 1 }])
  })
})

it('closes connections while there is no server, and passes on those that come when there is one', async () => {
  let target: number | undefined
  const own = await forwardPort(await choosePort(), () => target)
  try {
    await expect(query(through(own.port), 'select 1')).rejects.toThrow()
    target = await choosePort()
    await expect(query(through(own.port), 'select 1')).rejects.toThrow()
    target = serverPort()
    expect(await query(through(own.port), 'select 1 as alive')).toEqual([{ alive: 1 }])
  } finally {
    await own.close()
  }
})

it('closes connections that are open, and the port', async () => {
  await forwarded(async (client, port, close) => {
    const gone = new Promise((resolve) => client.once('end', resolve))
    await close()
    await gone
    await eventually('the session is gone', async () => (await waitOf(client)) === undefined)
    await expect(query(through(port), 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})

// Other systems have but one loopback address.
it.runIf(process.platform === 'linux')('listens on one loopback address only', async () => {
  const own = await forwardPort(await choosePort(), serverPort)
  const refused = connect(own.port, '127.0.0.2')
  refused.once('connect', () => refused.destroy(new Error('It was let in.')))
  try {
    expect(await once(refused, 'error')).toMatchObject([{ code: 'ECONNREFUSED' }])
  } finally {
    await own.close()
  }
})

it('names a port that is taken, and what to do', async () => {
  const other = createServer().listen(await choosePort(), '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  try {
    await expect(forwardPort(port, serverPort)).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringContaining(`port ${port} of 127.0.0.1 is in use`),
      hint: expect.stringContaining('--sql-port'),
    })
  } finally {
    other.close()
  }
})

/** The address of the tests' server by another port. */
function through(port: number): string {
  const url = new URL(inject('server'))
  url.port = String(port)
  return url.href
}

/** Works with a client that has connected through a port of its own. */
async function forwarded(
  work: (client: Session, port: number, close: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const { port, close } = await forwardPort(await choosePort(), serverPort)
  const client = new pg.Client({ connectionString: through(port) })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await work(client as Session, port, close)
  } finally {
    client.end().catch(() => undefined)
    await close()
  }
}

/** What the client's session waits for; undefined when there is none. Asked beside the forwarder. */
async function waitOf(client: Session): Promise<unknown> {
  const [row] = await query(inject('server'), 'select wait_event from pg_stat_activity where pid = $1', [
    client.processID,
  ])
  return row?.wait_event
}
