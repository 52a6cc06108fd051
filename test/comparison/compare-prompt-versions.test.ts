import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { comparePromptVersions } from '../../src/comparison/compare-prompt-versions.ts'
import { encodeGlobalId } from '../../src/filters/global-ids.ts'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { newLog, testDatabase } from '../database.ts'

const database = testDatabase()
const ORGANIZATION = organizationIdOf('default')

type Row = Record<string, unknown>

/** Inserts a row of a table that has an id and an organization; its id. */
async function insert(table: string, row: Row, organization = ORGANIZATION): Promise<string> {
  const id = randomUUID()
  await database.insert(table, [{ id, organization_id: organization, ...row }])
  return id
}

const recorded = () => ({ source_id: randomUUID(), record_sha256: 'x' })
const campaign = (name: string, organization?: string) => insert('campaigns', { ...recorded(), name }, organization)
const version = (of: Row, label: string, organization?: string) =>
  insert('prompt_versions', { ...of, version: label }, organization)

let pipeline: string
const run = (row: Row) =>
  insert('runs', { pipeline_id: pipeline, external_id: randomUUID(), status: 'COMPLETED', record_sha256: 'x', ...row })

/** What is told of a task on a row: its accuracy, and whether it passes. */
const read = (row: string | null, accuracy: number | null, more: Row = {}): Row => ({
  dataset_row_id: row,
  is_evaluated: accuracy !== null,
  field_accuracy: accuracy,
  passed: accuracy === null ? null : accuracy === 1,
  ...more,
})

async function tasks(runId: string, rows: Row[]) {
  for (const row of rows) await insert('tasks', { ...recorded(), run_id: runId, status: 'COMPLETED', ...row })
}

const ROWS = Array.from({ length: 8 }, () => randomUUID())
const ids: Record<string, string> = {}

beforeAll(async () => {
  pipeline = await insert('pipelines', { name: 'extraction' })
  const watch = { campaign_id: await campaign('Watch') }
  for (const label of ['1', '2', '3', '4']) ids[label] = await version(watch, label)
  // The same names again: a campaign, a version.
  ids.twin = await version({ campaign_id: await campaign('Twin') }, '1')
  ids.otherTwin = await version({ campaign_id: await campaign('Twin') }, '1')
  await version({ campaign_id: await campaign('Watch', organizationIdOf('others')) }, '1', organizationIdOf('others'))

  const at = (day: number) => new Date(Date.UTC(2026, 0, day))
  // Version 1: a test of two rows, then a run of all, whose first two rows are not counted again.
  const sample = await run({ instruction_id: ids[1], started_at: at(1) })
  await tasks(sample, [read(ROWS[0]!, 0.5, { duration_ms: 1000 }), read(ROWS[1]!, 0.5, { duration_ms: 2000 })])
  const whole = await run({ instruction_id: ids[1], started_at: at(2) })
  await tasks(whole, [
    read(ROWS[0]!, 1, { duration_ms: 99_000 }),
    read(ROWS[1]!, 1, { duration_ms: 99_000 }),
    read(ROWS[2]!, 0, { duration_ms: 3000 }),
    read(ROWS[3]!, 0.5, { duration_ms: 4000 }),
    read(ROWS[4]!, 1, { duration_ms: 5000 }),
    read(ROWS[5]!, 1),
    // Not evaluated, and a row that version 2 does not have.
    read(ROWS[6]!, null, { duration_ms: 6000 }),
    read(ROWS[7]!, 0.9),
    // Whose row nobody knows.
    read(null, 1),
  ])
  const second = await run({ instruction_id: ids[2], started_at: at(3) })
  await tasks(second, [
    read(ROWS[0]!, 1, { duration_ms: 1100 }),
    read(ROWS[1]!, 1, { duration_ms: 2100 }),
    read(ROWS[2]!, 0.5, { duration_ms: 3100 }),
    read(ROWS[3]!, 0.5, { duration_ms: 4100 }),
    read(ROWS[4]!, 0.5, { duration_ms: 5100 }),
    read(ROWS[5]!, 1),
    read(ROWS[6]!, 1, { duration_ms: 6100 }),
  ])
  // Versions 3 and 4 share rows by number alone: the dump left the rows of their dataset out. Version 3 has none in common.
  const dataset = randomUUID()
  await tasks(await run({ instruction_id: ids[3], dataset_id: dataset }), [
    { row_id: '1', field_accuracy: 0.5, attempt_count: 2 },
    { row_id: '2', field_accuracy: 0.75, attempt_count: 1, dataset_id: dataset },
  ])
  await tasks(await run({ instruction_id: ids[4], dataset_id: dataset }), [
    { row_id: '2', field_accuracy: 1, attempt_count: 1 },
    { row_id: '3', field_accuracy: 1 },
  ])

  // An agent's prompt, judged by the runs that called it: a run counts once.
  const agent = { agent_id: await insert('agents', { name: 'offerings' }) }
  ids.a = await version(agent, 'a')
  ids.b = await version(agent, 'b')
  for (const [label, costs] of [
    ['a', ['1', '2', '3']],
    ['b', ['4', '5']],
  ] as const)
    for (const cost of costs) {
      const runId = await run({ cost_usd: cost })
      for (const position of [0, 1])
        await insert('agent_calls', {
          run_id: runId,
          ...agent,
          prompt_version_id: ids[label],
          position,
          status: 'COMPLETED',
          cost_source: 'UNKNOWN',
        })
    }
})

