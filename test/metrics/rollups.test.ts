import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Where } from '../../src/filters/where.ts'
import { findMetrics } from '../../src/metrics/compile.ts'
import type { Subject } from '../../src/metrics/declaration.ts'
import { planRollup } from '../../src/metrics/plan-rollup.ts'
import { INTERVALS, type MetricsQuery, type Term, termKey } from '../../src/metrics/query.ts'
import { runs } from '../../src/metrics/subjects/runs.ts'
import { usage } from '../../src/metrics/subjects/usage.ts'
import { checkRollups } from '../../src/store/rollups.ts'
import { TenantSession } from '../../src/store/tenant-session.ts'
import { kyselyOn } from '../../src/store/transaction-kysely.ts'
import { testDatabase } from '../database.ts'
import { agents, type Fleet, fleet, insertNamed, type RunWithCalls, rewrite } from './fleet.ts'

const database = testDatabase({ isOwn: true })
const scope = { organizationId: database.organizationId }
let session: TenantSession

beforeAll(async () => {
  session = await TenantSession.open(database.url, database.organizationId)
  await insertNamed(session, database.organizationId)
})
afterAll(() => session.close())

const ZONES = ['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'Pacific/Kiritimati', 'Etc/GMT+12', 'America/New_York']

/** Times at which people begin and end what they ask about. */
const limits = fc.oneof(
  fc.integer({ min: -2, max: 4 }).map((month) => new Date(Date.UTC(2026, month, 1)).toISOString()),
  fc.integer({ min: -2, max: 4 }).map((month) => new Date(Date.UTC(2026, month, 1, -1)).toISOString()),
  fc.integer({ min: 0, max: 90 }).map((day) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString()),
  fc.integer({ min: 0, max: 2000 }).map((hour) => new Date(Date.UTC(2026, 0, 1, hour)).toISOString()),
  fc.integer({ min: 0, max: 40 }).map((day) => new Date(Date.UTC(2026, 0, 1 + day) - 1).toISOString()),
)
const times = fc.oneof(
  fc.record({ gte: limits, lt: limits }),
  limits.map((gt) => ({ gt })),
  limits.map((lte) => ({ lte })),
  fc.constant({ isNull: true }),
)
const pipelineNames = fc.oneof(
  fc.constantFrom('playbook', 'briefing', 'nobody').map((equals) => ({ equals })),
  fc.constant({ in: ['playbook', 'other'] }),
  fc.constant({ startsWith: 'b' }),
)
const usageWhere = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  pipelineNames.map((name) => ({ pipeline: { name } })),
  pipelineNames.map((name) => ({ run: { pipeline: { name } } })),
  fc.constantFrom(...agents).map((equals) => ({ agent: { name: { equals } } })),
  fc.boolean().map((isNull) => ({ agent: { isNull } })),
  fc.constantFrom({ equals: 'm1' }, { notEquals: 'm1' }, { isNull: true }).map((model) => ({ model })),
  fc.constantFrom('COMPLETED', 'FAILED').map((equals) => ({ status: { equals } })),
  fc.constant({ costSource: { in: ['PRICED', 'REPORTED'] } }),
  fc.constant({ phase: { name: { equals: 'research' } } }),
  fc.constant({ promptVersion: { version: { in: ['v1', 'v2'] } } }),
  fc.constant({ promptVersion: { isNull: true } }),
  times.map((startedAt) => ({ startedAt })),
)
const runsWhere = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  pipelineNames.map((name) => ({ pipeline: { name } })),
  fc.constantFrom('COMPLETED', 'FAILED', 'RUNNING').map((equals) => ({ status: { equals } })),
  fc.constant({ status: { notIn: ['FAILED'] } }),
  times.map((startedAt) => ({ startedAt })),
)
const combined = (where: fc.Arbitrary<object>): fc.Arbitrary<Where> =>
  fc.oneof(
    { weight: 3, arbitrary: where.map((a) => ({ ...a })) },
    fc.tuple(where, where).map(([a, b]) => ({ AND: [a, b] })),
    fc.tuple(where, where).map(([a, b]) => ({ OR: [a, b] })),
    where.map((a) => ({ NOT: a })),
  )

const terms = (...names: string[]): Term[] =>
  names.map((name) => {
    const [measure, aggregate] = name.split('.')
    return { name: measure!, aggregate: (aggregate ?? null) as Term['aggregate'] }
  })
