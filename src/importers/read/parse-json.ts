import { countStrings } from './count-strings.ts'
import { textOf } from './encoding.ts'
import { type Inspected, inspectJson } from './inspect-json.ts'
import { type Issue, type Place, reject, snippetAt, warning } from './issue.ts'
import { measure } from './measure-json.ts'
import { mayNeedRepair, repair } from './repair-json.ts'

/** A value with warnings about what was changed in it, or the reason why there is none. */
export type ParsedJson = { value: unknown; issues: Issue[] } | { issue: Issue }

/** Where the text is: its line in a JSONL file, the offset of its first byte, its pointer when it is a part. */
export type ParseOptions = { maxDepth?: number; line?: number | null; byteOffset?: number | null; pointer?: string }

/** Deeper JSON than this serves nobody and overflows the stacks of what comes later, `jsonb` included. */
export const MAX_DEPTH = 512

/**
 * Parses a JSON text as the importer takes it: numbers that are none become null, characters that PostgreSQL refuses
 * U+FFFD, the last of equal keys wins; each with a warning that points at it. Never throws.
 * A valid text costs `JSON.parse`, one pass over the value and a count of quotes; the rest only where needed.
 * @param source text, or its bytes in UTF-8, which is faster than to decode them before
 */
export function parseJson(source: string | Buffer, options: ParseOptions = {}): ParsedJson {
  const text = typeof source === 'string' ? source : textOf(source)
  if (typeof text !== 'string') return { issue: placed(text, options) }
  const place: Place = {
    line: options.line ?? null,
    byteOffset: options.byteOffset ?? null,
    pointer: options.pointer ?? '',
  }
  const maxDepth = options.maxDepth ?? MAX_DEPTH
  let value: unknown
  let inspected: Inspected | null = null
  try {
    value = JSON.parse(text)
  } catch (error) {
    inspected = inspectJson(text, maxDepth)
    if (inspected.error || inspected.notNumbers.length === 0)
      return { issue: syntaxIssue(text, inspected, error, options) }
    value = JSON.parse(withoutNotNumbers(text, inspected))
  }

  const { strings, tooDeep, infinite } = measure(value, maxDepth)
  if (tooDeep) {
    const message = `nested deeper than ${maxDepth} levels`
    return {
      issue: reject('TOO_DEEP', message, { ...place, pointer: options.pointer ?? null, snippet: snippetAt(text, 0) }),
    }
  }
  if (countStrings(text, typeof source === 'string' ? null : source) !== strings)
    inspected ??= inspectJson(text, maxDepth)

  const issues: Issue[] = []
  if (inspected) addInspected(issues, inspected, place)
  if (infinite || mayNeedRepair(text)) value = repair(value, place, issues)
  return { value, issues }
}

/** What is wrong with the encoding of the bytes, placed where they are. */
function placed(damage: Issue, { line, byteOffset, pointer }: ParseOptions): Issue {
  return {
    ...damage,
    line: line ?? null,
    pointer: pointer ?? null,
    byteOffset: (byteOffset ?? 0) + (damage.byteOffset ?? 0),
  }
}

function addInspected(issues: Issue[], inspected: Inspected, place: Place): void {
  const at = (pointer: string) => ({ ...place, pointer: place.pointer + pointer })
  for (const { pointer } of inspected.notNumbers) {
    issues.push(warning('NOT_A_NUMBER', 'NaN or Infinity where a number belongs; stored as null', at(pointer)))
  }
  for (const { pointer } of inspected.duplicateKeys) {
    issues.push(warning('DUPLICATE_KEY', 'an object names this key twice; the last one is kept', at(pointer)))
  }
}

function withoutNotNumbers(text: string, { notNumbers }: Inspected): string {
  let kept = ''
  let end = 0
  for (const { from, to } of notNumbers) {
    kept += `${text.slice(end, from)}null`
    end = to
  }
  return kept + text.slice(end)
}

function syntaxIssue(text: string, { error }: Inspected, thrown: unknown, options: ParseOptions): Issue {
  const place: Place = {
    line: options.line ?? null,
    pointer: options.pointer ?? null,
    byteOffset: options.byteOffset ?? null,
  }
  if (/^[ \t\r\n]*$/.test(text)) return reject('EMPTY', 'there is nothing in it', place)
  // Only if the two readers disagree; the one that makes the value is right.
  if (!error)
    return reject('SYNTAX', `not JSON: ${snippetAt(String(thrown), 0)}`, { ...place, snippet: snippetAt(text, 0) })

  const { message, offset, atEnd } = error
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  const lines = text.slice(0, lineStart).split('\n').length
  const where = options.line == null ? `line ${lines}, column ${offset - lineStart + 1}` : `column ${offset + 1}`
  return reject(
    atEnd ? 'TRUNCATED' : 'SYNTAX',
    atEnd ? `ends too early (${where}): ${message}` : `not JSON at ${where}: ${message}`,
    {
      ...place,
      byteOffset: (options.byteOffset ?? 0) + Buffer.byteLength(text.slice(0, offset)),
      snippet: snippetAt(text, offset),
    },
  )
}
