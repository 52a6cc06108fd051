import { describe, expect, it } from 'vitest'
import { parseJson } from '../../../src/importers/read/parse-json.ts'

function parsed(source: string | Buffer, options = {}) {
  const result = parseJson(source, options)
  if ('issue' in result) throw new Error(`rejected: ${result.issue.code} ${result.issue.message}`)
  return { value: result.value, issues: result.issues.map(({ code, pointer }) => `${code} ${pointer}`) }
}

function rejected(source: string | Buffer, options = {}) {
  const result = parseJson(source, options)
  if ('value' in result) throw new Error(`accepted: ${JSON.stringify(result.value)}`)
  return result.issue
}

describe('a valid text', () => {
  it('gives what JSON.parse gives, from text and from bytes', () => {
    for (const text of [
      '{"a":[1,"é",null,{"b":true}]}',
      '[]',
      '"x"',
      '-1.5e3',
      ' null ',
      '{"":""}',
      '{"a" : {"a":1}}',
    ]) {
      expect(parsed(text)).toEqual({ value: JSON.parse(text), issues: [] })
      expect(parsed(Buffer.from(text))).toEqual({ value: JSON.parse(text), issues: [] })
    }
  })

  it('keeps integers past 2^53 as numbers', () => {
    expect(parsed('[12345678901234567890]')).toEqual({ value: [12345678901234567000], issues: [] })
  })

  it('keeps a key named __proto__ as a key', () => {
    const { value } = parsed('{"__proto__":{"admin":true},"a":1}')
    expect(Object.keys(value as object)).toEqual(['__proto__', 'a'])
    expect((value as { admin?: boolean }).admin).toBeUndefined()
  })

  it('keeps a key named __proto__ as a key when another key is repaired', () => {
    const { value } = parsed('{"__proto__":{"admin":"\\u0000"},"\\u0000":1}')
    expect(Object.keys(value as object)).toEqual(['__proto__', '\uFFFD'])
    expect((value as { admin?: boolean }).admin).toBeUndefined()
  })
})

describe('numbers that are none', () => {
  it('become null with a pointer each', () => {
    const { value, issues } = parsed('{"a":NaN,"b":[1,Infinity,{"c~/d":-Infinity}],"e":"NaN, Infinity"}')
    expect(value).toEqual({ a: null, b: [1, null, { 'c~/d': null }], e: 'NaN, Infinity' })
    expect(issues).toEqual(['NOT_A_NUMBER /a', 'NOT_A_NUMBER /b/1', 'NOT_A_NUMBER /b/2/c~0~1d'])
  })

  it('are also those that a double cannot hold', () => {
    expect(parsed('[1e999,-1e999,1e-999]')).toEqual({
      value: [null, null, 0],
      issues: ['NOT_A_NUMBER /0', 'NOT_A_NUMBER /1'],
    })
    expect(parsed('1e999')).toEqual({ value: null, issues: ['NOT_A_NUMBER '] })
    expect(parsed(`{"digits":${'9'.repeat(400)}}`).issues).toEqual(['NOT_A_NUMBER /digits'])
  })

  it('are only the three that Python writes', () => {
    for (const text of ['[nan]', '[-NaN]', '[+Infinity]', '[inf]', '[NaNs]', '{NaN:1}']) {
      expect(rejected(text)).toMatchObject({ code: 'SYNTAX' })
    }
  })
})

describe('characters that PostgreSQL refuses', () => {
  it('are replaced in strings, one warning for each string', () => {
    const { value, issues } = parsed('{"a":"x\\u0000y\\u0000","b":["\\ud800","ok \\ud83d\\ude00","\\udc00\\u0000"]}')
    expect(value).toEqual({ a: 'x\uFFFDy\uFFFD', b: ['\uFFFD', 'ok 😀', '\uFFFD\uFFFD'] })
    expect(issues).toEqual(['NUL_CHARACTER /a', 'LONE_SURROGATE /b/0', 'NUL_CHARACTER /b/2', 'LONE_SURROGATE /b/2'])
  })

  it('are replaced in keys', () => {
    expect(parsed('{"a\\u0000":1,"\\uDEAD":2}')).toEqual({
      value: { 'a\uFFFD': 1, '\uFFFD': 2 },
      issues: ['NUL_CHARACTER /a\uFFFD', 'LONE_SURROGATE /\uFFFD'],
    })
  })

  it('are not what only looks like an escape', () => {
    expect(parsed('{"a":"\\\\u0000 \\\\ud800"}')).toEqual({ value: { a: '\\u0000 \\ud800' }, issues: [] })
  })
})

