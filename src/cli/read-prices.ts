import { createReadStream } from 'node:fs'
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
const EXPECTED = 'pattern, input, output, and as needed cached_input, effective_from'

/**
 * Reads prices from a file: CSV with a header, or JSON: a list of objects, or what `crossrun prices list --json` prints.
 * @throws BadInputError naming the line or element, when any of it is wrong
 */
export async function readPrices(path: string): Promise<ModelPrice[]> {
  try {
    const rows = /\.json$/i.test(path) ? await jsonRows(path) : await csvRows(path)
    const prices = rows.map(({ value, place }) => priceOf(value, place))
    if (prices.length === 0) throw new BadInputError(`${path} holds no price.`, { hint: `Expected: ${EXPECTED}.` })
    return prices
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR')
      throw new BadInputError(`${path} cannot be read: ${message}.`, { cause: error })
    throw error
  }
}

type Row = { value: unknown; place: string }

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
  return list.map((value, index) => ({ value, place: `${path}, element ${index + 1}` }))
}

async function csvRows(path: string): Promise<Row[]> {
  const rows: Row[] = []
  for await (const event of readCsv(createReadStream(path))) {
    if ('record' in event) rows.push({ value: event.record.value, place: `${path}, line ${event.record.line}` })
    else if (event.issue.severity === 'REJECT') {
      const { line, message } = event.issue
      throw new BadInputError(`${path}${line === null ? '' : `, line ${line}`}: ${message}.`)
    }
  }
  return rows
}

function priceOf(value: unknown, place: string): ModelPrice {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadInputError(`${place}: not a price.`, { hint: `Expected an object with ${EXPECTED}.` })
  const said: Partial<Record<keyof SaidPrice, string>> = {}
  for (const [key, given] of Object.entries(value)) {
    const name = NAMES[key.toLowerCase().replace(/[\s_-]/g, '')]
    if (!name)
      throw new BadInputError(`${place}: ${JSON.stringify(key)} is no column of prices.`, {
        hint: `Expected: ${EXPECTED}.`,
      })
    if (given === null || given === '') continue
    if (typeof given !== 'string' && typeof given !== 'number')
      throw new BadInputError(`${place}: ${key} must be text or a number.`)
    said[name] = String(given)
  }
  for (const name of ['pattern', 'input', 'output'] as const)
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
