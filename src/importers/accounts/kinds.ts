import type { RecordKind } from '../records/record-kind.ts'
import { companyKind } from './companies.ts'
import { contactKind } from './contacts.ts'
import { conversationKind } from './conversations.ts'
import { relationshipKind } from './relationships.ts'
import { touchpointKind } from './touchpoints.ts'

/** The accounts format: companies, the people in them, how they know each other, and what was said. */
export const accountKinds: readonly RecordKind[] = [
  companyKind,
  contactKind,
  relationshipKind,
  conversationKind,
  touchpointKind,
]
