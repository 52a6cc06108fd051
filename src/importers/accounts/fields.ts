import type { ZodRawShape } from 'zod'
import { type Decoding, escapePointer } from '../decoding.ts'
import { type OwnFields, readOwn } from '../own-keys.ts'

/**
 * Reads a record by its wire shape; empty text is no value, as CSV cells write it.
 * @param older columns' names by other names of theirs
 */
export function readFields<S extends ZodRawShape>(
  decoding: Decoding,
  shape: S,
  record: Record<string, unknown>,
  older: Readonly<Record<string, string>> = {},
): OwnFields<S> | null {
  const given: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(record))
    given[key] = typeof value === 'string' && value.trim() === '' ? null : value
  return readOwn(decoding, shape, given, older)
}

/** Rejects the record for a field that it cannot do without. @returns null, for the decoder to return */
export function missing(decoding: Decoding, field: string, expected: string, record: unknown): null {
  decoding.reject('SCHEMA', `${field} is missing (expected ${expected})`, `/${escapePointer(field)}`, record)
  return null
}

/** Whether a record has one of these columns, in snake or camel case. */
export function hasSome(record: Record<string, unknown>, ...columns: string[]): boolean {
  return columns.some((column) => column in record || camelCase(column) in record)
}

function camelCase(column: string): string {
  return column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
