import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { compareRuns } from '../../src/comparison/compare-runs.ts'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { newLog, testDatabase } from '../database.ts'

const database = testDatabase()

type RunSpec = {
  tag: string
  status?: string
  cost?: string | null
  seconds?: number | null
  tokens?: number | null
  quality?: number
  tasks?: Record<string, unknown>[]
}

/** Inserts runs of an organization, with a playbook for those that have a quality score. */
async function insertRuns(organization: string, runs: RunSpec[]) {
  const organizationId = organizationIdOf(organization)
  const pipelineId = randomUUID()
  await database.insert('pipelines', [{ id: pipelineId, organization_id: organizationId, name: 'playbook' }])
  for (const { tag, status = 'COMPLETED', cost = null, seconds = null, tokens = null, quality, tasks = [] } of runs) {
    const id = randomUUID()
    const owned = { organization_id: organizationId, record_sha256: 'x' }
    await database.insert('runs', [
      {
        id,
        ...owned,
        pipeline_id: pipelineId,
        external_id: id,
        status,
        cost_usd: cost,
        duration_seconds: seconds,
        total_tokens: tokens,
        tags: [tag],
      },
    ])
    if (quality !== undefined)
      await database.insert('playbooks', [
        { id: randomUUID(), organization_id: organizationId, run_id: id, quality_score: quality, quality_points: [] },
      ])
    for (const task of tasks)
      await database.insert('tasks', [
        { id: randomUUID(), ...owned, source_id: randomUUID(), run_id: id, status: 'COMPLETED', ...task },
      ])
  }
}

const each = <T>(values: T[], of: (value: T) => RunSpec) => values.map(of)

beforeAll(async () => {
  await insertRuns('default', [
    ...each([57.1, 62.3, 48.9, 71.5, 66.2, 59.8], (seconds) => ({ tag: 'a', seconds, quality: 60, cost: '0.1' })),
    { tag: 'a', status: 'FAILED' },
    ...each([80.2, 77.7, 91.4, 68.8], (seconds) => ({ tag: 'b', seconds, quality: 90, cost: '0.1' })),
    { tag: 'b', status: 'PARTIAL', quality: 80 },
    { tag: 'b', status: 'RUNNING' },
    { tag: 'b', status: 'STOPPED' },
    // Two of three compared fields match, one of two evaluated tasks passes, one of two tried tasks is tried again.
    {
      tag: 'extraction',
      tasks: [
        {
          is_evaluated: true,
          compared_fields: 2,
          matched_fields: 1,
          passed: false,
          attempt_count: 2,
          overall_confidence: 0.5,
        },
        {
          is_evaluated: true,
          compared_fields: 1,
          matched_fields: 1,
          passed: true,
          attempt_count: 1,
          overall_confidence: 0.7,
        },
        { status: 'FAILED', overall_confidence: 0.1 },
      ],
    },
  ])
  await insertRuns(
    'others',
    each([1, 2, 3, 4, 5, 6], (seconds) => ({ tag: 'a', seconds, quality: 1, cost: '9' })),
  )
})

const METRICS = `metrics {
  metric betterWhen test baseline { n mean stdDev min max } candidate { n mean stdDev } difference relativeDifference
  confidenceInterval { low high } pValue adjustedPValue rankPValue effectSize verdict
}`
const QUESTION = `query ($baseline: RunWhere!, $candidate: RunWhere!, $primary: ComparisonMetric, $metrics: [ComparisonMetric!]) {
  compareRuns(baseline: $baseline, candidate: $candidate, primary: $primary, metrics: $metrics) {
    unit paired baseline { runs tasks promptVersion { id } } candidate { runs } primary ${METRICS} tasks { improved } winner reason
  }
}`

const tagged = (tag: string) => ({ tags: { has: tag } })
const [a, b] = [tagged('a'), tagged('b')]

async function ask(variables: object, server?: Parameters<typeof database.ask>[2]) {
  return (await database.data(QUESTION, { baseline: a, candidate: b, ...variables }, server)).compareRuns
}

// biome-ignore lint/suspicious/noExplicitAny: answers are compared, not computed with.
const by = (comparison: any, metric: string) => comparison.metrics.find((one: any) => one.metric === metric)

