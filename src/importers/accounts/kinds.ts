import type { RecordKind } from '../records/record-kind.ts'

export const accountKinds: readonly RecordKind[] = []
