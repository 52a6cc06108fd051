import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execute, parse } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_IMPORT_OPTIONS } from '../../src/importers/options.ts'
import { runImport } from '../../src/importers/run-import.ts'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { schema } from '../../src/schema/index.ts'
import { newLog, testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { briefing } from '../importers/briefing-fixture.ts'
import { sharedFolder } from '../shared-folder.ts'

const database = testDatabase()
const RUNS = ['20251101_000000', '20251102_000000', '20251103_000000']
const article = (rank: number) => ({
  url: `https://a.example/${rank}`,
  id: `a-${rank}`,
  title: `Article ${rank}`,
  content: `Text ${rank}`,
  source: 'Wire',
  published_date: '2025-11-01',
  tier1_score: 7.25,
  tier2_score: 6.75,
  scores: {
    market_impact: 1.5,
    competitive_impact: 2.5,
    strategic_relevance: 3.5,
    operational_relevance: 4.5,
    credibility: 5.5,
  },
  weighted_score: 10 - rank / 100,
  rank,
  paraphrased_content: `In short: text ${rank}`,
  entities: [{ name: 'Entity', kind: 'company' }],
  validation: { passed: true },
  section: 'front',
})

beforeAll(async () => {
  const articles = Array.from({ length: 20 }, (_, index) => article(index + 1))
  for (const run of RUNS)
    await importFiles(
      database,
      briefing(run, {
        upTo: run === RUNS[2] ? 7 : 10,
        data: { 2: { articles: [...articles, { url: 'https://a.example/unranked', title: 'B' }] }, 6: { articles } },
      }),
    )
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

describe('the items of a run', () => {
  it('come back out with every value', async () => {
    const { run } = await database.data(`{ run(by: { externalId: "${RUNS[0]}" }) { items(first: 1) { totalCount nodes {
      itemKey sourceId url title source publishedDate publishedAt rank weightedScore tier1Score tier2Score scores
      marketImpact competitiveImpact strategicRelevance operationalRelevance credibility content paraphrasedContent
      entities validation lastPhaseNumber lastPhaseName extra
      lastPhase { number name lastItems { totalCount } itemPhases(first: 1, orderBy: [{ position: DESC }]) { nodes { position } } }
      phases { phaseNumber position rank payload phase { name } item { url } run { externalId } }
      run { externalId }
    } } } }`)
    const written = article(1)
    expect(run.items.totalCount).toBe(21)
    expect(run.items.nodes[0]).toEqual({
      itemKey: written.url,
      sourceId: written.id,
      url: written.url,
      title: written.title,
      source: 'Wire',
      publishedDate: '2025-11-01',
      publishedAt: '2025-11-01T00:00:00.000Z',
      rank: 1,
      weightedScore: 9.99,
      tier1Score: 7.25,
      tier2Score: 6.75,
      scores: written.scores,
      marketImpact: 1.5,
      competitiveImpact: 2.5,
      strategicRelevance: 3.5,
      operationalRelevance: 4.5,
      credibility: 5.5,
      content: 'Text 1',
      paraphrasedContent: 'In short: text 1',
      entities: written.entities,
      validation: { passed: true },
      lastPhaseNumber: 6,
      lastPhaseName: 'ranking',
      extra: { section: 'front' },
      lastPhase: {
        number: 6,
        name: 'ranking',
        lastItems: { totalCount: 20 },
        itemPhases: { nodes: [{ position: 19 }] },
      },
      phases: [2, 6].map((phaseNumber) => ({
        phaseNumber,
        position: 0,
        rank: 1,
        payload: written,
        phase: { name: phaseNumber === 2 ? 'scraping' : 'ranking' },
        item: { url: written.url },
        run: { externalId: RUNS[0] },
      })),
      run: { externalId: RUNS[0] },
    })
  })

  it('are sorted by rank, those without a rank last', async () => {
    const { run } = await database.data(
      `{ run(by: { externalId: "${RUNS[0]}" }) { items(last: 2) { nodes { rank } } ranked: items(where: { rank: { lte: 2 } }) { nodes { rank } } } }`,
    )
    expect(run.items.nodes).toEqual([{ rank: 20 }, { rank: null }])
    expect(run.ranked.nodes).toEqual([{ rank: 1 }, { rank: 2 }])
  })

  it('find the runs that have one', async () => {
    const { runs } = await database.data(
      '{ runs(where: { items: { url: { equals: "https://a.example/3" }, lastPhase: { number: { equals: 6 } } } }) { totalCount } }',
    )
    expect(runs.totalCount).toBe(3)
    expect((await database.data('{ runItems { totalCount } runItemPhases { totalCount } }')).runItems.totalCount).toBe(
      63,
    )
  })
})

describe('a question takes a statement a level, however many runs there are', () => {
  const cases: [string, string, number][] = [
    ['the last completed phases', '{ runs { nodes { lastCompletedPhase { number name } isLatest } } }', 3],
    ['funnels', '{ runs { nodes { funnel { phase dropped costUsd } } } }', 3],
    [
      'plans to resume',
      '{ runs { nodes { resumePlan { resumable nextPhase { name } lastArtifact { sha256 } } } } }',
      3,
    ],
    ['items', '{ runs { nodes { items(first: 3) { totalCount nodes { url lastPhase { name } } } } } }', 6],
    ['items in their phases', '{ runItems { nodes { phases { rank phase { name } } } } }', 4],
    [
      'a comparison',
      `{ compareTwoRuns(a: { externalId: "${RUNS[0]}" }, b: { externalId: "${RUNS[1]}" }) { phases { number } items { inBoth } rankChanges { url } } }`,
      5,
    ],
  ]
  it.each(cases)('%s', async (_what, document, statements) => {
    expect(await statementsOf(document)).toBe(statements)
  })
})

it('another organization sees nothing of it', async () => {
  await database.insert('organizations', [{ id: organizationIdOf('nobody'), slug: 'nobody', name: 'Nobody' }])
  const server = database.newServer({ organizationId: organizationIdOf('nobody') })
  const { data } = await database.ask(
    `{ runItems { totalCount } runItemPhases { totalCount } runs { totalCount } run(by: { externalId: "${RUNS[0]}" }) { funnel { phase } } }`,
    {},
    server,
  )
  expect(data).toEqual({
    runItems: { totalCount: 0 },
    runItemPhases: { totalCount: 0 },
    runs: { totalCount: 0 },
    run: null,
  })
  const { errors } = await database.ask(
    `{ compareTwoRuns(a: { externalId: "${RUNS[0]}" }, b: { externalId: "${RUNS[1]}" }) { items { inBoth } } }`,
    {},
    server,
  )
  expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'a' })
})

describe.skipIf(!sharedFolder)('the questions about briefings', () => {
  const cases = [
    'briefing-runs',
    'funnel.complete',
    'funnel.failed',
    'resume-plan.complete',
    'resume-plan.failed',
    'compare-two-runs',
  ]

  beforeAll(async () => {
    const root = join(sharedFolder!, 'world/data/briefing')
    await runImport(database.url, [root], { ...DEFAULT_IMPORT_OPTIONS, organization: 'world' })
  })

  it.each(cases)('%s', async (name) => {
    const question = readFileSync(join(sharedFolder!, `questions/${name.split('.')[0]}.graphql`), 'utf8')
    const expected = JSON.parse(readFileSync(join(sharedFolder!, `world/expected/${name}.json`), 'utf8'))
    const server = database.newServer({ organizationId: organizationIdOf('world') })
    expect(await database.data(question, expected.variables, server)).toMatchObject(expected.data)
  })
})
