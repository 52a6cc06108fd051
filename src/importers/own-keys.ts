import { type ZodRawShape, z } from 'zod'
import type { Decoding } from './decoding.ts'
import { escapePointer } from './decoding.ts'

/** A column's name in snake case: `instructionAId` is `instruction_a_id`. */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
}

/** A record's fields, and what it holds beyond them, under the keys it was written with. */
export type OwnFields<S extends ZodRawShape> = { read: z.infer<z.ZodObject<S>>; extra: Record<string, unknown> }

/**
 * Reads a record whose columns are named in snake or camel case, by their newer or older names. Only the record's own
 * keys are converted, never those within its JSON columns.
 * @param older newer names of columns by the older ones
 * @returns null, with rejects that point at the keys as they were written, when it does not fit
 */
export function readOwn<S extends ZodRawShape>(
  decoding: Decoding,
  shape: S,
  record: Record<string, unknown>,
  older: Readonly<Record<string, string>> = {},
): OwnFields<S> | null {
  const known: Record<string, unknown> = {}
  const writtenAs: Record<string, string> = {}
  const extra: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(record)) {
    const name = snakeCase(key)
    const column = older[name] ?? name
    if (!Object.hasOwn(shape, column)) extra[key] = value
    // Of two spellings of one column the one with a value counts.
    else if (known[column] === undefined || known[column] === null) {
      known[column] = value
      writtenAs[column] = key
    } else if (value !== null) extra[key] = value
  }
  const before = decoding.issues.length
  const read = decoding.read(z.object(shape), known, '')
  if (read) return { read, extra }
  for (const issue of decoding.issues.slice(before)) {
    const [, column, ...rest] = (issue.pointer ?? '').split('/')
    const written = column === undefined ? undefined : writtenAs[column]
    if (written !== undefined) issue.pointer = ['', escapePointer(written), ...rest].join('/')
  }
  return null
}

/** Whether a record has all these columns, in snake or camel case. */
export function hasColumns(record: Record<string, unknown>, ...columns: string[]): boolean {
  return columns.every((column) => column in record || camelCase(column) in record)
}

function camelCase(column: string): string {
  return column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/** The latest of the times that are known. */
export function latest(...times: (Date | null)[]): Date | null {
  return times.reduce((last, time) => (time && (!last || time > last) ? time : last), null)
}
