import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { campaign, dataset, dump } from '../importers/extraction-fixture.ts'

const database = testDatabase()

beforeAll(async () => {
  const rows = Array.from({ length: 150 }, (_, index) => ({
    row_id: `r${index}`,
    page: `https://site-${index}.example`,
  }))
  await importFiles(database, {
    'dump.json': dump(),
    'more.json': {
      campaigns: [
        campaign({ id: 'paused', name: 'Paused', status: 'paused' }),
        campaign({ id: 'unscheduled', name: 'Unscheduled', schedule_enabled: false }),
        campaign({ id: 'wrong', name: 'Wrong', schedule_expression: 'weekly, please' }),
      ],
      datasets: [dataset({ id: 'long', name: 'Long', data: rows })],
    },
  })
})

describe('a campaign', () => {
  it('leads to its instructions, datasets, runs, tasks, results and comparisons, and back', async () => {
    const { campaign } = await database.data(`{
      campaign(by: { sourceId: "campaign-1" }) {
        currentInstruction { version campaign { name } parent { version children { version } } extractionRuns { nodes { externalId } } }
        instructions { version }
        datasets { name campaign { name } rows(first: 1) { totalCount nodes { rowId tasks { nodes { sourceId } } } } runs { totalCount } tasks { totalCount } }
        runs { nodes { externalId campaign { name } dataset { name } instruction { version } extraction { stopReason run { externalId } result { sourceId } } } }
        tasks { totalCount }
        results { sourceId run { externalId } campaign { name } dataset { name } instruction { version } }
        instructionComparisons { winner instructionA { version } instructionB { version } runA { externalId } runB { externalId } dataset { name } campaign { name } }
      }
    }`)
    expect(campaign).toEqual({
      currentInstruction: {
        version: '2.0',
        campaign: { name: 'Price watch' },
        parent: { version: '1.0', children: [{ version: '2.0' }] },
        extractionRuns: { nodes: [{ externalId: 'run-1' }] },
      },
      instructions: [{ version: '1.0' }, { version: '2.0' }],
      datasets: [
        {
          name: 'Long',
          campaign: { name: 'Price watch' },
          rows: { totalCount: 150, nodes: [{ rowId: 'r0', tasks: { nodes: [] } }] },
          runs: { totalCount: 0 },
          tasks: { totalCount: 0 },
        },
        {
          name: 'Pages',
          campaign: { name: 'Price watch' },
          rows: { totalCount: 3, nodes: [{ rowId: 'row-1', tasks: { nodes: [{ sourceId: 'task-1' }] } }] },
          runs: { totalCount: 1 },
          tasks: { totalCount: 2 },
        },
      ],
      runs: {
        nodes: [
          {
            externalId: 'run-1',
            campaign: { name: 'Price watch' },
            dataset: { name: 'Pages' },
            instruction: { version: '2.0' },
            extraction: { stopReason: 'done', run: { externalId: 'run-1' }, result: { sourceId: 'result-1' } },
          },
        ],
      },
      tasks: { totalCount: 2 },
      results: [
        {
          sourceId: 'result-1',
          run: { externalId: 'run-1' },
          campaign: { name: 'Price watch' },
          dataset: { name: 'Pages' },
          instruction: { version: '2.0' },
        },
      ],
      instructionComparisons: [
        {
          winner: 'B',
          instructionA: { version: '1.0' },
          instructionB: { version: '2.0' },
          runA: { externalId: 'run-1' },
          runB: { externalId: 'run-1' },
          dataset: { name: 'Pages' },
          campaign: { name: 'Price watch' },
        },
      ],
    })
  })

  it('runs next when its schedule says so, unless it is paused or has none', async () => {
    const { campaigns } = await database.data('{ campaigns { nodes { name nextRunAt scheduleError } } }')
    const byName = Object.fromEntries(campaigns.nodes.map((each: { name: string }) => [each.name, each]))
    // Tuesday, 7:15 in Berlin.
    const next = new Date(byName['Price watch'].nextRunAt)
    const shown = next.toLocaleString('en-GB', {
      timeZone: 'Europe/Berlin',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
    })
    expect(shown).toMatch(/^Tue.* 07:15$/)
    expect(next.getTime() - Date.now()).toBeGreaterThan(0)
    expect(next.getTime() - Date.now()).toBeLessThanOrEqual((7 * 24 + 1) * 3_600_000)
    expect(byName.Paused.nextRunAt).toBe(null)
    expect(byName.Unscheduled.nextRunAt).toBe(null)
    expect(byName.Wrong).toMatchObject({
      nextRunAt: null,
      scheduleError: expect.stringMatching(/is not a cron expression/),
    })
  })
})

