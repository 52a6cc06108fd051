import { expect, it } from 'vitest'
import { biAccess, RUN_COLUMNS, RUNS, VIEW_NAMES } from './bi-access.ts'
import { describeClient, outputOf, run } from './installed.ts'

const isInstalled = outputOf('odbcinst', '-q', '-d')?.includes('[PostgreSQL Unicode]') && outputOf('isql', '--version')

describeClient('ODBC', Boolean(isInstalled), 'unixodbc, odbc-postgresql', () => {
  const bi = biAccess()

  /** What isql prints for a line, as rows of values; it says what is wrong among them. */
  async function rows(line: string, connection = bi.odbc): Promise<string[][]> {
    const { stdout, stderr } = await run('isql', ['-b', '-v', '-d|', '-k', connection], `${line}\n`)
    return (stdout + stderr).split('\n').flatMap((row) => (row ? [row.split('|')] : []))
  }

  it('lists the views, and no others of Crossrun', async () => {
    const views = (await rows('help')).filter(([, , , type]) => type === 'VIEW')
    expect(views.map(([catalog, schema, name]) => [catalog, schema, name])).toEqual(
      VIEW_NAMES.map((name) => [bi.database, 'analytics', name]),
    )
  })

  it('describes the columns of a view', async () => {
    const columns = (await rows('help runs')).filter(([, schema]) => schema === 'analytics')
    expect(columns.map(([, , , name]) => name)).toEqual([...RUN_COLUMNS.keys()])
    const types = new Map(columns.map(([, , , name, , type]) => [name, type]))
    expect(['cost_usd', 'total_tokens', 'status', 'started_at'].map((name) => types.get(name))).toEqual([
      'numeric',
      'int8',
      'text',
      'timestamptz',
    ])
  })

  it('reads numbers to the last digit, and times to the millisecond', async () => {
    const found = await rows('select external_id, cost_usd, total_tokens, started_at from runs order by external_id')
    expect(found).toEqual(
      RUNS.map(({ external_id, cost_usd, total_tokens, started_at }) => [
        external_id,
        cost_usd ?? '',
        total_tokens ?? '',
        started_at?.replace('T', ' ').replace('Z', '') ?? '',
      ]),
    )
  })

  it('adds up exactly', async () => {
    expect(await rows('select sum(cost_usd), count(*) from runs')).toEqual([['123456789012.223456789013', '3']])
  })

  it('tells what is wrong with a query, and is refused what changes anything', async () => {
    expect((await rows('select 1 / 0')).flat().join()).toContain('[22012]ERROR: division by zero')
    expect((await rows('create table analytics.mine ()')).flat().join()).toContain('[25006]ERROR: cannot execute')
  })

  it('is not let in with a wrong password', async () => {
    const said = await rows('select 1', bi.odbc.replace('Pwd=', 'Pwd=wrong'))
    expect(said.flat().join()).toContain(`password authentication failed for user "${bi.user}"`)
  })
})
