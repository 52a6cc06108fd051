import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest'
import { runCli } from '../../src/cli/run.ts'
import { type Environment, readEnvironment } from '../../src/environment.ts'
import { type DatabaseHandle, openDatabase } from '../../src/store/database.ts'
import { choosePort, isFree } from '../../src/store/embedded/ports.ts'
import { stopDatabase } from '../../src/store/embedded/stay.ts'
import { makeQuick } from '../quick-settings.ts'
import { query } from '../store/embedded/workspace.ts'

const COUNT = 'select count(*)::int as runs from runs'

let environment: Environment
let port: string
/** Whoever else uses the database. */
let database: DatabaseHandle
const variables = () => ({ CROSSRUN_DATA_DIR: environment.CROSSRUN_DATA_DIR })

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'crossrun-sql-port-'))
  // When root runs the tests, the database is another user, who must be able to enter.
  await chmod(directory, 0o755)
  environment = readEnvironment({ CROSSRUN_DATA_DIR: join(directory, 'data') })
  await makeQuick(environment.CROSSRUN_DATA_DIR)
  database = await openDatabase(environment)
  port = String(await choosePort())
})

afterAll(async () => {
  await stopDatabase(environment, { force: true })
  await rm(dirname(environment.CROSSRUN_DATA_DIR), { recursive: true })
})

it('is taken by another program: nothing is served', async () => {
  const other = await take(Number(port))
  const crossrun = commandLine(variables())
  expect(await crossrun.run('serve', '--port', '0', '--sql-port', port)).toBe(1)
  expect(crossrun.stderr).toContain(`PORT_IN_USE: The port ${port} of 127.0.0.1 is in use`)
  expect(crossrun.stdout).toBe('')
  other.close()
})

it('is printed with logins, and the own port of the database beside it', async () => {
  const aware = commandLine({ ...variables(), CROSSRUN_SQL_PORT: port })
  await aware.succeed('bi', 'grant')
  const ownPort = new URL(database.url).port
  expect(aware.stdout).toMatch(new RegExp(`^Port +${port}$`, 'm'))
  expect(aware.stdout).toContain(`jdbc:postgresql://127.0.0.1:${port}/`)
  expect(aware.stdout).toContain(`Its own port is ${ownPort}.`)
  const unaware = commandLine(variables())
  await unaware.succeed('bi', 'grant')
  expect(unaware.stdout).toMatch(new RegExp(`^Port +${ownPort}$`, 'm'))
  expect(unaware.stdout).toContain('serve --sql-port 5433')
})

it('shows the database until the server ends, over its restarts and moves', async () => {
  const granting = commandLine(variables())
  await granting.succeed('bi', 'grant', '--sql-port', port, '--json')
  const { url } = JSON.parse(granting.stdout)
  expect(new URL(url).port).toBe(port)
  // The one who serves finds the database running.
  const server = commandLine({ ...variables(), CROSSRUN_SQL_PORT: port })
  const served = server.run('serve', '--port', '0')
  await vi.waitFor(() => expect(server.stdout).toContain('Ctrl-C'), 40_000)
  expect(server.stdout).toContain(`127.0.0.1:${port}`)
  expect(await query(url, COUNT)).toEqual([{ runs: 0 }])

  // Another program takes the port of the stopped database, which then moves.
  await stopDatabase(environment, { force: true })
  const ownPort = Number(new URL(database.url).port)
  const other = await take(ownPort)
  await expect(query(url, COUNT)).rejects.toThrow()
  const moved = await openDatabase(environment)
  expect(Number(new URL(moved.url).port)).not.toBe(ownPort)
  expect(await query(url, COUNT)).toEqual([{ runs: 0 }])
  other.close()

  const guest = new pg.Client({ connectionString: url })
  const farewell = once(guest, 'error')
  // After what the database says, the driver also tells that the connection has ended.
  guest.on('error', () => undefined)
  await guest.connect()
  await Promise.all([database.close(), moved.close()])
  server.interrupt()
  expect(await served).toBe(0)
  // In the database's own words, because it ended in order.
  expect(await farewell).toMatchObject([{ code: '57P01' }])
  expect(await isFree(Number(port))).toBe(true)
})

it.each(['many', '0', '65536'])('is no port: %s', async (port) => {
  const crossrun = commandLine({})
  expect(await crossrun.run('serve', '--sql-port', port)).toBe(1)
  expect(crossrun.stderr).toContain('BAD_USER_INPUT: --sql-port: expected a number from 1 to 65535')
})

it.each(['serve', 'start', 'bi grant'])('%s refuses it when DATABASE_URL names a server', async (command) => {
  const crossrun = commandLine({ DATABASE_URL: inject('server') })
  expect(await crossrun.run(...command.split(' '), '--sql-port', '5433')).toBe(1)
  expect(crossrun.stderr).toMatch(/^DATABASE_NOT_EMBEDDED: .*\n.*address of its own/)
})

/** A program that listens on a port. */
async function take(taken: number): Promise<Server> {
  const server = createServer().listen(taken, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** A command line with what it has said so far, which can be interrupted. */
function commandLine(variables: Record<string, string>) {
  const line = {
    stdout: '',
    stderr: '',
    interrupt: () => {},
    async succeed(...argv: string[]) {
      expect([await line.run(...argv), line.stderr]).toEqual([0, ''])
    },
    run: (...argv: string[]) =>
      runCli(argv, {
        stdout: (text) => {
          line.stdout += `${text}\n`
        },
        stderr: (text) => {
          line.stderr += `${text}\n`
        },
        write: async () => undefined,
        environment: () => readEnvironment({ LOG_LEVEL: 'silent', ...variables }),
        isTerminal: false,
        columns: null,
        onInterrupt(listener) {
          line.interrupt = listener
          return () => undefined
        },
      }),
  }
  return line
}
