import { Decimal } from 'decimal.js'

/** US dollars, exact. Stored with twelve decimals: tokens times a price per million need ten. */
export type Usd = Decimal

export const USD_DECIMALS = 12

/**
 * Reads an amount of US dollars: a JSON number, or a decimal as text (PostgreSQL dumps write those).
 * @returns null for null, and for text or numbers that are no finite amount
 */
export function parseUsd(value: number | string | null | undefined): Usd | null {
  if (value === null || value === undefined || value === '') return null
  if (typeof value === 'number') return Number.isFinite(value) ? new Decimal(value) : null
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(value) ? new Decimal(value.trim()) : null
}

/** The sum of the known amounts; null when none is known (unknown is never 0). */
export function sumUsd(amounts: Iterable<Usd | null>): Usd | null {
  let sum: Usd | null = null
  for (const amount of amounts) if (amount) sum = sum ? sum.plus(amount) : amount
  return sum
}

/** Rounded half-even to the decimals that are stored. */
export function roundUsd(amount: Usd): Usd {
  return amount.toDecimalPlaces(USD_DECIMALS, Decimal.ROUND_HALF_EVEN)
}
