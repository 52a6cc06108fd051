import { readFile } from 'node:fs/promises'
import { execute, parse } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { schema } from '../../src/schema/index.ts'
import { newLog, testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { completeCandidate, completeSignal } from '../importers/scoring-fixture.ts'
import { sharedFolder } from '../shared-folder.ts'

const database = testDatabase()

beforeAll(async () => {
  const signals = ['a', 'b', 'c', 'd'].map((name) =>
    completeSignal({ id: `signal_${name}`, engagement: name === 'd' ? null : { views: 3 } }),
  )
  const candidate = (id: string, signal: string | null, overall_score: number | null) =>
    completeCandidate({ id, signal_id: signal, overall_score })
  await importFiles(database, {
    'signals.json': signals,
    'candidates.json': [
      candidate('c1', 'signal_a', 70),
      candidate('c3', 'signal_a', 80.5),
      candidate('c2', 'signal_a', 80.5),
      candidate('c4', 'signal_b', null),
      candidate('c5', 'signal_c', 0),
      candidate('c6', 'signal_c', null),
      candidate('c7', 'never', 99),
      candidate('c8', null, 98),
      completeCandidate({ id: 'c9', signal_id: 'never', scores: { market: 50 }, reasoning: { emotional: 'None' } }),
    ],
  })
})

async function statementsOf(document: string): Promise<number> {
  const log = newLog()
  const { errors } = await database.transaction(
    async (transaction) =>
      execute({ schema, document: parse(document), contextValue: database.contextOf(transaction) }),
    log,
  )
  expect(errors).toBe(undefined)
  return log.statements - 1
}

describe('a signal', () => {
  it('has the candidate with the highest score as its best; of equal ones the first by id; none without a score', async () => {
    const { signals } = await database.data(
      '{ signals(orderBy: [{ externalId: ASC }]) { nodes { externalId engagementTotal candidates { totalCount } bestCandidate { externalId overallScore } painPoints { nodes { description signal { externalId } } } } } }',
    )
    const painPoints = (externalId: string) => ({
      nodes: [{ description: 'Reminders are not read', signal: { externalId } }],
    })
    expect(signals.nodes).toEqual([
      {
        externalId: 'signal_a',
        engagementTotal: 3,
        candidates: { totalCount: 3 },
        bestCandidate: { externalId: 'c2', overallScore: '80.5' },
        painPoints: painPoints('signal_a'),
      },
      {
        externalId: 'signal_b',
        engagementTotal: 3,
        candidates: { totalCount: 1 },
        bestCandidate: null,
        painPoints: painPoints('signal_b'),
      },
      {
        externalId: 'signal_c',
        engagementTotal: 3,
        candidates: { totalCount: 2 },
        bestCandidate: { externalId: 'c5', overallScore: '0' },
        painPoints: painPoints('signal_c'),
      },
      {
        externalId: 'signal_d',
        engagementTotal: 0,
        candidates: { totalCount: 0 },
        bestCandidate: null,
        painPoints: painPoints('signal_d'),
      },
    ])
  })

  it('is found by its id in the artifacts, and by its pain point', async () => {
    const { signal, painPoints } = await database.data(
      '{ signal(by: { externalId: "signal_b" }) { title comments } painPoints(where: { signal: { externalId: { equals: "signal_b" } } }) { totalCount } }',
    )
    expect(signal.title).toBe('Invoice reminders that people read')
    expect(painPoints.totalCount).toBe(1)
  })

  it('can be missing', async () => {
    const { candidates } = await database.data(
      '{ candidates(where: { signal: { isNull: true } }, orderBy: [{ externalId: ASC }]) { totalCount nodes { externalId sourceSignalId signal { externalId } } } }',
    )
    expect(candidates).toEqual({
      totalCount: 3,
      nodes: [
        { externalId: 'c7', sourceSignalId: 'never', signal: null },
        { externalId: 'c8', sourceSignalId: null, signal: null },
        { externalId: 'c9', sourceSignalId: 'never', signal: null },
      ],
    })
  })
})

describe('a candidate', () => {
  it('shows its scores with weights and exact contributions, and what the rules make of them', async () => {
    const { candidate } = await database.data(
      '{ candidate(by: { externalId: "c1" }) { emotionalScore computed { overallScore verdict } scores { dimension score weight contribution reasoning } } }',
    )
    // The worked example: 88/75/96/90/82.
    expect(candidate).toEqual({
      emotionalScore: '96',
      computed: { overallScore: '87.5', verdict: 'GO' },
      scores: [
        { dimension: 'MARKET', score: '88', weight: '0.25', contribution: '22', reasoning: 'Large' },
        { dimension: 'COMPETITION', score: '75', weight: '0.2', contribution: '15', reasoning: 'Some' },
        { dimension: 'EMOTIONAL', score: '96', weight: '0.3', contribution: '28.8', reasoning: 'It hurts' },
        { dimension: 'FEASIBILITY', score: '90', weight: '0.15', contribution: '13.5', reasoning: 'Simple' },
        { dimension: 'SIGNAL_QUALITY', score: '82', weight: '0.1', contribution: '8.2', reasoning: 'Clear' },
      ],
    })
  })

  it('with scores missing has no contribution for them, and no computed verdict', async () => {
    const { candidate } = await database.data(
      '{ candidate(by: { externalId: "c9" }) { computed { verdict } scores { dimension score contribution candidate { externalId } } } }',
    )
    expect(candidate).toEqual({
      computed: null,
      scores: [
        { dimension: 'MARKET', score: '50', contribution: '12.5', candidate: { externalId: 'c9' } },
        { dimension: 'EMOTIONAL', score: null, contribution: null, candidate: { externalId: 'c9' } },
      ],
    })
  })

  it('is found by a score', async () => {
    const { candidates } = await database.data(
      '{ candidates(where: { emotionalScore: { gte: 96 }, scores: { dimension: { equals: MARKET }, score: { gt: "87.9" } } }) { totalCount } }',
    )
    expect(candidates.totalCount).toBe(8)
  })
})

describe('a document takes a statement a level, however many objects there are', () => {
  it.each([
    // Pages and nodes, the best ones and their rows.
    ['{ signals(first: 10) { nodes { bestCandidate { externalId } } } }', 4],
    ['{ signals(first: 10) { totalCount nodes { candidates { totalCount } bestCandidate { externalId } } } }', 6],
    // Page, nodes, scores, the rules, signals.
    [
      '{ candidates(first: 10) { nodes { computed { verdict } scores { weight contribution } signal { source } } } }',
      5,
    ],
    [
      '{ rescoreCandidates(config: { weights: { market: 1, competition: 0, emotional: 0, feasibility: 0, signalQuality: 0 }, thresholds: { emotional: 1, go: 90, research: 89 } }) { candidates changed transitions { from } verdictMismatches { candidate { externalId } } } }',
      3,
    ],
  ])('%s', async (document, statements) => {
    expect(await statementsOf(document)).toBe(statements)
  })

  it.skipIf(!sharedFolder)('the reference question has no more than its levels and three', async () => {
    // signals, edges, node, candidates, totalCount.
    const document = await readFile(`${sharedFolder}/questions/signals.graphql`, 'utf8')
    expect(await statementsOf(document)).toBeLessThanOrEqual(5 + 3)
  })
})
