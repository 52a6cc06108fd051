import { Decimal } from 'decimal.js'
import { foldCase } from './text.ts'

/** A JSON value as text: texts as they are, nothing for null, objects and lists as JSON with sorted keys. */
export function textOfValue(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  return typeof value === 'object' ? canonicalJson(value) : String(value)
}

/** JSON that is the same for objects that differ only in the order of their keys. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

/** Whether there is no value: null, white space alone, an empty list or object. */
export function isEmptyValue(value: unknown): boolean {
  if (value === null || value === undefined) return true
  if (typeof value === 'string') return normalize(value) === ''
  return typeof value === 'object' && Object.keys(value).length === 0
}

/**
 * Whether an extracted value is the true one: as texts after NFKC, trim, case-fold and white-space collapse, numbers by
 * value (`99.0` is `99`).
 */
export function isSameValue(extracted: unknown, truth: unknown): boolean {
  const [a, b] = [normalize(textOfValue(extracted) ?? ''), normalize(textOfValue(truth) ?? '')]
  if (a === b) return true
  const [x, y] = [numberOf(a), numberOf(b)]
  return x !== null && y !== null && x.equals(y)
}

function normalize(text: string): string {
  return foldCase(text.normalize('NFKC')).replace(/\s+/gu, ' ').trim()
}

function numberOf(text: string): Decimal | null {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,4})?$/.test(text) ? new Decimal(text) : null
}