const USAGE_TERMS = terms(
  'calls',
  'failures',
  'failureRate',
  'promptTokens.sum',
  'completionTokens.avg',
  'cachedTokens.sum',
  'cachedShare',
  'totalTokens.avg',
  'costUsd.sum',
  'costUsd.avg',
  'costCoverage',
  'durationSeconds.sum',
  'durationSeconds.avg',
)
const PERCENTILES = terms('calls', 'costUsd.sum', 'durationSeconds.p50', 'durationSeconds.p95', 'durationSeconds.p99')
const RUN_TERMS = terms(
  'runs',
  'completed',
  'failed',
  'partial',
  'successRate',
  'costUsd.sum',
  'costUsd.avg',
  'durationSeconds.avg',
  'totalTokens.sum',
  'llmCalls.avg',
  'costCoverage',
)

/** A question that can be shown: its subject by name. */
type Question = Omit<MetricsQuery, 'subject'> & { subject: 'RUNS' | 'USAGE' }

function questions(subject: Question['subject'], dimensions: string[], asked: Term[], where: fc.Arbitrary<object>) {
  return fc
    .record({
      groupBy: fc.subarray(dimensions, { maxLength: Math.min(3, dimensions.length) }),
      interval: fc.option(fc.constantFrom(...INTERVALS)),
      timeZone: fc.constantFrom(...ZONES),
      where: combined(where),
      having: fc.option(fc.constantFrom('gt', 'lte'), { freq: 4 }),
    })
    .map(
      ({ having, ...question }): Question => ({
        ...question,
        subject,
        scope,
        terms: asked,
        having: having ? [{ term: asked[0]!, comparison: having, value: '2' }] : [],
        orderBy: [],
        size: 10_000,
        offset: 0,
      }),
    )
}

const question = fc.oneof(
  {
    weight: 3,
    arbitrary: questions(
      'USAGE',
      ['pipeline', 'phase', 'agent', 'model', 'prompt', 'promptVersion', 'status', 'costSource'],
      USAGE_TERMS,
      usageWhere,
    ),
  },
  { weight: 2, arbitrary: questions('USAGE', ['pipeline', 'agent'], USAGE_TERMS, usageWhere) },
  {
    weight: 2,
    arbitrary: questions(
      'USAGE',
      ['pipeline', 'agent'],
      PERCENTILES,
      fc.oneof(
        fc.constant({}),
        pipelineNames.map((name) => ({ pipeline: { name } })),
      ),
    ),
  },
  { weight: 3, arbitrary: questions('RUNS', ['pipeline', 'status', 'runType'], RUN_TERMS, runsWhere) },
)

const SUBJECTS: Record<Question['subject'], Subject> = { RUNS: runs, USAGE: usage }
const fromRollup = (asked: Question): MetricsQuery => ({ ...asked, subject: SUBJECTS[asked.subject] })
const fromFacts = (asked: Question): MetricsQuery => ({
  ...asked,
  subject: { ...SUBJECTS[asked.subject], rollups: [] },
})
const covered = question.filter((asked) => planRollup(fromRollup(asked), asked.terms) !== null)

const STEPS = 60
const QUESTIONS_A_STEP = 20

