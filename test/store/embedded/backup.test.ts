import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { create, extract } from 'tar'
import { beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../../src/store/database.ts'
import { backUp } from '../../../src/store/embedded/backup.ts'
import { contentsOf, describe } from '../../../src/store/embedded/manifest.ts'
import { restore } from '../../../src/store/embedded/restore.ts'
import { embeddedStatus } from '../../../src/store/embedded/status.ts'
import { startToStay } from '../../../src/store/embedded/stay.ts'
import {
  directoryWithDatabase,
  environmentOf,
  isRunning,
  openElsewhere,
  placesOf,
  query,
  serverPid,
  temporaryDirectory,
} from './workspace.ts'

/** A backup of a real database whose table `kept` has the number 7. */
let intact: Buffer

/** The same of three files, for changing and packing again: what is wrong is found before PostgreSQL sees it. */
let small: Buffer

beforeAll(async () => {
  const directory = await directoryWithDatabase()
  await run(directory, 'CREATE TABLE kept AS SELECT 7 AS n')
  const file = join(directory, 'backup.tar.gz')
  await backUp(environmentOf(directory), file)
  intact = readFileSync(file)
  small = await smallBackup()
})

test('a backup restored elsewhere has the same rows, under the port and password of its new place', async () => {
  const file = archive()
  const directory = await directoryWithDatabase()
  const before = await openDatabase(environmentOf(directory))
  await before.close()
  await restore(environmentOf(directory), file, { force: true })
  const after = await openDatabase(environmentOf(directory))
  expect(await query(after.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }])
  expect(after.url).toBe(before.url)
  await after.close()
  expect(leftovers(await placesOf(directory))).toEqual([])
})

test('a database that exists is not replaced without force', async () => {
  const directory = await directoryWithDatabase()
  await run(directory, 'CREATE TABLE mine AS SELECT 1 AS n')
  await expect(restore(environmentOf(directory), archive(), { force: false })).rejects.toMatchObject({
    code: 'DATABASE_NOT_EMPTY',
  })
  expect(await run(directory, 'SELECT n FROM mine')).toEqual([{ n: 1 }])
})

const manifestIn = (directory: string) => join(directory, 'manifest.json')
const damages: [string, (content: Buffer) => Promise<Buffer> | Buffer][] = [
  ['cut off', (content) => content.subarray(0, Math.floor(content.length / 2))],
  [
    'with one byte flipped',
    (content) => content.map((byte, at) => (at === Math.floor(content.length / 2) ? byte ^ 1 : byte)) as Buffer,
  ],
  ['not an archive', () => Buffer.from('not an archive')],
  ['empty', () => Buffer.alloc(0)],
  ['with a table file changed', () => repacked((at) => flipByte(join(at, 'cluster/base/1/1259')))],
  ['with a large file changed', () => repacked((at) => flipByte(join(at, 'cluster/base/1/large')))],
  ['with a table file missing', () => repacked((at) => rmSync(join(at, 'cluster/base/1/1259')))],
  [
    'with an empty directory missing',
    () => repacked((at) => rmSync(join(at, 'cluster/pg_notify'), { recursive: true })),
  ],
  ['with a file added', () => repacked((at) => writeFileSync(join(at, 'cluster/added'), ''))],
  ['with a link added', () => repacked((at) => symlinkSync('/etc/passwd', join(at, 'cluster/added')))],
  ['with a file beside the cluster', () => repacked((at) => mkdirSync(join(at, 'other')))],
  ['without its manifest', () => repacked((at) => rmSync(manifestIn(at)))],
  [
    'with a table file and its manifest entry removed',
    () =>
      repacked((at) => {
        rmSync(join(at, 'cluster/base/1/1259'))
        const manifest = JSON.parse(readFileSync(manifestIn(at), 'utf8'))
        manifest.files = manifest.files.filter(({ path }: { path: string }) => path !== 'base/1/1259')
        writeFileSync(manifestIn(at), JSON.stringify(manifest))
      }),
  ],
]

for (const [how, damage] of damages) {
  test(`a backup that is ${how} is refused and the database stays as it was`, async () => {
    const directory = await directoryWithDatabase()
    const { cluster } = await placesOf(directory)
    const before = statSync(join(cluster, 'global/pg_control')).mtimeMs
    const file = join(temporaryDirectory(), 'backup.tar.gz')
    writeFileSync(file, await damage(intact))
    await expect(restore(environmentOf(directory), file, { force: true })).rejects.toMatchObject({
      code: 'DATABASE_BACKUP_DAMAGED',
    })
    expect(statSync(join(cluster, 'global/pg_control')).mtimeMs).toBe(before)
    expect(leftovers(await placesOf(directory))).toEqual([])
  })
}

test('the small backup of these tests is found intact: it fails only because it is no real cluster', async () => {
  const file = join(temporaryDirectory(), 'backup.tar.gz')
  writeFileSync(file, await repacked(() => undefined))
  await expect(restore(environmentOf(temporaryDirectory()), file, { force: true })).rejects.toMatchObject({
    code: 'DATABASE_START_FAILED',
  })
})

test('a backup of another PostgreSQL version is refused', async () => {
  const file = join(temporaryDirectory(), 'backup.tar.gz')
  const older = await repacked((at) => {
    writeFileSync(
      manifestIn(at),
      readFileSync(manifestIn(at), 'utf8').replace('"postgresVersion":"18"', '"postgresVersion":"17"'),
    )
  })
  writeFileSync(file, older)
  await expect(restore(environmentOf(temporaryDirectory()), file, { force: true })).rejects.toMatchObject({
    code: 'DATABASE_VERSION_MISMATCH',
  })
})

