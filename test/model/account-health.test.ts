import { describe, expect, it } from 'vitest'
import { type AccountCounts, accountHealth } from '../../src/model/account-health.ts'

const none: AccountCounts = {
  contacts: 0,
  decisionMakers: 0,
  averageEngagement: null,
  relationships: 0,
  activeConversations: 0,
}

describe('the health of an account', () => {
  it('is 43.33, FAIR, for 3 contacts with engagement 0, 1 decision maker, 2 relationships, 2 active conversations', () => {
    const health = accountHealth({
      contacts: 3,
      decisionMakers: 1,
      averageEngagement: '0',
      relationships: 2,
      activeConversations: 2,
    })
    expect(health).toEqual({
      score: 43.33,
      status: 'FAIR',
      factors: [
        { factor: 'engagement', points: 0, of: 40 },
        { factor: 'conversations', points: 20, of: 30 },
        { factor: 'relationships', points: 13.33, of: 20 },
        { factor: 'decision_makers', points: 10, of: 10 },
      ],
      recommendations: ['MAP_RELATIONSHIPS', 'INCREASE_ENGAGEMENT'],
    })
  })

  it('is 100 at most, without a recommendation, however many conversations and relationships there are', () => {
    const health = accountHealth({
      contacts: 2,
      decisionMakers: 2,
      averageEngagement: '100',
      relationships: 5,
      activeConversations: 7,
    })
    expect(health).toMatchObject({ score: 100, status: 'EXCELLENT', recommendations: [] })
  })

  it('of an account without contacts is 0, whatever else it has', () => {
    expect(accountHealth(none)).toMatchObject({
      score: 0,
      status: 'CRITICAL',
      // There are as many relationships to map as contacts: none.
      recommendations: ['ENGAGE_DECISION_MAKERS', 'START_CONVERSATIONS', 'INCREASE_ENGAGEMENT'],
    })
    expect(accountHealth({ ...none, activeConversations: 3 }).score).toBe(0)
  })

  it('takes unknown engagement for none', () => {
    expect(accountHealth({ ...none, contacts: 1, averageEngagement: null })).toEqual(
      accountHealth({ ...none, contacts: 1, averageEngagement: '0' }),
    )
  })

  it.each([
    // Engagement alone gives up to 40, and a decision maker 10.
    ['24.99', 0, 10, 'CRITICAL'],
    ['50', 0, 20, 'POOR'],
    ['49.98', 0, 19.99, 'CRITICAL'],
    ['100', 0, 40, 'FAIR'],
    ['99.98', 0, 39.99, 'POOR'],
    ['100', 1, 50, 'FAIR'],
    // 39.995 is rounded up before it is judged.
    ['99.9875', 0, 40, 'FAIR'],
  ])('with engagement %s and %i decision makers is %f, %s', (averageEngagement, decisionMakers, score, status) => {
    const health = accountHealth({ ...none, contacts: 1, decisionMakers, averageEngagement })
    expect(health).toMatchObject({ score, status })
  })

  it('asks for more engagement below 30, not at 30', () => {
    const of = (averageEngagement: string) => accountHealth({ ...none, contacts: 1, averageEngagement }).recommendations
    expect(of('29.99')).toContain('INCREASE_ENGAGEMENT')
    expect(of('30')).not.toContain('INCREASE_ENGAGEMENT')
  })
})
