import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { attempt, campaign, dataset, dump, instruction, run, task } from '../importers/extraction-fixture.ts'
import { completeRun } from '../importers/playbook-fixture.ts'

const database = testDatabase()

type Fields = Record<string, unknown>

/** Runs of one campaign, a day apart, by name; each with its tasks. */
const RUNS: { name: string; status: string; instruction: number; tasks: Fields[]; fields?: Fields }[] = [
  {
    name: 'first',
    status: 'completed',
    instruction: 1,
    tasks: [10_000, 20_000, 60_000].map((duration_ms) => ({
      duration_ms,
      ground_truth_data: null,
      overall_confidence: null,
    })),
  },
  // It did not complete: its long durations are no measure for later runs.
  { name: 'broken', status: 'failed', instruction: 1, tasks: [{ duration_ms: 900_000, ground_truth_data: null }] },
  {
    name: 'second',
    status: 'completed',
    instruction: 1,
    fields: { actual_cost: '9.99' },
    tasks: [{ duration_ms: 40_000, ground_truth_data: null, overall_confidence: 1 }],
  },
  {
    name: 'judged',
    status: 'running',
    instruction: 2,
    tasks: [
      // Both fields right.
      {
        extracted_data: { price: '$10', seats: '5.0' },
        ground_truth_data: { price: ' $10 ', seats: 5 },
        overall_confidence: 0.8,
        field_confidences: { price: 0.9, seats: 0.5 },
        duration_ms: 60_000,
      },
      // One right, one missing; an empty truth is none.
      {
        extracted_data: { price: '$11', seats: ' ' },
        ground_truth_data: { price: '$11', seats: 7, phone: '' },
        overall_confidence: 0.6,
        field_confidences: { price: 0.7 },
        duration_ms: 75_000,
      },
      // Failed with extracted data: it counts, and its confidence does not.
      {
        status: 'failed',
        extracted_data: { price: '$1' },
        ground_truth_data: { price: '$2' },
        overall_confidence: 0.1,
        field_confidences: null,
        duration_ms: 90_000,
        failure_category: 'timeout',
        failure_reason: 'Too slow',
        site_url: 'https://d.example',
      },
      // Failed without: it does not.
      {
        status: 'failed',
        extracted_data: null,
        ground_truth_data: { price: '$2' },
        field_confidences: null,
        duration_ms: null,
        failure_category: 'blocked',
        failure_reason: 'Captcha',
        site_url: 'https://c.example',
      },
      {
        status: 'failed',
        extracted_data: {},
        ground_truth_data: null,
        field_confidences: null,
        duration_ms: null,
        failure_category: 'blocked',
        failure_reason: 'Captcha',
        site_url: 'https://b.example',
      },
      {
        status: 'failed',
        extracted_data: null,
        ground_truth_data: null,
        field_confidences: null,
        duration_ms: null,
        failure_category: 'blocked',
        failure_reason: 'Captcha',
        site_url: 'https://a.example',
      },
      {
        status: 'failed',
        extracted_data: null,
        ground_truth_data: null,
        field_confidences: null,
        duration_ms: null,
        failure_category: 'blocked',
        failure_reason: 'Captcha',
        site_url: 'https://a.example',
      },
      {
        status: 'failed',
        extracted_data: null,
        ground_truth_data: null,
        field_confidences: null,
        duration_ms: null,
        failure_category: 'page_error',
        failure_reason: null,
        site_url: null,
      },
      {
        status: 'failed',
        extracted_data: null,
        ground_truth_data: null,
        field_confidences: null,
        duration_ms: null,
        failure_category: null,
        failure_reason: null,
      },
      // Completed without extracted data: everything is missing.
      {
        extracted_data: null,
        ground_truth_data: { price: '$3' },
        overall_confidence: null,
        field_confidences: null,
        duration_ms: null,
      },
      {
        status: 'skipped',
        extracted_data: null,
        ground_truth_data: { price: '$3' },
        field_confidences: null,
        duration_ms: null,
      },
      {
        status: 'queued',
        extracted_data: null,
        ground_truth_data: { price: '$3' },
        field_confidences: null,
        duration_ms: null,
      },
      {
        status: 'running',
        extracted_data: { price: '$3' },
        ground_truth_data: { price: '$3' },
        field_confidences: null,
        duration_ms: null,
      },
    ],
  },
  { name: 'empty', status: 'queued', instruction: 3, tasks: [] },
]

/** Attempts of the tasks of `judged`, by task: their costs. */
const ATTEMPTS: (string | null)[][] = [['0.01'], ['0.02', '0.03'], [null, '0.04'], [null]]

