import type { RecordKind } from '../records/record-kind.ts'
import { decodeCandidate } from './decode-candidate.ts'
import { decodeSignal } from './decode-signal.ts'

type Keys = Record<string, unknown>

const has = (record: Keys, ...keys: string[]): boolean => keys.some((key) => Object.hasOwn(record, key))

/** The verdict on a signal: two of the keys that only it has. */
function isCandidate(record: Keys): boolean {
  const own = ['signal_id', 'scores', 'overall_score', 'verdict'].filter((key) => Object.hasOwn(record, key))
  return own.length >= 2
}

function isSignal(record: Keys): boolean {
  if (isCandidate(record)) return false
  if (typeof record.id === 'string' && record.id.startsWith('signal_')) return true
  const says = has(record, 'description', 'extracted_problem', 'engagement')
  return has(record, 'id') && has(record, 'source') && has(record, 'title') && says
}

/** Signals and the candidates scored from them: lists, lines, and what the scoring API answers. */
export const scoringKinds: readonly RecordKind[] = [
  {
    name: 'candidate',
    format: 'scoring',
    tables: ['candidates', 'scored_candidates'],
    fits: isCandidate,
    decode: decodeCandidate,
  },
  {
    name: 'signal',
    format: 'scoring',
    tables: ['signals'],
    fits: isSignal,
    decode: decodeSignal,
  },
]
