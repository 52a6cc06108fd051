import type { RecordKind } from '../records/record-kind.ts'
import { hasSome, missing, readFields } from './fields.ts'
import { contactShape } from './wire.ts'

export const contactKind: RecordKind = {
  name: 'contact',
  format: 'accounts',
  tables: ['contacts'],
  fits: (record) =>
    hasSome(record, 'email', 'linkedin_url') &&
    hasSome(record, 'first_name', 'last_name', 'seniority_level', 'is_decision_maker', 'engagement_score'),
  decode(decoding, record, source) {
    const fields = readFields(decoding, contactShape, record)
    if (!fields) return null
    const { read, extra } = fields
    const email = read.email?.trim() ?? null
    const emailKey = email?.toLowerCase() ?? null
    const sourceId = read.id ?? emailKey
    if (!sourceId) return missing(decoding, 'id', 'a text, or an email in its place', record)
    const id = decoding.ids.of('contact', sourceId)
    const [createdAt, updatedAt] = [decoding.time(read.created_at), decoding.time(read.updated_at)]
    const recordAt = updatedAt ?? createdAt
    const names = [read.first_name, read.last_name].flatMap((name) => (name ? [name.trim()] : []))
    decoding.rows.add('contacts', {
      id,
      organization_id: decoding.ids.organizationId,
      source_id: sourceId,
      source_company_id: read.company_id,
      first_name: read.first_name,
      last_name: read.last_name,
      full_name: names.length > 0 ? names.join(' ') : null,
      email,
      email_key: emailKey,
      phone: read.phone,
      title: read.title,
      role: read.role,
      department: read.department,
      seniority_level: read.seniority_level,
      linkedin_url: read.linkedin_url,
      twitter_url: read.twitter_url,
      personal_website: read.personal_website,
      interests: read.interests,
      communication_preferences: read.communication_preferences as never,
      research_data: read.research_data as never,
      engagement_score: read.engagement_score,
      last_engaged_at: decoding.time(read.last_engaged_at),
      reported_total_touchpoints: read.total_touchpoints,
      status: read.status,
      is_primary_contact: read.is_primary_contact ?? false,
      is_decision_maker: read.is_decision_maker ?? false,
      is_champion: read.is_champion ?? false,
      last_researched_at: decoding.time(read.last_researched_at),
      source_created_at: createdAt,
      source_updated_at: updatedAt,
      extra: extra as never,
      record_at: recordAt,
      record_sha256: source.sha256,
    })
    return { owner: 'contact', id, recordAt, touches: [['accountContacts', sourceId]] }
  },
}
