import { parse, print } from 'graphql'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { keyOf, type Served, serve } from '../server/served.ts'
import { ask, comparable, importWorld, metricsTable, pick, read } from './answers.ts'
import { biLogin } from './bi-login.ts'
import { expandMacros, expandTimes, type TimeRange } from './grafana-macros.ts'
import { readPage } from './markdown.ts'

// biome-ignore lint/suspicious/noExplicitAny: parts of a JSON file are compared, not computed with.
type Any = any

const dashboard: Any = JSON.parse(read('docs/bi/grafana-dashboard.json'))

/** A part of the world's time, from the beginning of a day to the end of an hour. */
const RANGE: TimeRange = { from: '2025-09-01T00:00:00Z', to: '2026-01-20T11:59:59.999Z', interval: '1d' }
/** Imports are of today. */
const TODAY: TimeRange = { ...RANGE, from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }
const where = (field: string) => ({ [field]: { gte: RANGE.from, lte: RANGE.to } })

const database = testDatabase({ isOwn: true })
let bi: pg.Client

beforeAll(async () => {
  await importWorld(database)
  ;({ bi } = await biLogin(database.url))
})

afterAll(() => bi?.end())

describe('the dashboard of Grafana', () => {
  const panels: Any[] = dashboard.panels
  const sqlOf = (panel: Any): string => panel.targets[0].rawSql
  const panelNamed = (title: string): Any => panels.find((panel) => panel.title === title)!
  const show = (title: string) => ask(bi, expandMacros(sqlOf(panelNamed(title)), RANGE))

  it('can be imported: ids are its own, and each panel says what it shows and in which unit', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    for (const { id, title, description, fieldConfig } of panels)
      expect({ id, title, description, unit: fieldConfig.defaults.unit }).toEqual({
        id: expect.any(Number),
        title: expect.stringMatching(/\S/),
        description: expect.stringMatching(/\.$/),
        unit: expect.stringMatching(/^(short|none|s|currencyUSD|percentunit)$/),
      })
    const plugins = dashboard.__requires.map(({ id }: { id: string }) => id)
    expect(plugins).toEqual(expect.arrayContaining(panels.map(({ type }) => type)))
  })

  it('has no two panels in one place', () => {
    const places = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, place) => `${x + (place % w)} ${y + Math.floor(place / w)}`),
    )
    expect(new Set(places).size).toBe(places.length)
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true)
  })

  it('asks only the data source that its variable names, which the import asks for', () => {
    const [input] = dashboard.__inputs
    expect(input).toMatchObject({ type: 'datasource', pluginId: 'grafana-postgresql-datasource' })
    const [variable] = dashboard.templating.list
    expect(variable).toMatchObject({ type: 'datasource', query: input.pluginId })
    expect(variable.current.value).toBe(`\${${input.name}}`)
    const source = { type: input.pluginId, uid: `\${${variable.name}}` }
    for (const { datasource, targets } of panels)
      expect([datasource, ...targets.map((target: Any) => target.datasource)]).toEqual([source, source])
  })

  it.each(panels.map((panel) => [panel.title, panel]))('is answered for a BI login: %s', async (_title, panel) => {
    const isOfToday = ['Imports', 'Rejected records'].includes(panel.title)
    const { columns, rows } = await ask(bi, expandMacros(sqlOf(panel), isOfToday ? TODAY : RANGE))
    expect(rows.length).toBeGreaterThan(0)
    expect(new Set(columns).size).toBe(columns.length)
    const named = panel.fieldConfig.overrides.map(({ matcher }: Any) => matcher.options)
    expect(columns).toEqual(expect.arrayContaining(named))
    if (panel.targets[0].format === 'time_series') {
      expect(columns[0]).toBe('time')
      expect(rows.map(([time]) => Number(time))).toEqual(rows.map(([time]) => Number(time)).sort((a, b) => a - b))
    }
  })

  it.each(panels.map((panel) => [panel.title, panel]))(
    'shows rows of the time range only: %s',
    async (title, panel) => {
      const never = { ...RANGE, from: '1999-01-01T00:00:00Z', to: '1999-12-31T00:00:00Z' }
      const { rows } = await ask(bi, expandMacros(sqlOf(panel), never))
      const known = rows.flat().filter((value) => value !== null && value !== '0')
      // Health is what it is now.
      expect(known.length > 0).toBe(title === 'Account health, worst first')
    },
  )

  it('shows imports and what they set aside as GraphQL does', async () => {
    const { imports, rejectedRecords } = await database.data(`{
      imports { edges { node { status startedAt records { read inserted quarantined } } } }
      rejectedRecords { edges { node { severity code } } }
    }`)
    const shown = await ask(bi, expandMacros(sqlOf(panelNamed('Imports')), TODAY))
    expect(comparable(pick(shown, 'Started', 'Status', 'Records', 'Inserted', 'Quarantined'))).toEqual(
      comparable(
        imports.edges.map(({ node: { status, startedAt, records } }: Any) => [
          new Date(startedAt),
          status,
          records.read,
          records.inserted,
          records.quarantined,
        ]),
      ),
    )
    const rejected = await ask(bi, expandMacros(sqlOf(panelNamed('Rejected records')), TODAY))
    expect(pick(rejected, 'Severity', 'Code', 'Records')).toEqual(
      rejectedRecords.edges.map(({ node: { severity, code } }: Any) => [severity, code, '1']),
    )
  })

  it.each<[string, string[], object]>([
    ['Cost', ['Cost'], { subject: 'USAGE', measures: ['costUsd.sum'], where: where('startedAt') }],
    ['Cost coverage', ['Cost coverage'], { subject: 'USAGE', measures: ['costCoverage'], where: where('startedAt') }],
    ['Runs', ['Runs'], { subject: 'RUNS', measures: ['runs'], where: where('startedAt') }],
    ['Success rate', ['Success rate'], { subject: 'RUNS', measures: ['successRate'], where: where('startedAt') }],
    [
      'Cost per day by pipeline',
      ['time', 'metric', 'Cost'],
      {
        subject: 'USAGE',
        interval: 'DAY',
        dimensions: ['pipeline'],
        measures: ['costUsd.sum'],
        where: where('startedAt'),
      },
    ],
    [
      'Tokens',
      ['time', 'Prompt tokens', 'Completion tokens'],
      {
        subject: 'USAGE',
        interval: 'DAY',
        measures: ['promptTokens.sum', 'completionTokens.sum'],
        where: where('startedAt'),
      },
    ],
    [
      'Tokens and cost by agent',
      ['Agent', 'Calls', 'Cost', 'Cost coverage', 'Failure rate'],
      {
        subject: 'USAGE',
        dimensions: ['agent'],
        measures: ['calls', 'costUsd.sum', 'costCoverage', 'failureRate'],
        where: where('startedAt'),
      },
    ],
    [
      'Runs that did not complete, per day',
      ['time', 'Failed', 'Partial'],
      { subject: 'RUNS', interval: 'DAY', measures: ['failed', 'partial'], where: where('startedAt') },
    ],
    [
      "Prompt versions' accuracy",
      ['Campaign', 'Version', 'Tasks', 'Pass rate', 'Field accuracy', 'Failure rate', 'Cost per task'],
      {
        subject: 'TASKS',
        dimensions: ['campaign', 'instruction'],
        measures: ['tasks', 'passRate', 'fieldAccuracy', 'failureRate', 'costUsd.avg'],
        where: where('startedAt'),
      },
    ],
    [
      'Uptime by service',
      ['time', 'metric', 'Uptime'],
      {
        subject: 'HEALTH',
        interval: 'DAY',
        dimensions: ['service'],
        measures: ['healthyRate'],
        where: where('checkedAt'),
      },
    ],
    [
      'Alerts per day by level',
      ['time', 'metric', 'Alerts'],
      { subject: 'ALERTS', interval: 'DAY', dimensions: ['level'], measures: ['alerts'], where: where('raisedAt') },
    ],
  ])('has the numbers of GraphQL: %s', async (title, columns, query) => {
    const expected = (await metricsTable(database, query)).map((row) =>
      row.map((value, place) => value ?? (columns[place] === 'Agent' ? '(beyond calls)' : null)),
    )
    const shown = pick(await show(title), ...columns).map((row) =>
      row.map((value, place) => (columns[place] === 'time' ? new Date(Number(value) * 1000) : value)),
    )
    expect(comparable(shown)).toEqual(comparable(expected))
    const { where: _, ...always } = query as { where: object }
    expect(comparable(expected)).not.toEqual(comparable(await metricsTable(database, always)))
  })

  it('has the health of accounts that GraphQL has', async () => {
    const { companies } = await database.data(
      '{ companies(first: 500) { edges { node { domain contacts { totalCount } health { score status } } } } }',
    )
    const expected = companies.edges
      .map(({ node }: Any) => node)
      .filter(({ contacts }: Any) => contacts.totalCount > 0)
      .map(({ domain, health }: Any) => [domain, health.score, health.status])
    const shown = pick(await show('Account health, worst first'), 'Company', 'Score', 'Status')
    expect(comparable(shown)).toEqual(comparable(expected))
    expect(shown.map(([, score]) => Number(score))).toEqual(
      shown.map(([, score]) => Number(score)).sort((a, b) => a - b),
    )
  })
})