describe('a key that an object names twice', () => {
  it('keeps its last value, with a warning that points at it', () => {
    expect(parsed('{"a":1,"b":{"c":1,"d":2,"c":3},"a":4}')).toEqual({
      value: { a: 4, b: { c: 3, d: 2 } },
      issues: ['DUPLICATE_KEY /b/c', 'DUPLICATE_KEY /a'],
    })
  })

  it('is found however it is written', () => {
    expect(parsed('{"a":1,"\\u0061" :2}').issues).toEqual(['DUPLICATE_KEY /a'])
    expect(parsed('{"a":"\\"","a":"\\\\"}').issues).toEqual(['DUPLICATE_KEY /a'])
    expect(parsed('{"a":["x","y"],"a":{"x":"y"}}').issues).toEqual(['DUPLICATE_KEY /a'])
    expect(parsed('{"__proto__":1,"__proto__":2}').issues).toEqual(['DUPLICATE_KEY /__proto__'])
  })

  it('is not seen where keys of different objects are equal, or strings hold quotes and colons', () => {
    expect(parsed('[{"a":1},{"a":"\\"a\\":1, \\\\\\"a\\":"},{"a":"\\\\"}]').issues).toEqual([])
  })

  it.each([0, 1, 2, 3])('is found in long bytes that start %i bytes past a word', (shift) => {
    const long = JSON.stringify({ list: Array.from({ length: 200 }, (_, i) => ({ id: `"${i}\\` })) })
    const twice = `${long.slice(0, -1)},"list":0}`
    const shifted = (text: string) => Buffer.from(' '.repeat(shift) + text).subarray(shift)
    expect(parsed(shifted(long)).issues).toEqual([])
    expect(parsed(shifted(twice)).issues).toEqual(['DUPLICATE_KEY /list'])
  })
})

describe('nesting', () => {
  const nested = (depth: number, fill = '') => '['.repeat(depth) + fill + ']'.repeat(depth)

  it('is read to 512 levels', () => {
    expect(parsed(nested(512)).issues).toEqual([])
    expect(rejected(nested(513))).toMatchObject({ code: 'TOO_DEEP' })
    expect(rejected(nested(4), { maxDepth: 3 })).toMatchObject({ code: 'TOO_DEEP' })
  })

  it('overflows no stack at 100,000 levels, whole, cut short, or with what has to be repaired in it', () => {
    expect(rejected(nested(100_000))).toMatchObject({ code: 'TOO_DEEP' })
    expect(rejected(nested(100_000, 'NaN'))).toMatchObject({ code: 'TOO_DEEP' })
    expect(rejected(nested(100_000, '"\\u0000",{"a":1,"a":2}'))).toMatchObject({ code: 'TOO_DEEP' })
    expect(rejected('['.repeat(100_000))).toMatchObject({ code: 'TRUNCATED', byteOffset: 100_000 })
    expect(rejected('{"a":'.repeat(100_000))).toMatchObject({ code: 'TRUNCATED', byteOffset: 500_000 })
  })
})

describe('a text that is not JSON', () => {
  it('is EMPTY when there is nothing but space', () => {
    for (const text of ['', ' \r\n\t']) expect(rejected(text)).toMatchObject({ code: 'EMPTY', line: null })
  })

  it('is TRUNCATED wherever a valid text is cut', () => {
    const text = '{"a": [1, -2.5e+10, true, "x\\u00e9\\"é", NaN], "b": {"c": null}, "d": -Infinity}'
    for (let end = 1; end < text.length; end++) {
      const cut = text.slice(0, end)
      const { code } = rejected(cut)
      expect({ cut, code }).toEqual({ cut, code: 'TRUNCATED' })
    }
  })

  it('tells the place in bytes, in lines and columns, and what is around it', () => {
    const issue = rejected('{\n  "name": "café",\n  "price": 12,50\n}')
    expect(issue).toMatchObject({ severity: 'REJECT', code: 'SYNTAX', line: null, byteOffset: 35 })
    expect(issue.message).toBe('not JSON at line 3, column 15: expected a key')
    expect(issue.snippet).toBe('{\\n  "name": "café",\\n  "price": 12,50\\n}')
  })

  it('tells the place within a larger file', () => {
    const issue = rejected('{"é": tru}', { line: 7, byteOffset: 1000, pointer: '/3' })
    expect(issue).toMatchObject({ code: 'SYNTAX', line: 7, byteOffset: 1007, pointer: '/3' })
    expect(issue.message).toContain('at column 7')
  })

  it('shows at most 80 characters', () => {
    const { snippet } = rejected(`["${'x'.repeat(500)}", ?, "${'😀'.repeat(500)}"]`)
    expect(snippet!.length).toBeLessThanOrEqual(80)
    expect(snippet).toContain('", ?, "')
  })

  it('is UNREADABLE when its bytes are not UTF-8, with the place of the first that is not', () => {
    const bytes = Buffer.concat([Buffer.from('["é", "'), Buffer.from([0xe9]), Buffer.from(' x"]')])
    expect(rejected(bytes, { byteOffset: 100 })).toMatchObject({ code: 'UNREADABLE', byteOffset: 108 })
  })
})
