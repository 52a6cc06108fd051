import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { isIssue, ReadError } from '../../../src/importers/read/issue.ts'
import { openStream, readSmall, salvageSmall } from '../../../src/importers/read/open.ts'
import { collect, temporaryFolder } from './sources.ts'

const folder = temporaryFolder()
const fixtures = new URL('../../fixtures/read/', import.meta.url).pathname
const MB = 1024 * 1024
let written = 0

function file(content: string | Buffer, name = `file-${written++}.json`): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function small(path: string, limit = MB) {
  const read = await readSmall(path, limit)
  if (read === null) throw new Error('too large')
  if (isIssue(read)) throw new Error(`${read.code} ${read.message}`)
  return read
}

/** What a stream gives before it ends, and the code it ends with. */
async function streamed(path: string, hardLimit?: number) {
  const pieces: Buffer[] = []
  let code: string | null = null
  try {
    for await (const piece of openStream(path, hardLimit).content) pieces.push(piece)
  } catch (error) {
    if (!(error instanceof ReadError)) throw error
    code = error.issue.code as string
  }
  return { content: Buffer.concat(pieces).toString(), code }
}

async function codeOf(path: string) {
  const read = await readSmall(path, MB)
  return isIssue(read) ? read.code : null
}

describe('a plain file', () => {
  it('is given as it is, with the hash of its bytes', async () => {
    const text = '{"a":"é"}'
    const read = await small(file(text))
    expect(read.content).toBe(read.raw)
    expect(read.content.toString()).toBe(text)
    expect(read.sha256).toBe(createHash('sha256').update(text).digest('hex'))
  })

  it('larger than the limit is for the stream', async () => {
    const path = file('x'.repeat(101))
    expect(await readSmall(path, 100)).toBeNull()
    expect(await streamed(path)).toEqual({ content: 'x'.repeat(101), code: null })
  })

  it('may be empty', async () => {
    expect((await small(file(''))).content).toHaveLength(0)
    expect(await streamed(file(''))).toEqual({ content: '', code: null })
  })

  it('that is a folder, a pipe or nothing is UNREADABLE, at once', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    for (const path of [folder, pipe, join(folder, 'nothing'), '/dev/null']) {
      expect(await codeOf(path)).toBe('UNREADABLE')
      expect(await streamed(path)).toEqual({ content: '', code: 'UNREADABLE' })
    }
  })
})

describe('a byte-order mark', () => {
  it('of UTF-8 is skipped', async () => {
    const path = file('\uFEFF{"a":1}')
    expect((await small(path)).content.toString()).toBe('{"a":1}')
    expect(await streamed(path)).toEqual({ content: '{"a":1}', code: null })
  })

  it('of UTF-16 decodes the file, either way round, compressed or not', async () => {
    const text = `{"é":"😀${'x'.repeat(1000)}"}`
    const little = Buffer.from(`\uFEFF${text}`, 'utf16le')
    const big = Buffer.from(little).swap16()
    for (const path of [file(little), file(big), file(gzipSync(big))]) {
      expect((await small(path)).content.toString()).toBe(text)
      expect(await streamed(path)).toEqual({ content: text, code: null })
    }
  })

  it('of UTF-16 in a file cut within a character makes it TRUNCATED', async () => {
    const path = file(Buffer.from('\uFEFF{"a":1}', 'utf16le').subarray(0, -1))
    expect(await codeOf(path)).toBe('TRUNCATED')
    expect(await streamed(path)).toEqual({ content: '{"a":1', code: 'TRUNCATED' })
  })

  it('of UTF-16 before half a surrogate pair makes it UNREADABLE, and so does UTF-32', async () => {
    const lone = file(Buffer.from('\uFEFF"\ud800"', 'utf16le'))
    const wide = file(Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]))
    for (const path of [lone, wide]) {
      expect(await codeOf(path)).toBe('UNREADABLE')
      expect((await streamed(path)).code).toBe('UNREADABLE')
    }
  })
})

describe('bytes that are not UTF-8', () => {
  it.each([0, 1, 5, 17, 1000, 4097])('are UNREADABLE with their offset, after %i characters', async (characters) => {
    for (const bad of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0x80], [0xe2, 0x28]]) {
      const before = Buffer.from('aé€😀'.repeat(characters))
      const read = await readSmall(
        file(Buffer.concat([before, Buffer.from(bad), Buffer.from('abcd é')]), 'bad.json'),
        MB,
      )
      expect(read).toMatchObject({ code: 'UNREADABLE', byteOffset: before.length })
    }
  })

  it('are TRUNCATED when only the last character is cut', async () => {
    for (const cut of [1, 2, 3]) {
      const read = await readSmall(file(Buffer.from('["abc 😀').subarray(0, -cut)), MB)
      expect(read).toMatchObject({ code: 'TRUNCATED', byteOffset: 6 })
    }
  })
})

