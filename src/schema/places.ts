import { createHash } from 'node:crypto'
import { BadInputError } from '../errors.ts'

/** Cursors of a list whose places are not sort values of an entity's columns. */
export type Places<Place> = { encode(place: Place): string; decode(cursor: string): Place }

/**
 * Makes the cursors of one list; those of another list are refused.
 * @param list what tells it from others
 * @param write the values of a place
 * @param read a place from such values, which a client may have made up; null when they are none
 */
export function placesOf<Place>(
  list: string,
  write: (place: Place) => readonly unknown[],
  read: (values: readonly unknown[]) => Place | null,
): Places<Place> {
  const sign = createHash('sha256').update(list).digest('base64url').slice(0, 8)
  return {
    encode: (place) => Buffer.from(JSON.stringify([sign, ...write(place)])).toString('base64url'),
    decode(cursor) {
      const [own, ...values] = listIn(cursor)
      const place = own === sign ? read(values) : null
      if (place !== null) return place
      throw new BadInputError('after is not a cursor of this list.', { argument: 'after' })
    },
  }
}

/** Whether a value is text that the database takes. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\u0000')
}

function listIn(cursor: string): unknown[] {
  try {
    const content: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(content) ? content : []
  } catch {
    // Not base64url or not JSON: no cursor.
    return []
  }
}
