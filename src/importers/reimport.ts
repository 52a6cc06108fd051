import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { organizationIdOf } from '../model/identifiers.ts'
import { TenantSession } from '../store/tenant-session.ts'
import type { ImportOptions } from './options.ts'
import { type ImportWatcher, runImport } from './run-import.ts'
import type { ImportSummary } from './tally.ts'

type StoredFile = { path: string; payloadId: string; encoding: string; options: ImportOptions; group: string }

/**
 * Builds the rows of imported files anew from their stored payloads, as an improved importer would read them; the files
 * themselves may be gone. Each group of files that was imported with the same options is read with those options again.
 * @returns one summary a group of options
 */
export async function reimport(url: string, options: ImportOptions, watcher: ImportWatcher): Promise<ImportSummary[]> {
  const organizationId = organizationIdOf(options.organization)
  const session = await TenantSession.open(url, organizationId)
  const folder = await mkdtemp(join(tmpdir(), 'crossrun-reimport-'))
  try {
    const files = await storedFiles(session)
    const summaries: ImportSummary[] = []
    for (const group of new Set(files.map((file) => file.group))) {
      const ofGroup = files.filter((file) => file.group === group)
      const root = join(folder, String(summaries.length))
      for (const file of ofGroup) await restore(session, file, join(root, withoutDrive(file.path)))
      const { asRun, timeZone, format } = ofGroup[0]!.options
      summaries.push(
        await runImport(
          url,
          [root],
          { ...options, asRun, timeZone, format, rebuild: true },
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

async function storedFiles(session: TenantSession): Promise<StoredFile[]> {
  return session.transaction(async (client) => {
    const { rows } = await client.query<StoredFile>(
      `select f.path, f.payload_id as "payloadId", p.encoding, i.options, f.options_hash as "group"
       from imported_files f join payloads p on p.id = f.payload_id join imports i on i.id = f.import_id
       where f.organization_id = (select crossrun_organization_id()) order by f.path`,
    )
    return rows
  })
}

/** Writes a payload's bytes to a file, a chunk at a time. */
async function restore(session: TenantSession, { payloadId, encoding }: StoredFile, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const source = Readable.from(chunksOf(session, payloadId))
  if (encoding === 'gzip') await pipeline(source, createGunzip(), createWriteStream(path))
  else await pipeline(source, createWriteStream(path))
}

async function* chunksOf(session: TenantSession, payloadId: string): AsyncGenerator<Buffer> {
  for (let sequence = 0; ; sequence++) {
    const chunk = await session.transaction(async (client) => {
      const { rows } = await client.query<{ content: Buffer }>(
        `select content from payload_chunks where organization_id = (select crossrun_organization_id()) and payload_id = $1 and sequence = $2`,
        [payloadId, sequence],
      )
      return rows[0]?.content
    })
    if (!chunk) return
    yield chunk
  }
}

function withoutDrive(path: string): string {
  return path.replace(/^[A-Za-z]:/, '').replace(/^[\\/]+/, '')
}

function original(root: string, path: string): { path: string; shown: string } {
  const absolute = resolve(sep, relative(root, path))
  return { path: absolute, shown: absolute }
}
