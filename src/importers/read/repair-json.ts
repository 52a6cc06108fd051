import { type Issue, type Place, warning } from './issue.ts'
import { pointerTo } from './pointer.ts'

const REPLACEMENT = '\uFFFD'
// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what is looked for
const refused = /\u0000|\p{Surrogate}/u
const refusedAll = new RegExp(refused.source, 'gu')
const surrogate = /\p{Surrogate}/u

/** Whether a JSON text can hold what PostgreSQL refuses in strings: NUL and lone surrogates, which come as escapes. */
export function mayNeedRepair(text: string): boolean {
  const first = text.indexOf('\\u')
  return first !== -1 && /\\u(?:0000|[dD][89a-fA-F])/.test(first < 1000 ? text : text.slice(first))
}

/**
 * Replaces NUL and lone surrogates by U+FFFD, in keys too, and numbers past the range of a double by null. Changes the
 * value in place, with a warning for each string, key and number.
 * @param value no deeper than the call stack allows
 * @param place of the value; its pointer is where it lies
 * @returns the value, or what replaces it
 */
export function repair(value: unknown, place: Place, issues: Issue[]): unknown {
  return repaired(value, place.pointer ?? '', (code, message, pointer) =>
    issues.push(warning(code, message, { ...place, pointer })),
  )
}

type Note = (code: 'NUL_CHARACTER' | 'LONE_SURROGATE' | 'NOT_A_NUMBER', message: string, pointer: string) => void

function repaired(value: unknown, pointer: string, note: Note): unknown {
  if (typeof value === 'string') return repairText(value, 'a string', pointer, note)
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value
    note('NOT_A_NUMBER', 'a number is too large for a double; stored as null', pointer)
    return null
  }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = repaired(value[i], `${pointer}/${i}`, note)
    return value
  }
  const record = value as Record<string, unknown>
  const keys = Object.keys(record)
  if (!keys.some((key) => refused.test(key))) {
    for (const key of keys) record[key] = repaired(record[key], pointerTo(pointer, key), note)
    return record
  }
  return Object.fromEntries(
    keys.map((key) => {
      const at = pointerTo(pointer, acceptable(key))
      return [repairText(key, 'a key', at, note), repaired(record[key], at, note)]
    }),
  )
}

/** The text with what PostgreSQL refuses replaced. */
export function acceptable(text: string): string {
  return text.replace(refusedAll, REPLACEMENT)
}

/** The same, with a warning when that is not the text that was read. */
export function repairText(text: string, what: string, pointer: string, note: Note): string {
  if (!refused.test(text)) return text
  if (text.includes('\0')) note('NUL_CHARACTER', `${what} holds a NUL character; replaced by U+FFFD`, pointer)
  if (surrogate.test(text))
    note('LONE_SURROGATE', `${what} holds half of a surrogate pair; replaced by U+FFFD`, pointer)
  return acceptable(text)
}
