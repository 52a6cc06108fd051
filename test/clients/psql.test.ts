import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { expect, it } from 'vitest'
import { biAccess, RUN_COLUMNS, RUNS, VIEW_NAMES } from './bi-access.ts'
import { describeClient, run, runs } from './installed.ts'

describeClient('psql', runs('psql', '--version'), 'postgresql-client', () => {
  const bi = biAccess()
  const psql = (argv: string[], input?: string) => run('psql', [bi.url, '-X', '-A', '-t', ...argv], input)

  it('lists the views with what they are, and no tables', async () => {
    const { stdout, code } = await psql(['-c', String.raw`\dv+`])
    const views = stdout.trimEnd().split('\n')
    expect(code).toBe(0)
    expect(views.map((line) => line.split('|')[1])).toEqual(VIEW_NAMES)
    expect(views.filter((line) => line.split('|').at(-1) === '')).toEqual([])
    const tables = await psql(['-c', String.raw`\dt`])
    expect(tables.stdout + tables.stderr).toBe('Did not find any relations.\n')
  })

  it('lists the views by their schema', async () => {
    const { stdout } = await psql(['-c', String.raw`\d analytics.*`])
    expect(stdout).toMatch(/^external_id\|text\|/m)
    const { stdout: listed } = await psql(['-c', String.raw`\dv analytics.*`])
    expect(listed.trimEnd().split('\n')).toHaveLength(VIEW_NAMES.length)
  })

  it('describes a view: its columns, their types, what they hold', async () => {
    const plain = await psql(['-c', String.raw`\d runs`])
    expect(plain.stdout).toMatch(/^cost_usd\|numeric/m)
    expect(plain.stdout).toMatch(/^started_at\|timestamp\(3\) with time zone\|/m)
    const full = await psql(['-c', String.raw`\d+ runs`])
    const lines = full.stdout.split('\n')
    for (const [name, description] of RUN_COLUMNS)
      expect(lines.find((line) => line.startsWith(`${name}|`))).toMatch(new RegExp(`\\|${escaped(description)}$`))
  })

  it('copies a query to a file of CSV, exact to the last digit', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'crossrun-psql-'))
    try {
      const file = join(directory, 'runs.csv')
      const query = 'select external_id, cost_usd, total_tokens, started_at from runs order by external_id'
      const { stdout } = await psql(['-c', String.raw`\copy (${query}) to '${file}' csv header`])
      expect(stdout).toBe('COPY 3\n')
      expect(parse(await readFile(file), { columns: true })).toEqual(
        RUNS.map(({ external_id, cost_usd, total_tokens, started_at }) => ({
          external_id,
          cost_usd: cost_usd ?? '',
          total_tokens: total_tokens ?? '',
          started_at: started_at ? started_at.replace('T', ' ').replace('Z', '+00') : '',
        })),
      )
    } finally {
      await rm(directory, { recursive: true })
    }
  })

  it('puts variables into a query', async () => {
    const query = `select count(*) from runs where external_id = :'run';\n`
    for (const [name, found] of [
      [RUNS[1].external_id, '1\n'],
      [`' or true --`, '0\n'],
    ])
      expect(await psql(['-v', `run=${name}`], query)).toEqual({ code: 0, stdout: found, stderr: '' })
  })

  it('says where it is', async () => {
    const { stdout } = await psql(['-c', String.raw`\conninfo`])
    for (const part of [bi.database, bi.user, bi.host, bi.port]) expect(stdout).toContain(part)
  })

  it('ends with the code that tells what was wrong', async () => {
    expect((await psql(['-c', 'select 1 / 0'])).code).toBe(1)
    expect((await psql(['-v', 'ON_ERROR_STOP=1'], 'select 1 / 0;\n')).code).toBe(3)
    const wrong = new URL(bi.url)
    wrong.password = 'wrong'
    const refused = await run('psql', [wrong.href, '-X', '-c', 'select 1'])
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('password authentication failed')])
  })

  it('is refused what changes anything', async () => {
    const { code, stderr } = await psql(['-v', 'VERBOSITY=sqlstate', '-c', 'create table analytics.mine ()'])
    expect([code, stderr]).toEqual([1, 'ERROR:  25006\n'])
  })
})

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
