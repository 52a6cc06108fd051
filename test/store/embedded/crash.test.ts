import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../src/store/database.ts'
import {
  directoryWithDatabase,
  environmentOf,
  eventually,
  isRunning,
  openElsewhere,
  placesOf,
  query,
  serverPid,
  temporaryDirectory,
} from './workspace.ts'

test('a server left by a killed process is adopted, and stops with the adopter', async () => {
  const directory = await directoryWithDatabase()
  const opener = await openElsewhere(directory)
  const pid = serverPid(await placesOf(directory))
  await opener.kill()
  expect(isRunning(pid)).toBe(true)
  const database = await openDatabase(environmentOf(directory))
  expect(database).toMatchObject({ startedHere: false, url: opener.url })
  expect(serverPid(await placesOf(directory))).toBe(pid)
  await database.close()
  expect(isRunning(pid)).toBe(false)
})

test('a start after kill -9 of everything recovers the committed rows and none of the others', async () => {
  const directory = await directoryWithDatabase()
  const opener = await openElsewhere(directory)
  await query(opener.url, 'CREATE TABLE rows AS SELECT n FROM generate_series(1, 10000) n')
  const unfinished = new pg.Client({ connectionString: opener.url })
  unfinished.on('error', () => undefined)
  await unfinished.connect()
  await unfinished.query('BEGIN; INSERT INTO rows SELECT 0')
  await query(opener.url, 'INSERT INTO rows SELECT 10001')
  process.kill(serverPid(await placesOf(directory)), 'SIGKILL')
  await opener.kill()
  const database = await openDatabase(environmentOf(directory))
  expect(database.startedHere).toBe(true)
  expect(await query(database.url, 'SELECT count(*)::int AS n, min(n) AS least FROM rows')).toEqual([
    { n: 10_001, least: 1 },
  ])
  await database.close()
})

test('a killed server is started anew by the next to open; those who were in connect again by the same url', async () => {
  const directory = await directoryWithDatabase()
  const first = await openDatabase(environmentOf(directory))
  await query(first.url, 'CREATE TABLE kept AS SELECT 1 AS n')
  process.kill(serverPid(await placesOf(directory)), 'SIGKILL')
  const second = await openDatabase(environmentOf(directory))
  expect(second).toMatchObject({ startedHere: true, url: first.url })
  expect(await query(first.url, 'SELECT n FROM kept')).toEqual([{ n: 1 }])
  await first.close()
  expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 1 }])
  await second.close()
})

test('a stale postmaster.pid whose pid now belongs to another program stops neither the start nor that program', async () => {
  const directory = await directoryWithDatabase()
  await (await openDatabase(environmentOf(directory))).close()
  const { cluster } = await placesOf(directory)
  const bystander = await bystanderProcess()
  writeFileSync(
    join(cluster, 'postmaster.pid'),
    `${bystander.pid}\n${cluster}\n1700000000\n5432\n\n127.0.0.1\n  1  1\nready   \n`,
  )
  const database = await openDatabase(environmentOf(directory))
  expect(database.startedHere).toBe(true)
  expect(await query(database.url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }])
  await database.close()
  expect(isRunning(bystander.pid!)).toBe(true)
  bystander.kill()
})

test('a lock and a client entry whose pid was reused count as left behind', async () => {
  const directory = await directoryWithDatabase()
  const opener = await openElsewhere(directory)
  const { clients, locks, cluster } = await placesOf(directory)
  const bystander = await bystanderProcess()
  const [entry] = readdirSync(clients)
  const client = JSON.parse(readFileSync(join(clients, entry!), 'utf8'))
  await opener.kill()
  writeFileSync(join(clients, entry!), JSON.stringify({ ...client, pid: bystander.pid }))
  const [lock] = readdirSync(locks)
  writeFileSync(join(locks, lock!), JSON.stringify({ ...client, pid: bystander.pid, released: false }))
  const database = await openDatabase(environmentOf(directory))
  await database.close()
  expect(existsSync(join(cluster, 'postmaster.pid'))).toBe(false)
  bystander.kill()
})

test('a first start that was killed half-way leaves nothing in the way of the next', async () => {
  const directory = temporaryDirectory()
  // The starter is killed at three moments: before, within and after the making of the cluster.
  for (const moment of ['locks', 'cluster.new-', 'cluster']) {
    const starter = spawn(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), join(import.meta.dirname, 'opener.ts'), join(directory, '.crossrun')],
      { stdio: 'ignore', cwd: '/' },
    )
    const { home } = await placesOf(directory)
    await eventually(
      `${moment} appears`,
      () => existsSync(home) && readdirSync(home).some((name) => name.startsWith(moment)),
    )
    starter.kill('SIGKILL')
  }
  const database = await openDatabase(environmentOf(directory))
  expect(await query(database.url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }])
  expect(readdirSync((await placesOf(directory)).home).filter((name) => name.startsWith('cluster'))).toEqual([
    'cluster',
  ])
  await database.close()
})

test('what looks like a half-made cluster is removed, a whole one never', async () => {
  const directory = await directoryWithDatabase()
  await (await openDatabase(environmentOf(directory))).close()
  const { home, cluster } = await placesOf(directory)
  mkdirSync(join(home, 'cluster.new-dead'))
  await (await openDatabase(environmentOf(directory))).close()
  expect(existsSync(join(home, 'cluster.new-dead'))).toBe(false)
  expect(existsSync(join(cluster, 'PG_VERSION'))).toBe(true)
})

/** A program that has nothing to do with the database. */
async function bystanderProcess(): Promise<ChildProcess> {
  const child = spawn('sleep', ['60'], { cwd: '/' })
  await new Promise((resolve) => child.once('spawn', resolve))
  return child
}
