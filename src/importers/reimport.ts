import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { organizationIdOf } from '../model/identifiers.ts'
import { TenantSession } from '../store/tenant-session.ts'
import { DECODING_OPTIONS } from './ledger.ts'
import { DEFAULT_IMPORT_OPTIONS, type ImportOptions } from './options.ts'
import { type ImportWatcher, runImport } from './run-import.ts'
import { readPayload } from './stored-payload.ts'
import type { ImportSummary } from './tally.ts'

type StoredFile = { path: string; payloadId: string | null; options: Partial<ImportOptions>; group: string }

/**
 * Builds the rows of imported files anew from their stored payloads, as an improved importer would read them; the files
 * themselves may be gone. Each group of files that was imported with the same options is read with those options again.
 * Files whose payload is not stored any more are left out, and so are the other files of their run: without the missing
 * ones the run would lose what is known of it.
 * @returns one summary a group of options; the watcher is told how many files were left out
 */
export async function reimport(url: string, options: ImportOptions, watcher: ImportWatcher): Promise<ImportSummary[]> {
  const organizationId = organizationIdOf(options.organization)
  const session = await TenantSession.open(url, organizationId)
  const folder = await mkdtemp(join(tmpdir(), 'crossrun-reimport-'))
  try {
    const ledger = await ledgerOf(session)
    const files = ledger.filter(({ payloadId }) => payloadId !== null)
    if (files.length < ledger.length) watcher.note?.(leftOut(ledger.length - files.length))
    const summaries: ImportSummary[] = []
    for (const group of new Set(files.map((file) => file.group))) {
      const ofGroup = files.filter((file) => file.group === group)
      const root = join(folder, String(summaries.length))
      for (const file of ofGroup) await restore(session, file, join(root, withoutDrive(file.path)))
      summaries.push(
        await runImport(
          url,
          [root],
          { ...options, ...decodingOptionsOf(ofGroup[0]!.options), rebuild: true },
          { ...watcher, pathOf: (path) => original(root, path) },
        ),
      )
      await rm(root, { recursive: true, force: true })
    }
    return summaries
  } finally {
    await rm(folder, { recursive: true, force: true })
    await session.close()
  }
}

/** Every file of which something was kept; with its payload, when that and those of its run's other files are stored. */
async function ledgerOf(session: TenantSession): Promise<StoredFile[]> {
  return session.transaction(async (client) => {
    const { rows } = await client.query<StoredFile>(
      `select f.path, case when torn.path is null then f.payload_id end as "payloadId", i.options, f.options_hash as "group"
       from imported_files f join imports i on i.id = f.import_id left join (
         select distinct a.path, a.sha256 from artifacts a where a.organization_id = (select crossrun_organization_id())
           and a.run_id in (
             select b.run_id from artifacts b where b.organization_id = (select crossrun_organization_id()) and b.payload_id is null
           )
       ) as torn on torn.path = f.path and torn.sha256 = f.sha256
       where f.organization_id = (select crossrun_organization_id())
         and f.records_inserted + f.records_updated + f.records_unchanged > 0
       order by f.path`,
    )
    return rows
  })
}

function leftOut(files: number): string {
  return `Left out ${files === 1 ? 'one file whose bytes, or those of its run, are' : `${files} files whose bytes, or those of their run, are`} not stored any more (crossrun retention); their rows stay as they are.`
}

/** What the files were read with, as far as it changes what rows they become. */
function decodingOptionsOf(options: Partial<ImportOptions>): Partial<ImportOptions> {
  return Object.fromEntries(DECODING_OPTIONS.map((name) => [name, options[name] ?? DEFAULT_IMPORT_OPTIONS[name]]))
}

/** Writes a payload's bytes to a file, a chunk at a time. */
async function restore(session: TenantSession, { payloadId }: StoredFile, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await readPayload(session, payloadId!, (bytes) => pipeline(bytes, createWriteStream(path)))
}

function withoutDrive(path: string): string {
  return path.replace(/^[A-Za-z]:/, '').replace(/^[\\/]+/, '')
}

function original(root: string, path: string): { path: string; shown: string } {
  const absolute = resolve(sep, relative(root, path))
  return { path: absolute, shown: absolute }
}
