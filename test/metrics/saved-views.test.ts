import { beforeAll, describe, expect, it } from 'vitest'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { commandLine } from '../cli/command-line.ts'
import { testDatabase } from '../database.ts'
import { grouped } from './reference.ts'
import { insertSample, sampleRuns } from './sample.ts'

const database = testDatabase()
const run = commandLine(database)
const runs = sampleRuns()

beforeAll(() => insertSample(database, runs))

const QUERY = {
  subject: 'RUNS',
  dimensions: ['industry'],
  measures: ['runs', 'costUsd.sum'],
  where: { pipeline: { name: { equals: 'playbook' } } },
  having: [{ name: 'runs', gte: '1' }],
  orderBy: [{ name: 'runs', direction: 'DESC' }],
}
const expected = grouped(
  runs.filter(({ pipeline }) => pipeline === 'playbook'),
  ({ industry }) => industry,
)
  .map(([industry, rows]) => [industry, rows.length] as const)
  .sort(([, a], [, b]) => b - a)

const SAVE = `mutation ($name: String!, $query: MetricsTableQuery!, $description: String) {
  saveView(name: $name, description: $description, query: $query) { name description query createdAt updatedAt table { rows } } }`
const TABLE =
  'query ($name: String!) { savedView(name: $name) { description query table { columns { name role } rows totalCount } } }'

describe('a saved view', () => {
  it('keeps a question, and answers it by its name as metricsTable does', async () => {
    const saved = await database.data(SAVE, { name: ' by industry ', description: 'Runs', query: QUERY })
    expect(saved.saveView).toMatchObject({ name: 'by industry', description: 'Runs', query: QUERY })
    const { savedView } = await database.data(TABLE, { name: 'by industry' })
    const { metricsTable } = await database.data(
      'query ($query: MetricsTableQuery!) { metricsTable(query: $query) { columns { name role } rows totalCount } }',
      { query: QUERY },
    )
    expect(savedView).toEqual({ description: 'Runs', query: QUERY, table: metricsTable })
    expect(metricsTable.rows.map((row: unknown[]) => row.slice(0, 2))).toEqual(expected)
  })

  it('is replaced by another of the same name, and listed by name', async () => {
    await database.data(SAVE, { name: 'a', query: { subject: 'ALERTS', measures: ['alerts'] } })
    await database.data(SAVE, {
      name: 'a',
      query: { subject: 'HEALTH', measures: ['checks'], dimensions: ['service'] },
    })
    const { savedViews } = await database.data('{ savedViews { name description query } }')
    expect(
      savedViews.map(({ name, query }: typeof QUERY & { name: string; query: typeof QUERY }) => [name, query.subject]),
    ).toEqual([
      ['a', 'HEALTH'],
      ['by industry', 'RUNS'],
    ])
    expect(savedViews[0].description).toBe(null)
  })

  it.each([
    [{ measures: ['nothing'] }, 'query.measures: "nothing" is not a measure of RUNS.'],
    [{ measures: [], dimensions: [] }, 'query.measures is empty, and nothing is grouped by: the table has no columns.'],
    [{ dimensions: ['agent'] }, 'query.dimensions: "agent" is not a dimension of RUNS.'],
    [{ where: { status: { equals: 'GOOD' } } }, /^query\.where\.status\.equals must be one of/],
    [{ orderBy: [{ name: 'status' }] }, 'query.orderBy: status is not grouped by.'],
  ])('that could not be run is not saved: %j', async (part, message) => {
    const { errors } = await database.ask(SAVE, { name: 'wrong', query: { ...QUERY, orderBy: [], ...part } })
    expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT')
    if (typeof message === 'string') expect(errors![0]!.message).toBe(message)
    else expect(errors![0]!.message).toMatch(message)
    expect((await database.data(TABLE, { name: 'wrong' })).savedView).toBe(null)
  })

  it('keeps words as PostgreSQL can', async () => {
    const query = (search: string) => ({ subject: 'PAIN_POINTS', measures: ['painPoints'], search })
    const { errors } = await database.ask(SAVE, { name: 'words', query: query('slow\u0000') })
    expect(errors![0]).toMatchObject({ message: 'query.search holds a NUL character.' })
    const { saveView } = await database.data(SAVE, { name: 'words', query: query('slow \ud83d') })
    expect(saveView.query.search).toBe('slow \ufffd')
    expect(await database.data('mutation { removeView(name: "words") }')).toEqual({ removeView: true })
  })

  it('needs a name', async () => {
    const { errors } = await database.ask(SAVE, { name: '  ', query: QUERY })
    expect(errors![0]).toMatchObject({ message: 'name is empty.', extensions: { argument: 'name' } })
  })

  it('is of one organization', async () => {
    const server = database.newServer({ organizationId: organizationIdOf('other'), organizationCondition: false })
    expect(await database.data('{ savedViews { name } savedView(name: "a") { name } }', {}, server)).toEqual({
      savedViews: [],
      savedView: null,
    })
  })

  it('is taken away once', async () => {
    const remove = 'mutation { removeView(name: "a") }'
    expect(await database.data(remove)).toEqual({ removeView: true })
    expect(await database.data(remove)).toEqual({ removeView: false })
  })
})