describe('a rollup', () => {
  it(`answers as the facts do, whatever is asked (${STEPS * QUESTIONS_A_STEP} questions) and whatever became of the facts`, async () => {
    const there: Fleet = new Map<string, RunWithCalls>()
    let asked = 0
    await fc.assert(
      fc.asyncProperty(
        fleet,
        fc.array(covered, { minLength: QUESTIONS_A_STEP, maxLength: QUESTIONS_A_STEP }),
        async (changes, questionsOfStep) => {
          await rewrite(session, scope.organizationId, there, changes)
          await database.transaction(async ({ db }) => {
            for (const query of questionsOfStep) {
              const [cells, facts] = [await findMetrics(db, fromRollup(query)), await findMetrics(db, fromFacts(query))]
              expectSame(cells, facts, query)
              asked += 1
            }
          })
        },
      ),
      { numRuns: STEPS, endOnFailure: true },
    )
    expect(asked).toBeGreaterThanOrEqual(1000)
    expect(there.size).toBeGreaterThan(20)
    for (const { table, wrong, examples } of await checkRollups(session)) {
      expect({ table, wrong, examples }).toEqual({ table, wrong: 0, examples: [] })
    }
  }, 120_000)

  it('is not read where it does not tell apart what is asked', () => {
    const query: MetricsQuery = {
      subject: usage,
      scope,
      groupBy: [],
      interval: null,
      timeZone: 'UTC',
      having: [],
      orderBy: [],
      terms: terms('calls'),
      size: 1,
      offset: 0,
    }
    const isCovered = (change: Partial<MetricsQuery>) => {
      const changed = { ...query, ...change }
      return planRollup(changed, changed.terms) !== null
    }
    expect(isCovered({})).toBe(true)
    expect(isCovered({ interval: 'DAY', timeZone: 'Asia/Kathmandu' })).toBe(false)
    expect(isCovered({ interval: 'DAY', timeZone: 'Europe/Berlin' })).toBe(true)
    expect(isCovered({ interval: 'HOUR', groupBy: ['pipeline'] })).toBe(true)
    expect(isCovered({ interval: 'HOUR', groupBy: ['agent'] })).toBe(false)
    expect(isCovered({ groupBy: ['tag'] })).toBe(false)
    expect(isCovered({ terms: terms('runs') })).toBe(false)
    expect(isCovered({ terms: terms('costUsd.max') })).toBe(false)
    expect(isCovered({ terms: terms('durationSeconds.p95'), groupBy: ['model'] })).toBe(false)
    expect(isCovered({ where: { startedAt: { gte: '2026-01-01T00:00:00Z' } } })).toBe(true)
    expect(isCovered({ where: { startedAt: { gte: '2026-01-01T00:30:00Z' } } })).toBe(false)
    expect(isCovered({ where: { startedAt: { lte: '2026-01-31T23:59:59.999Z' } } })).toBe(true)
    expect(isCovered({ where: { promptTokens: { gt: 5 } } })).toBe(false)
    expect(isCovered({ where: { run: { tags: { has: 'x' } } } })).toBe(false)
    expect(isCovered({ where: { agent: { calls: { model: { equals: 'm1' } } } } })).toBe(false)
    expect(isCovered({ where: { phase: { name: { notEquals: 'research' } } } })).toBe(false)
  })

  it('is read without a look at the facts', async () => {
    const relations = new Set<string>()
    await database.transaction(async ({ tx }) => {
      const explaining = {
        async $queryRawUnsafe(statement: string, ...values: unknown[]) {
          const [row] = await tx.$queryRawUnsafe<[{ 'QUERY PLAN': [{ Plan: Plan }] }]>(
            `explain (format json) ${statement}`,
            ...values,
          )
          for (const relation of relationsOf(row['QUERY PLAN'][0].Plan)) relations.add(relation)
          return []
        },
      }
      for (const query of fc.sample(covered, { numRuns: 300, seed: 1 }))
        await findMetrics(kyselyOn(explaining as never), fromRollup(query))
    })
    expect([...relations].sort()).toEqual([
      'agents',
      'campaigns',
      'pipelines',
      'prompt_versions',
      'x_run_hours',
      'x_run_months',
      'x_usage_days',
      'x_usage_days_by_year',
      'x_usage_durations',
      'x_usage_durations_by_year',
      'x_usage_hours',
      'x_usage_months',
      'x_usage_years',
    ])
  })
})

type Plan = { 'Relation Name'?: string; Plans?: Plan[] }

function relationsOf(plan: Plan): string[] {
  const inner = (plan.Plans ?? []).flatMap(relationsOf)
  return plan['Relation Name'] ? [plan['Relation Name'], ...inner] : inner
}

type Answer = Awaited<ReturnType<typeof findMetrics>>

function expectSame(cells: Answer, facts: Answer, query: Question): void {
  const shown = JSON.stringify(query)
  expect(
    cells.rows.map(({ key }) => key),
    shown,
  ).toEqual(facts.rows.map(({ key }) => key))
  expect(cells.totalCount, shown).toBe(facts.totalCount)
  for (const [place, { values }] of facts.rows.entries()) {
    for (const term of query.terms) {
      const name = termKey(term)
      const [found, wanted] = [cells.rows[place]!.values[name], values[name]]
      if (wanted === null || found === null) expect(found, `${name} of ${shown}`).toBe(wanted)
      else if (term.aggregate?.startsWith('p'))
        expect(
          Math.abs(Number(found) - Number(wanted)),
          `${name} of ${shown}: ${found}, ${wanted}`,
        ).toBeLessThanOrEqual(Math.abs(Number(wanted)) * 0.01)
      else if (typeof wanted === 'number') expect(found, `${name} of ${shown}`).toBeCloseTo(wanted, 8)
      else expect(found, `${name} of ${shown}`).toEqual(wanted)
    }
  }
}
