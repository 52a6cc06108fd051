import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { BadInputError, CrossrunError } from '../errors.ts'
import { valueAt } from '../importers/read/value-at.ts'
import { contentOf, readPayload } from '../importers/stored-payload.ts'
import type { ReplayInput } from '../measures/replay.ts'
import type { TenantSession } from '../store/tenant-session.ts'
import { baseName } from './file-names.ts'

export type WrittenInput = {
  phase: number
  name: string
  /** Within the folder. */
  file: string
  writtenBytes: number
  writtenSha256: string
  /** Where it came from: the file that was imported, and the place in it. */
  path: string
  pointer: string
  sha256: string
  bytes: number
}

export const MANIFEST = 'manifest.json'

/**
 * Writes outputs of phases as files: a whole file byte for byte under its own name, a part of a file as its JSON text stands
 * there. A manifest says what each is. Files appear whole or not at all.
 * @throws BadInputError when a file is there already and `force` is not given; nothing is written then
 * @throws CrossrunError `PAYLOAD_NOT_STORED`, `PAYLOAD_DAMAGED`
 */
export async function writeReplay(
  session: TenantSession,
  inputs: readonly ReplayInput[],
  about: object,
  { folder, force }: { folder: string; force: boolean },
): Promise<{ folder: string; manifest: string; inputs: WrittenInput[] }> {
  const root = resolve(folder)
  const files = namesOf(inputs)
  await mkdir(root, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new BadInputError(`--out: ${root} cannot be made: ${cause.message}`, { cause })
  })
  if (!force) await refuseToReplace(root, [...files, MANIFEST])
  const written: WrittenInput[] = []
  for (const [place, input] of inputs.entries()) {
    const file = files[place]!
    const { phase, name, path, pointer, sha256, bytes } = input
    const { length, digest } = await writeInput(session, input, join(root, file))
    written.push({ phase, name, file, writtenBytes: length, writtenSha256: digest, path, pointer, sha256, bytes })
  }
  const manifest = join(root, MANIFEST)
  await writeFile(`${manifest}.partial`, `${JSON.stringify({ ...about, inputs: written }, null, 2)}\n`)
  await rename(`${manifest}.partial`, manifest)
  return { folder: root, manifest, inputs: written }
}

/** A name for each output, no two alike: its file's, or for a part of a file the key it stands at. */
function namesOf(inputs: readonly ReplayInput[]): string[] {
  const taken = new Set([MANIFEST])
  return inputs.map(({ phase, path, pointer }) => {
    const wanted = pointer === '' ? safe(baseName(path)) : `${safe(keyOf(pointer))}.json`
    let name = wanted
    for (let other = 1; taken.has(name.toLowerCase()); other++)
      name = other === 1 ? `phase${phase}_${wanted}` : `phase${phase}_${other}_${wanted}`
    // Some file systems take names that differ in case for one.
    taken.add(name.toLowerCase())
    return name
  })
}

function keyOf(pointer: string): string {
  return pointer
    .slice(pointer.lastIndexOf('/') + 1)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~')
}

/** A name that stays in its folder on every operating system. */
function safe(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a file's name.
  const kept = name.replace(/[\u0000-\u001f<>:"/\\|?*]/g, '_')
  return /^\.*$/.test(kept) ? `file${kept}` : kept
}

async function refuseToReplace(root: string, files: string[]): Promise<void> {
  const there: string[] = []
  for (const file of files)
    if (
      await lstat(join(root, file)).then(
        () => true,
        () => false,
      )
    )
      there.push(file)
  if (there.length > 0)
    throw new BadInputError(`--out: ${root} has ${there.join(', ')} already; nothing was written.`, {
      hint: 'Name another folder, or give --force to replace them.',
    })
}

async function writeInput(session: TenantSession, input: ReplayInput, target: string) {
  const partial = `${target}.partial`
  const hash = createHash('sha256')
  let length = 0
  try {
    const isStored = await readPayload(session, input.payloadId, async (bytes) => {
      const source = input.pointer === '' ? bytes : valueAt(contentOf(bytes), input.pointer)
      async function* counted() {
        for await (const piece of source) {
          hash.update(piece)
          length += piece.length
          yield piece
        }
      }
      await pipeline(counted, createWriteStream(partial))
      return true
    })
    if (!isStored)
      throw new CrossrunError('PAYLOAD_NOT_STORED', `The bytes of ${input.path} were dropped a moment ago.`, {
        hint: '`crossrun retention rules` says when that is done.',
      })
    const digest = hash.digest('hex')
    if (input.pointer === '' ? digest !== input.sha256 : length === 0)
      throw new CrossrunError('PAYLOAD_DAMAGED', `The stored bytes of ${input.path} are not what was imported.`, {
        hint: 'Import the file again.',
      })
    await rename(partial, target)
    return { length, digest }
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}
