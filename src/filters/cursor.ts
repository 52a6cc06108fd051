import { createHash } from 'node:crypto'
import { BadInputError } from '../errors.ts'
import type { Entity } from './declaration.ts'
import type { SortKey } from './order.ts'
import { bad, type Path, readValue } from './values.ts'

/** The sort values of a row, in the order of the keys. */
export type SortValues = readonly (string | null)[]

/** A place in a list, as the API shows it; it holds the sort values, so rows that come or go do not move it. */
export function encodeCursor(entity: Entity, keys: readonly SortKey[], values: SortValues): string {
  return encodeParts([fingerprint(entity, keys), ...values])
}

/** @throws BadInputError when the text is no cursor of this list in this order */
export function decodeCursor(entity: Entity, keys: readonly SortKey[], cursor: string, path: Path): SortValues {
  const content = decodeParts(cursor)
  if (!content) throw bad(path, 'is not a cursor')
  const [sign, ...values] = content
  if (sign !== fingerprint(entity, keys)) throw bad(path, 'is a cursor of another list or another order')
  if (values.length !== keys.length) throw bad(path, 'is not a cursor')
  return values.map((value, place) => readSortValue(value, keys[place]!, entity, path))
}

function readSortValue(value: unknown, { field }: SortKey, entity: Entity, path: Path): string | null {
  if (value === null && !field.required) return null
  if (typeof value !== 'string') throw bad(path, 'is not a cursor')
  try {
    if (field.kind === 'float') return readValue(Number(value), path, field, entity)
    if (field.kind === 'boolean') return readValue(value === 'true', path, field, entity)
    // A stored text may be longer than one that may be asked for.
    if (field.kind === 'text' && !value.includes('\u0000')) return value
    return readValue(value, path, field, entity)
  } catch (error) {
    if (error instanceof BadInputError) throw bad(path, 'is not a cursor')
    throw error
  }
}

/** What a cursor is made of, in letters that stand anywhere. */
export function encodeParts(parts: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/** What a cursor was made of; null when the text is none. */
export function decodeParts(cursor: string): unknown[] | null {
  try {
    const content: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(content) ? content : null
  } catch {
    return null
  }
}

/** Tells one list and order from another, whichever way it is read. */
function fingerprint(entity: Entity, keys: readonly SortKey[]): string {
  const order = keys.map(({ name, direction }) => `${name} ${direction}`).join(',')
  return createHash('sha256').update(`${entity.name}:${order}`).digest('base64url').slice(0, 8)
}
