import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DEFAULT_IMPORT_OPTIONS } from '../src/importers/options.ts'
import { runImport } from '../src/importers/run-import.ts'
import type { TestDatabase } from './database.ts'

/** Imports files into the database: bytes and texts as they are, anything else as JSON. */
export async function importFiles(database: TestDatabase, files: Record<string, unknown>, organization = 'default') {
  const folder = await mkdtemp(join(tmpdir(), 'crossrun-artifacts-'))
  try {
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content))
    }
    return await runImport(database.url, [folder], { ...DEFAULT_IMPORT_OPTIONS, organization })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
