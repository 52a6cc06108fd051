import fc from 'fast-check'
import { expect, it } from 'vitest'
import { valueAt } from '../../../src/importers/read/value-at.ts'

async function textAt(text: string | Buffer, pointer: string, size = 7): Promise<string> {
  const bytes = Buffer.from(text)
  async function* pieces() {
    for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
  }
  const found: Buffer[] = []
  for await (const piece of valueAt(pieces(), pointer)) found.push(piece)
  return Buffer.concat(found).toString()
}

it('gives the text of a value exactly as it stands in the document', async () => {
  const text = '\ufeff { "a" : {"x": 1.0, "b/c": [ true , {"~": 12345678901234567890 } ]}, "n": NaN,"last": "}]\\"" }'
  expect(await textAt(text, '/a/x')).toBe('1.0')
  expect(await textAt(text, '/a/b~1c')).toBe('[ true , {"~": 12345678901234567890 } ]')
  expect(await textAt(text, '/a/b~1c/0')).toBe('true')
  expect(await textAt(text, '/a/b~1c/1/~0')).toBe('12345678901234567890')
  expect(await textAt(text, '/n')).toBe('NaN')
  expect(await textAt(text, '/last')).toBe('"}]\\""')
  expect(await textAt(text, '')).toBe(text.slice(1))
})

it('gives nothing where there is no such value', async () => {
  for (const pointer of ['/b', '/a/b', '/a/0/0', '/a/1', '/s/0', '/s/length'])
    expect([pointer, await textAt('{"a": [[]], "s": "text"}', pointer)]).toEqual([pointer, ''])
  expect(await textAt('5', '/a')).toBe('')
  expect(await textAt('', '/a')).toBe('')
})

it('finds what a parser finds, however the text is cut into pieces', async () => {
  const pointersOf = (value: unknown, at = ''): string[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, child]) => {
          const pointer = `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
          return [pointer, ...pointersOf(child, pointer)]
        })
      : []
  const partOf = (value: unknown, pointer: string): unknown =>
    pointer
      .split('/')
      .slice(1)
      .reduce((part, key) => (part as Record<string, unknown>)[key.replaceAll('~1', '/').replaceAll('~0', '~')], value)
  await fc.assert(
    fc.asyncProperty(
      fc.jsonValue({ maxDepth: 4, noUnicodeString: false } as object),
      fc.integer({ min: 1, max: 40 }),
      fc.boolean(),
      async (value, size, isLaidOut) => {
        const text = JSON.stringify(value, null, isLaidOut ? 2 : 0)
        const parsed = JSON.parse(text)
        for (const pointer of pointersOf(parsed).slice(0, 20))
          expect(JSON.parse(await textAt(text, pointer, size))).toEqual(partOf(parsed, pointer))
      },
    ),
    { numRuns: 200 },
  )
})
