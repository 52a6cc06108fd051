import { beforeAll, describe, expect, it } from 'vitest'
import { entities } from '../../src/filters/entities/index.ts'
import { findPage, findPages, type Paging } from '../../src/filters/page.ts'
import { kyselyOn } from '../../src/store/transaction-kysely.ts'
import { testDatabase } from '../database.ts'

type Plan = {
  'Node Type': string
  'Relation Name'?: string
  'Actual Rows': number
  Plans?: Plan[]
  'Rows Removed by Filter'?: number
}

const database = testDatabase({ isOwn: true })
const RUNS = 50_000

beforeAll(async () => {
  const { organizationId } = database
  await database.sql(
    `insert into runs (id, organization_id, pipeline_id, external_id, status, started_at, duration_seconds, cost_usd, prospect_id, record_sha256)
     select md5('run' || i)::uuid, $1::uuid, md5('pipeline')::uuid, 'run-' || i, 'COMPLETED',
            case when i % 50 > 0 then timestamptz '2025-01-01' + i * interval '1 minute' end,
            (i * 7919) % 5000, (i * 31 % 977) / 100.0, md5('company' || i % 1000)::uuid, ''
     from generate_series(1, ${RUNS}) as i`,
    [organizationId],
  )
  await database.sql(
    `insert into companies (id, organization_id, key, name, industry)
     select md5('company' || i)::uuid, $1::uuid, i::text, 'Company ' || i, 'Industry ' || i % 10 from generate_series(0, 999) as i`,
    [organizationId],
  )
  await database.sql('vacuum analyze')
})

/** Runs the work and gives the plans of its statements instead of their rows. */
async function plansOf(work: (db: ReturnType<typeof kyselyOn>) => Promise<unknown>): Promise<Plan[]> {
  const plans: Plan[] = []
  await database.transaction(async ({ tx }) => {
    const explaining = {
      async $queryRawUnsafe(sql: string, ...values: unknown[]) {
        const [row] = await tx.$queryRawUnsafe<[{ 'QUERY PLAN': [{ Plan: Plan }] }]>(
          `explain (analyze, format json) ${sql}`,
          ...values,
        )
        plans.push(row['QUERY PLAN'][0].Plan)
        return []
      },
    }
    await work(kyselyOn(explaining as never))
  })
  return plans
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]

/** Rows that were taken from the table, whether they were kept or not. */
const rowsTouched = (plans: Plan[]): number =>
  plans
    .flatMap(nodesOf)
    .filter((node) => node['Relation Name'] === 'runs')
    .reduce((sum, node) => sum + node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0), 0)

const scope = { organizationId: database.organizationId }
const selection = { entity: entities.run, scope }

async function cursorInTheMiddle(orderBy: object[]): Promise<string> {
  const where = { externalId: { equals: `run-${RUNS / 2 + 1}` } }
  const { rows } = await database.transaction(({ db }) => findPage(db, { ...selection, where }, { orderBy, size: 1 }))
  return rows[0]!.cursor
}

describe(`a page of ${RUNS} runs is read from an index`, () => {
  const orders: [string, object[]][] = [
    ['newest first', [{ startedAt: 'DESC' }]],
    ['oldest first', [{ startedAt: 'ASC' }]],
    ['longest first', [{ durationSeconds: 'DESC' }]],
    ['dearest first', [{ costUsd: 'DESC' }]],
  ]

  it.each(orders)('%s', async (_order, orderBy) => {
    const paging: Paging = { orderBy, size: 20 }
    for (const more of [{}, { fromEnd: true }]) {
      expect(rowsTouched(await plansOf((db) => findPage(db, selection, { ...paging, ...more })))).toBeLessThan(100)
    }
  })

  // Under row-level security an index takes no condition on a decimal: PostgreSQL does not call its operators leakproof.
  it.each(orders.slice(0, 3))('%s, in the middle of the list', async (_order, orderBy) => {
    const cursor = await cursorInTheMiddle(orderBy)
    for (const fromEnd of [false, true]) {
      expect(
        rowsTouched(await plansOf((db) => findPage(db, selection, { orderBy, size: 20, cursor, fromEnd }))),
      ).toBeLessThan(200)
    }
  })

  it('for each of several parents', async () => {
    const { rows } = await database.transaction(({ db }) =>
      findPage(db, { entity: entities.company, scope }, { size: 20 }),
    )
    const parents = rows.map(({ id }) => id)
    const plans = await plansOf((db) =>
      findPages(db, [{ selection, paging: { size: 5 }, link: { columns: ['prospect_id'] }, parents }]),
    )
    expect(
      plans.flatMap(nodesOf).some((node) => node['Node Type'] === 'Seq Scan' && node['Relation Name'] === 'runs'),
    ).toBe(false)
  })
})
