import { Decimal } from 'decimal.js'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { snakeCase } from '../../src/analytics/view.ts'
import { viewsOf } from '../../src/analytics/views.ts'
import { SUBJECTS } from '../../src/metrics/subjects/index.ts'
import { testDatabase } from '../database.ts'
import { ask, comparable, importWorld, metricsTable, read } from './answers.ts'
import { biLogin } from './bi-login.ts'
import { readPage } from './markdown.ts'

const database = testDatabase({ isOwn: true })
let bi: pg.Client

beforeAll(async () => {
  await importWorld(database)
  ;({ bi } = await biLogin(database.url))
})

afterAll(() => bi?.end())

const views = viewsOf()

describe('dimensions in SQL over a view', () => {
  const { tables } = readPage(read('docs/bi.md'))

  /** The names of columns that are others than those of their dimensions. */
  function documented(view: string): Map<string, string> {
    const places = tables.flatMap(([from, to]) => (to ?? []).map((place, index) => [from?.[index], place] as const))
    return new Map(
      places.flatMap(([dimension, place]) => {
        const [of, column] = place.split('.')
        return dimension && column && of === view ? [[dimension, column] as const] : []
      }),
    )
  }

  it.each(SUBJECTS)('of $name are columns of the same name, or of the one that the page says', async (subject) => {
    const { name: view } = views.find((each) => each.subject === subject.name)!
    const others = documented(view)
    for (const [dimension, { many }] of Object.entries(subject.dimensions)) {
      if (many) continue
      const column = others.get(dimension) ?? snakeCase(dimension)
      const groups = await metricsTable(database, { subject: subject.name, measures: [], dimensions: [dimension] })
      const { rows } = await ask(bi, `select distinct ${column} from analytics.${view}`)
      expect(comparable(rows), `${dimension} in ${column}`).toEqual(comparable(groups))
    }
  })
})

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
