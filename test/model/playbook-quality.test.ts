import { expect, it } from 'vitest'
import { QUALITY_RULES, qualityPoints } from '../../src/model/playbook-quality.ts'

const long = 'x'.repeat(101)
const perfect = {
  sequences: [1, 2, 3].map(() => [long, long, long, long]),
  battleCards: [0, 1, 0],
  priorityPersonas: 3,
  quickWins: 5,
}
const score = (change: Partial<typeof perfect> | { sequences: (string | null)[][] }) =>
  qualityPoints({ ...perfect, ...change }).reduce((sum, points) => sum + points, 0)

it('a playbook that meets every rule has 100 points', () => {
  expect(QUALITY_RULES.reduce((sum, { of }) => sum + of, 0)).toBe(100)
  expect(score({})).toBe(100)
})

it.each([
  ['two sequences', { sequences: perfect.sequences.slice(1) }, 80],
  ['a sequence of three touches', { sequences: [...perfect.sequences.slice(1), [long, long, long]] }, 90],
  [
    'a body of exactly 100 characters',
    { sequences: [...perfect.sequences.slice(1), [long, long, long, 'x'.repeat(100)]] },
    90,
  ],
  ['a touch without a body', { sequences: [...perfect.sequences.slice(1), [long, long, long, null]] }, 90],
  ['no sequences: neither touches nor bodies count', { sequences: [] }, 60],
  ['sequences without touches', { sequences: [[], [], []] }, 80],
  ['two battle cards', { battleCards: [0, 1] }, 85],
  ['no positioning', { battleCards: [0, 0, 0] }, 85],
  ['two personas', { priorityPersonas: 2 }, 85],
  ['four quick wins', { quickWins: 4 }, 85],
])('%s', (_, change, expected) => {
  expect(score(change)).toBe(expected)
})
