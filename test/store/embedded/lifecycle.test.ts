import { existsSync, statSync } from 'node:fs'
import { createConnection } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../src/store/database.ts'
import {
  directoryWithDatabase,
  environmentOf,
  isRoot,
  isRunning,
  placesOf,
  query,
  serverPid,
  temporaryDirectory,
} from './workspace.ts'

test('the first start takes less than 6 seconds, a later one less than 2', async () => {
  const environment = environmentOf(temporaryDirectory())
  const durations: number[] = []
  for (let start = 0; start < 2; start++) {
    const begin = performance.now()
    const database = await openDatabase(environment)
    durations.push(performance.now() - begin)
    expect(database).toMatchObject({ embedded: true, startedHere: true })
    await database.close()
  }
  expect(durations[0]).toBeLessThan(6_000)
  expect(durations[1]).toBeLessThan(2_000)
})

test('rows, port and password are the same after a restart', async () => {
  const environment = environmentOf(await directoryWithDatabase())
  const first = await openDatabase(environment)
  await query(first.url, 'CREATE TABLE kept AS SELECT 41 + 1 AS answer')
  await first.close()
  const second = await openDatabase(environment)
  expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }])
  expect(second.url).toBe(first.url)
  await second.close()
})

test('closing stops the server, and closing again does nothing', async () => {
  const directory = await directoryWithDatabase()
  const database = await openDatabase(environmentOf(directory))
  const pid = serverPid(await placesOf(directory))
  expect(isRunning(pid)).toBe(true)
  await Promise.all([database.close(), database.close()])
  await database.close()
  expect(isRunning(pid)).toBe(false)
})

test('text sorts by code point, ignores no letter case by accident and folds it beyond ASCII', async () => {
  const database = await openDatabase(environmentOf(await directoryWithDatabase()))
  await query(database.url, 'CREATE EXTENSION pg_trgm')
  const words = ['b', 'É', 'a', 'Z', '10', '9', 'é', '😀', '￥']
  const sorted = await query(database.url, 'SELECT w FROM unnest($1::text[]) w ORDER BY w', [words])
  const byCodePoint = [...words].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!)
  expect(sorted.map(({ w }) => w)).toEqual(byCodePoint)
  const [folded] = await query(
    database.url,
    `SELECT lower('ÀÉŞ') AS lower, 'Ärger' ILIKE 'äRGER' AS ilike, 'É' = 'é' AS equal, similarity('ÄRGER', 'ärger') AS alike,
            to_tsvector('simple', 'ÄRGER') @@ to_tsquery('simple', 'ärger') AS found, current_setting('server_encoding') AS encoding`,
  )
  expect(folded).toEqual({ lower: 'àéş', ilike: true, equal: false, alike: 1, found: true, encoding: 'UTF8' })
  await database.close()
})

test('a committed row is on disk: durability is not traded for speed', async () => {
  const database = await openDatabase(environmentOf(await directoryWithDatabase()))
  const rows = await query(
    database.url,
    `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums') ORDER BY name`,
  )
  expect(rows).toHaveLength(4)
  expect(rows.every(({ setting }) => setting === 'on')).toBe(true)
  await database.close()
})

test('only this machine reaches it, with the password, and never as the superuser', async () => {
  const directory = await directoryWithDatabase()
  const database = await openDatabase(environmentOf(directory))
  const url = new URL(database.url)
  expect(url.hostname).toBe('127.0.0.1')
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((each) => each?.family === 'IPv4' && !each.internal)
  if (outside) expect(await accepts(outside.address, Number(url.port))).toBe(false)
  expect(await accepts('127.0.0.1', Number(url.port))).toBe(true)
  url.password = 'guessed'
  await expect(query(url.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/)
  url.username = 'postgres'
  url.password = new URL(database.url).password
  await expect(query(url.href, 'SELECT 1')).rejects.toThrow(/rejects connection/)
  const [role] = await query(database.url, 'SELECT rolsuper FROM pg_roles WHERE rolname = current_user')
  expect(role).toEqual({ rolsuper: false })
  await database.close()
})

test('the password and the data are readable by their owner only', async () => {
  const directory = await directoryWithDatabase()
  const database = await openDatabase(environmentOf(directory))
  const { stateFile, cluster, logs, clients, locks } = await placesOf(directory)
  for (const path of [stateFile, cluster, logs, clients, locks]) expect(statSync(path).mode & 0o077, path).toBe(0)
  await database.close()
})

test.skipIf(!isRoot)('under root the server runs as an unprivileged user', async () => {
  const directory = await directoryWithDatabase()
  const database = await openDatabase(environmentOf(directory))
  const { account, cluster } = await placesOf(directory)
  expect(account!.uid).not.toBe(0)
  expect(statSync(`/proc/${serverPid(await placesOf(directory))}`).uid).toBe(account!.uid)
  expect(statSync(cluster).uid).toBe(account!.uid)
  await database.close()
})

test('with DATABASE_URL nothing embedded starts and nothing is written', async () => {
  const server = await openDatabase(environmentOf(temporaryDirectory()))
  const directory = temporaryDirectory()
  const database = await openDatabase(environmentOf(directory, { DATABASE_URL: server.url }))
  expect(database).toMatchObject({ url: server.url, embedded: false, startedHere: false })
  expect(existsSync(join(directory, '.crossrun'))).toBe(false)
  await database.close()
  expect(await query(server.url, 'SELECT 1 AS still')).toEqual([{ still: 1 }])
  await server.close()
})

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