describe('a compressed file', () => {
  const text = JSON.stringify({ list: Array.from({ length: 2000 }, (_, id) => ({ id, name: `é ${id * 7919}` })) })

  it('is told by its bytes, not by its name', async () => {
    for (const path of [file(gzipSync(text), 'a.json'), file(text, 'b.json.gz')]) {
      expect((await small(path)).content.toString()).toBe(text)
      expect(await streamed(path)).toEqual({ content: text, code: null })
    }
  })

  it('is hashed as it lies on the disk', async () => {
    const packed = gzipSync(text)
    const read = await small(file(packed))
    expect(read.raw.equals(packed)).toBe(true)
    expect(read.sha256).toBe(createHash('sha256').update(packed).digest('hex'))
  })

  it('may have several parts, of gzip or of zstd', async () => {
    const twice = file(Buffer.concat([gzipSync('{"id":1}\n'), gzipSync('{"id":2}\n')]))
    expect((await small(twice)).content.toString()).toBe('{"id":1}\n{"id":2}\n')
    const frames = join(fixtures, 'two-frames.jsonl.zst')
    const lines = '{"id":1,"text":"café"}\n{"id":2,"text":"line two"}\n{"id":3}\n'
    expect((await small(frames)).content.toString()).toBe(lines)
    expect(await streamed(frames)).toEqual({ content: lines, code: null })
  })

  it.each(['gzip', 'zstd'])('of %s is TRUNCATED wherever it is cut', async (kind) => {
    const packed =
      kind === 'gzip' ? gzipSync('{"id":1}\n'.repeat(30)) : readFileSync(join(fixtures, 'one-frame.jsonl.zst'))
    const magic = kind === 'gzip' ? 2 : 4
    for (let end = magic; end < packed.length; end++) {
      const path = file(packed.subarray(0, end), 'cut')
      expect({ end, code: await codeOf(path) }).toEqual({ end, code: 'TRUNCATED' })
      expect({ end, code: (await streamed(path)).code }).toEqual({ end, code: 'TRUNCATED' })
    }
  })

  it('that is cut gives what came before to those who ask for it', async () => {
    const packed = gzipSync(text)
    const path = file(packed.subarray(0, packed.length - 100))
    const read = await salvageSmall(path, MB)
    if (read === null || isIssue(read)) throw new Error('nothing')
    expect(read.damage).toMatchObject({ code: 'TRUNCATED' })
    expect(read.content.length).toBeGreaterThan(text.length / 2)
    expect(text.startsWith(read.content.toString())).toBe(true)
    const stream = await streamed(path)
    expect(stream).toEqual({ content: read.content.toString(), code: 'TRUNCATED' })
  })

  it('that is damaged is UNREADABLE', async () => {
    const damagedGzip = gzipSync(text)
    damagedGzip[damagedGzip.length - 6]! ^= 1
    expect(await codeOf(file(damagedGzip))).toBe('UNREADABLE')
    const damagedZstd = readFileSync(join(fixtures, 'one-frame.jsonl.zst'))
    // A bit of the frame's header that must not be set.
    damagedZstd[4]! |= 8
    expect(await codeOf(file(damagedZstd))).toBe('UNREADABLE')
  })

  it('that unpacks past the limit is for the stream, and past the hard limit TOO_LARGE', async () => {
    const bombs = [file(gzipSync(Buffer.alloc(16 * MB, ' '))), join(fixtures, 'spaces-64mb.json.zst')]
    for (const path of bombs) {
      expect(statSync(path).size).toBeLessThan(20_000)
      expect(await readSmall(path, MB)).toBeNull()
      const { content, code } = await streamed(path, 8 * MB)
      expect(code).toBe('TOO_LARGE')
      expect(content.length).toBeLessThanOrEqual(8 * MB)
    }
  })
})

describe('a stream', () => {
  it('lets its own bytes be tapped while its content is read', async () => {
    const packed = gzipSync('{"a":1}'.repeat(100_000))
    const { raw, content } = openStream(file(packed))
    const tapped: Buffer[] = []
    raw.on('data', (bytes: Buffer) => tapped.push(bytes))
    await new Promise((resolve) => setTimeout(resolve, 20))
    const pieces = await collect(content)
    expect(Buffer.concat(tapped).equals(packed)).toBe(true)
    expect(Buffer.concat(pieces).toString()).toBe('{"a":1}'.repeat(100_000))
  })

  it('gives its own bytes to who reads them instead', async () => {
    const bytes = Buffer.alloc(3 * MB, 'x')
    expect((await buffer(openStream(file(bytes)).raw)).equals(bytes)).toBe(true)
  })

  it('closes the file when its reader stops early', async () => {
    const { raw, content } = openStream(file(Buffer.alloc(3 * MB, 'x')))
    for await (const _ of content) break
    expect(raw.destroyed).toBe(true)
  })
})
