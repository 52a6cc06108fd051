import { Decimal } from 'decimal.js'

/** What the health of an account is judged by. */
export type AccountCounts = {
  contacts: number
  decisionMakers: number
  /** Mean engagement score of the contacts that have one, 0–100, as decimal text; null when none has. */
  averageEngagement: string | null
  /** Relationships between two of the contacts. */
  relationships: number
  activeConversations: number
}

export const HEALTH_STATUSES = ['CRITICAL', 'EXCELLENT', 'FAIR', 'GOOD', 'POOR'] as const
export type HealthStatus = (typeof HEALTH_STATUSES)[number]

export type HealthFactorName = 'engagement' | 'conversations' | 'relationships' | 'decision_makers'
export type HealthFactor = { factor: HealthFactorName; points: number; of: number }

export type Recommendation =
  | 'ENGAGE_DECISION_MAKERS'
  | 'START_CONVERSATIONS'
  | 'MAP_RELATIONSHIPS'
  | 'INCREASE_ENGAGEMENT'

export type AccountHealth = {
  /** 0–100, two decimals. */
  score: number
  status: HealthStatus
  factors: HealthFactor[]
  recommendations: Recommendation[]
}

/** The least score of each status, the best first. */
const LEAST: readonly (readonly [HealthStatus, number])[] = [
  ['EXCELLENT', 80],
  ['GOOD', 60],
  ['FAIR', 40],
  ['POOR', 20],
  ['CRITICAL', 0],
]

/** A mean engagement score below this asks for more of it. */
const LITTLE_ENGAGEMENT = 30

/**
 * How well an account is looked after: up to 40 points for the contacts' mean engagement, 30 for active conversations
 * and 20 for relationships per contact, 10 for a decision maker. An account without contacts has nothing to show, and
 * unknown engagement counts as none.
 */
export function accountHealth(counts: AccountCounts): AccountHealth {
  const { contacts, decisionMakers, relationships, activeConversations } = counts
  const engagement = new Decimal(counts.averageEngagement ?? 0)
  const perContact = (count: number) =>
    contacts === 0 ? new Decimal(0) : Decimal.min(new Decimal(count).div(contacts), 1)
  const factors: readonly (readonly [HealthFactorName, Decimal, number])[] = [
    ['engagement', engagement.div(100), 40],
    ['conversations', perContact(activeConversations), 30],
    ['relationships', perContact(relationships), 20],
    ['decision_makers', new Decimal(decisionMakers > 0 ? 1 : 0), 10],
  ]
  const score = rounded(factors.reduce((sum, [, share, of]) => sum.plus(share.times(of)), new Decimal(0)))
  const recommendations: (readonly [Recommendation, boolean])[] = [
    ['ENGAGE_DECISION_MAKERS', decisionMakers === 0],
    ['START_CONVERSATIONS', activeConversations === 0],
    ['MAP_RELATIONSHIPS', relationships < contacts],
    ['INCREASE_ENGAGEMENT', engagement.lt(LITTLE_ENGAGEMENT)],
  ]
  return {
    score,
    status: LEAST.find(([, least]) => score >= least)?.[0] ?? 'CRITICAL',
    factors: factors.map(([factor, share, of]) => ({ factor, points: rounded(share.times(of)), of })),
    recommendations: recommendations.flatMap(([recommendation, isDue]) => (isDue ? [recommendation] : [])),
  }
}

function rounded(value: Decimal): number {
  return value.toDecimalPlaces(2, Decimal.ROUND_HALF_UP).toNumber()
}
