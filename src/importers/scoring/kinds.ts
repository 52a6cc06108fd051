import type { RecordKind } from '../records/record-kind.ts'

export const scoringKinds: readonly RecordKind[] = []