beforeAll(async () => {
  const tasks = RUNS.flatMap(({ name, tasks }) =>
    tasks.map((fields, index) =>
      task(index + 1, {
        id: `${name}-${index}`,
        run_id: name,
        dataset_id: null,
        row_id: null,
        field_accuracies: null,
        extracted_fields: [],
        missing_fields: [],
        last_attempt_id: null,
        ...fields,
      }),
    ),
  )
  const silent = { model: null, tokens_used: null, prompt_tokens: null, completion_tokens: null }
  const attempts = ATTEMPTS.flatMap((costs, index) =>
    costs.map((cost, at) =>
      attempt(`attempt-${index}-${at}`, {
        ...silent,
        task_id: `judged-${index}`,
        run_id: 'judged',
        attempt_number: at + 1,
        cost,
      }),
    ),
  )
  await importFiles(database, {
    'extraction.json': {
      campaigns: [campaign()],
      instructions: [instruction(1), instruction(2), instruction(3)],
      datasets: [dataset()],
      runs: RUNS.map(({ name, status, instruction, fields }, day) =>
        run({
          id: name,
          status,
          instruction_id: `instruction-${instruction}`,
          actual_cost: null,
          started_at: `2026-02-1${day}T10:00:00Z`,
          ...fields,
        }),
      ),
      tasks,
      attempts,
    },
    'playbook.json': completeRun({ run_id: 'playbook' }),
  })
  await importFiles(database, { 'dump.json': { ...dump(), campaigns: [campaign({ name: 'Theirs' })] } }, 'other')
})

const ask = async (name: string, fields: string) =>
  (
    await database.data(
      'query ($name: String!) { run(by: { externalId: $name }) { FIELDS } }'.replace('FIELDS', fields),
      { name },
    )
  ).run

describe('the progress of a run', () => {
  it('counts its tasks; completed, failed and skipped ones are done', async () => {
    // 3 completed, 7 failed and 1 skipped of 13.
    expect(
      (await ask('judged', 'progress { total completed running queued failed skipped percent }')).progress,
    ).toEqual({
      total: 13,
      completed: 3,
      running: 1,
      queued: 1,
      failed: 7,
      skipped: 1,
      percent: expect.closeTo((11 / 13) * 100, 9),
    })
  })

  it('of a run without tasks has no percent', async () => {
    expect(
      await ask(
        'empty',
        'progress { total percent } health { score factors { factor } } accuracyPercent passRate retryRate',
      ),
    ).toEqual({
      progress: { total: 0, percent: null },
      health: { score: null, factors: [] },
      accuracyPercent: null,
      passRate: null,
      retryRate: null,
    })
  })

  it('and all that only extraction runs have is null or empty for other runs', async () => {
    const fields = `runType progress { total } health { score } accuracyPercent passRate retryRate fieldAccuracy { field } failures { tasks }
      extraction { sourceId } campaign { name } dataset { name } instruction { version } tasks { totalCount } attempts { totalCount }
      reportedAccuracyPercent reportedPassRate reportedHealthScore estimatedCostUsd extractionResults { sourceId }`
    expect(await ask('playbook', fields)).toEqual({
      runType: null,
      progress: null,
      health: null,
      accuracyPercent: null,
      passRate: null,
      retryRate: null,
      fieldAccuracy: [],
      failures: [],
      extraction: null,
      campaign: null,
      dataset: null,
      instruction: null,
      tasks: { totalCount: 0 },
      attempts: { totalCount: 0 },
      reportedAccuracyPercent: null,
      reportedPassRate: null,
      reportedHealthScore: null,
      estimatedCostUsd: null,
      extractionResults: [],
    })
  })
})

describe('the accuracy of a run', () => {
  it('is over tasks with ground truth that are completed, or failed with extracted data', async () => {
    // Compared 2 + 2 + 1 + 1, matched 2 + 1 + 0 + 0; one of four tasks passes.
    expect(await ask('judged', 'accuracyPercent passRate reportedAccuracyPercent')).toEqual({
      accuracyPercent: 50,
      passRate: 0.25,
      reportedAccuracyPercent: 50,
    })
  })

  it('by field counts what is missing, and takes confidence from every task that says so', async () => {
    const { fieldAccuracy } = await ask(
      'judged',
      'fieldAccuracy { field compared matched missing accuracyPercent averageConfidence }',
    )
    expect(fieldAccuracy).toEqual([
      { field: 'price', compared: 4, matched: 2, missing: 1, accuracyPercent: 50, averageConfidence: 0.8 },
      { field: 'seats', compared: 2, matched: 1, missing: 1, accuracyPercent: 50, averageConfidence: 0.5 },
      { field: 'phone', compared: 0, matched: 0, missing: 0, accuracyPercent: null, averageConfidence: null },
    ])
  })
})

