import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openClient } from '../../src/store/client.ts'
import { inRequestTransaction } from '../../src/store/request-transaction.ts'
import { newLog, testDatabase } from '../database.ts'

const database = testDatabase()
let proxy: Server
let url: string

/** What a server says when it goes down, as PostgreSQL writes it. */
const GOING_DOWN = messageOf(
  'E',
  'SFATAL\0VFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0',
)
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49])

function messageOf(type: string, text: string): Buffer {
  const body = Buffer.from(text)
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

beforeAll(async () => {
  const { hostname, port } = new URL(database.url)
  // Each connection is told in one packet that it is ready, and that it is over.
  proxy = createServer((client) => {
    const server = connect(Number(port), hostname)
    server.on('data', (data) => {
      if (data.subarray(-READY.length).equals(READY)) client.end(Buffer.concat([data, GOING_DOWN]))
      else client.write(data)
    })
    client.on('data', (data) => server.write(data))
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', () => undefined)
      one.on('close', () => other.destroy())
    }
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const address = new URL(database.url)
  address.port = String((proxy.address() as { port: number }).port)
  url = address.href
})
afterAll(() => new Promise((resolve) => proxy.close(resolve)))

it('a connection that is lost in the moment it is ready fails its request, and nothing else', async () => {
  const { prisma, close } = openClient(url, database.environment)
  try {
    for (let times = 0; times < 5; times++) {
      const asked = inRequestTransaction(
        prisma,
        { organizationId: database.organizationId, access: 'read', maxWaitMs: 5_000, statementTimeoutMs: 5_000 },
        newLog(),
        ({ tx }) => tx.$queryRaw`select 1`,
      )
      await expect(asked).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
    }
  } finally {
    await close()
  }
})