const QUESTION = `query ($baseline: PromptVersionRef!, $candidate: PromptVersionRef!, $primary: ComparisonMetric, $metrics: [ComparisonMetric!]) {
  comparePromptVersions(baseline: $baseline, candidate: $candidate, primary: $primary, metrics: $metrics) {
    unit paired primary winner reason
    baseline { runs tasks promptVersion { id version } } candidate { runs tasks promptVersion { version } }
    tasks { improved regressed unchanged }
    metrics { metric test baseline { n mean } candidate { n mean } difference confidenceInterval { low high } pValue rankPValue verdict }
  }
}`

const watch = (label: string) => ({ campaign: 'Watch', version: label })

async function ask(baseline: object, candidate: object, more: object = {}) {
  return (await database.data(QUESTION, { baseline, candidate, ...more })).comparePromptVersions
}

// biome-ignore lint/suspicious/noExplicitAny: answers are compared, not computed with.
const by = (comparison: any, metric: string) => comparison.metrics.find((one: any) => one.metric === metric)

describe('two versions of an instruction', () => {
  it('are compared row by row, of each version the first run that read the row', async () => {
    const comparison = await ask(watch('1'), watch('2'))
    expect(comparison).toMatchObject({
      unit: 'TASK',
      paired: true,
      primary: 'FIELD_ACCURACY',
      // Seven rows are common; version 1 read them in two runs.
      baseline: { runs: 2, tasks: 7, promptVersion: { id: encodeGlobalId('PromptVersion', ids[1]!), version: '1' } },
      candidate: { runs: 1, tasks: 7, promptVersion: { version: '2' } },
      // 0.5→1, 0.5→1, 0→0.5 up; 1→0.5 down; 0.5→0.5 and 1→1 as they were.
      tasks: { improved: 3, regressed: 1, unchanged: 2 },
    })
    expect(by(comparison, 'FIELD_ACCURACY')).toMatchObject({
      test: 'PAIRED_T',
      baseline: { n: 6, mean: expect.closeTo(3.5 / 6, 12) },
      candidate: { n: 6, mean: expect.closeTo(4.5 / 6, 12) },
      // SciPy 1.17.1: ttest_rel, wilcoxon of [1, 1, .5, .5, .5, 1], [.5, .5, 0, .5, 1, 1].
      pValue: expect.closeTo(0.3632174676491229, 10),
      rankPValue: expect.closeTo(0.625, 10),
    })
    // Passing: twice only the candidate, once only the baseline.
    expect(by(comparison, 'PASS_RATE')).toMatchObject({ test: 'MCNEMAR_EXACT', pValue: 1, rankPValue: null })
    // Each took 0.1 s more: that is certain, although the binary fractions differ.
    expect(by(comparison, 'DURATION_SECONDS')).toMatchObject({
      baseline: { n: 6, mean: 3.5 },
      difference: expect.closeTo(0.1, 12),
      confidenceInterval: { low: 0.1, high: 0.1 },
      pValue: 0,
      verdict: 'WORSE',
    })
    expect(comparison.metrics.map(({ metric }: { metric: string }) => metric)).toEqual([
      'FIELD_ACCURACY',
      'PASS_RATE',
      'DURATION_SECONDS',
    ])
  })

  it('count improved tasks although accuracy is not asked for', async () => {
    const comparison = await ask(watch('1'), watch('2'), { metrics: ['SUCCESS_RATE', 'TOTAL_TOKENS'] })
    expect(comparison.metrics.map(({ metric }: { metric: string }) => metric)).toEqual(['SUCCESS_RATE', 'TOTAL_TOKENS'])
    expect(comparison).toMatchObject({ primary: 'SUCCESS_RATE', tasks: { improved: 3, regressed: 1, unchanged: 2 } })
  })

  it('meet by row number where the dataset was left out, of the same dataset alone', async () => {
    const comparison = await ask(watch('3'), watch('4'), { metrics: ['FIELD_ACCURACY'] })
    expect(comparison).toMatchObject({ paired: true, baseline: { tasks: 1 }, tasks: { improved: 1 } })
    expect(by(comparison, 'FIELD_ACCURACY')).toMatchObject({ baseline: { mean: 0.75 }, verdict: 'NOT_ENOUGH_DATA' })
  })

  it('without a common row are compared as wholes', async () => {
    const comparison = await ask(watch('1'), watch('3'), { metrics: ['FIELD_ACCURACY', 'RETRY_RATE'] })
    expect(comparison).toMatchObject({
      paired: false,
      tasks: null,
      baseline: { runs: 2, tasks: 11 },
      candidate: { runs: 1, tasks: 2 },
    })
    expect(by(comparison, 'FIELD_ACCURACY')).toMatchObject({
      test: 'WELCH_T',
      baseline: { n: 10 },
      candidate: { n: 2 },
    })
    expect(by(comparison, 'RETRY_RATE')).toMatchObject({ test: 'FISHER_EXACT', candidate: { n: 2, mean: 0.5 } })
  })

  it('may be the same: every pair is unchanged', async () => {
    const comparison = await ask(watch('2'), { id: ids[2] })
    expect(comparison).toMatchObject({ winner: 'TIE', tasks: { improved: 0, regressed: 0, unchanged: 7 } })
  })

  it('take two statements, three when not paired, and one more for the rank tests', async () => {
    const scope = { organizationId: ORGANIZATION }
    for (const [candidate, statements] of [
      ['2', 2],
      ['3', 3],
    ] as const) {
      const log = newLog()
      await database.transaction(async ({ db }) => {
        const comparison = await comparePromptVersions(db, scope, { baseline: watch('1'), candidate: watch(candidate) })
        expect(log.statements - 1).toBe(statements)
        await comparison.rankPValues()
        expect(log.statements - 1).toBe(statements + 1)
      }, log)
    }
  })
})

