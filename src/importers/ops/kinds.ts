import type { RecordKind } from '../records/record-kind.ts'

export const opsKinds: readonly RecordKind[] = []
