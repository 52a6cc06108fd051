import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { checkServer, openDatabase, withoutPassword } from '../../../src/store/database.ts'
import { directoryWithDatabase, environmentOf } from './workspace.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

test('a server that does not answer is called unreachable, without the password', async () => {
  const failure = await failureOf('postgresql://me:secret@127.0.0.1:1/crossrun')
  expect(failure).toMatchObject({
    code: 'DATABASE_UNREACHABLE',
    message: expect.stringContaining('127.0.0.1:1/crossrun'),
  })
  expect(`${failure.message} ${failure.hint}`).not.toContain('secret')
})

test('a host that does not exist is called unreachable', async () => {
  expect(await failureOf('postgresql://me@host.invalid/crossrun')).toMatchObject({ code: 'DATABASE_UNREACHABLE' })
})

test('a refused password and a missing database have their own codes', async () => {
  const directory = await directoryWithDatabase()
  const server = await openDatabase(environmentOf(directory))
  const url = new URL(server.url)
  url.pathname = '/nothing'
  expect(await failureOf(url.href)).toMatchObject({ code: 'DATABASE_MISSING' })
  url.password = 'guessed'
  expect(await failureOf(url.href)).toMatchObject({ code: 'DATABASE_AUTHENTICATION' })
  url.password = ''
  expect(await failureOf(url.href)).toMatchObject({ code: 'DATABASE_AUTHENTICATION' })
  await server.close()
})

test('PostgreSQL 14 is too old, 15 is not', async () => {
  expect(await failureOf(await serverOfVersion('14.19'))).toMatchObject({
    code: 'DATABASE_TOO_OLD',
    message: expect.stringContaining('PostgreSQL 14.19'),
  })
  expect(await checkServer(await serverOfVersion('15.0'))).toBe('15.0')
})

test('what a person sees of a url has no credentials', () => {
  expect(withoutPassword('postgresql://me:secret@db.example:5433/crossrun?sslmode=require')).toBe(
    'db.example:5433/crossrun',
  )
})

const failureOf = (url: string) =>
  openDatabase(environmentOf('/nowhere', { DATABASE_URL: url })).then(
    () => Promise.reject(new Error('it opened')),
    (error) => error as { code: string; message: string; hint: string },
  )

/** Speaks just enough of PostgreSQL's protocol to let anyone in and tell a version. */
async function serverOfVersion(version: string): Promise<string> {
  const [major, minor] = version.split('.').map(Number) as [number, number]
  const server = createServer((socket) => {
    let greeted = false
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      if (!greeted) {
        greeted = true
        socket.write(Buffer.concat([message('R', Buffer.from([0, 0, 0, 0])), message('Z', Buffer.from('I'))]))
      } else if (data[0] === 'Q'.charCodeAt(0)) {
        const row = [String(major * 10_000 + minor), version]
        socket.write(
          Buffer.concat([
            message('T', columns(['number', 'version'])),
            message('D', values(row)),
            message('C', Buffer.from('SELECT 1\0')),
            message('Z', Buffer.from('I')),
          ]),
        )
      }
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `postgresql://me@127.0.0.1:${(server.address() as AddressInfo).port}/crossrun`
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

function columns(names: string[]): Buffer {
  const text = 25
  const fields = names.map((name) => {
    const rest = Buffer.alloc(18)
    rest.writeInt32BE(text, 6)
    return Buffer.concat([Buffer.from(`${name}\0`), rest])
  })
  return Buffer.concat([count(names.length), ...fields])
}

function values(row: string[]): Buffer {
  const fields = row.map((value) => {
    const size = Buffer.alloc(4)
    size.writeInt32BE(Buffer.byteLength(value))
    return Buffer.concat([size, Buffer.from(value)])
  })
  return Buffer.concat([count(row.length), ...fields])
}

function count(number: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(number)
  return bytes
}
