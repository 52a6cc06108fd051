import { z } from 'zod'
import { parseUsd, type Usd } from '../model/money.ts'
import { parseTimestamp } from '../model/time.ts'

/**
 * Building blocks of the wire schemas: what artifacts may hold where a field is expected. Every field may be absent or
 * null. A scalar where text is expected is taken as text, one text where a list is expected as a list of one: models
 * write such things, and nothing is lost by reading them. Whatever else is of the wrong type is an issue.
 */
type Read<T> = (value: unknown) => T | undefined

function field<T>(expected: string, read: Read<T>) {
  return z
    .unknown()
    .optional()
    .transform((value, context): T | null => {
      if (value === null || value === undefined) return null
      const known = read(value)
      if (known !== undefined) return known
      context.addIssue({ code: 'custom', message: `expected ${expected}, found ${nameOf(value)}` })
      return z.NEVER
    })
}

/** Text, or null. */
export const text = () => field('text', readText)

const LONGEST_LABEL = 500

/** A name or a version, short enough to be grouped and sorted by. */
export const label = () =>
  field(`a name of at most ${LONGEST_LABEL} characters`, (value) => {
    const read = readText(value)
    return read !== undefined && read.length <= LONGEST_LABEL ? read : undefined
  })

/** Text that must be there. */
export const requiredText = () =>
  z
    .unknown()
    .optional()
    .transform((value, context): string => required(readText(value), 'text', value, context))

/** A list of texts; absent is empty. */
export const texts = () => field('a list of texts', readTexts).transform((value) => value ?? [])

/** A whole number, also written as text. */
export const integer = () => field('a whole number', readInteger)

/** A finite number, also written as text. */
export const float = () => field('a number', readNumber)

/** A whole number, as the database's 32-bit columns hold it. */
export const count = () =>
  integer().refine((value) => value === null || Math.abs(value) < 2 ** 31, {
    error: 'expected a whole number of up to 32 bits',
  })

const FLAGS: Readonly<Record<string, boolean>> = {
  true: true,
  t: true,
  yes: true,
  y: true,
  '1': true,
  false: false,
  f: false,
  no: false,
  n: false,
  '0': false,
}

/** Yes or no, also as databases and spreadsheets write it: `t`, `yes`, `1`. */
export const flag = () => field('true or false', (value) => FLAGS[String(value).trim().toLowerCase()])

/** US dollars, exact; the database has room for twelve digits before the point. */
export const usd = () =>
  field<Usd>('an amount below a trillion', (value) => {
    const amount = typeof value === 'number' || typeof value === 'string' ? parseUsd(value) : null
    return amount?.abs().lt(1e12) ? amount : undefined
  })

/** A timestamp as text; which instant a naive one is depends on the import's time zone, so it is read later. */
export const timestamp = () =>
  field('a timestamp', (value) => (typeof value === 'string' && parseTimestamp(value) ? value : undefined))

/** A timestamp that must be there. */
export const requiredTimestamp = () =>
  z
    .unknown()
    .optional()
    .transform((value, context): string =>
      required(typeof value === 'string' && parseTimestamp(value) ? value : undefined, 'a timestamp', value, context),
    )

/** An object of any shape. */
export const anyObject = () => field('an object', (value) => (isObject(value) ? value : undefined))

/** Any JSON value. */
export const json = () =>
  z
    .unknown()
    .optional()
    .transform((value) => value ?? null)

/** Any JSON value, also as text that holds an object or a list. */
export const document = () => z.preprocess(parsed, json())

/** A list of texts, also as text: as JSON, or as PostgreSQL writes an array (`{a,b}`). */
export const array = () => z.preprocess((value) => parsed(arrayOf(value)), texts())

/** One of the given words, in any case, with `-` and spaces as `_`; read as upper case. */
export const word = <const W extends readonly string[]>(words: W) =>
  field<W[number]>(`one of ${words.join(', ')}`, (value) => {
    const read =
      typeof value === 'string'
        ? value
            .trim()
            .toUpperCase()
            .replace(/[-\s]+/g, '_')
        : undefined
    return words.find((candidate) => candidate === read)
  })

/** A list whose elements are read one by one elsewhere, so that a bad one does not take the others with it. */
export const list = () =>
  field<unknown[]>('a list', (value) => (Array.isArray(value) ? value : undefined)).transform((value) => value ?? [])

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What a record holds beyond its known fields. */
export function extraOf(value: Record<string, unknown>, shape: Record<string, unknown>): Record<string, unknown> {
  const extra: Record<string, unknown> = {}
  for (const key in value) if (!Object.hasOwn(shape, key)) extra[key] = value[key]
  return extra
}

function required<T>(read: T | undefined, expected: string, value: unknown, context: z.RefinementCtx): T {
  if (read !== undefined) return read
  context.addIssue({
    code: 'custom',
    message: value === undefined ? `is missing (expected ${expected})` : `expected ${expected}, found ${nameOf(value)}`,
  })
  return z.NEVER
}

function readText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

function readTexts(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) {
    const one = readText(value)
    return one === undefined ? undefined : [one]
  }
  const read: string[] = []
  for (const element of value) {
    // An object in a list of texts is kept as its JSON: the list's order means something.
    const one = readText(element) ?? (isObject(element) ? JSON.stringify(element) : undefined)
    if (one !== undefined) read.push(one)
    else if (element !== null) return undefined
  }
  return read
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

function arrayOf(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\{.*\}$/s.test(value)) return value
  const elements = value.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/gs)
  return [...elements].flatMap(([, quoted, bare]) => {
    if (quoted !== undefined) return [quoted.replace(/\\(.)/gs, '$1')]
    return bare!.trim().toUpperCase() === 'NULL' ? [] : [bare!.trim()]
  })
}

function readNumber(value: unknown): number | undefined {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined
}

function readInteger(value: unknown): number | undefined {
  const read = readNumber(value)
  return read !== undefined && Number.isSafeInteger(read) ? read : undefined
}

function nameOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  const shown = JSON.stringify(value)
  return shown.length > 40 ? `${shown.slice(0, 39)}…` : shown
}
