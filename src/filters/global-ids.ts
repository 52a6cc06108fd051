const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function isUuid(text: string): boolean {
  return UUID.test(text)
}

/** The id of an object over all types, as the API shows it. */
export function encodeGlobalId(typeName: string, id: string): string {
  return Buffer.from(`${typeName}:${id}`).toString('base64url')
}

/** @returns null when the text is not such an id */
export function decodeGlobalId(text: string): { typeName: string; id: string } | null {
  const match = /^(\w+):(.+)$/.exec(Buffer.from(text, 'base64url').toString())
  if (!match?.[1] || !match[2] || !isUuid(match[2])) return null
  return { typeName: match[1], id: match[2].toLowerCase() }
}
