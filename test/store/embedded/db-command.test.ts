import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from 'citty'
import { expect, test } from 'vitest'
import { createDbCommand } from '../../../src/cli/db.ts'
import { openDatabase } from '../../../src/store/database.ts'
import { runPsql } from '../../../src/store/embedded/psql.ts'
import { directoryWithDatabase, environmentOf, placesOf, query, serverPid, temporaryDirectory } from './workspace.ts'

test('start, status, url and stop tell the same story', async () => {
  const db = commandFor(await directoryWithDatabase())
  expect(await db('status')).toMatch(/^state +stopped$/m)
  expect(await db('start')).toMatch(/^Started PostgreSQL on 127\.0\.0\.1:\d+ \(process \d+\)\.$/)
  expect(await db('start')).toContain('runs already')
  const url = await db('url')
  expect(await query(url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }])
  const status = JSON.parse(await db('status', '--json'))
  expect(status).toMatchObject({
    embedded: true,
    state: 'running',
    version: '18',
    stays: true,
    clients: [],
    port: Number(new URL(url).port),
  })
  expect(await db('status')).toContain('until `crossrun db stop`')
  expect(await db('stop')).toBe('Stopped PostgreSQL.')
  expect(await db('stop')).toBe('PostgreSQL was not running.')
  expect(await db('url')).toBe(url)
})

test('status before the first start creates nothing', async () => {
  const directory = temporaryDirectory()
  expect(await commandFor(directory)('status')).toMatch(/^state +not created$/m)
  expect(existsSync(join(directory, '.crossrun'))).toBe(false)
  await expect(commandFor(directory)('url')).rejects.toMatchObject({ code: 'DATABASE_NOT_CREATED' })
})

test('status names the processes that use the database', async () => {
  const directory = await directoryWithDatabase()
  const database = await openDatabase(environmentOf(directory))
  const { clients, pid } = JSON.parse(await commandFor(directory)('status', '--json'))
  expect(clients).toEqual([expect.objectContaining({ pid: process.pid })])
  expect(pid).toBe(serverPid(await placesOf(directory)))
  await database.close()
})

test('a backup and its restore, into a place without a database, say what they did', async () => {
  const directory = await directoryWithDatabase()
  const db = commandFor(directory)
  const file = join(directory, 'backup.tar.gz')
  expect(await db('backup', file)).toMatch(
    /^Backed up \d+ files, [\d.]+ MB, to .*backup\.tar\.gz \([\d.]+ MB\)\.\nsha256 [0-9a-f]{64}$/,
  )
  await expect(db('restore', file)).rejects.toMatchObject({
    code: 'DATABASE_NOT_EMPTY',
    hint: expect.stringContaining('--force'),
  })
  const elsewhere = commandFor(temporaryDirectory())
  expect(await elsewhere('restore', file)).toMatch(/^Restored the database of 20.*: \d+ files, all verified\.$/)
  await elsewhere('start')
  expect(await query(await elsewhere('url'), 'SELECT 1 AS alive')).toEqual([{ alive: 1 }])
})

test('with DATABASE_URL the embedded commands say so and name what to use instead', async () => {
  const db = commandFor(temporaryDirectory(), { DATABASE_URL: 'postgresql://me:secret@127.0.0.1:1/crossrun' })
  for (const command of [['start'], ['stop'], ['backup', 'x'], ['restore', 'x']]) {
    await expect(db(...command)).rejects.toMatchObject({ code: 'DATABASE_NOT_EMBEDDED' })
  }
  await expect(db('backup', 'x')).rejects.toMatchObject({ hint: expect.stringContaining('pg_dump') })
  await expect(db('restore', 'x')).rejects.toMatchObject({ hint: expect.stringContaining('pg_restore') })
  expect(await db('url')).toBe('postgresql://me:secret@127.0.0.1:1/crossrun')
})

test('with DATABASE_URL status looks at that server and shows no password', async () => {
  const server = await openDatabase(environmentOf(await directoryWithDatabase()))
  const db = commandFor(temporaryDirectory(), { DATABASE_URL: server.url })
  expect(await db('status')).toMatch(
    /^PostgreSQL 18\.\d+ at 127\.0\.0\.1:\d+\/crossrun \(DATABASE_URL\) accepts connections\.$/,
  )
  expect(JSON.parse(await db('status', '--json'))).toMatchObject({ embedded: false, state: 'running' })
  expect(await db('status', '--json')).not.toContain(new URL(server.url).password)
  await server.close()
})

test('psql is told where the database is, with the password in no argument', async () => {
  const database = await openDatabase(environmentOf(await directoryWithDatabase()))
  const directory = temporaryDirectory()
  const program = join(directory, 'psql')
  const heard = join(directory, 'heard')
  writeFileSync(
    program,
    `#!/bin/sh\necho "$@" > ${heard}\ncat /*/crossrun-psql-*/password >> ${heard}\n[ "$2" = extra ]\n`,
    { mode: 0o755 },
  )
  await runPsql(database.url, ['extra'], program)
  const [args, passwordFile] = readFileSync(heard, 'utf8').split('\n')
  const password = new URL(database.url).password
  expect(args).toMatch(/^postgresql:\/\/crossrun@127\.0\.0\.1:\d+\/crossrun\?passfile=\S+ extra$/)
  expect(args).not.toContain(password)
  expect(passwordFile).toBe(`*:*:*:*:${password}`)
  await expect(runPsql(database.url, ['other'], program)).rejects.toMatchObject({ code: 'DATABASE_PSQL_FAILED' })
  await database.close()
})

test('a machine without psql is told how to install it', async () => {
  await expect(runPsql('postgresql://me@127.0.0.1/crossrun', [], 'no-such-psql')).rejects.toMatchObject({
    code: 'DATABASE_PSQL_MISSING',
    hint: expect.stringContaining('apt install postgresql-client'),
  })
})

/** Runs `crossrun db …` and returns what it prints. */
function commandFor(directory: string, more: Record<string, string> = {}) {
  return async (...rawArgs: string[]): Promise<string> => {
    const lines: string[] = []
    const command = createDbCommand({
      stdout: (line) => lines.push(line),
      stderr: () => undefined,
      environment: () => environmentOf(directory, more),
    })
    await runCommand(command, { rawArgs })
    return lines.join('\n')
  }
}
