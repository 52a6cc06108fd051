import { BadInputError } from '../errors.ts'
import { momentOf } from '../model/time.ts'
import { type Entity, enumValues, type Field } from './declaration.ts'
import { decodeGlobalId, isUuid } from './global-ids.ts'

/** Where in the request a value stands, such as `where.status.in`. */
export type Path = string

export function bad(path: Path, problem: string): BadInputError {
  return new BadInputError(`${path} ${problem}.`, { argument: path })
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

/** A value's PostgreSQL text form; checked here so that no statement fails over it. */
type Reader = (value: unknown, path: Path, field: Field, entity: Entity) => string

const INT8 = 9223372036854775807n

const readers: Record<Field['kind'], Reader> = {
  text: readText,
  textList: readText,
  uuid(value, path, _field, entity) {
    const text = readText(value, path)
    if (isUuid(text)) return text
    const global = decodeGlobalId(text)
    if (global?.typeName === entity.name) return global.id
    throw bad(path, `is not the id of a ${entity.name}`)
  },
  enum(value, path, field) {
    const known = enumValues(field.enumName!)
    if (typeof value === 'string' && known.includes(value)) return value
    throw bad(path, `must be one of ${known.join(', ')}`)
  },
  integer: readInteger,
  bigint: readInteger,
  float(value, path) {
    if (typeof value === 'number' && Number.isFinite(value)) return String(value)
    throw bad(path, 'must be a number')
  },
  decimal: readDecimal,
  dateTime(value, path) {
    const at =
      value instanceof Date
        ? value
        : typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)
          ? new Date(value)
          : null
    if (at && isInRange(at)) return at.toISOString()
    throw bad(path, 'must be a time such as 2026-01-31T12:00:00Z')
  },
  date(value, path) {
    const text = value instanceof Date && isInRange(value) ? value.toISOString().slice(0, 10) : value
    if (typeof text === 'string' && /^\d{4}-\d\d-\d\d$/.test(text) && isInRange(new Date(text))) return text
    throw bad(path, 'must be a day such as 2026-01-31')
  },
  boolean(value, path) {
    if (typeof value === 'boolean') return String(value)
    throw bad(path, 'must be true or false')
  },
  json(_value, path) {
    throw bad(path, 'cannot be compared')
  },
}

/** @throws BadInputError naming the path when the value is not of the field's kind */
export function readValue(value: unknown, path: Path, field: Field, entity: Entity): string {
  if (value === null) throw bad(path, 'is null; ask for isNull: true instead')
  return readers[field.kind](value, path, field, entity)
}

const LONGEST_LIST = 1_000

export function readValues(value: unknown, path: Path, field: Field, entity: Entity): string[] {
  if (value === null) throw bad(path, 'is null; ask for isNull: true instead')
  const values = Array.isArray(value) ? value : [value]
  if (values.length > LONGEST_LIST) throw bad(path, `has ${values.length} values; ${LONGEST_LIST} are allowed`)
  return values.map((each, place) => readValue(each, `${path}[${place}]`, field, entity))
}

const LONGEST_TEXT = 10_000

function readText(value: unknown, path: Path): string {
  if (typeof value !== 'string') throw bad(path, 'must be a text')
  if (value.length > LONGEST_TEXT) throw bad(path, `is longer than ${LONGEST_TEXT} characters`)
  if (value.includes('\u0000')) throw bad(path, 'holds a NUL character, which no stored text has')
  return value
}

function readInteger(value: unknown, path: Path): string {
  const whole =
    typeof value === 'bigint' ||
    (typeof value === 'number' && Number.isSafeInteger(value)) ||
    (typeof value === 'string' && /^-?\d{1,19}$/.test(value))
  if (whole) {
    const read = BigInt(value as bigint | number | string)
    if (read <= INT8 && read >= -INT8) return String(read)
  }
  throw bad(path, 'must be a whole number')
}

/** @returns the number as PostgreSQL's numeric takes it */
export function readDecimal(value: unknown, path: Path): string {
  const text = decimalOf(value)
  if (text === null) throw bad(path, 'must be a decimal number')
  return text
}

/** A number, or a decimal number as text; null when it is none, or longer or farther from 1 than anybody means. */
export function decimalOf(value: unknown): string | null {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value
  return typeof text === 'string' && text.length <= 100 && /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(text)
    ? text
    : null
}

function isInRange(at: Date): boolean {
  return momentOf(at.getTime()) !== null
}
