import { normalizeDomain } from '../../model/domain-names.ts'
import type { RecordKind } from '../records/record-kind.ts'
import { isObject } from '../wire.ts'
import { hasSome, missing, readFields } from './fields.ts'
import { decodePainPoints } from './pain-points.ts'
import { companyShape } from './wire.ts'

/** An account: the company that vendors, prospects and sites with its domain are, too. */
export const companyKind: RecordKind = {
  name: 'company',
  format: 'accounts',
  tables: ['companies', 'accounts'],
  fits: (record) =>
    hasSome(record, 'account_tier', 'account_status') ||
    (hasSome(record, 'name') && hasSome(record, 'domain') && hasSome(record, 'industry', 'research_data')),
  decode(decoding, record, source) {
    const fields = readFields(decoding, companyShape, record)
    if (!fields) return null
    const { read, extra } = fields
    const domain = normalizeDomain(read.domain)
    const sourceId = read.id ?? domain
    const key = domain ?? sourceId
    if (!key || !sourceId) return missing(decoding, 'id', 'a text, or a domain in its place', record)
    const { ids } = decoding
    const id = ids.of('company', key)
    const [createdAt, updatedAt] = [decoding.time(read.created_at), decoding.time(read.updated_at)]
    const researchedAt = decoding.time(read.last_researched_at)
    const recordAt = updatedAt ?? createdAt
    decoding.rows.add('companies', {
      id,
      organization_id: ids.organizationId,
      key,
      domain,
      name: read.name,
      industry: read.industry,
      in_accounts: true,
      source_id: sourceId,
      source_domain: read.domain,
      account_name: read.name,
      account_industry: read.industry,
      size: read.size,
      description: read.description,
      headquarters_location: read.headquarters_location,
      country: read.country,
      research_data: read.research_data as never,
      account_tier: read.account_tier,
      account_status: read.account_status,
      reported_total_contacts: read.total_contacts,
      reported_active_conversations: read.active_conversations,
      last_researched_at: researchedAt,
      source_created_at: createdAt,
      source_updated_at: updatedAt,
      extra: extra as never,
      record_at: recordAt,
      record_sha256: source.sha256,
    })
    decoding.rows.add('source_aliases', {
      id: ids.of('source_alias', 'company', sourceId),
      organization_id: ids.organizationId,
      kind: 'company',
      source_id: sourceId,
      target_id: id,
    })
    const research = isObject(read.research_data) ? read.research_data : {}
    decodePainPoints(decoding, 'ACCOUNT_RESEARCH', id, research.pain_points, {
      company_id: id,
      occurred_at: researchedAt ?? recordAt,
    })
    return { owner: 'company', id, recordAt, touches: [['accountCompanies', sourceId]] }
  },
}
