import { describe, expect, it } from 'vitest'
import { type ExpansionFacts, expansionPriority } from '../../src/model/expansion-priority.ts'

const facts: ExpansionFacts = {
  strength: 'STRONG',
  isDecisionMaker: false,
  isChampion: false,
  seniorityLevel: 'DIRECTOR',
  engagementScore: 0,
  hasActiveConversation: false,
  hasTouchpoint: true,
}

describe('the priority of an expansion target', () => {
  it('is 21 for a strong tie to a director without engagement, in an active conversation, with a touchpoint', () => {
    expect(expansionPriority({ ...facts, hasActiveConversation: true })).toBe(21)
  })

  it.each<[string, Partial<ExpansionFacts>, number]>([
    ['a weak tie counts 10', { strength: 'WEAK' }, 22],
    ['a medium tie counts 20', { strength: 'MEDIUM' }, 32],
    ['a strong tie counts 30', {}, 42],
    ['a tie of unknown strength counts nothing', { strength: null }, 12],
    ['a decision maker counts 25', { isDecisionMaker: true }, 67],
    ['a champion counts 20', { isChampion: true }, 62],
    ['a decision maker who is a champion too counts 25', { isDecisionMaker: true, isChampion: true }, 67],
    ['the top counts 20', { seniorityLevel: 'C_LEVEL' }, 50],
    ['a vice president counts 15', { seniorityLevel: 'VP' }, 45],
    ['a manager counts 8', { seniorityLevel: 'MANAGER' }, 38],
    ['any other position counts 5', { seniorityLevel: 'INDIVIDUAL_CONTRIBUTOR' }, 35],
    ['an unknown position counts 5', { seniorityLevel: null }, 35],
    ['engagement of 100 counts 15', { engagementScore: 100 }, 57],
    ['engagement of 33.3 counts 4.995, not rounded', { engagementScore: 33.3 }, 46.995],
    ['unknown engagement counts nothing', { engagementScore: null }, 42],
    ['never touched counts 10 more', { hasTouchpoint: false }, 52],
    ['in a conversation counts half, before the 10', { hasActiveConversation: true, hasTouchpoint: false }, 31],
  ])('%s', (_rule, more, score) => {
    expect(expansionPriority({ ...facts, ...more })).toBe(score)
  })
})
