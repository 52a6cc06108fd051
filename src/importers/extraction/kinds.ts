import type { RecordKind } from '../records/record-kind.ts'

export const extractionKinds: readonly RecordKind[] = []
