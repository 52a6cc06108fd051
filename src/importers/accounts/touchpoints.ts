import { latest } from '../own-keys.ts'
import type { RecordKind } from '../records/record-kind.ts'
import { hasSome, missing, readFields } from './fields.ts'
import { touchpointShape } from './wire.ts'

/** What became of a touchpoint, the furthest first. */
const FURTHEST = ['replied', 'clicked', 'opened', 'bounced', 'delivered', 'sent'] as const

export const touchpointKind: RecordKind = {
  name: 'touchpoint',
  format: 'accounts',
  tables: ['touchpoints'],
  fits: (record) =>
    hasSome(record, 'channel') && hasSome(record, 'conversation_id', 'direction', 'sent_at', 'email_message_id'),
  decode(decoding, record, source) {
    const fields = readFields(decoding, touchpointShape, record)
    if (!fields) return null
    const { read, extra } = fields
    if (!read.channel) return missing(decoding, 'channel', 'the way it was sent', record)
    const id = decoding.ids.of('touchpoint', read.id)
    const [createdAt, updatedAt] = [decoding.time(read.created_at), decoding.time(read.updated_at)]
    const at = Object.fromEntries(FURTHEST.map((event) => [event, decoding.time(read[`${event}_at`])])) as Record<
      (typeof FURTHEST)[number],
      Date | null
    >
    // Without a time of its own a record is as new as the last thing that it tells of.
    const recordAt = updatedAt ?? latest(createdAt, ...Object.values(at))
    decoding.rows.add('touchpoints', {
      id,
      organization_id: decoding.ids.organizationId,
      source_id: read.id,
      source_conversation_id: read.conversation_id,
      channel: read.channel,
      direction: read.direction,
      subject: read.subject,
      content: read.content,
      response: read.response,
      sent_at: at.sent,
      delivered_at: at.delivered,
      opened_at: at.opened,
      clicked_at: at.clicked,
      replied_at: at.replied,
      bounced_at: at.bounced,
      outcome: read.outcome ?? FURTHEST.find((event) => at[event]) ?? null,
      reported_outcome: read.outcome,
      outcome_details: read.outcome_details as never,
      call_duration_seconds: read.call_duration_seconds,
      call_recording_url: read.call_recording_url,
      call_transcript: read.call_transcript,
      call_sentiment: read.call_sentiment,
      email_thread_id: read.email_thread_id,
      email_message_id: read.email_message_id,
      metadata: read.metadata as never,
      created_by_user_id: read.created_by_user_id,
      created_by_automation: read.created_by_automation,
      source_created_at: createdAt,
      source_updated_at: updatedAt,
      extra: extra as never,
      record_at: recordAt,
      record_sha256: source.sha256,
    })
    return { owner: 'touchpoint', id, recordAt }
  },
}
