import { Decimal } from 'decimal.js'
import { Kind, valueFromASTUntyped } from 'graphql'
import { BadInputError } from '../errors.ts'
import { decimalOf } from '../filters/values.ts'
import { isTimeZone, momentOf } from '../model/time.ts'
import { builder } from './builder.ts'

/** The server puts the argument's name before it. */
function wrong(expected: string): BadInputError {
  return new BadInputError(`must be ${expected}.`)
}

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/

builder.scalarType('DateTime', {
  description:
    'A moment of the years 1 to 9999 in RFC 3339, such as `2026-01-31T12:00:00.000Z`; answers are in UTC with milliseconds.',
  serialize: (value) => value.toISOString(),
  parseValue(value) {
    const at =
      typeof value === 'string' && RFC_3339.test(value) && isDay(value.slice(0, 10))
        ? momentOf(Date.parse(value.replace(' ', 'T').toUpperCase()))
        : null
    if (!at) throw wrong('a time with its offset, of the years 1 to 9999, such as 2026-01-31T12:00:00Z')
    return at
  },
})

builder.scalarType('Date', {
  description: 'A day, such as `2026-01-31`.',
  serialize: (value) => value.toISOString().slice(0, 10),
  parseValue(value) {
    if (typeof value !== 'string' || !isDay(value)) throw wrong('a day such as 2026-01-31')
    return value
  },
})

/** Whether a calendar has the day: JavaScript takes 30 February for 2 March. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  return momentOf(Date.parse(text))?.toISOString().slice(0, 10) === text
}

builder.scalarType('Decimal', {
  description: 'An exact decimal number as text, such as `"0.0123"`, without exponent and trailing zeros.',
  serialize: (value) => new Decimal(value).toFixed(),
  parseValue: readDecimal,
  parseLiteral(node) {
    // The text of a literal keeps the digits that a number would lose.
    const isWritten = node.kind === Kind.STRING || node.kind === Kind.INT || node.kind === Kind.FLOAT
    return readDecimal(isWritten ? node.value : null)
  },
})

function readDecimal(value: unknown): string {
  const text = decimalOf(value)
  if (text === null) throw wrong('a decimal number of at most 100 characters, such as 0.0123')
  return text
}

builder.scalarType('SafeInt', {
  description: 'A whole number beyond 32 bits, up to 2^53 − 1.',
  serialize(value) {
    const number = Number(value)
    if (!Number.isSafeInteger(number)) throw new Error(`${value} cannot be written as a JSON number without loss.`)
    return number
  },
  parseValue(value) {
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrong('a whole number up to 2^53 − 1')
    return BigInt(value)
  },
})

builder.scalarType('JSON', {
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
})

builder.scalarType('TimeZone', {
  description: 'An IANA time zone by its full name, such as `Europe/Berlin`.',
  serialize: (value) => value,
  parseValue(value) {
    if (typeof value !== 'string' || !isTimeZone(value))
      throw wrong('an IANA time zone by its full name, such as Europe/Berlin')
    return value
  },
})