test('the old database comes back when the restored one does not start', async () => {
  const directory = await directoryWithDatabase()
  await run(directory, 'CREATE TABLE mine AS SELECT 1 AS n')
  // Opens in single-user mode, which reads no such file, but not as a server.
  const { ownSettings, cluster } = await placesOf(directory)
  writeFileSync(ownSettings, "hba_file = '/nonexistent'\n")
  await expect(restore(environmentOf(directory), archive(), { force: true })).rejects.toMatchObject({
    code: 'DATABASE_START_FAILED',
  })
  expect(existsSync(join(cluster, 'PG_VERSION'))).toBe(true)
  expect(leftovers(await placesOf(directory))).toEqual([])
  writeFileSync(ownSettings, '')
  expect(await run(directory, 'SELECT n FROM mine')).toEqual([{ n: 1 }])
})

test('a restore that was killed between its two renames leaves the old database to the next start', async () => {
  const directory = await directoryWithDatabase()
  await run(directory, 'CREATE TABLE mine AS SELECT 1 AS n')
  const { cluster, home } = await placesOf(directory)
  renameSync(cluster, join(home, 'cluster.before-restore'))
  expect(await run(directory, 'SELECT n FROM mine')).toEqual([{ n: 1 }])
})

test('nothing is backed up or restored while a process or a connection uses the database', async () => {
  const directory = await directoryWithDatabase()
  const file = join(directory, 'backup.tar.gz')
  const opener = await openElsewhere(directory)
  const inUse = { code: 'DATABASE_IN_USE', message: expect.stringContaining(String(opener.pid)) }
  await expect(backUp(environmentOf(directory), file)).rejects.toMatchObject(inUse)
  await expect(restore(environmentOf(directory), archive(), { force: true })).rejects.toMatchObject(inUse)
  await opener.say('close')
  await startToStay(environmentOf(directory))
  const { url } = await openDatabase(environmentOf(directory)).then(async (database) => {
    await database.close()
    return database
  })
  const busy = query(`${url}?application_name=metabase`, 'SELECT pg_sleep(60)').catch(() => undefined)
  await query(url, 'SELECT pg_sleep(0.2)')
  await expect(backUp(environmentOf(directory), file)).rejects.toMatchObject({
    code: 'DATABASE_IN_USE',
    message: expect.stringContaining('metabase'),
  })
  expect(existsSync(file)).toBe(false)
  await query(url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'metabase'`)
  await busy
})

test('a server that was to stay runs again after a backup, and still stays', async () => {
  const directory = await directoryWithDatabase()
  const environment = environmentOf(directory)
  await startToStay(environment)
  const before = serverPid(await placesOf(directory))
  await backUp(environment, join(directory, 'one.tar.gz'))
  expect(isRunning(before)).toBe(false)
  expect(await embeddedStatus(environment)).toMatchObject({ state: 'running', stays: true })
})

test('a backup is readable by its owner only and replaces a file in one step', async () => {
  const directory = await directoryWithDatabase()
  const file = join(directory, 'backup.tar.gz')
  writeFileSync(file, 'old')
  const done = await backUp(environmentOf(directory), file)
  expect(statSync(file).mode & 0o077).toBe(0)
  expect(done).toMatchObject({ file, archiveBytes: statSync(file).size })
  expect(done.files).toBeGreaterThan(500)
  expect(readdirSync(directory).sort()).toEqual(['.crossrun', 'backup.tar.gz'])
})

test('there is nothing to back up before the first start', async () => {
  const directory = temporaryDirectory()
  await expect(backUp(environmentOf(directory), join(directory, 'backup.tar.gz'))).rejects.toMatchObject({
    code: 'DATABASE_NOT_CREATED',
  })
})

function archive(): string {
  const file = join(temporaryDirectory(), 'backup.tar.gz')
  writeFileSync(file, intact)
  return file
}

async function smallBackup(): Promise<Buffer> {
  const directory = temporaryDirectory()
  for (const path of ['cluster/base/1', 'cluster/pg_notify']) mkdirSync(join(directory, path), { recursive: true })
  writeFileSync(join(directory, 'cluster/PG_VERSION'), '18\n')
  writeFileSync(join(directory, 'cluster/base/1/1259'), Buffer.alloc(8192, 'page'))
  writeFileSync(join(directory, 'cluster/base/1/large'), Buffer.alloc(2_000_000, 'page'))
  writeFileSync(manifestIn(directory), JSON.stringify(describe(await contentsOf(join(directory, 'cluster')), '18')))
  return pack(directory)
}

async function repacked(change: (directory: string) => void): Promise<Buffer> {
  const directory = temporaryDirectory()
  const file = join(temporaryDirectory(), 'small.tar.gz')
  writeFileSync(file, small)
  await extract({ file, cwd: directory })
  change(directory)
  return pack(directory)
}

async function pack(directory: string): Promise<Buffer> {
  const file = join(temporaryDirectory(), 'packed.tar.gz')
  await create({ file, gzip: { level: 1 }, cwd: directory }, readdirSync(directory))
  return readFileSync(file)
}

function flipByte(file: string): void {
  const content = readFileSync(file)
  content[100] = content[100]! ^ 1
  writeFileSync(file, content)
}

async function run(directory: string, sql: string): Promise<Record<string, unknown>[]> {
  const database = await openDatabase(environmentOf(directory))
  try {
    return await query(database.url, sql)
  } finally {
    await database.close()
  }
}

const leftovers = ({ home }: { home: string }): string[] =>
  readdirSync(home).filter(
    (name) => name.startsWith('cluster.') || name === 'manifest.json' || name.endsWith('.partial'),
  )
