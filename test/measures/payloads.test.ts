import { describe, expect, it } from 'vitest'
import { parseDocument, partOf, readTexts } from '../../src/measures/payloads.ts'
import { testDatabase } from '../database.ts'

const database = testDatabase()
const scope = { organizationId: database.organizationId }

async function store(id: string, encoding: string, chunks: Buffer[]): Promise<void> {
  const organization_id = database.organizationId
  await database.insert('payloads', [
    {
      id,
      organization_id,
      sha256: id,
      bytes: 1,
      stored_bytes: Buffer.concat(chunks).length,
      encoding,
      created_at: new Date(),
    },
  ])
  await database.insert(
    'payload_chunks',
    chunks.map((content, sequence) => ({ organization_id, payload_id: id, sequence, content })),
  )
}

/** A zstd frame of one raw block: magic, single segment with a one-byte size, block header, content. */
function zstdOf(content: Buffer): Buffer {
  const header = Buffer.alloc(3)
  header.writeUIntLE((content.length << 3) | 1, 0, 3)
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, content.length]), header, content])
}

describe('a stored file', () => {
  const text = '{"deep":[1,{"text":"é"}]}'
  const id = '00000000-0000-5000-8000-000000000001'

  it('is joined from its chunks, in the middle of a character too', async () => {
    const bytes = Buffer.from(text)
    const middle = bytes.indexOf(0xa9)
    await store(id, 'identity', [bytes.subarray(0, middle), bytes.subarray(middle)])
    const texts = await database.transaction(({ db }) => readTexts(db, scope, [id]))
    expect(texts.get(id)).toBe(text)
  })

  it('is unpacked when it was packed with zstd', async () => {
    const packed = id.replace(/1$/, '2')
    await store(packed, 'identity', [zstdOf(Buffer.from(text))])
    expect((await database.transaction(({ db }) => readTexts(db, scope, [packed]))).get(packed)).toBe(text)
  })
})

describe('a document', () => {
  it('has null for NaN and infinities, but not within texts', () => {
    expect(
      parseDocument('\ufeff{"a": NaN, "b": [-Infinity, Infinity], "NaN": "NaN, \\"Infinity\\" and -Infinity"}'),
    ).toEqual({
      a: null,
      b: [null, null],
      NaN: 'NaN, "Infinity" and -Infinity',
    })
  })

  it('has parts by JSON pointer', () => {
    const document = { 'a/b': { '~c': [10, { '': 'x' }] }, '~1': 5 }
    expect(partOf(document, '')).toBe(document)
    expect(partOf(document, '/a~1b/~0c/0')).toBe(10)
    expect(partOf(document, '/a~1b/~0c/1/')).toBe('x')
    expect(partOf(document, '/~01')).toBe(5)
    for (const nowhere of ['/none', '/a~1b/~0c/2', '/constructor', '/a~1b/~0c/0/1'])
      expect(partOf(document, nowhere)).toBe(undefined)
  })
})
