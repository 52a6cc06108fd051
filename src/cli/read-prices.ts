import { readFile } from 'node:fs/promises'
import { BadInputError } from '../errors.ts'
import { readCsv } from '../importers/read/records.ts'
import { parseTimestamp } from '../model/time.ts'
import { readModelPrice, type SaidPrice } from '../pricing/model-prices.ts'
import type { ModelPrice } from '../pricing/price-list.ts'

/** What columns and keys may be called, without case, spaces, `_` and `-`. */
const NAMES: Readonly<Record<string, keyof SaidPrice>> = {
  pattern: 'pattern',
  model: 'pattern',
  input: 'input',
  inputusdpermillion: 'input',
  cachedinput: 'cachedInput',
  cachedinputusdpermillion: 'cachedInput',
  output: 'output',
  outputusdpermillion: 'output',
  effectivefrom: 'effectiveFrom',
  from: 'effectiveFrom',
}
const NEEDED = ['pattern', 'input', 'output'] as const
const EXPECTED = 'pattern, input, output, and as needed cached_input, effective_from'

/** The prices of a file, each pattern and date once, and what is to be said of those that are there twice. */
export type ReadPrices = { prices: ModelPrice[]; remarks: string[] }

/**
 * Reads prices from a file: CSV with a header, or JSON: a list of objects, or what `crossrun prices list --json` prints.
 * @throws BadInputError naming the line or element, when any of it is wrong
 */
export async function readPrices(path: string): Promise<ReadPrices> {
  try {
    const rows = /\.json$/i.test(path) ? await jsonRows(path) : await csvRows(path)
    if (rows.length === 0) throw new BadInputError(`${path} holds no price.`, { hint: `Expected: ${EXPECTED}.` })
    return onceEach(path, rows)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR')
      throw new BadInputError(`${path} cannot be read: ${message}.`, { cause: error })
    throw error
  }
}

/** `place` is where it stands in the file, such as `line 2`. */
type Row = { value: unknown; place: string }

/** The last of the same pattern and date counts. */
function onceEach(path: string, rows: readonly Row[]): ReadPrices {
  const prices = new Map<string, ModelPrice & { place: string }>()
  const remarks: string[] = []
  for (const { value, place } of rows) {
    const price = priceOf(value, `${path}, ${place}`)
    const key = JSON.stringify([price.pattern, price.effectiveFrom])
    const earlier = prices.get(key)
    if (earlier) remarks.push(`${path}, ${place}: takes the place of ${earlier.place}, of the same pattern and date.`)
    prices.set(key, { ...price, place })
  }
  return { prices: [...prices.values()].map(({ place: _, ...price }) => price), remarks }
}

async function jsonRows(path: string): Promise<Row[]> {
  const text = await readFile(path, 'utf8')
  let parsed: unknown
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new BadInputError(`${path} is not JSON: ${(error as Error).message}.`, { cause: error })
  }
  const list = Array.isArray(parsed) ? parsed : (parsed as { prices?: unknown } | null)?.prices
  if (!Array.isArray(list))
    throw new BadInputError(`${path} holds no list of prices.`, { hint: `Expected: ${EXPECTED}.` })
  return list.map((value, index) => ({ value, place: `element ${index + 1}` }))
}

async function csvRows(path: string): Promise<Row[]> {
  const rows: Row[] = []
  const bytes = await readFile(path)
  for await (const event of readCsv([bytes])) {
    if ('record' in event) {
      if (rows.length === 0)
        checkHeader(Object.keys(event.record.value as object), `${path}, line ${headerLine(bytes)}`)
      rows.push({ value: event.record.value, place: `line ${event.record.line}` })
    } else if (event.issue.severity === 'REJECT') {
      const { line, message } = event.issue
      throw new BadInputError(`${path}${line === null ? '' : `, line ${line}`}: ${message}.`)
    }
  }
  return rows
}

/** @throws BadInputError naming a column that is none, or one that is missing */
function checkHeader(columns: readonly string[], place: string): void {
  const names = columns.map((column) => nameOf(column, place))
  const missing = NEEDED.find((name) => !names.includes(name))
  if (missing)
    throw new BadInputError(`${place}: the column ${missing} is missing.`, { hint: `Expected: ${EXPECTED}.` })
}

/** The first line that says anything. */
function headerLine(bytes: Buffer): number {
  return (
    bytes
      .toString('latin1')
      .split('\n')
      .findIndex((line) => /[^\s,"]/.test(line)) + 1
  )
}

/** @throws BadInputError when prices have no such column */
function nameOf(column: string, place: string): keyof SaidPrice {
  const name = column.toLowerCase().replace(/[\s_-]/g, '')
  if (Object.hasOwn(NAMES, name)) return NAMES[name]!
  throw new BadInputError(`${place}: ${JSON.stringify(column)} is no column of prices.`, {
    hint: `Expected: ${EXPECTED}.`,
  })
}

function priceOf(value: unknown, place: string): ModelPrice {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadInputError(`${place}: not a price.`, { hint: `Expected an object with ${EXPECTED}.` })
  const said: Partial<Record<keyof SaidPrice, string>> = {}
  for (const [key, given] of Object.entries(value)) {
    const name = nameOf(key, place)
    if (given === null || given === '') continue
    if (typeof given !== 'string' && typeof given !== 'number')
      throw new BadInputError(`${place}: ${key} must be text or a number.`)
    said[name] = String(given)
  }
  for (const name of NEEDED)
    if (said[name] === undefined)
      throw new BadInputError(`${place}: ${name} is missing.`, { hint: `Expected: ${EXPECTED}.` })
  const { pattern, input, output, cachedInput = null, effectiveFrom } = said as Record<keyof SaidPrice, string>
  try {
    return readModelPrice({
      pattern,
      input,
      cachedInput,
      output,
      effectiveFrom: readDate(effectiveFrom, 'effective_from'),
    })
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error
    throw new BadInputError(`${place}: ${error.message}`, { argument: error.argument, hint: error.hint, cause: error })
  }
}

/**
 * A moment as a person writes it: a day is its midnight, and a time without an offset, in UTC.
 * @throws BadInputError naming the argument
 */
export function readDate(text: string | null | undefined, argument: string): Date | null {
  if (text === null || text === undefined) return null
  const at = parseTimestamp(text.trim())
  if (!at)
    throw new BadInputError(`${argument}: ${JSON.stringify(text)} is no date.`, {
      argument,
      hint: 'Such as 2026-01-31, or 2026-01-31T12:00:00Z.',
    })
  return at
}
