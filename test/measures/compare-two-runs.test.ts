import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { briefing, otherRun, phaseArtifact } from '../importers/briefing-fixture.ts'

const database = testDatabase()
const A = '20251101_000000'
const B = '20251102_000000'
const SHORT = '20251103_000000'

const ranked = (ranks: Record<string, number | null>) => ({
  articles: Object.entries(ranks).map(([name, rank]) => ({ url: `https://a.example/${name}`, title: name, rank })),
})

beforeAll(async () => {
  await importFiles(database, {
    ...briefing(A, {
      metadata: { 5: { output_count: 10, duration_seconds: 0.3, cost_usd: 0.1, llm_calls: 4 } },
      data: {
        6: ranked({ gone: 1 }),
        // `kept` is without a rank here, and has the one of the phase before.
        9: ranked({ up: 9, down: 2, same: 4, b: 1, a: 6, onlyA: 3, none: null, kept: null }),
        8: ranked({ kept: 7 }),
      },
    }),
    ...briefing(B, {
      metadata: { 5: { output_count: 7, duration_seconds: 0.1, cost_usd: 0.3, llm_calls: 6 } },
      data: { 9: ranked({ up: 2, down: 5, same: 4, b: 3, a: 4, none: 3, kept: 8, onlyB: 1, onlyB2: 9 }) },
    }),
    ...briefing(SHORT, {
      upTo: 3,
      metadata: { 3: { cost_usd: null } },
      data: { 2: { articles: [{ url: 'https://a.example/up' }] } },
    }),
    ...otherRun('20251101_000000', ['collect', 'sort'], 'digest/run_1'),
    'digest/run_9/phase2_order.json': phaseArtifact('20251109_000000', 2, 'order'),
  })
})

const QUESTION = `query ($a: RunBy!, $b: RunBy!, $first: Int) { compareTwoRuns(a: $a, b: $b) {
  a { externalId } b { externalId status }
  phases { number name a { status outputCount durationSeconds costUsd llmCalls } b { outputCount durationSeconds costUsd }
           outputCountDifference durationSecondsDifference costUsdDifference }
  items { phase inBoth onlyInA onlyInB }
  rankChanges(first: $first) { url title rankA rankB }
} }`

const by = (externalId: string, pipeline = 'briefing') => ({ externalId, pipeline })

async function compare(a: object, b: object, first?: number) {
  return (await database.data(QUESTION, { a, b, first })).compareTwoRuns
}

describe('two runs are compared', () => {
  it('phase by phase, exactly, from a to b', async () => {
    const { phases, a, b } = await compare(by(A), by(B))
    expect([a.externalId, b.externalId]).toEqual([A, B])
    expect(phases.map(({ number }: { number: number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(phases[4]).toEqual({
      number: 5,
      name: 'tier3_5d',
      a: { status: 'COMPLETED', outputCount: 10, durationSeconds: 0.3, costUsd: '0.1', llmCalls: 4 },
      b: { outputCount: 7, durationSeconds: 0.1, costUsd: '0.3' },
      outputCountDifference: -3,
      durationSecondsDifference: -0.2,
      costUsdDifference: '0.2',
    })
    expect(phases[9]).toMatchObject({ a: { outputCount: null }, outputCountDifference: null, costUsdDifference: null })
  })

  it('with the phases that only one has, and no difference where a value is unknown', async () => {
    const { phases } = await compare(by(A), by(SHORT))
    expect(phases[2]).toMatchObject({ a: { costUsd: '0' }, b: { costUsd: null }, costUsdDifference: null })
    expect(phases[3]).toMatchObject({ number: 4, b: null, outputCountDifference: null })
    expect(phases).toHaveLength(10)
  })

  it('whose phases of one number have two names: these are two phases', async () => {
    const { phases } = await compare(by('20251101_000000', 'digest'), by('20251109_000000', 'digest'))
    expect(phases.map(({ number, name, a, b }: never) => [number, name, a !== null, b !== null])).toEqual([
      [1, 'collect', true, false],
      [2, 'order', false, true],
      [2, 'sort', true, false],
    ])
  })

  it('by their items in the last phase that lists items in both', async () => {
    const { items } = await compare(by(A), by(B))
    expect(items).toEqual({ phase: 9, inBoth: 7, onlyInA: 1, onlyInB: 2 })
  })

  it('by the changes of rank: the largest first, then by URL; unchanged and unknown ranks are none', async () => {
    const { rankChanges } = await compare(by(A), by(B))
    expect(rankChanges.map(({ title, rankA, rankB }: never) => [title, rankA, rankB])).toEqual([
      ['up', 9, 2],
      ['down', 2, 5],
      ['a', 6, 4],
      ['b', 1, 3],
      ['kept', 7, 8],
    ])
    expect((await compare(by(A), by(B), 2)).rankChanges).toEqual(rankChanges.slice(0, 2))
    expect((await compare(by(A), by(B), 0)).rankChanges).toEqual([])
  })

  it('without items when no phase lists items in both', async () => {
    const { items, rankChanges } = await compare(by(A), by(SHORT))
    expect(items).toEqual({ phase: null, inBoth: 0, onlyInA: 0, onlyInB: 0 })
    expect(rankChanges).toEqual([])
  })

  it('with itself: nothing differs', async () => {
    const { items, rankChanges, phases } = await compare(by(A), by(A))
    expect(items).toEqual({ phase: 9, inBoth: 8, onlyInA: 0, onlyInB: 0 })
    expect(rankChanges).toEqual([])
    expect(
      phases.every(({ costUsdDifference }: never) => costUsdDifference === null || costUsdDifference === '0'),
    ).toBe(true)
  })
})

describe('a comparison refuses', () => {
  const refused: [string, object, string][] = [
    ['a run that is not there', { a: by('none'), b: by(B) }, 'a'],
    ['a run that is not named', { a: by(A), b: {} }, 'b'],
    ['a run named twice', { a: by(A), b: { externalId: B, id: 'x' } }, 'b.id'],
    ['a name of several runs', { a: { externalId: A }, b: by(B) }, 'a'],
    ['a negative number of changes', { a: by(A), b: by(B), first: -1 }, 'first'],
  ]
  it.each(refused)('%s', async (_what, variables, argument) => {
    const { errors } = await database.ask(QUESTION, variables)
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument })
  })

  it('runs of another organization', async () => {
    await importFiles(database, otherRun('20240101_000000', ['x'], 'theirs/run_1'), 'other')
    const { errors } = await database.ask(QUESTION, { a: by(A), b: { externalId: '20240101_000000' } })
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'b' })
  })
})
