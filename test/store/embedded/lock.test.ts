import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { acquireLock, tryLock } from '../../../src/store/embedded/lock.ts'
import { temporaryDirectory } from './workspace.ts'

test('processes never hold it together, though their holders are killed', async () => {
  const directory = temporaryDirectory()
  const log = join(directory, 'log')
  writeFileSync(log, '')
  const worker = () =>
    spawn(
      process.execPath,
      [
        '--import',
        import.meta.resolve('tsx'),
        join(import.meta.dirname, 'lock-taker.ts'),
        join(directory, 'locks'),
        log,
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    )
  const ended = [1, 2, 3, 4, 5].map(
    () =>
      new Promise<number | null>((resolve) => worker().once('exit', (code, signal) => resolve(signal ? null : code))),
  )
  const codes = await Promise.all(ended)
  // Every worker holds it 20 times, except that every one kills itself while holding it the 20th time.
  expect(codes).toEqual([null, null, null, null, null])
  const entries = readFileSync(log, 'utf8').trim().split('\n')
  expect(entries).toHaveLength(5 * (19 * 2 + 1))
  let holder: string | undefined
  for (const entry of entries) {
    const [pid, event] = entry.split(' ') as [string, string]
    if (event === 'out') expect(pid).toBe(holder)
    else expect([undefined, 'dead']).toContain(holder)
    holder = event === 'in' ? pid : event === 'out' ? undefined : 'dead'
  }
})

test('it is free again after its release, and only the newest number is kept', async () => {
  const directory = temporaryDirectory()
  for (let turn = 0; turn < 3; turn++) (await acquireLock(directory)).release()
  expect(readdirSync(directory)).toEqual(['3'])
})

test('a holder that stays is named when the wait ends', async () => {
  const directory = temporaryDirectory()
  const lock = await acquireLock(directory)
  await expect(acquireLock(directory, 50)).rejects.toMatchObject({
    code: 'DATABASE_LOCKED',
    message: expect.stringContaining(`process ${process.pid} (`),
  })
  lock.release()
  expect(tryLock(directory)).toHaveProperty('release')
})

test('a file without content is given time, then counts as left by a killed process', async () => {
  const directory = join(temporaryDirectory(), 'locks')
  mkdirSync(directory)
  const file = join(directory, '7')
  writeFileSync(file, '')
  expect(tryLock(directory)).toEqual({ heldBy: undefined })
  const longAgo = Date.now() / 1000 - 60
  utimesSync(file, longAgo, longAgo)
  expect(tryLock(directory)).toHaveProperty('release')
})
