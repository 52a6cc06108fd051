import { accountKinds } from '../accounts/kinds.ts'
import { extractionKinds } from '../extraction/kinds.ts'
import { opsKinds } from '../ops/kinds.ts'
import { scoringKinds } from '../scoring/kinds.ts'
import type { RecordKind } from './record-kind.ts'

/** All kinds of records; of two that fit the same object the earlier counts. */
export const KINDS: readonly RecordKind[] = [...scoringKinds, ...opsKinds, ...extractionKinds, ...accountKinds]