describe('two cohorts of runs', () => {
  it('are compared by what both have when nothing is asked for, in the usual order', async () => {
    const comparison = await ask({})
    expect(comparison).toMatchObject({
      unit: 'RUN',
      paired: false,
      baseline: { runs: 7, tasks: null, promptVersion: null },
      candidate: { runs: 7 },
      primary: 'QUALITY_SCORE',
      tasks: null,
    })
    expect(comparison.metrics.map(({ metric }: { metric: string }) => metric)).toEqual([
      'QUALITY_SCORE',
      'COST_USD',
      'DURATION_SECONDS',
      'SUCCESS_RATE',
    ])
  })

  it('have the p values of Welch, Mann–Whitney and Fisher', async () => {
    const comparison = await ask({})
    // Both as SciPy has them, see the tests of the statistics.
    expect(by(comparison, 'DURATION_SECONDS')).toMatchObject({
      test: 'WELCH_T',
      baseline: { n: 6, mean: expect.closeTo(60.966667, 6), min: 48.9, max: 71.5 },
      pValue: expect.closeTo(0.017799579967647493, 10),
      rankPValue: expect.closeTo(0.01904761904761905, 10),
      confidenceInterval: { low: expect.closeTo(4.598908492968999, 8), high: expect.closeTo(32.51775817369767, 8) },
      verdict: 'NOT_ENOUGH_DATA',
    })
    // COMPLETED is 1, FAILED and PARTIAL are 0, whatever is not over has no value: 6 of 7 against 4 of 5.
    expect(by(comparison, 'SUCCESS_RATE')).toMatchObject({
      test: 'FISHER_EXACT',
      baseline: { n: 7, mean: expect.closeTo(6 / 7, 12) },
      candidate: { n: 5, mean: 0.8 },
      pValue: 1,
      rankPValue: null,
      effectSize: null,
    })
    expect(by(comparison, 'QUALITY_SCORE')).toMatchObject({
      baseline: { n: 6, mean: 60, stdDev: 0 },
      candidate: { n: 5, mean: 88 },
      difference: 28,
      relativeDifference: expect.closeTo(28 / 60, 12),
      verdict: 'BETTER',
    })
    expect(by(comparison, 'COST_USD')).toMatchObject({ difference: 0, pValue: 1, rankPValue: 1, effectSize: null })
    expect(comparison.winner).toBe('CANDIDATE')
    expect(comparison.reason).toMatch(/^The candidate wins: QUALITY_SCORE is better, 88 against 60 \(\+28, /)
  })

  it('are compared by what is asked for, and by the primary metric beside, even where there is no value', async () => {
    const comparison = await ask({ primary: 'TOTAL_TOKENS', metrics: ['COST_USD', 'FAILURE_RATE', 'COST_USD'] })
    expect(comparison.metrics.map(({ metric }: { metric: string }) => metric)).toEqual([
      'TOTAL_TOKENS',
      'COST_USD',
      'FAILURE_RATE',
    ])
    expect(by(comparison, 'TOTAL_TOKENS')).toMatchObject({ baseline: { n: 0, mean: null }, verdict: 'NOT_ENOUGH_DATA' })
    expect(by(comparison, 'FAILURE_RATE')).toMatchObject({
      betterWhen: 'LOWER',
      baseline: { mean: expect.closeTo(1 / 7, 12) },
      candidate: { mean: 0 },
    })
    expect(comparison).toMatchObject({ primary: 'TOTAL_TOKENS', winner: 'INCONCLUSIVE' })
  })

  it('of extraction runs are compared by the rates of their tasks', async () => {
    const comparison = await ask({
      candidate: tagged('extraction'),
      metrics: ['FIELD_ACCURACY', 'PASS_RATE', 'CONFIDENCE', 'RETRY_RATE'],
    })
    const means = comparison.metrics.map(({ candidate }: { candidate: { mean: number } }) => candidate.mean)
    expect(means).toEqual([expect.closeTo(2 / 3, 12), 0.5, expect.closeTo(0.6, 12), 0.5])
    expect(comparison.metrics[0].baseline.n).toBe(0)
  })

  it('may be the same: nothing differs', async () => {
    const comparison = await ask({ candidate: a, metrics: ['QUALITY_SCORE', 'DURATION_SECONDS'] })
    expect(comparison).toMatchObject({ winner: 'TIE', primary: 'QUALITY_SCORE' })
    expect(by(comparison, 'DURATION_SECONDS')).toMatchObject({ difference: 0, pValue: 1, rankPValue: 1 })
  })

  it('may be empty: nothing is said', async () => {
    const comparison = await ask({ baseline: tagged('none') })
    expect(comparison).toMatchObject({
      baseline: { runs: 0 },
      primary: null,
      metrics: [],
      winner: 'INCONCLUSIVE',
      reason: 'Inconclusive: there is no metric that both sides have.',
    })
  })

  it('can be chosen through relations', async () => {
    const { baseline } = await ask({ baseline: { playbook: { qualityScore: { gte: 80 } } } })
    expect(baseline.runs).toBe(5)
  })

  it('take one statement, and one more for the rank tests', async () => {
    const log = newLog()
    await database.transaction(async ({ db }) => {
      const scope = { organizationId: database.organizationId }
      const comparison = await compareRuns(db, scope, { baseline: a, candidate: b })
      expect([log.statements - 1, log.rows - 1]).toEqual([1, 2])
      await comparison.rankPValues()
      await comparison.rankPValues()
      expect([log.statements - 1, log.rows - 1]).toEqual([2, 5])
    }, log)
  })

  it('are of one organization, though row-level security alone keeps them apart', async () => {
    const organizationId = organizationIdOf('others')
    for (const organizationCondition of [true, false]) {
      const { baseline, candidate } = await ask({}, database.newServer({ organizationId, organizationCondition }))
      expect([baseline.runs, candidate.runs]).toEqual([6, 0])
    }
  })
})

describe('a comparison of runs refuses', () => {
  it('a filter that is none, naming what is wrong in it', async () => {
    const { errors } = await database.ask(QUESTION, { baseline: a, candidate: { id: { equals: 'x' } } })
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'candidate.id.equals' })
  })

  it('a metric that it does not know, where the API does not refuse it first', async () => {
    await database.transaction(async ({ db }) => {
      const scope = { organizationId: database.organizationId }
      const asked = async (question: object) => compareRuns(db, scope, { baseline: a, candidate: b }, question)
      await expect(asked({ metrics: ['COST_USD', 'SPEED'] })).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        argument: 'metrics[1]',
      })
      await expect(asked({ primary: 'toString' })).rejects.toMatchObject({ argument: 'primary' })
    })
  })
})