describe('the query of the Infinity plugin', () => {
  const guide = readPage(read('docs/bi/grafana.md'))
  let server: Served
  let key: { authorization: string }

  beforeAll(async () => {
    // From here on the database is open to nobody else.
    key = await keyOf(database, ['READ'])
    server = await serve(database)
  })

  afterAll(() => server?.close())

  const query = guide.blocks.flatMap(({ language, text }) => (language === 'json' ? [JSON.parse(text)] : []))[0]

  /** What the plugin sends and where its selectors lead, by its source. */
  async function infinity() {
    const document = expandTimes(query.url_options.body_graphql_query, RANGE)
    const { pathname } = new URL(query.url)
    const { status, body } = await server.send(pathname, {
      method: query.url_options.method,
      headers: {
        accept: 'application/json;q=0.9,text/plain',
        ...key,
        'content-type': query.url_options.body_content_type,
      },
      body: JSON.stringify({ query: document, variables: null }),
    })
    const selected = query.root_selector
      .split('.')
      .reduce((value: Record<string, unknown>, name: string) => value[name], body)
    return { status, table: body.data.metricsTable, rows: selected as unknown[][] }
  }

  it('is the one that the guide shows', () => {
    const shown = guide.blocks.find(({ language }) => language === 'graphql')!.text
    expect(print(parse(query.url_options.body_graphql_query))).toBe(print(parse(shown)))
    for (const { selector, text } of query.columns)
      expect(read('docs/bi/grafana.md')).toContain(`| \`${selector}\` | \`${text}\` |`)
  })

  it('is answered, and each selector finds what its column is called, as the type that it says', async () => {
    const { status, table, rows } = await infinity()
    expect(status).toBe(200)
    const names = table.columns.map(({ name }: { name: string }) => name)
    expect(query.columns.map(({ selector }: { selector: string }) => names[Number(selector)])).toEqual([
      'startedAt',
      'pipeline',
      'calls',
      'costUsd.sum',
      'costCoverage',
    ])
    expect(rows.length).toBeGreaterThan(1)
    expect(rows.length).toBe(table.totalCount)
    for (const row of rows)
      for (const { selector, type } of query.columns) {
        const value = row[Number(selector)]
        if (value === null) continue
        if (type === 'timestamp') expect(new Date(String(value)).toISOString()).toBe(value)
        if (type === 'number') expect(Number.isFinite(Number(value)), `${value}`).toBe(true)
        if (type === 'string') expect(typeof value).toBe('string')
      }
  })

  it('has the numbers that the dashboard has in SQL', async () => {
    const panel = dashboard.panels.find(({ title }: { title: string }) => title === 'Cost per day by pipeline')
    const { rows: bySql } = await ask(bi, expandMacros(panel.targets[0].rawSql, RANGE))
    const shown = (await infinity()).rows.map(([time, pipeline, , cost]) => [time, pipeline, cost])
    expect(comparable(shown)).toEqual(
      comparable(bySql.map(([time, ...rest]) => [new Date(Number(time) * 1000), ...rest])),
    )
  })
})
