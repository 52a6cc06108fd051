import type { RecordKind } from '../records/record-kind.ts'
import { hasSome, readFields } from './fields.ts'
import { relationshipShape } from './wire.ts'

/** So that strengths compare as numbers; unknown is 0. */
const RANKS = { WEAK: 1, MEDIUM: 2, STRONG: 3 } as const

/** What `contactId1` becomes, in which nothing shows where the number begins. */
const CAMEL_CASE = { contact_id1: 'contact_id_1', contact_id2: 'contact_id_2' }

/** A tie between two contacts: one row for a pair and type, whichever way round it is written. */
export const relationshipKind: RecordKind = {
  name: 'relationship',
  format: 'accounts',
  tables: ['relationships', 'contact_relationships'],
  fits: (record) => hasSome(record, 'contact_id_1') && hasSome(record, 'contact_id_2'),
  decode(decoding, record, source) {
    const fields = readFields(decoding, relationshipShape, record, CAMEL_CASE)
    if (!fields) return null
    const { read, extra } = fields
    const [first, second] = [read.contact_id_1, read.contact_id_2]
    if (first === second) {
      decoding.reject('SELF_REFERENCE', `contact ${first} is related to itself`, '/contact_id_2', record)
      return null
    }
    // Buffers compare by code point, as the database does; strings of JavaScript do not.
    const isReversed = Buffer.compare(Buffer.from(first), Buffer.from(second)) > 0
    const pair = isReversed ? [second, first] : [first, second]
    const type = read.relationship_type
      .trim()
      .toLowerCase()
      .replace(/[-\s]+/g, '_')
    const id = decoding.ids.of('relationship', ...pair, type)
    const [createdAt, updatedAt] = [decoding.time(read.created_at), decoding.time(read.updated_at)]
    const recordAt = updatedAt ?? createdAt
    decoding.rows.add('relationships', {
      id,
      organization_id: decoding.ids.organizationId,
      source_id: read.id,
      pair_key: JSON.stringify(pair),
      source_contact_a_id: pair[0]!,
      source_contact_b_id: pair[1]!,
      is_reversed: isReversed,
      type,
      strength: read.strength,
      strength_rank: read.strength ? RANKS[read.strength] : 0,
      context: read.context,
      metadata: read.metadata as never,
      is_verified: read.is_verified ?? false,
      confidence_score: read.confidence_score,
      discovered_at: decoding.time(read.discovered_at),
      last_verified_at: decoding.time(read.last_verified_at),
      source_created_at: createdAt,
      source_updated_at: updatedAt,
      extra: extra as never,
      record_at: recordAt,
      record_sha256: source.sha256,
    })
    return {
      owner: 'relationship',
      id,
      recordAt,
      duplicate: { code: 'DUPLICATE_PAIR', pointer: '' },
      touches: read.id ? [['accountRelationships', read.id]] : [],
    }
  },
}
