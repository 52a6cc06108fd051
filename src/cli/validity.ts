/** A moment to the minute, in UTC. */
export const minuteOf = (at: Date): string => at.toISOString().slice(0, 16).replace('T', ' ')

/** Whether something that may end or be revoked works now, and until or since when. */
export function stateOf(
  { revokedAt, expiresAt }: { revokedAt: Date | null; expiresAt: Date | null },
  now: Date,
): string {
  if (revokedAt) return `revoked ${minuteOf(revokedAt)}`
  if (!expiresAt) return 'works'
  return expiresAt <= now ? `expired ${minuteOf(expiresAt)}` : `until ${minuteOf(expiresAt)}`
}
