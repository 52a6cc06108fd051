import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ReadError, reject } from '../../../src/importers/read/issue.ts'
import { readLines } from '../../../src/importers/read/lines.ts'
import { openStream } from '../../../src/importers/read/open.ts'
import { collect, inPieces, splits, temporaryFolder } from './sources.ts'

/** `line value` of a record, `line CODE` of an issue. */
async function read(source: AsyncIterable<Buffer> | Iterable<Buffer>, limit?: number) {
  const events = await collect(readLines(source, limit))
  return events.map((event) =>
    'record' in event
      ? `${event.record.line} ${JSON.stringify(event.record.value)}`
      : `${event.issue.line} ${event.issue.code}`,
  )
}
const readText = (text: string | Buffer, limit?: number) => read([Buffer.from(text)], limit)

it('one line is one record, with its line and the offset of its first byte', async () => {
  const [first, second] = await collect(readLines([Buffer.from('{"é":1}\n\n{"b":2}\n')]))
  expect(first).toEqual({ record: { value: { é: 1 }, line: 1, pointer: '', byteOffset: 0, issues: [] } })
  expect(second).toEqual({ record: { value: { b: 2 }, line: 3, pointer: '', byteOffset: 10, issues: [] } })
})

it('blank lines are skipped, carriage returns and a byte-order mark make no difference', async () => {
  expect(await readText('\uFEFF{"a":1}\r\n\r\n  \t\n{"b":2}\r\n')).toEqual(['1 {"a":1}', '4 {"b":2}'])
})

it('a bad line is one reject and the others are read', async () => {
  expect(await readText('{"a":1}\n{"b" 2}\nnot json\n{"c":\n"text"\n{"d":4}')).toEqual([
    '1 {"a":1}',
    '2 SYNTAX',
    '3 SYNTAX',
    '4 SYNTAX',
    '5 "text"',
    '6 {"d":4}',
  ])
})

it('a reject tells line, byte offset and what is around it', async () => {
  const events = await collect(readLines([Buffer.from('{"é":1}\n{"b" 2}\n')]))
  expect(events[1]).toMatchObject({
    issue: { code: 'SYNTAX', line: 2, byteOffset: 14, snippet: '{"b" 2}', pointer: null },
  })
})

it('a warning points within the line', async () => {
  const [event] = await collect(readLines([Buffer.from('\n{"a":{"b":NaN}}\n')]))
  expect(event).toMatchObject({ record: { line: 2, issues: [{ code: 'NOT_A_NUMBER', line: 2, pointer: '/a/b' }] } })
})

it('only a last line without its end is TRUNCATED', async () => {
  expect(await readText('{"a":1}\n{"b":')).toEqual(['1 {"a":1}', '2 TRUNCATED'])
  expect(await readText('{"a":1}\n{"b":\n')).toEqual(['1 {"a":1}', '2 SYNTAX'])
  expect(await readText('{"a":1}\n{"b":2}')).toEqual(['1 {"a":1}', '2 {"b":2}'])
})

it('a file without a line is EMPTY', async () => {
  for (const text of ['', '\n', ' \r\n\n']) expect(await readText(text)).toEqual(['null EMPTY'])
})

it('line separators within strings end no line', async () => {
  expect(await readText('{"a":"x\u2028y\u0085z"}\n')).toEqual(['1 "x"'.replace('"x"', '{"a":"x\u2028y\u0085z"}')])
})

it('a line that is not UTF-8 is UNREADABLE and the others are read', async () => {
  const bytes = Buffer.concat([Buffer.from('{"a":1}\n{"b":"'), Buffer.from([0xe9]), Buffer.from('"}\n{"c":3}\n')])
  expect(await readText(bytes)).toEqual(['1 {"a":1}', '2 UNREADABLE', '3 {"c":3}'])
})

it('a line longer than the limit is TOO_LARGE, in one piece or many, and the others are read', async () => {
  const text = `{"a":1}\n{"b":"${'x'.repeat(200)}"}\n{"c":3}\n`
  for (const size of [1, 7, 50, 1000]) {
    expect(await read(inPieces(text, size), 100)).toEqual(['1 {"a":1}', '2 TOO_LARGE', '3 {"c":3}'])
  }
  expect(await readText(`{"a":1}\n"${'x'.repeat(200)}`, 100)).toEqual(['1 {"a":1}', '2 TOO_LARGE'])
})

it('where the pieces of the source end makes no difference', async () => {
  const text = '\uFEFF{"é":"€😀"}\r\n\n{"b":[1,\u20282]}\n{"c" }\n{"d":"\\u00e9"}'
  const whole = await collect(readLines([Buffer.from(text)]))
  expect(whole).toHaveLength(4)
  for (const pieces of splits(text)) expect(await collect(readLines(pieces))).toEqual(whole)
  expect(await collect(readLines(inPieces(text, 1)))).toEqual(whole)
})

describe('a file that breaks off', () => {
  async function* breakingOff(text: string) {
    yield Buffer.from(text)
    throw new ReadError(reject('TRUNCATED', 'the compressed file ends too early'))
  }

  it('gives the lines before, and one reject with the line where it breaks off', async () => {
    expect(await read(breakingOff('{"a":1}\n{"b":'))).toEqual(['1 {"a":1}', '2 TRUNCATED'])
    expect(await read(breakingOff('{"a":1}\n'))).toEqual(['1 {"a":1}', '2 TRUNCATED'])
    expect(await read(breakingOff('{"a":1}\n{"b":2}'))).toEqual(['1 {"a":1}', '2 {"b":2}', '2 TRUNCATED'])
    expect(await read(breakingOff('{"a":1}\n12'))).toEqual(['1 {"a":1}', '2 TRUNCATED'])
  })

  it('is read so far as its compression allows', async () => {
    const packed = gzipSync(
      Array.from({ length: 5000 }, (_, id) => JSON.stringify({ id, hash: (id * 2654435761) % 4294967296 })).join('\n'),
    )
    const path = join(temporary, 'cut.jsonl.gz')
    writeFileSync(path, packed.subarray(0, packed.length / 2))
    const lines = await read(openStream(path).content)
    expect(lines.length).toBeGreaterThan(1000)
    expect(lines.filter((line) => !line.includes('{'))).toEqual([lines.at(-1)])
    expect(lines.at(-1)).toMatch(/TRUNCATED$/)
  })
})

it('an error of ours is not taken for one of the data', async () => {
  async function* failing() {
    yield Buffer.from('{"a":1}\n')
    throw new TypeError('bug')
  }
  await expect(read(failing())).rejects.toThrow('bug')
})

const temporary = temporaryFolder()
