import type { PrepareContext } from '../prepare.ts'
import type { PreparedRecord, ReadFile } from '../prepared.ts'
import type { Unit } from '../units.ts'

/** Placeholder until the phase-artifact reader is here. */
export function prepareArtifactDirectory(
  _unit: Unit,
  _files: { file: ReadFile; content: Buffer }[],
  _context: PrepareContext,
): PreparedRecord[] {
  return []
}
