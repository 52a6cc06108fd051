import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { acquireLock } from '../../../src/store/embedded/lock.ts'

// Takes the lock twenty times and writes when it is in and out; dies with the lock in its hands at the last time.
const [directory, log] = process.argv.slice(2) as [string, string]
for (let turn = 1; turn <= 20; turn++) {
  const lock = await acquireLock(directory)
  if (turn === 20) {
    appendFileSync(log, `${process.pid} died\n`)
    process.kill(process.pid, 'SIGKILL')
  }
  appendFileSync(log, `${process.pid} in\n`)
  await sleep(Math.random() * 3)
  appendFileSync(log, `${process.pid} out\n`)
  lock.release()
}
