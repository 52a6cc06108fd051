import { money } from '../decoding.ts'
import { latest } from '../own-keys.ts'
import type { RecordKind } from '../records/record-kind.ts'
import { isObject } from '../wire.ts'
import { hasSome, missing, readFields } from './fields.ts'
import { decodePainPoints } from './pain-points.ts'
import { conversationShape } from './wire.ts'

export const conversationKind: RecordKind = {
  name: 'conversation',
  format: 'accounts',
  tables: ['conversations'],
  fits: (record) =>
    hasSome(record, 'contact_id') &&
    hasSome(record, 'status', 'qualification_tier', 'next_touchpoint_at', 'last_touchpoint_at'),
  decode(decoding, record, source) {
    const fields = readFields(decoding, conversationShape, record)
    if (!fields) return null
    const { read, extra } = fields
    if (!read.status) return missing(decoding, 'status', 'the state of the conversation', record)
    const id = decoding.ids.of('conversation', read.id)
    const time = (text: string | null) => decoding.time(text)
    const [createdAt, updatedAt, startedAt] = [time(read.created_at), time(read.updated_at), time(read.started_at)]
    const [lastTouchpointAt, lastResponseAt] = [time(read.last_touchpoint_at), time(read.last_response_at)]
    const [outcomeAt, closedAt] = [time(read.outcome_date), time(read.closed_at)]
    // Without a time of its own a record is as new as the last thing that it tells of.
    const recordAt = updatedAt ?? latest(createdAt, startedAt, lastTouchpointAt, lastResponseAt, outcomeAt, closedAt)
    decoding.rows.add('conversations', {
      id,
      organization_id: decoding.ids.organizationId,
      source_id: read.id,
      source_contact_id: read.contact_id,
      source_company_id: read.company_id,
      status: read.status,
      qualification_tier: read.qualification_tier,
      last_touchpoint_at: lastTouchpointAt,
      next_touchpoint_at: time(read.next_touchpoint_at),
      reported_touchpoint_count: read.touchpoint_count,
      last_response_at: lastResponseAt,
      reported_response_count: read.response_count,
      average_response_time_hours: read.avg_response_time_hours,
      context: read.context as never,
      outreach_campaign_id: read.campaign_id,
      outreach_campaign_name: read.campaign_name,
      sequence_step: read.sequence_step,
      outcome: read.outcome,
      outcome_at: outcomeAt,
      outcome_notes: read.outcome_notes,
      estimated_value: money(read.estimated_value),
      actual_value: money(read.actual_value),
      metadata: read.metadata as never,
      started_at: startedAt,
      closed_at: closedAt,
      source_created_at: createdAt,
      source_updated_at: updatedAt,
      extra: extra as never,
      record_at: recordAt,
      record_sha256: source.sha256,
    })
    const context = isObject(read.context) ? read.context : {}
    decodePainPoints(decoding, 'CONVERSATION', id, context.pain_points_identified, {
      conversation_id: id,
      occurred_at: lastTouchpointAt ?? startedAt ?? createdAt,
    })
    return { owner: 'conversation', id, recordAt, touches: [['accountConversations', read.id]] }
  },
}
