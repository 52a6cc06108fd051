import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { completeRun } from '../importers/playbook-fixture.ts'
import { commandLine, makeOrganizations } from './command-line.ts'

const database = testDatabase()
const crossrun = commandLine(database)
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crossrun-prices-'))
  await makeOrganizations(database, 'others', 'copy', 'twice')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

async function prices(organization = 'default') {
  const { stdout } = await crossrun('prices', 'list', '--json', '--organization', organization)
  return JSON.parse(stdout).prices
}

describe('crossrun prices', () => {
  it('sets, lists and removes', async () => {
    expect((await crossrun('prices')).stdout).toContain('No own prices: crossrun prices set')
    const set = await crossrun('prices', 'set', 'House-*', '--input', '2.5', '--output', '10', '--from', '2026-01-01')
    expect([set.exitCode, set.stdout]).toEqual([
      0,
      'Set the price of house-* from 2026-01-01.\nNext: `crossrun reprice --dry-run` says what that changes of what was imported.\n',
    ])
    const cached = ['--cached-input', '0.1', '--json']
    expect(
      JSON.parse((await crossrun('prices', 'set', '*', '--input', '1', '--output', '2', ...cached)).stdout),
    ).toEqual({
      pattern: '*',
      inputUsdPerMillion: '1',
      cachedInputUsdPerMillion: '0.1',
      outputUsdPerMillion: '2',
      effectiveFrom: null,
    })
    const listed = (await crossrun('prices', 'list')).stdout.split('\n').map((line) => line.trim().split(/\s{2,}/))
    expect(listed.slice(1, 3)).toEqual([
      ['*', 'always', '1', '0.1', '2'],
      ['house-*', '2026-01-01', '2.5', 'as input', '10'],
    ])
    expect(await prices('others')).toEqual([])
    expect((await crossrun('prices', 'remove', '*')).stdout).toContain('Took the price of *, always away.')
    for (const more of [[], ['--json']]) {
      const { exitCode, stdout, stderr } = await crossrun('prices', 'remove', '*', ...more)
      expect([exitCode, stdout, stderr]).toEqual([1, '', expect.stringContaining('There is no price of *, always.')])
    }
    expect((await prices()).map(({ pattern }: { pattern: string }) => pattern)).toEqual(['house-*'])
    await crossrun('prices', 'remove', 'house-*', '--from', '2026-01-01')
  })

  it('imports CSV and JSON, its own listing too', async () => {
    const csv = await file(
      'prices.csv',
      '\uFEFFpattern,input,cached_input,output,effective_from\nhouse-7b,1,0.5,2,2026-01-01\n"house-*",3,,4,\n',
    )
    expect((await crossrun('prices', 'import', csv)).stdout).toContain('Set 2 prices.')
    const first = await prices()
    expect(first).toEqual([
      {
        pattern: 'house-*',
        inputUsdPerMillion: '3',
        cachedInputUsdPerMillion: null,
        outputUsdPerMillion: '4',
        effectiveFrom: null,
      },
      {
        pattern: 'house-7b',
        inputUsdPerMillion: '1',
        cachedInputUsdPerMillion: '0.5',
        outputUsdPerMillion: '2',
        effectiveFrom: '2026-01-01T00:00:00.000Z',
      },
    ])
    const listing = await file('listing.json', (await crossrun('prices', 'list', '--json')).stdout)
    expect((await crossrun('prices', 'import', listing, '--organization', 'copy')).exitCode).toBe(0)
    expect(await prices('copy')).toEqual(first)
    const json = await file('prices.json', [
      { model: 'house-7b', input: 9, output: '1e1', from: '2026-01-01T00:00:00Z' },
    ])
    await crossrun('prices', 'import', json, '--organization', 'copy')
    expect((await prices('copy'))[1]).toMatchObject({ inputUsdPerMillion: '9', outputUsdPerMillion: '10' })
  })

  it('keeps the last of the same pattern and date in a file, and says which it is', async () => {
    const path = await file(
      'twice.csv',
      'pattern,input,output,effective_from\ntwice,1,1,\ntwice,2,2,2026-01-01\nother,3,3,\n TWICE ,4,4,\n',
    )
    const { exitCode, stdout, stderr } = await crossrun('prices', 'import', path, '--organization', 'twice')
    expect([exitCode, stderr]).toEqual([0, `${path}, line 5: takes the place of line 2, of the same pattern and date.`])
    expect(stdout).toContain('Set 3 prices.')
    const kept = (await prices('twice')).map((price: Record<string, string>) => [
      price.pattern,
      price.inputUsdPerMillion,
    ])
    expect(kept).toEqual([
      ['other', '3'],
      ['twice', '4'],
      ['twice', '2'],
    ])
    const json = await file('twice.json', [
      { pattern: 'a', input: 1, output: 1 },
      { pattern: 'a', input: 2, output: 2 },
    ])
    const imported = await crossrun('prices', 'import', json, '--organization', 'twice', '--json')
    expect(imported.stderr).toContain('element 2: takes the place of element 1')
    expect(JSON.parse(imported.stdout).prices).toHaveLength(1)
  })

  it.each([
    ['missing.csv', null, 'missing.csv cannot be read: ENOENT'],
    ['missing.json', null, 'missing.json cannot be read: ENOENT'],
    ['empty.json', [], 'holds no price'],
    ['object.json', { a: 1 }, 'holds no list of prices'],
    ['broken.json', '[{', 'is not JSON'],
    ['column.csv', 'pattern,input,output,color\nx,1,1,red\n', 'line 1: "color" is no column of prices'],
    ['late.csv', '\n,,\nconstructor,input,output\nx,1,1\n', 'line 3: "constructor" is no column of prices'],
    ['narrow.csv', 'pattern,input\nx,1\n', 'line 1: the column output is missing'],
    ['short.csv', 'pattern,input,output\nx,1\n', 'line 2: the row has 2 cells, the header 3'],
    ['lacking.csv', 'pattern,input,output\ny,1,1\nx,1,\n', 'line 3: output is missing'],
    ['dear.csv', 'pattern,input,output\ny,1,1\nx,free,1\n', 'line 3: input must be US dollars'],
    [
      'date.json',
      [{ pattern: 'x', input: 1, output: 1, from: 'soon' }],
      'element 1: effective_from: "soon" is no date',
    ],
    ['nested.json', [{ pattern: ['x'], input: 1, output: 1 }], 'element 1: pattern must be text or a number'],
    ['text.json', ['x'], 'element 1: not a price'],
  ])('refuses %s whole and says what is wrong where', async (name, content, message) => {
    const before = await prices()
    const path = content === null ? join(folder, name) : await file(name, content)
    const { exitCode, stderr } = await crossrun('prices', 'import', path)
    expect([exitCode, stderr.startsWith('BAD_USER_INPUT: ')]).toEqual([1, true])
    expect(stderr).toContain(message)
    expect(await prices()).toEqual(before)
  })

  it.each([
    [['set', 'x', '--input=-1', '--output', '1'], '--input must be US dollars'],
    [['set', 'x', '--input', '1', '--output', '1', '--from', '31.1.'], '--from: "31.1." is no date'],
    [['set', 'x', '--input', '1', '--output', '1', '--from', '0000-01-01'], '--from: "0000-01-01" is no date'],
    [['set', 'x', '--input', '1'], '--output'],
    [['remove', 'x', '--from', 'soon'], '--from: "soon" is no date'],
  ])('%j is refused', async (argv, message) => {
    const { exitCode, stderr } = await crossrun('prices', ...argv)
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(message)])
  })
})

