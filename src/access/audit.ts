import { userInfo } from 'node:os'
import { v7 as uuidInOrder } from 'uuid'
import type { AuditOutcome } from '../store/generated/enums.ts'
import type { Send } from '../store/send.ts'
import type { Actor } from './viewer.ts'

/** Something that somebody did, or was not allowed to do. */
export type AuditEvent = {
  /**
   * An event whose id is there already is not recorded again. Unless given, it is greater than those that this process
   * made before, which keeps what happened within a millisecond in its order.
   */
  id?: string
  actor: Actor
  /** Such as `key.created`: what it is about, then what became of it. */
  action: string
  outcome: AuditOutcome
  target?: { type: string; id: string }
  /** Of the API's request it belongs to. */
  requestId?: string | null
  /** Whatever else is worth knowing; never a secret, nor an argument of a client, which may hold one. */
  details?: Record<string, unknown>
}

/** Writes the event down in the transaction: when that is undone, so is the event. One statement. */
export async function record(send: Send, event: AuditEvent): Promise<void> {
  const { id = uuidInOrder(), actor, action, outcome, target, requestId = null, details = {} } = event
  await send(
    `insert into audit_events (id, organization_id, occurred_at, actor_kind, actor_id, actor_name, action, outcome,
       target_type, target_id, request_id, details)
     values ($1::uuid, (select crossrun_organization_id()), clock_timestamp(), $2::text::"ActorKind", $3::text, $4::text,
       $5::text, $6::text::"AuditOutcome", $7::text, $8::text, $9::text, $10::text::jsonb)
     on conflict (id) do nothing`,
    [
      id,
      actor.kind,
      actor.id,
      actor.name,
      action,
      outcome,
      target?.type ?? null,
      target?.id ?? null,
      requestId,
      JSON.stringify(details),
    ],
  )
}

/** Whoever runs a command, by the name of the machine's user. */
export function cliActor(): Actor {
  return { kind: 'CLI', id: null, name: userName() }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // In containers the user may have a number and no name.
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}

/** An event as it was written down. */
export type RecordedEvent = {
  id: string
  occurredAt: Date
  actorKind: string
  actorId: string | null
  actorName: string
  action: string
  outcome: AuditOutcome
  targetType: string | null
  targetId: string | null
  requestId: string | null
  details: Record<string, unknown>
}

/** Which events to read: `action` is a whole one, or its beginning up to a dot. */
export type EventChoice = { since: Date | null; action: string | null; limit: number }

/** The organization's events, newest first. One statement. */
export function listEvents(send: Send, { since, action, limit }: EventChoice): Promise<RecordedEvent[]> {
  return send<RecordedEvent>(
    `select id::text, occurred_at as "occurredAt", actor_kind::text as "actorKind", actor_id as "actorId",
            actor_name as "actorName", action, outcome::text, target_type as "targetType", target_id as "targetId",
            request_id as "requestId", details
     from audit_events
     where organization_id = (select crossrun_organization_id())
       and ($1::timestamptz is null or occurred_at >= $1::timestamptz)
       and ($2::text is null or action = $2::text or starts_with(action, $2::text || '.'))
     order by occurred_at desc, id desc limit $3::int`,
    [since?.toISOString() ?? null, action, limit],
  )
}
