import { sql } from 'kysely'
import type { Condition, Row } from '../filters/scope.ts'

/**
 * That a conversation waits to be gone on with: ACTIVE, and its next touchpoint was due before the moment. Written out,
 * because the index of active conversations takes no status that is a parameter.
 */
export function needsFollowUp(asOf: Date): (conversation: Row) => Condition {
  return (conversation) =>
    sql`${conversation.column('status')} = 'ACTIVE' and ${conversation.column('next_touchpoint_at')} < ${asOf.toISOString()}::text::timestamptz`
}

type Due = { status: string; nextTouchpointAt: Date | null }

/** Hours since the next touchpoint was due; null when the conversation does not wait to be gone on with. */
export function overdueHours({ status, nextTouchpointAt }: Due, asOf: Date): number | null {
  if (status !== 'ACTIVE' || nextTouchpointAt === null || nextTouchpointAt >= asOf) return null
  return (asOf.getTime() - nextTouchpointAt.getTime()) / 3_600_000
}
