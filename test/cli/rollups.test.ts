import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { completeRun } from '../importers/playbook-fixture.ts'
import { commandLine, makeOrganizations } from './command-line.ts'

const database = testDatabase()
const run = commandLine(database)

type Table = { table: string; cells: number; wrong: number; examples: { cell: object; excess: object }[] }

const checked = async (): Promise<Table[]> => JSON.parse((await run('rollups', 'check', '--json')).stdout).tables
const wrong = async () => (await checked()).filter((table) => table.wrong > 0).map(({ table }) => table)

beforeAll(async () => {
  await importFiles(database, {
    'a.json': completeRun({ run_id: 'one', run_timestamp: '2025-10-01T08:00:00.000Z' }),
    'b.json': completeRun({ run_id: 'two', run_timestamp: '2025-11-02T08:00:00.000Z' }),
  })
})

describe('crossrun rollups', () => {
  it('says that an import kept them, and ends with 0', async () => {
    const { exitCode, stdout } = await run('rollups', 'check')
    expect(stdout).toContain('All sums are what the calls and runs add up to.')
    expect(exitCode).toBe(0)
    const tables = await checked()
    expect(tables.map(({ table }) => table).sort()).toEqual([
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
    for (const { table, cells } of tables) expect(cells, table).toBeGreaterThan(0)
  })

  it('says what differs, and ends with 2; then makes them anew', async () => {
    await database.sql(`update x_run_months set cost_usd = cost_usd + 5 where started_at < '2025-11-01'`)
    await database.sql('delete from x_usage_days')
    const { exitCode, stdout } = await run('rollups', 'check')
    expect(exitCode).toBe(2)
    expect(stdout).toContain('has too much: {"cost_usd":"5.000000000000"}')
    expect(await wrong()).toEqual(['x_usage_days', 'x_run_months'])
    expect((await run('rollups', 'rebuild')).exitCode).toBe(0)
    expect(await wrong()).toEqual([])
    expect((await run('rollups', 'check')).exitCode).toBe(0)
  })

  it('is of one organization: another one has none, and its rebuild leaves these alone', async () => {
    await makeOrganizations(database, 'other')
    expect(JSON.parse((await run('rollups', 'rebuild', '--organization', 'other', '--json')).stdout).cells).toEqual({
      x_run_hours: 0,
      x_run_months: 0,
      x_usage_days: 0,
      x_usage_days_by_year: 0,
      x_usage_durations: 0,
      x_usage_durations_by_year: 0,
      x_usage_hours: 0,
      x_usage_months: 0,
      x_usage_years: 0,
    })
    expect(await wrong()).toEqual([])
  })
})

describe('the source of an answer', () => {
  const source = async (question: string) => Object.values<{ source: string }>(await database.data(question))[0]!.source

  it('is the rollup when it answers the groups and the totals', async () => {
    expect(await source('{ usageMetrics(groupBy: [AGENT]) { source nodes { calls } totals { calls } } }')).toBe(
      'ROLLUP',
    )
    expect(await source('{ usageMetrics(groupBy: [AGENT]) { source nodes { calls } totals { runs } } }')).toBe('FACTS')
    expect(await source('{ usageMetrics(groupBy: [AGENT]) { source nodes { runs } } }')).toBe('FACTS')
    expect(await source('{ runMetrics(groupBy: [STATUS], interval: DAY) { source nodes { runs } } }')).toBe('ROLLUP')
    expect(await source('{ touchpointMetrics { source nodes { touchpoints } } }')).toBe('FACTS')
  })
})
