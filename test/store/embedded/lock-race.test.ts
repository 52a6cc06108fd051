import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { tryLock } from '../../../src/store/embedded/lock.ts'
import { ownIdentity } from '../../../src/store/embedded/process-identity.ts'
import { temporaryDirectory } from './workspace.ts'

/** What other processes do between this one's look at the directory and its attempt to create the next number. */
let meanwhile: () => void = () => undefined

vi.mock('../../../src/store/embedded/private-file.ts', async (original) => {
  const real = await original<typeof import('../../../src/store/embedded/private-file.ts')>()
  return {
    ...real,
    writePrivateFile: (...args: Parameters<typeof real.writePrivateFile>) => {
      const act = meanwhile
      meanwhile = () => undefined
      act()
      real.writePrivateFile(...args)
    },
  }
})

test('a process that slept before creating its number backs off when others have gone past it', () => {
  const directory = temporaryDirectory()
  const holder = (released: boolean) => JSON.stringify({ ...ownIdentity(), command: 'another', released })
  writeFileSync(join(directory, '5'), holder(true))
  meanwhile = () => {
    // Another took 6 and let go; a third holds 7 and has removed the lower ones.
    writeFileSync(join(directory, '7'), holder(false))
    rmSync(join(directory, '5'))
  }
  expect(tryLock(directory)).toEqual({ heldBy: undefined })
  expect(existsSync(join(directory, '6'))).toBe(false)
  expect(tryLock(directory)).toMatchObject({ heldBy: { command: 'another' } })
})

test('of two that create the same number one gets it', () => {
  const directory = temporaryDirectory()
  meanwhile = () =>
    writeFileSync(join(directory, '1'), JSON.stringify({ ...ownIdentity(), command: 'another', released: false }))
  expect(tryLock(directory)).toEqual({ heldBy: undefined })
  expect(tryLock(directory)).toMatchObject({ heldBy: { command: 'another' } })
})
