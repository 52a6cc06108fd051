import { themeOf } from '../../model/text.ts'
import { type Decoding, wide } from '../decoding.ts'
import type { DecodedRecord, RecordSource } from '../records/record-kind.ts'
import { extraOf } from '../wire.ts'
import { countOf, signal, signalShape } from './wire.ts'

/** A hint of an unmet need; the problem read out of it is a pain point. */
export function decodeSignal(
  decoding: Decoding,
  record: Record<string, unknown>,
  { sha256 }: RecordSource,
): DecodedRecord | null {
  const read = decoding.read(signal, record, '')
  if (!read) return null
  const { ids } = decoding
  const id = ids.of('signal', read.id)
  const recordAt = decoding.time(read.timestamp)
  decoding.rows.add('signals', {
    id,
    organization_id: ids.organizationId,
    external_id: read.id,
    detected_at: recordAt,
    source: read.source,
    source_url: read.source_url ?? read.url,
    title: read.title,
    description: read.description,
    extracted_problem: read.extracted_problem,
    category: read.category,
    tags: read.tags,
    engagement: read.engagement,
    engagement_total: wide(totalOf(read.engagement)),
    author: read.author,
    extracted_at: decoding.time(read.extracted_at),
    raw_content: read.raw_content,
    comments: read.comments,
    brain_enrichment: read.brain_enrichment,
    extra: extraOf(record, knownOf(read)),
    record_at: recordAt,
    record_sha256: sha256,
  })
  if (read.extracted_problem?.trim()) {
    decoding.rows.add('pain_points', {
      id: ids.of('pain_point', 'SIGNAL', id, 0),
      organization_id: ids.organizationId,
      origin: 'SIGNAL',
      description: read.extracted_problem,
      theme: themeOf(read.extracted_problem),
      position: 0,
      occurred_at: recordAt,
      signal_id: id,
    })
  }
  return { owner: 'signal', id, recordAt }
}

/** The sum of the counts; a signal that names none has no engagement. Shares and ratios beside them are no counts. */
function totalOf(engagement: Record<string, unknown> | null): number {
  const counts = Object.values(engagement ?? {}).map((value) => countOf(value) ?? 0)
  return counts.reduce((sum, count) => (Number.isSafeInteger(sum + count) ? sum + count : sum), 0)
}

/** Of two different addresses the second is kept with the unknown fields. */
function knownOf({ source_url, url }: { source_url: string | null; url: string | null }): Record<string, unknown> {
  if (source_url === null || url === null || source_url === url) return signalShape
  const { url: _, ...others } = signalShape
  return others
}