describe('crossrun reprice', () => {
  it('says what would change, changes it, and then has nothing to change', async () => {
    const results = { a: { model: 'mill-1', prompt_tokens: 1_000_000, completion_tokens: 0, cached_tokens: null } }
    await importFiles(database, {
      'run.json': completeRun({
        estimated_cost_usd: null,
        phase1_output: { agent_results: results },
        phase2_output: null,
        phase3_output: null,
        phase4_output: null,
      }),
    })
    await crossrun('prices', 'set', 'mill-*', '--input', '0.75', '--output', '1')
    const cost = async () => (await database.sql('select cost_usd::float8 as cost from runs'))[0]!.cost
    expect((await crossrun('reprice', '--dry-run')).stdout).toBe(
      [
        'Calls without a cost of their own: 1 in 1 runs; 1 in 1 would change.',
        'Priced 1, allocated 0, unknown 0.',
        'They cost – before, $0.7500 then.',
        'Nothing was written.',
        '',
      ].join('\n'),
    )
    expect(await cost()).toBe(null)
    const { exitCode, stdout } = await crossrun('reprice', '--json', '--since', '2025-01-01')
    expect([exitCode, JSON.parse(stdout)]).toEqual([
      0,
      {
        dryRun: false,
        since: '2025-01-01T00:00:00.000Z',
        isInterrupted: false,
        runs: { checked: 1, changed: 1 },
        calls: { checked: 1, changed: 1 },
        sources: { priced: 1, allocated: 0, unknown: 0 },
        costUsd: { before: null, after: '0.75' },
        attemptsWithoutRun: { checked: 0, changed: 0 },
      },
    ])
    expect(await cost()).toBe(0.75)
    expect((await crossrun('reprice')).stdout).toContain('0 in 0 changed')
  })

  it('refuses a date that is none', async () => {
    const { exitCode, stderr } = await crossrun('reprice', '--since', 'yesterday')
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('--since: "yesterday" is no date')])
  })
})
