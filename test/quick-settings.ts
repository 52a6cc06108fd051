import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Makes the server of a data directory, before its first start, forget durability: tests do not outlive it. */
export async function makeQuick(dataDirectory: string): Promise<void> {
  const home = join(dataDirectory, 'postgres')
  await mkdir(home, { recursive: true, mode: 0o755 })
  const settings = ['fsync = off', 'full_page_writes = off', 'synchronous_commit = off']
  await writeFile(join(home, 'local.conf'), `${settings.join('\n')}\n`, { mode: 0o644 })
}
