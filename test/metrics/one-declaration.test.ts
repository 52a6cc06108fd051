import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import pg from 'pg'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { applyViews } from '../../src/analytics/apply-views.ts'
import { viewsOf } from '../../src/analytics/views.ts'
import type { Subject } from '../../src/metrics/declaration.ts'
import { documentOf } from '../../src/metrics/document.ts'
import { orderNames, termsOf } from '../../src/metrics/query.ts'
import { SUBJECTS } from '../../src/metrics/subjects/index.ts'
import { biLogin } from '../analytics/bi-login.ts'
import { testDatabase } from '../database.ts'
import { insertSample, sampleRuns } from './sample.ts'

// One measure more than there is, declared like any other: nothing else knows of it.
vi.mock('../../src/metrics/subjects/usage.ts', async (original) => {
  const { usage } = await original<{ usage: Subject }>()
  const longCalls: Subject['measures'][string] = {
    kind: 'count',
    unit: 'count',
    description: 'Calls that took longer than ten seconds.',
    value: ({ row }) => sql`(${row.column('duration_seconds')} > 10)::int`,
  }
  return { usage: { ...usage, measures: { ...usage.measures, longCalls } } }
})

const database = testDatabase({ isOwn: true })
const runs = sampleRuns()
const expected = runs.flatMap(({ calls }) => calls).filter(({ durationSeconds }) => (durationSeconds ?? 0) > 10).length

beforeAll(() => insertSample(database, runs))

describe('a measure that is declared', () => {
  it('is in GraphQL: in groups, totals, conditions and orders', async () => {
    const { usageMetrics } = await database.data(
      '{ usageMetrics(groupBy: [AGENT], having: { longCalls: { gt: 0 } }, orderBy: [{ longCallsSum: DESC }]) { nodes { longCalls } totals { longCalls } } }',
    )
    const counts = usageMetrics.nodes.map(({ longCalls }: { longCalls: number }) => longCalls)
    expect(counts).toEqual([...counts].sort((a: number, b: number) => b - a))
    expect(counts.reduce((total: number, each: number) => total + each, 0)).toBe(expected)
    expect(usageMetrics.totals.longCalls).toBe(expected)
  })

  it('is in metricsTable, metricCatalog, the metrics of objects and the document', async () => {
    const { metricsTable, metricCatalog, pipelines } = await database.data(
      `{ metricsTable(query: { subject: USAGE, measures: ["longCalls"] }) { columns { name unit } rows }
         metricCatalog { subject measures { name unit additive description } }
         pipelines { nodes { usage { totals { longCalls } } } } }`,
    )
    expect(metricsTable).toEqual({ columns: [{ name: 'longCalls', unit: 'count' }], rows: [[expected]] })
    expect(metricCatalog.find(({ subject }: { subject: string }) => subject === 'USAGE').measures).toContainEqual({
      name: 'longCalls',
      unit: 'count',
      additive: true,
      description: 'Calls that took longer than ten seconds.',
    })
    const sums = pipelines.nodes.map(
      ({ usage }: { usage: { totals: { longCalls: number } } }) => usage.totals.longCalls,
    )
    expect(sums.reduce((total: number, each: number) => total + each, 0)).toBe(expected)
    expect(documentOf()).toContain('| `longCalls` |  | count | yes | Calls that took longer')
  })

  it('is in the view of BI tools, with the same value', async () => {
    const view = viewsOf().find(({ subject }) => subject === 'USAGE')!
    const { expression } = view.recipes.find(({ measure }) => measure === 'longCalls')!
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await applyViews(client)
    await client.end()
    const { bi } = await biLogin(database.url)
    expect((await bi.query(`select ${expression} as value from analytics.${view.name}`)).rows).toEqual([
      { value: String(expected) },
    ])
    const { rows } = await bi.query(`select expression, unit from analytics.catalog where name = 'longCalls'`)
    expect(rows).toEqual([{ expression, unit: 'count' }])
    await bi.end()
  })
})

describe('the declarations', () => {
  it('make docs/metrics.md; if not, run: npx tsx scripts/build-metrics-docs.ts', () => {
    const file = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8')
    const own = documentOf(SUBJECTS.filter(({ name }) => name !== 'USAGE'))
    const parts = (text: string) => text.split('\n## ').filter((part) => !part.startsWith('USAGE\n'))
    expect(parts(file).join('\n## ') === parts(own).join('\n## ')).toBe(true)
  })

  it.each(SUBJECTS.map((subject) => [subject.name, subject] as const))(
    'of %s give each name to one thing, and describe it in a sentence',
    (_name, subject) => {
      const measured = termsOf(subject).flatMap((term) => orderNames(subject, term))
      const names = [...Object.keys(subject.dimensions), ...measured, 'startedAt', 'key', 'matchingRuns']
      expect(names.filter((name, place) => names.indexOf(name) !== place)).toEqual([])
      const described = [
        subject,
        subject.time,
        ...Object.values(subject.dimensions),
        ...Object.values(subject.measures),
      ]
      expect(described.map(({ description }) => description).filter((text) => !/^[A-Z`].*\.$/s.test(text))).toEqual([])
    },
  )
})
