import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { compressionOf } from '../read/compression.ts'
import { openStream } from '../read/open.ts'
import { valueAt } from '../read/value-at.ts'
import { isObject } from '../wire.ts'

/** A phase artifact's metadata stands at its beginning as a rule, or at its end when its keys are sorted. */
const PEEKED_BYTES = 4096

/**
 * The run that a phase artifact names; null when the file is no phase artifact. Its first and last bytes say, unless
 * metadata stands in between: then the file is read up to there.
 */
export async function peekRun(path: string): Promise<{ runId: string | null } | null> {
  try {
    const head = await headOf(path)
    const found = runIn(head)
    if (found || !keysIn(head).includes('data')) return found
    return runIn(tailOf(path)) ?? (await runWithin(path))
  } catch {
    // Whoever reads the file says what is wrong with it.
    return null
  }
}

/** What its member `metadata` says, wherever it stands. */
async function runWithin(path: string): Promise<{ runId: string | null } | null> {
  let metadata = ''
  for await (const piece of valueAt(openStream(path).content, '/metadata')) {
    metadata += piece.toString('latin1')
    if (metadata.length > PEEKED_BYTES) break
  }
  return metadata === '' ? null : runIn(`"metadata":${Buffer.from(metadata, 'latin1').toString('utf8')}`)
}

async function headOf(path: string): Promise<string> {
  const head = bytesOf(path, 0)
  if (compressionOf(head) === null) return head.toString('utf8').replace(/^\uFEFF/, '')
  for await (const piece of openStream(path).content) return piece.subarray(0, PEEKED_BYTES).toString('utf8')
  return ''
}

function tailOf(path: string): string {
  return bytesOf(path, Math.max(0, statSync(path).size - PEEKED_BYTES)).toString('utf8')
}

function bytesOf(path: string, from: number): Buffer {
  // A named pipe would be waited for without end.
  if (!statSync(path).isFile()) return Buffer.alloc(0)
  const bytes = Buffer.alloc(PEEKED_BYTES)
  const file = openSync(path, 'r')
  try {
    return bytes.subarray(0, readSync(file, bytes, 0, PEEKED_BYTES, from))
  } finally {
    closeSync(file)
  }
}

function runIn(text: string): { runId: string | null } | null {
  const start = /"metadata"\s*:\s*(?=\{)/.exec(text)
  if (!start) return null
  const object = objectAt(text, start.index + start[0].length)
  try {
    const metadata: unknown = JSON.parse(object)
    return namesRun(metadata) ? { runId: String(metadata.run_id) } : null
  } catch {
    // Cut off by the peek, or with numbers that JSON does not have.
    const run = /"run_id"\s*:\s*(?:"((?:[^"\\]|\\.)*)"|(\d+))/.exec(object)
    return run && /"phase(?:_name|_number)?"\s*:/.test(object) ? { runId: run[1] ?? run[2]! } : null
  }
}

/** Whether an object is the metadata of a phase artifact: it names a run and a phase. */
export function namesRun(metadata: unknown): metadata is { run_id: string | number } {
  return (
    isObject(metadata) &&
    ['string', 'number'].includes(typeof metadata.run_id) &&
    ['phase_name', 'phase_number', 'phase'].some((key) => ['string', 'number'].includes(typeof metadata[key]))
  )
}

/** The names of an object's own members, as far as the text goes. */
function keysIn(text: string): string[] {
  const keys: string[] = []
  let depth = 0
  for (const { 0: token, 1: name } of text.matchAll(/"((?:[^"\\]|\\.)*)"\s*:|"(?:[^"\\]|\\.)*(?:"|$)|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    else if (name !== undefined && depth === 1) keys.push(name)
  }
  return keys
}

/** The text of the object that starts here, to its closing brace or the end of the text. */
function objectAt(text: string, from: number): string {
  let depth = 0
  for (const { 0: token, index } of text.slice(from).matchAll(/"(?:[^"\\]|\\.)*(?:"|$)|[{}]/g)) {
    if (token === '{') depth++
    else if (token === '}' && --depth === 0) return text.slice(from, from + index + 1)
  }
  return text.slice(from)
}
