import { execFileSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../src/store/database.ts'
import { embeddedStatus } from '../../../src/store/embedded/status.ts'
import { startToStay, stopDatabase } from '../../../src/store/embedded/stay.ts'
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

test('processes that start at once share one server, and one of them started it', async () => {
  const directory = temporaryDirectory()
  const openers = await Promise.all([1, 2, 3, 4].map(() => openElsewhere(directory)))
  expect(openers.filter(({ startedHere }) => startedHere)).toHaveLength(1)
  expect(new Set(openers.map(({ url }) => url)).size).toBe(1)
  const pid = serverPid(await placesOf(directory))
  await Promise.all(openers.map((opener) => opener.say('close')))
  expect(isRunning(pid)).toBe(false)
})

test('the server outlives its starter while another process uses it, and stops with the last one', async () => {
  const directory = await directoryWithDatabase()
  const starter = await openElsewhere(directory)
  const other = await openElsewhere(directory)
  expect([starter.startedHere, other.startedHere]).toEqual([true, false])
  const pid = serverPid(await placesOf(directory))
  await starter.say('close')
  expect(await query(other.url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }])
  expect(isRunning(pid)).toBe(true)
  await other.say('close')
  expect(isRunning(pid)).toBe(false)
})

test('a process may open it twice; the server stops with the second close', async () => {
  const directory = await directoryWithDatabase()
  const [one, two] = await Promise.all([openDatabase(environmentOf(directory)), openDatabase(environmentOf(directory))])
  await one!.close()
  expect(await query(two!.url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }])
  await two!.close()
  expect((await embeddedStatus(environmentOf(directory))).state).toBe('stopped')
})

test('a process that ends without closing takes the server with it', async () => {
  const directory = await directoryWithDatabase()
  const opener = await openElsewhere(directory)
  const pid = serverPid(await placesOf(directory))
  await opener.say('end')
  await eventually('the server is gone', () => !isRunning(pid))
})

test('a process that ends without closing leaves the server to those who still use it', async () => {
  const directory = await directoryWithDatabase()
  const database = await openDatabase(environmentOf(directory))
  const opener = await openElsewhere(directory)
  await opener.say('end')
  await sleep(200)
  expect(await query(database.url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }])
  await database.close()
})

test('whoever opens while the server is stopping waits and gets a new one', async () => {
  const directory = await directoryWithDatabase()
  const first = await openDatabase(environmentOf(directory))
  const pid = serverPid(await placesOf(directory))
  process.kill(pid, 'SIGINT')
  const second = await openDatabase(environmentOf(directory))
  expect(second.startedHere).toBe(true)
  expect(serverPid(await placesOf(directory))).not.toBe(pid)
  expect(await query(second.url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }])
  await Promise.all([first.close(), second.close()])
})

test('a server started to stay outlives every process until it is stopped', async () => {
  const directory = await directoryWithDatabase()
  const environment = environmentOf(directory)
  await startToStay(environment)
  const pid = serverPid(await placesOf(directory))
  const database = await openDatabase(environment)
  expect(database.startedHere).toBe(false)
  await database.close()
  expect(isRunning(pid)).toBe(true)
  expect(await stopDatabase(environment, { force: false })).toBe(true)
  expect(isRunning(pid)).toBe(false)
  expect(await stopDatabase(environment, { force: false })).toBe(false)
})

test('staying ends with the server it was asked of: after a kill the next server stops with its last process', async () => {
  const directory = await directoryWithDatabase()
  await startToStay(environmentOf(directory))
  process.kill(serverPid(await placesOf(directory)), 'SIGKILL')
  const database = await openDatabase(environmentOf(directory))
  const pid = serverPid(await placesOf(directory))
  await database.close()
  expect(isRunning(pid)).toBe(false)
})

test('a stop spares a server that is in use, names who uses it, and lets it end with them', async () => {
  const directory = await directoryWithDatabase()
  const environment = environmentOf(directory)
  await startToStay(environment)
  const pid = serverPid(await placesOf(directory))
  const user = await openDatabase(environment)
  await expect(stopDatabase(environment, { force: false })).rejects.toMatchObject({
    code: 'DATABASE_IN_USE',
    message: expect.stringContaining(`used by ${process.pid} (`),
  })
  expect(await query(user.url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }])
  await user.close()
  expect(isRunning(pid)).toBe(false)
})

test('a forced stop does not wait for those who use it', async () => {
  const directory = await directoryWithDatabase()
  const user = await openDatabase(environmentOf(directory))
  const pid = serverPid(await placesOf(directory))
  expect(await stopDatabase(environmentOf(directory), { force: true })).toBe(true)
  expect(isRunning(pid)).toBe(false)
  await user.close()
})

test('Ctrl-C in the terminal reaches Crossrun alone, which then stops the server in order', async () => {
  const directory = await directoryWithDatabase()
  const opener = await openElsewhere(directory)
  const groupOf = (pid: number) => execFileSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  const pid = serverPid(await placesOf(directory))
  expect(groupOf(pid)).toBe(String(pid))
  expect(groupOf(pid)).not.toBe(groupOf(opener.pid))
  await opener.say('close')
})
