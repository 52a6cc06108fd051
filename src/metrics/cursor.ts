import { createHash } from 'node:crypto'
import { BadInputError } from '../errors.ts'
import { decodeParts, encodeParts } from '../filters/cursor.ts'
import { bad, isObject, type Path } from '../filters/values.ts'
import { type MetricsQuery, termKey } from './query.ts'

/** What tells the groups of a question, and their order. */
type Question = Pick<MetricsQuery, 'subject' | 'where' | 'groupBy' | 'interval' | 'timeZone' | 'having' | 'orderBy'> & {
  search: string | null
  /** The type whose field is asked. */
  askedOf: string
}

/** A place among the groups of a question, as the API shows it. */
export function encodePlace(sign: string, offset: number): string {
  return encodeParts([sign, offset])
}

/** @throws BadInputError when the text is no cursor of the question that has this sign */
export function decodePlace(sign: string, cursor: string, path: Path): number {
  const [own, offset] = decodeParts(cursor) ?? []
  if (typeof own !== 'string' || !Number.isSafeInteger(offset) || (offset as number) < 0)
    throw bad(path, 'is not a cursor')
  if (own === sign) return offset as number
  throw new BadInputError(`${path} is a cursor of another question or another order.`, {
    argument: path,
    hint: 'A cursor goes with the arguments of its own question; only first may be another.',
  })
}

/** Tells a question from others, however it is written: what is read of its groups, and how many, is not of it. */
export function signOf(question: Question): string {
  const { askedOf, subject, where, search, groupBy, interval, timeZone, having, orderBy } = question
  const content = [
    askedOf,
    subject.name,
    plain(where ?? {}),
    search,
    groupBy,
    interval && [interval, timeZone],
    having.map(({ term, comparison, value }) => `${termKey(term)} ${comparison} ${value}`).sort(),
    orderBy.map(({ by, direction }) => [typeof by === 'string' ? { key: by } : termKey(by), direction]),
  ]
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 8)
}

/** A filter without what does not matter in it: the order of its keys, and those that are null and so ask nothing. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return value.map(plain)
  if (!isObject(value)) return value
  const given = Object.entries(value).filter(([, each]) => each !== null && each !== undefined)
  return Object.fromEntries(given.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, each]) => [name, plain(each)]))
}