describe('crossrun views', () => {
  it('saves, lists, runs and removes', async () => {
    const saved = await run('views', 'save', 'from-cli', '--query', JSON.stringify(QUERY), '--description', 'By hand')
    expect([saved.exitCode, saved.stderr]).toEqual([0, ''])
    const { views } = JSON.parse((await run('views', 'list', '--json')).stdout)
    expect(views.map(({ name }: { name: string }) => name)).toEqual(['by industry', 'from-cli'])
    const table = JSON.parse((await run('views', 'run', 'from-cli', '--json')).stdout)
    expect(table.rows.map((row: unknown[]) => row.slice(0, 2))).toEqual(expected)
    expect((await run('views', 'run', 'from-cli')).stdout.split('\n')[0]).toMatch(
      /^industry +runs +costUsd\.sum \(USD\)$/,
    )
    expect((await run('views', 'remove', 'from-cli')).exitCode).toBe(0)
    const gone = await run('views', 'run', 'from-cli')
    expect([gone.exitCode, gone.stderr]).toEqual([
      1,
      'BAD_USER_INPUT: There is no view "from-cli".\ncrossrun views list shows which there are.',
    ])
  })

  it.each([
    ['gt', '1e999', 0],
    ['lt', '1e999', runs.length],
    ['gt', '1e-999', runs.length],
    ['equals', '-1e-999', 0],
  ])('compares a measure of doubles with what no double holds: %s %s', async (comparison, value, found) => {
    const having = [{ name: 'durationSeconds.avg', [comparison]: value }]
    const query = { subject: 'RUNS', dimensions: ['industry'], measures: ['runs', 'durationSeconds.avg'], having }
    expect((await run('views', 'save', 'beyond', '--query', JSON.stringify(query))).exitCode).toBe(0)
    const { rows } = JSON.parse((await run('views', 'run', 'beyond', '--json')).stdout)
    const counts = rows.map(([, count, seconds]: [string, number, number | null]) => (seconds === null ? 0 : count))
    expect(counts.reduce((sum: number, count: number) => sum + count, 0)).toBe(found)
    await run('views', 'remove', 'beyond')
  })

  it.each([
    [['--query', '{'], /The question is not JSON/],
    [['--query', '{"subject":"X","measures":[]}'], /query\.subject: "X" is not a subject\.\nSubjects: ACCOUNTS/],
    [['--query', '{"subject":"RUNS"}'], /query\.measures/],
    [
      ['--query', '{"subject":"RUNS","measures":["runs"],"timeZone":"+02:00"}'],
      /query\.timeZone must be an IANA time zone/,
    ],
    [['--query', '{"subject":"RUNS","measures":["runs"],"grouping":1}'], /grouping/],
    [['--file', '/nowhere/x.json'], /--file cannot be read/],
    [[], /by --query or by --file/],
  ])('refuses %j', async (argv, message) => {
    const { exitCode, stderr } = await run('views', 'save', 'wrong', ...argv)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(message)
  })
})
