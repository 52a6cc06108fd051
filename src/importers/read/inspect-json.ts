import { createScanner } from 'jsonc-parser'
import { pointerTo } from './pointer.ts'
import { acceptable } from './repair-json.ts'

/** jsonc-parser's `SyntaxKind`, a const enum, which a compiler that drops types cannot read. */
const OPEN_BRACE = 1
const CLOSE_BRACE = 2
const OPEN_BRACKET = 3
const CLOSE_BRACKET = 4
const COMMA = 5
const COLON = 6
const LITERALS = [7, 8, 9]
const STRING = 10
const NUMBER = 11
const SPACE = [14, 15]
const UNKNOWN = 16
const END = 17

/** What `JSON.parse` does not tell of a text. Offsets are UTF-16 units. */
export type Inspected = {
  /** The first place where the text is not JSON; `atEnd` when it only lacks its end. */
  error: { message: string; offset: number; atEnd: boolean } | null
  /** Python's `NaN`, `Infinity` and `-Infinity`. */
  notNumbers: { from: number; to: number; pointer: string }[]
  duplicateKeys: { pointer: string; offset: number }[]
}

type Frame = { keys: Set<string> | null; index: number; key: string }
type Expect = keyof typeof expected

const expected = {
  value: 'a value',
  'value or ]': "a value or ']'",
  key: 'a key',
  'key or }': "a key or '}'",
  ':': "':'",
  ', or ]': "',' or ']'",
  ', or }': "',' or '}'",
  end: 'nothing more',
}

const literals = ['true', 'false', 'null', 'NaN', 'Infinity', '-Infinity']

/**
 * Reads a JSON text token by token, with a stack of its own, so that no nesting overflows the call stack.
 * @param maxDepth past which findings get no pointer: it would be as long as the nesting is deep
 */
export function inspectJson(text: string, maxDepth: number): Inspected {
  const found: Inspected = { error: null, notNumbers: [], duplicateKeys: [] }
  const scanner = createScanner(text, false)
  const frames: Frame[] = []
  let expect: Expect = 'value'

  const pointer = () => (frames.length > maxDepth ? '' : pointerOf(frames))
  const afterValue = (): Expect => {
    const frame = frames.at(-1)
    return frame ? (frame.keys ? ', or }' : ', or ]') : 'end'
  }
  const fail = (message: string, offset: number, atEnd = false): Inspected => {
    found.error = { message, offset, atEnd }
    return found
  }

  for (;;) {
    const token: number = scanner.scan()
    const from = scanner.getTokenOffset()
    const to = scanner.getPosition()
    if (SPACE.includes(token)) continue
    if (token === END) return expect === 'end' ? found : fail(`expected ${expected[expect]}`, from, true)
    const isValue = expect === 'value' || expect === 'value or ]'

    if (token === STRING && (isValue || expect === 'key' || expect === 'key or }')) {
      if (scanner.getTokenError() !== 0) {
        const offset = badCharacter(text, from, to)
        return fail(
          offset === to ? 'a string is not closed' : 'a string holds what JSON does not allow',
          offset,
          isBlankFrom(text, offset),
        )
      }
      if (isValue) expect = afterValue()
      else {
        const frame = frames.at(-1)!
        frame.key = scanner.getTokenValue()
        if (frame.keys!.has(frame.key)) found.duplicateKeys.push({ pointer: pointer(), offset: from })
        frame.keys!.add(frame.key)
        expect = ':'
      }
    } else if (token === COLON && expect === ':') expect = 'value'
    else if (token === COMMA && expect === ', or }') expect = 'key'
    else if (token === COMMA && expect === ', or ]') {
      frames.at(-1)!.index++
      expect = 'value'
    } else if (token === OPEN_BRACE && isValue) {
      frames.push({ keys: new Set(), index: 0, key: '' })
      expect = 'key or }'
    } else if (token === OPEN_BRACKET && isValue) {
      frames.push({ keys: null, index: 0, key: '' })
      expect = 'value or ]'
    } else if (
      (token === CLOSE_BRACE && (expect === ', or }' || expect === 'key or }')) ||
      (token === CLOSE_BRACKET && (expect === ', or ]' || expect === 'value or ]'))
    ) {
      frames.pop()
      expect = afterValue()
    } else if (token === NUMBER && isValue) {
      if (scanner.getTokenError() !== 0) return fail('a number is not complete', to, isBlankFrom(text, to))
      expect = afterValue()
    } else if (isValue && LITERALS.includes(token)) {
      expect = afterValue()
    } else if (isValue && token === UNKNOWN) {
      const word = /[-\w]*/y
      word.lastIndex = from
      const [name] = word.exec(text)!
      if (name !== 'NaN' && name !== 'Infinity' && name !== '-Infinity') {
        const isCut = isBlankFrom(text, from + name.length) && isStartOfValue(name)
        return fail(`expected ${expected[expect]}`, from, isCut)
      }
      found.notNumbers.push({ from, to: from + name.length, pointer: pointer() })
      scanner.setPosition(from + name.length)
      expect = afterValue()
    } else return fail(`expected ${expected[expect]}`, from)
  }
}

function pointerOf(frames: Frame[]): string {
  return frames.reduce((path, frame) => pointerTo(path, frame.keys ? acceptable(frame.key) : frame.index), '')
}

/** Whether more text could have made a value of it. */
function isStartOfValue(name: string): boolean {
  return name !== '' && literals.some((literal) => literal.startsWith(name))
}

function isBlankFrom(text: string, offset: number): boolean {
  return /^[ \t\r\n]*$/.test(text.slice(offset))
}

/** The first character of a string token that JSON does not allow; its end when it is only not closed. */
function badCharacter(text: string, from: number, to: number): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what JSON does not allow in a string
  const notable = /[\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4})?/g
  notable.lastIndex = from + 1
  for (let match = notable.exec(text); match && match.index <= to; match = notable.exec(text)) {
    if (match[0].length > 1) continue
    // An escape that the end of the text cut in two is not a wrong one.
    return /^\\(?:u[\da-fA-F]{0,3})?$/.test(text.slice(match.index, match.index + 6)) ? text.length : match.index
  }
  return to
}