describe("two versions of an agent's prompt", () => {
  it('are compared by the runs that called them', async () => {
    const comparison = await ask({ agent: 'offerings', version: 'a' }, { agent: 'offerings', version: 'b' })
    expect(comparison).toMatchObject({
      unit: 'RUN',
      paired: false,
      baseline: { runs: 3, tasks: null },
      candidate: { runs: 2 },
    })
    expect(by(comparison, 'COST_USD')).toMatchObject({
      baseline: { n: 3, mean: 2 },
      candidate: { n: 2, mean: 4.5 },
      verdict: 'NOT_ENOUGH_DATA',
    })
    expect(comparison.reason).toBe(
      'Inconclusive: COST_USD has 3 values in the baseline and 2 values in the candidate; 5 are needed in each.',
    )
  })
})

describe('a comparison of prompt versions refuses', () => {
  const shape = 'must have campaign and version, or agent and version, or id alone'
  it.each<[string, object, string, string]>([
    ['a reference without a version', { campaign: 'Watch' }, 'candidate', shape],
    ['a reference to campaign and agent', { ...watch('1'), agent: 'offerings' }, 'candidate', shape],
    ['a reference to nothing', {}, 'candidate', shape],
    [
      'an id of something else',
      { id: encodeGlobalId('Run', randomUUID()) },
      'candidate.id',
      'not the id of a PromptVersion',
    ],
    ['a version that is not there', watch('9'), 'candidate', 'candidate names no prompt version.'],
    ['an id that is not there', { id: randomUUID() }, 'candidate', 'candidate names no prompt version.'],
    [
      'an agent’s prompt against an instruction',
      { agent: 'offerings', version: 'a' },
      'candidate',
      'cannot be compared',
    ],
    ['a text with a NUL character', watch('1\u0000'), 'candidate.version', 'NUL'],
  ])('%s', async (_what, candidate, argument, message) => {
    const { errors } = await database.ask(QUESTION, { baseline: watch('1'), candidate })
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument })
    expect(errors![0]!.message).toContain(message)
  })

  it('a name of several versions, naming their ids', async () => {
    const { errors } = await database.ask(QUESTION, {
      baseline: { campaign: 'Twin', version: '1' },
      candidate: watch('1'),
    })
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'baseline' })
    for (const id of [ids.twin!, ids.otherTwin!])
      expect(errors![0]!.message).toContain(encodeGlobalId('PromptVersion', id))
  })

  it('a metric that has no meaning for tasks', async () => {
    const { errors } = await database.ask(QUESTION, {
      baseline: watch('1'),
      candidate: watch('2'),
      metrics: ['QUALITY_SCORE'],
    })
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'metrics[0]' })
  })

  it('versions of another organization, though row-level security alone keeps them apart', async () => {
    const organizationId = organizationIdOf('others')
    for (const organizationCondition of [true, false]) {
      const server = database.newServer({ organizationId, organizationCondition })
      const refs = { baseline: { id: ids[1] }, candidate: watch('1') }
      const { errors } = await database.ask(QUESTION, refs, server)
      expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'baseline' })
    }
  })
})
