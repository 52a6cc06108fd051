import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../../../src/importers/read/parse-json.ts'
import { type Part, partsOf, readParts } from '../../../src/importers/read/parts.ts'
import { collect, inPieces, splits } from './sources.ts'

/** Everything the stream gave, told apart. */
async function read(source: string | Iterable<Buffer>, patterns: string[], limit?: number) {
  const pieces = typeof source === 'string' ? [Buffer.from(source)] : source
  const events = await collect(readParts(pieces, patterns, limit))
  const last = events.at(-1)!
  return {
    parts: events.filter((event): event is Part => 'pointer' in event),
    issues: events.flatMap((event) => ('issue' in event ? [`${event.issue.code} ${event.issue.pointer}`] : [])),
    rest: 'rest' in last ? last.rest : undefined,
    events,
  }
}

const run = {
  run_id: 'r1',
  phase1_output: { vendor_batch_content: { scraped_pages: { 'https://é.com/~a': '# Page', b: null }, page_count: 2 } },
  phase2_output: {
    vendor_elements: { offerings: [{ name: 'A' }, { name: '😀', list: [1, { deep: [] }] }], case_studies: [] },
  },
  phase3_output: null,
  tags: ['x'],
}
const patterns = [
  '/phase1_output/vendor_batch_content/scraped_pages/*',
  '/phase2_output/vendor_elements/offerings/*',
  '/phase2_output/vendor_elements/case_studies/*',
  '/phase3_output/prospect_intelligence/pain_points/*',
]
const expectedParts = [
  { pointer: '/phase1_output/vendor_batch_content/scraped_pages/https:~1~1é.com~1~0a', value: '# Page' },
  { pointer: '/phase1_output/vendor_batch_content/scraped_pages/b', value: null },
  { pointer: '/phase2_output/vendor_elements/offerings/0', value: { name: 'A' } },
  { pointer: '/phase2_output/vendor_elements/offerings/1', value: { name: '😀', list: [1, { deep: [] }] } },
]
const expectedRest = {
  ...run,
  phase1_output: { vendor_batch_content: { scraped_pages: {}, page_count: 2 } },
  phase2_output: { vendor_elements: { offerings: [], case_studies: [] } },
}

describe('a run', () => {
  it('is divided into its parts and the rest, from a stream and from a value alike', async () => {
    const { parts, rest, issues } = await read(JSON.stringify(run, null, 2), patterns)
    expect({ parts, rest, issues }).toEqual({ parts: expectedParts, rest: expectedRest, issues: [] })
    expect(partsOf(run, patterns)).toEqual({ parts: expectedParts, rest: expectedRest })
  })

  it('is not changed when it is divided', () => {
    const before = structuredClone(run)
    partsOf(run, patterns)
    expect(run).toEqual(before)
  })

  it('gives the same wherever the pieces of the stream end', async () => {
    const text = JSON.stringify({ ...run, 'k"\\é': [true, -1.5e3, 'x\\"y\u0007'] }, null, 1)
    const whole = await read(text, patterns)
    expect(whole.parts).toHaveLength(4)
    for (const pieces of splits(text)) expect((await read(pieces, patterns)).events).toEqual(whole.events)
    expect((await read(inPieces(text, 1), patterns)).events).toEqual(whole.events)
  })
})

