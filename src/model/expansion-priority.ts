import { Decimal } from 'decimal.js'

/** What tells how promising it is to turn to a colleague of a contact. */
export type ExpansionFacts = {
  strength: 'WEAK' | 'MEDIUM' | 'STRONG' | null
  isDecisionMaker: boolean
  isChampion: boolean
  seniorityLevel: string | null
  /** 0–100. */
  engagementScore: number | null
  hasActiveConversation: boolean
  hasTouchpoint: boolean
}

const STRENGTH = { WEAK: 10, MEDIUM: 20, STRONG: 30 } as const
const DECISION_MAKER = 25
const CHAMPION = 20
const SENIORITY: Readonly<Record<string, number>> = { C_LEVEL: 20, VP: 15, DIRECTOR: 12, MANAGER: 8 }
const OTHER_SENIORITY = 5
/** For an engagement score of 100. */
const ENGAGEMENT = 15
/** Whoever is being talked to needs less. */
const IN_CONVERSATION = 0.5
const NEVER_TOUCHED = 10

/** The priority of an expansion target: the higher, the sooner; not rounded. */
export function expansionPriority(facts: ExpansionFacts): number {
  const standing = facts.isDecisionMaker ? DECISION_MAKER : facts.isChampion ? CHAMPION : 0
  const whole = new Decimal(facts.strength ? STRENGTH[facts.strength] : 0)
    .plus(standing)
    .plus(SENIORITY[facts.seniorityLevel ?? ''] ?? OTHER_SENIORITY)
    .plus(new Decimal(facts.engagementScore ?? 0).div(100).times(ENGAGEMENT))
  return whole
    .times(facts.hasActiveConversation ? IN_CONVERSATION : 1)
    .plus(facts.hasTouchpoint ? 0 : NEVER_TOUCHED)
    .toNumber()
}
