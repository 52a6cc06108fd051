import { countCharacters } from './text.ts'

/** The rules of the quality score (0–100), in the order they are shown. */
export const QUALITY_RULES = [
  { rule: 'sequences', of: 20, description: 'At least three email sequences.' },
  { rule: 'touches', of: 10, description: 'There are sequences, and every one has exactly four touches.' },
  { rule: 'bodies', of: 10, description: 'There are touches, and every body is longer than 100 characters.' },
  { rule: 'battle_cards', of: 15, description: 'At least three battle cards.' },
  { rule: 'positioning', of: 15, description: 'A battle card has competitive positioning.' },
  { rule: 'personas', of: 15, description: 'At least three priority personas.' },
  { rule: 'quick_wins', of: 15, description: 'At least five quick wins.' },
] as const

/** What the score looks at. */
export type ScoredPlaybook = {
  /** The bodies of each sequence's touches; null where a touch has none. */
  sequences: (string | null)[][]
  /** For each battle card, the number of competitors it positions against. */
  battleCards: number[]
  priorityPersonas: number
  quickWins: number
}

/** Points by rule, in the order of `QUALITY_RULES`. */
export function qualityPoints(playbook: ScoredPlaybook): number[] {
  const { sequences, battleCards } = playbook
  const bodies = sequences.flat()
  const met = [
    sequences.length >= 3,
    sequences.length > 0 && sequences.every((touches) => touches.length === 4),
    bodies.length > 0 && bodies.every((body) => countCharacters(body ?? '') > 100),
    battleCards.length >= 3,
    battleCards.some((competitors) => competitors > 0),
    playbook.priorityPersonas >= 3,
    playbook.quickWins >= 5,
  ]
  return QUALITY_RULES.map(({ of }, rule) => (met[rule] ? of : 0))
}
