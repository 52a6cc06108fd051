import { createHash } from 'node:crypto'

/** A weak tag: what has the same is the same but for how it is packed. */
export function entityTag(...parts: readonly (string | null)[]): string {
  return `W/"${createHash('sha256').update(JSON.stringify(parts)).digest('base64url')}"`
}

/** Whether who asks has it already. */
export function isKnown(request: Request, etag: string): boolean {
  const known = request.headers.get('if-none-match')?.split(',') ?? []
  return known.some((each) => each.trim() === etag || each.trim() === '*')
}
