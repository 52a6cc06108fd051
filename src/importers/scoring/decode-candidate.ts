import { DIMENSIONS } from '../../model/scoring.ts'
import type { Decoding } from '../decoding.ts'
import type { DecodedRecord, RecordSource } from '../records/record-kind.ts'
import { extraOf, isObject } from '../wire.ts'
import { candidate, candidateShape, keyOf } from './wire.ts'

/** A scored idea, with a row for each dimension that has a score or a reason. */
export function decodeCandidate(
  decoding: Decoding,
  record: Record<string, unknown>,
  { sha256 }: RecordSource,
): DecodedRecord | null {
  const read = decoding.read(candidate, record, '')
  if (!read) return null
  const { ids } = decoding
  const id = ids.of('candidate', read.id)
  const recordAt = decoding.time(read.timestamp)
  const scores = read.scores as Record<string, string | null>
  const reasoning = read.reasoning as Record<string, string | null>
  const reasonings = read as unknown as Record<string, string | null>
  decoding.rows.add('candidates', {
    id,
    organization_id: ids.organizationId,
    external_id: read.id,
    source_signal_id: read.signal_id,
    title: read.title,
    description: read.description,
    overall_score: read.overall_score,
    market_score: scores.market,
    competition_score: scores.competition,
    emotional_score: scores.emotional,
    feasibility_score: scores.feasibility,
    signal_quality_score: scores.signal_quality,
    verdict: read.verdict,
    analysis: read.analysis,
    recommendations: read.recommendations,
    source: read.source,
    source_url: read.source_url ?? read.url,
    category: read.category,
    tags: read.tags,
    scored_at: recordAt,
    extra: extraOfCandidate(record),
    record_at: recordAt,
    record_sha256: sha256,
  })
  for (const dimension of DIMENSIONS) {
    const key = keyOf(dimension)
    const score = scores[key] ?? null
    const reason = reasoning[key] ?? reasonings[`${key}_reasoning`] ?? null
    if (score === null && reason === null) continue
    decoding.rows.add('candidate_scores', {
      id: ids.of('candidate_score', id, dimension),
      organization_id: ids.organizationId,
      candidate_id: id,
      dimension,
      score,
      reasoning: reason,
    })
  }
  return { owner: 'candidate', id, recordAt }
}

const known = Object.fromEntries(DIMENSIONS.map((dimension) => [keyOf(dimension), true]))

/** Unknown fields, also those beside the dimensions; `extra.scores.novelty`. */
function extraOfCandidate(record: Record<string, unknown>): Record<string, unknown> {
  const extra = extraOf(record, candidateShape)
  for (const part of ['scores', 'reasoning']) {
    const value = record[part]
    const others = isObject(value) ? extraOf(value, known) : {}
    if (Object.keys(others).length > 0) extra[part] = others
  }
  return extra
}
