import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** A folder of its own for a test file, removed when its tests are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'crossrun-read-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The bytes in pieces of a size. */
export function* inPieces(content: string | Buffer, size: number): Generator<Buffer> {
  const bytes = Buffer.from(content)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** The bytes in two pieces, once for each place between them. */
export function* splits(content: string | Buffer): Generator<Buffer[]> {
  const bytes = Buffer.from(content)
  for (let at = 1; at < bytes.length; at++) yield [bytes.subarray(0, at), bytes.subarray(at)]
}

export async function collect<T>(events: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const event of events) all.push(event)
  return all
}

export const corpusFolder = new URL('../../../../shared/corpora/JSONTestSuite/test_parsing/', import.meta.url).pathname
export const worldFolder = new URL('../../../../shared/world/', import.meta.url).pathname
