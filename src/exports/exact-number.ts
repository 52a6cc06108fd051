import { CrossrunError } from '../errors.ts'
import type { ColumnType, ExportColumn } from './table.ts'

type Decimal = Extract<ColumnType, { kind: 'decimal' }>

/** Fewer digits than this are within 64 bits, whatever they are. */
const SURE_DIGITS = 18

/**
 * A decimal as a whole number of its last places: `-1.5` is -1500 with three of them.
 * @throws CrossrunError `EXPORT_VALUE_UNFIT` for what would have to be rounded, has too many digits or is no number
 */
export function unscaledOf(text: string, column: ExportColumn): bigint {
  const { precision, scale } = column.type as Decimal
  const point = text.indexOf('.')
  const whole = point < 0 ? text : text.slice(0, point)
  const given = point < 0 ? '' : text.slice(point + 1)
  const places = given.length > scale ? given.replace(/0+$/, '') : given
  const digits = whole + places.padEnd(scale, '0')
  if (places.length > scale || !/^-?\d+$/.test(digits)) throw unfit(text, column)
  const unscaled = BigInt(digits)
  if (digits.length > precision && (unscaled < 0n ? -unscaled : unscaled) >= 10n ** BigInt(precision))
    throw unfit(text, column)
  return unscaled
}

/**
 * A whole number of 64 bits with its sign.
 * @throws CrossrunError `EXPORT_VALUE_UNFIT`
 */
export function integerOf(text: string, column: ExportColumn): bigint {
  if (!/^-?\d+$/.test(text)) throw unfit(text, column)
  const value = BigInt(text)
  if (text.length > SURE_DIGITS && value !== BigInt.asIntN(64, value)) throw unfit(text, column)
  return value
}

/** A value that a format of typed columns cannot hold exactly: better no file than one with another number. */
export function unfit(text: string, { name, type }: ExportColumn): CrossrunError {
  const { kind } = type
  const shown =
    kind === 'decimal' ? `a decimal of ${type.precision} digits, ${type.scale} after the point` : `of type ${kind}`
  return new CrossrunError(
    'EXPORT_VALUE_UNFIT',
    `The column ${JSON.stringify(name)} is ${shown}, and cannot hold ${JSON.stringify(text.slice(0, 100))}.`,
    { hint: 'Export it as CSV or JSONL, which hold any value, or leave the column out.' },
  )
}
