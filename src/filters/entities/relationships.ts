import {
  boolean,
  dateTime,
  entity,
  extra,
  float,
  integer,
  json,
  long,
  one,
  oneOf,
  required,
  text,
} from '../declaration.ts'
import { contact } from './contacts.ts'

export const relationship = entity({
  name: 'Relationship',
  table: 'relationships',
  description: 'A tie between two contacts; there is one for a pair and type, whichever way round it was written.',
  fields: {
    sourceId: text("The accounts data's id of the relationship; of the newest record when several say the same."),
    type: text('What ties them, such as colleagues or reports_to; in lower case with `_`.', required),
    strength: oneOf('RelationshipStrength', 'How strong the tie is.'),
    strengthRank: integer('How strong the tie is as a number: 1 weak, 2 medium, 3 strong, 0 unknown.', required),
    isReversed: boolean('Whether the record names contact B first, as of types that have a direction.', required),
    context: text('Where the tie comes from, as written.', long),
    metadata: json('What else the source system holds of it, as written.'),
    isVerified: boolean('Whether somebody has verified it.', required),
    confidenceScore: float('How sure it is, 0–1.'),
    discoveredAt: dateTime('When it was found.'),
    lastVerifiedAt: dateTime('When it was last verified.'),
    sourceContactAId: text("The accounts data's id of contact A; it may name one that is not there.", required),
    sourceContactBId: text("The accounts data's id of contact B; it may name one that is not there.", required),
    sourceCreatedAt: dateTime('When the source system created it.'),
    sourceUpdatedAt: dateTime('When the source system last changed it.'),
    extra,
  },
  relations: {
    contactA: one(() => contact, 'contact_a_id', 'The contact whose source id is the smaller by code point.'),
    contactB: one(() => contact, 'contact_b_id', 'The contact whose source id is the greater by code point.'),
  },
  order: { discoveredAt: 'DESC' },
})
