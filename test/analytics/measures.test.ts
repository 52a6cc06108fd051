import { Decimal } from 'decimal.js'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { viewsOf } from '../../src/analytics/views.ts'
import { SUBJECTS } from '../../src/metrics/subjects/index.ts'
import { testDatabase } from '../database.ts'
import { importWorld } from './answers.ts'
import { biLogin } from './bi-login.ts'

const database = testDatabase({ isOwn: true })
let bi: pg.Client

beforeAll(async () => {
  await importWorld(database)
  ;({ bi } = await biLogin(database.url))
})

afterAll(() => bi?.end())

const views = viewsOf()

describe('measures in SQL over a view', () => {
  it.each(SUBJECTS.map(({ name }) => name))('of %s are those of GraphQL', async (subject) => {
    const view = views.find((each) => each.subject === subject)!
    const measures = view.recipes.map(({ measure }) => measure)
    const { metricsTable } = await database.data(
      'query ($query: MetricsTableQuery!) { metricsTable(query: $query) { rows } }',
      { query: { subject, measures } },
    )
    const { rows } = await bi.query({
      text: `select ${view.recipes.map(({ expression }) => `(${expression})::text`).join(', ')} from analytics.${view.name}`,
      rowMode: 'array',
    })
    const pairs = measures.map((measure, place) => [measure, metricsTable.rows[0][place], rows[0]![place]] as const)
    const differing = pairs.filter(([, graph, sql]) => !isSame(graph, sql))
    expect(differing).toEqual([])
    // Not of nothing.
    expect(pairs.filter(([, graph]) => graph !== null && Number(graph) !== 0).length).toBeGreaterThan(
      measures.length / 4,
    )
  })
})

/** Exact values exactly; binary numbers, whose sums depend on the order, to twelve digits. */
function isSame(graph: string | number | null, sql: string | null): boolean {
  if (graph === null || sql === null) return graph === sql
  const [a, b] = [new Decimal(graph), new Decimal(sql)]
  return a.equals(b) || a.minus(b).abs().lte(a.abs().times(1e-12))
}
