/** A value of an artifact's JSON as text: texts as they are, nothing for null, anything else as its JSON. */
export function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A list of an artifact's JSON as texts; a single value is a list of one. */
export function textsOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value]
  return list.map(textOf).filter((text) => text !== null)
}

/** A member of an artifact's JSON object; undefined when the value is no object or has no such member. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