describe('the health of a run', () => {
  it('measures its durations by those of the campaign’s earlier completed runs', async () => {
    const { health } = await ask('judged', 'health { score factors { factor value points } }')
    // 3 ÷ 10 success; (0.8 + 0.6) ÷ 2 confidence; median 75 s against 30 s of 10, 20, 40 and 60; 2 of 4 tried again.
    const values = Object.fromEntries(
      health.factors.map(({ factor, value }: { factor: string; value: number }) => [factor, value]),
    )
    expect(values).toEqual({
      success: 30,
      confidence: expect.closeTo(70, 9),
      duration: expect.closeTo(((3 - 75 / 30) / 1.5) * 100, 9),
      retries: 50,
    })
    // 13.5 + 14 + 5 + 10.
    expect(health.score).toBe(43)
  })

  it('takes any duration of a campaign’s first run for usual', async () => {
    const { health } = await ask('first', 'health { factors { factor value } }')
    expect(health.factors).toEqual([
      { factor: 'success', value: 100 },
      { factor: 'duration', value: 100 },
    ])
  })
})

describe('the failures of a run', () => {
  it('are by category and reason, most tasks first, with the first three addresses', async () => {
    const { failures } = await ask('judged', 'failures { category reason tasks examples }')
    expect(failures).toEqual([
      {
        category: 'BLOCKED',
        reason: 'Captcha',
        tasks: 4,
        examples: ['https://a.example', 'https://b.example', 'https://c.example'],
      },
      { category: 'PAGE_ERROR', reason: null, tasks: 1, examples: [] },
      { category: 'TIMEOUT', reason: 'Too slow', tasks: 1, examples: ['https://d.example'] },
      { category: null, reason: null, tasks: 1, examples: ['https://www.a.example/pricing'] },
    ])
  })
})

describe('the versions of an instruction', () => {
  it('pool fields, tasks and costs over all their runs', async () => {
    const { campaign } = await database.data(
      `{ campaign(by: { name: "Price watch" }) { instructions { version parent { version } runs tasks accuracyPercent passRate averageDurationSeconds costPerTaskUsd } } }`,
    )
    expect(campaign.instructions).toEqual([
      // 10, 20, 60, 900 and 40 s; no attempts.
      {
        version: '1.0',
        parent: null,
        runs: 3,
        tasks: 5,
        accuracyPercent: null,
        passRate: null,
        averageDurationSeconds: 206,
        costPerTaskUsd: null,
      },
      // 0.1 US dollars over the four tasks with an attempt; one of them costs nobody knows what.
      {
        version: '2.0',
        parent: { version: '1.0' },
        runs: 1,
        tasks: 13,
        accuracyPercent: 50,
        passRate: 0.25,
        averageDurationSeconds: 75,
        costPerTaskUsd: '0.025',
      },
      {
        version: '3.0',
        parent: { version: '2.0' },
        runs: 1,
        tasks: 0,
        accuracyPercent: null,
        passRate: null,
        averageDurationSeconds: null,
        costPerTaskUsd: null,
      },
    ])
  })

  it('of another agent’s prompt count the runs it was called in', async () => {
    const { promptVersions } = await database.data(
      `{ promptVersions(where: { agent: { name: { isNull: false } } }) { nodes { runs tasks campaign { name } } } }`,
    )
    expect(promptVersions.nodes.length).toBeGreaterThan(0)
    expect(new Set(promptVersions.nodes.map((each: object) => JSON.stringify(each)))).toEqual(
      new Set(['{"runs":1,"tasks":0,"campaign":null}']),
    )
  })
})

it('shows nothing of another organization', async () => {
  const { campaigns, tasks, attempts, datasets, extractionResults, instructionComparisons, sourceOrganizations, run } =
    await database.data(
      `{ campaigns { totalCount nodes { name } } tasks { totalCount } attempts { totalCount } datasets { totalCount } extractionResults { totalCount }
       instructionComparisons { totalCount } sourceOrganizations { totalCount } run(by: { externalId: "run-1" }) { id } }`,
    )
  expect(campaigns.nodes).toEqual([{ name: 'Price watch' }])
  expect(
    [tasks, attempts, datasets, extractionResults, instructionComparisons, sourceOrganizations].map(
      ({ totalCount }) => totalCount,
    ),
  ).toEqual([18, 6, 1, 0, 0, 0])
  expect(run).toBe(null)
})