describe('any JSON', () => {
  const keys = ['a', 'b', 'list', '', '~/x', '__proto__', 'é😀', '"']
  const key = fc.constantFrom(...keys)
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.oneof(
        fc.string({ unit: 'grapheme' }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
      ),
      fc.array(tie('json'), { maxLength: 4 }),
      // Not `fc.dictionary`, which makes no own `__proto__`.
      fc.array(fc.tuple(key, tie('json')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
    ),
  }))
  const escaped = keys.map((name) => name.replaceAll('~', '~0').replaceAll('/', '~1'))
  const pattern = fc
    .array(fc.constantFrom('*', '*', '0', '1', ...escaped), { minLength: 1, maxLength: 3 })
    .map((steps) => `/${steps.join('/')}`)
  const anyPatterns = fc.array(pattern, { maxLength: 4 })
  const indent = fc.constantFrom(0, 1, '\t')

  it('is divided alike from a stream and from a value', async () => {
    await fc.assert(
      fc.asyncProperty(json, anyPatterns, indent, fc.integer({ min: 1, max: 40 }), async (value, some, space, size) => {
        const text = JSON.stringify(value, null, space)
        const { parts, rest, issues } = await read(inPieces(text, size), some)
        // As text, which tells `__proto__` keys and -0 apart as JSON does.
        expect(JSON.stringify({ parts, rest })).toBe(JSON.stringify(partsOf(JSON.parse(text), some)))
        expect(issues).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('with something cut out is refused exactly when the whole text is', async () => {
    const cutOut = fc
      .tuple(json, indent, fc.nat(200), fc.integer({ min: 1, max: 3 }))
      .map(([value, space, from, length]) => {
        const text = JSON.stringify(value, null, space)
        const at = from % (text.length + 1)
        return text.slice(0, at) + text.slice(at + length)
      })
    await fc.assert(
      fc.asyncProperty(cutOut, anyPatterns, fc.integer({ min: 1, max: 40 }), async (text, some, size) => {
        const bytes = Buffer.from(text)
        const { events } = await read(inPieces(bytes, size), some)
        const isRefused = events.some((event) => 'issue' in event && event.issue.severity === 'REJECT')
        expect(isRefused).toBe('issue' in parseJson(bytes))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('what is wrong', () => {
  it('with a part is a reject with its pointer, and the others are read', async () => {
    const { parts, issues, rest } = await read('{"list":[{"a":1},{"a" 2},{"a":3}],"b":[4]}', ['/list/*'])
    expect(parts.map(({ pointer }) => pointer)).toEqual(['/list/0', '/list/2'])
    expect(issues).toEqual(['SYNTAX /list/1'])
    expect(rest).toEqual({ list: [], b: [4] })
  })

  it('with what leads to the parts ends the reading, without a rest', async () => {
    for (const text of [
      '{"list":[1,,2]}',
      '{"list" [1]}',
      '{"list":[1]',
      '{"list":[1]}}',
      '{list:[1]}',
      '{"list":[1}',
      '{"list":["\u0001"]} x',
    ]) {
      const { events } = await read(text, ['/list/*'])
      expect(events.at(-1)).toMatchObject({ issue: { severity: 'REJECT' } })
    }
  })

  it('is TRUNCATED, with the place, wherever the text is cut', async () => {
    const text = '{"list":[{"a":"é"},[1,2]],"b":null}'
    for (let end = 1; end < text.length; end++) {
      const { events } = await read(text.slice(0, end), ['/list/*'])
      expect(events.at(-1)).toMatchObject({
        issue: { code: 'TRUNCATED', byteOffset: Buffer.byteLength(text.slice(0, end)) },
      })
    }
  })

  it('is EMPTY when there is nothing', async () => {
    expect((await read(' \n', ['/*'])).issues).toEqual(['EMPTY null'])
    expect((await read([], ['/*'])).issues).toEqual(['EMPTY null'])
  })

  it('in strings, numbers and keys is a warning, as in a small file', async () => {
    const text = '{"l\\u0000":NaN,"list":[{"a":"\\ud800"},1e999,{"b":1,"b":2}],"c":{"d":1,"d":"\\u0000"},"c":3}'
    const { issues, parts, rest } = await read(text, ['/list/*'])
    const whole = parseJson(text)
    const expected = 'issues' in whole ? whole.issues.map(({ code, pointer }) => `${code} ${pointer}`) : []
    expect([...issues].sort()).toEqual(
      [...expected, 'DUPLICATE_KEY /c/d', 'NUL_CHARACTER /c/d']
        .filter((issue, at, all) => all.indexOf(issue) === at)
        .sort(),
    )
    expect(parts.map(({ value }) => value)).toEqual([{ a: '\uFFFD' }, null, { b: 2 }])
    expect(rest).toEqual({ 'l\uFFFD': null, list: [], c: 3 })
  })

  it('is nesting too deep, counted from the root', async () => {
    const nested = (depth: number) => `{"list":[${'['.repeat(depth)}${']'.repeat(depth)}]}`
    expect((await read(nested(510), ['/list/*'])).issues).toEqual([])
    expect((await read(nested(511), ['/list/*'])).issues).toEqual(['TOO_DEEP /list/0'])
    expect((await read(nested(100_000), ['/list/*'])).issues).toEqual(['TOO_DEEP /list/0'])
  })

  it('is a part past the limit, which is skipped, or a rest past it, which ends the reading', async () => {
    const text = JSON.stringify({ list: ['x', 'y'.repeat(100), 'z'], b: 1 })
    for (const size of [1, 10, 1000]) {
      expect(await read(inPieces(text, size), ['/list/*'], 50)).toMatchObject({
        parts: [{ value: 'x' }, { value: 'z' }],
        issues: ['TOO_LARGE /list/1'],
        rest: { list: [], b: 1 },
      })
    }
    const { events } = await read(JSON.stringify({ a: 'x'.repeat(30), b: 'y'.repeat(30), list: [1] }), ['/list/*'], 50)
    expect(events).toMatchObject([{ issue: { code: 'TOO_LARGE', pointer: '/b' } }])
  })

  it('is bytes that are not UTF-8, in the part that has them', async () => {
    const bytes = Buffer.concat([Buffer.from('{"list":["a","'), Buffer.from([0xff]), Buffer.from('","c"]}')])
    const { events } = await read([bytes], ['/list/*'])
    expect(events).toMatchObject([
      { value: 'a' },
      { issue: { code: 'UNREADABLE', pointer: '/list/1', byteOffset: 14 } },
      { value: 'c' },
      { rest: { list: [] } },
    ])
  })
})

describe('patterns', () => {
  it('match keys, any key, and places of lists', () => {
    const value = { a: [10, 11], b: { c: 1 }, '*': 5 }
    const pointers = (...some: string[]) => partsOf(value, some).parts.map(({ pointer }) => pointer)
    expect(pointers('/a/1')).toEqual(['/a/1'])
    expect(pointers('/*/*')).toEqual(['/a/0', '/a/1', '/b/c'])
    expect(pointers('/b', '/b/c', '/*/0')).toEqual(['/a/0', '/b'])
    expect(pointers()).toEqual([])
  })

  it('that lead nowhere leave the value as it is', () => {
    expect(partsOf(run, ['/nothing/*']).rest).toEqual(run)
    expect(partsOf(5, ['/*'])).toEqual({ parts: [], rest: 5 })
  })
})