describe('a dataset', () => {
  it('shows its first hundred rows as they were written', async () => {
    const { long } = await database.data('{ long: dataset(by: { sourceId: "long" }) { totalRows preview } }')
    expect([long.totalRows, long.preview.length]).toEqual([150, 100])
    expect(long.preview[99]).toEqual({ row_id: 'r99', page: 'https://site-99.example' })
  })
})

describe('a task', () => {
  it('leads to its run, row, company, attempts, calls and fields, and back', async () => {
    const { task } = await database.data(`{
      task(by: { sourceId: "task-1" }) {
        run { externalId } campaign { name } dataset { name } datasetRow { rowId dataset { name } }
        company { domain tasks(orderBy: [{ sourceId: ASC }]) { nodes { sourceId } } }
        lastAttempt { sourceId }
        attempts { number trigger status task { sourceId } run { externalId } call { costUsd costSource attempt { sourceId } agent { name } promptVersion { version } } }
        fields { name extractedText groundTruthText confidence isCompared isMatched isMissing reportedMatched task { sourceId } run { externalId } }
        attemptCount costUsd
      }
    }`)
    expect(task).toMatchObject({
      run: { externalId: 'run-1' },
      campaign: { name: 'Price watch' },
      dataset: { name: 'Pages' },
      datasetRow: { rowId: 'row-1', dataset: { name: 'Pages' } },
      company: { domain: 'a.example', tasks: { nodes: [{ sourceId: 'task-1' }, { sourceId: 'task-2' }] } },
      lastAttempt: { sourceId: 'attempt-1' },
      attempts: [
        {
          number: 1,
          trigger: 'INITIAL',
          status: 'SUCCESS',
          task: { sourceId: 'task-1' },
          run: { externalId: 'run-1' },
          call: {
            costUsd: '0.02',
            costSource: 'REPORTED',
            attempt: { sourceId: 'attempt-1' },
            agent: { name: 'extraction_agent' },
            promptVersion: { version: '2.0' },
          },
        },
      ],
      attemptCount: 1,
      costUsd: '0.02',
    })
    expect(task.fields).toMatchObject([
      {
        name: 'price',
        extractedText: ' ＄10 ',
        groundTruthText: '$10',
        confidence: 0.9,
        isMatched: true,
        isMissing: false,
        reportedMatched: true,
      },
      {
        name: 'seats',
        extractedText: '5.0',
        groundTruthText: '5',
        confidence: 0.7,
        isMatched: true,
        reportedMatched: false,
      },
      { name: 'listPrice', extractedText: '12', groundTruthText: null, isCompared: false },
      { name: 'phone', extractedText: null, groundTruthText: null, isCompared: false, isMissing: false },
    ])
  })

  it('is found by what its run, its company and its attempts are', async () => {
    const where =
      '{ run: { runType: { equals: TEST_CUSTOM }, campaign: { name: { equals: "Price watch" } } }, company: { domain: { equals: "a.example" } }, attempts: { status: { equals: SUCCESS } }, fields: { isMatched: { equals: true } }, costUsd: { gte: "0.02" } }'
    const { tasks, runs, companies } = await database.data(
      `{ tasks(where: ${where}, orderBy: [{ costUsd: DESC }]) { nodes { sourceId } } runs(where: { runType: { equals: TEST_CUSTOM }, extraction: { stopReason: { equals: "done" } }, tasks: { status: { equals: COMPLETED } } }) { totalCount } companies(where: { tasks: { siteName: { equals: "A" } } }) { nodes { domain } } }`,
    )
    expect(tasks.nodes).toEqual([{ sourceId: 'task-1' }])
    expect(runs.totalCount).toBe(1)
    expect(companies.nodes).toEqual([{ domain: 'a.example' }])
  })
})

it('what the source systems say beside is shown beside', async () => {
  const { sourceOrganizations, attempts, extractionResult } = await database.data(
    `{ sourceOrganizations { nodes { name slug extra } } attempts { nodes { reasoning screenshots model promptTokens extra } }
       extractionResult(by: { permalinkToken: "token" }) { overallQualityScore taskResults exports contentSha256 } }`,
  )
  expect(sourceOrganizations.nodes).toEqual([
    { name: 'Field Research', slug: 'field-research', extra: { plan: 'team' } },
  ])
  expect(attempts.nodes[0]).toMatchObject({
    reasoning: [{ action: 'open' }],
    screenshots: [{ title: 'A' }],
    model: 'gpt-4o-mini',
    promptTokens: 1000,
    extra: { browser: 'chromium' },
  })
  expect(extractionResult).toMatchObject({
    overallQualityScore: 70,
    taskResults: [{ taskId: 'task-1' }],
    exports: { csv: 's3://x.csv' },
    contentSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
})
