import { hash } from 'node:crypto'
import { isObject } from '../wire.ts'

/** SHA-256 of what a record says, whatever the order of its keys: systems that store JSON write them in another. */
export function contentHash(record: Record<string, unknown>): string {
  return hash('sha256', JSON.stringify(sorted(record)))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  // Pairs, not an object: an object puts keys that look like numbers first, whatever the order they are added in.
  const keys = Object.keys(value).sort()
  return { pairs: keys.map((key) => [key, sorted(value[key])]) }
}
