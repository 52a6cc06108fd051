import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { type Issue, reject, unreadable } from './issue.ts'
export async function readSmall(path: string, limitBytes: number): Promise<{ raw: Buffer; sha256: string; content: Buffer } | null | Issue> {
  let raw: Buffer
  try { raw = await readFile(path) } catch (error) { return unreadable(error as NodeJS.ErrnoException) }
  if (raw.length > limitBytes) return null
  const sha256 = createHash('sha256').update(raw).digest('hex')
  try { return { raw, sha256, content: raw[0] === 0x1f ? gunzipSync(raw) : raw } } catch { return reject('TRUNCATED', 'cut short') }
}
export function openStream(path: string) { const raw = createReadStream(path); return { raw, content: raw } }
