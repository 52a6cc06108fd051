import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { dump as extractionDump } from '../importers/extraction-fixture.ts'
import { completeRun } from '../importers/playbook-fixture.ts'
import { commandLine } from './command-line.ts'

const database = testDatabase()
const crossrun = commandLine(database)

beforeAll(async () => {
  const runs = [
    ...[50, 51, 52, 53, 54].map((seconds) => ({ tag: 'prompt-A', seconds })),
    ...[20, 21, 22, 23, 24].map((seconds) => ({ tag: 'prompt-B', seconds })),
  ].map(({ tag, seconds }, index) =>
    completeRun({ run_id: `run-${index}`, tags: [tag], execution_time_seconds: seconds, estimated_cost_usd: 0.25 }),
  )
  await importFiles(database, {
    ...Object.fromEntries(runs.map((run, index) => [`run-${index}.json`, run])),
    'dump.json': extractionDump(),
  })
})

const where = (tag: string) => JSON.stringify({ tags: { has: tag } })
const cohorts = ['--baseline', where('prompt-A'), '--candidate', where('prompt-B')]

describe('crossrun compare of two cohorts', () => {
  it('says as JSON what the API says', async () => {
    const { stdout, exitCode } = await crossrun('compare', ...cohorts, '--json', '--primary', 'duration-seconds')
    expect(exitCode).toBe(0)
    const metric =
      'metric test baseline { n mean } pValue adjustedPValue rankPValue effectSize confidenceInterval { low high } verdict'
    const { compareRuns } = await database.data(
      `{ compareRuns(baseline: { tags: { has: "prompt-A" } }, candidate: { tags: { has: "prompt-B" } }, primary: DURATION_SECONDS) {
        unit paired primary winner reason baseline { runs tasks } metrics { ${metric} }
      } }`,
    )
    expect(JSON.parse(stdout)).toMatchObject(compareRuns)
    expect(compareRuns).toMatchObject({ winner: 'CANDIDATE', primary: 'DURATION_SECONDS', baseline: { runs: 5 } })
  })

  it('prints a table, and why who wins', async () => {
    const { stdout } = await crossrun('compare', ...cohorts, '--metrics', 'duration_seconds,COST_USD')
    expect(stdout).toMatchInlineSnapshot(`
      "baseline   5 runs  {"tags":{"has":"prompt-A"}}
      candidate  5 runs  {"tags":{"has":"prompt-B"}}

      metric            n  baseline  candidate  change         95 % interval   adjusted       ranks  effect  verdict
      DURATION_SECONDS  5      52 s       22 s   -30 s  -32.31 s to -27.69 s  p < 0.001  p = 0.0079  -17.13  better
      COST_USD          5     $0.25      $0.25      $0              $0 to $0      p = 1       p = 1       –  no difference

      The candidate wins: DURATION_SECONDS is better, 22 s against 52 s (-30 s, 95 % interval -32.31 s to -27.69 s, adjusted p < 0.001), and no other metric is worse.
      "
    `)
  })

  it('takes versions by name, by JSON and by id', async () => {
    const [{ id }] = (await database.sql(
      `select p.id from prompt_versions p join campaigns c on c.id = p.campaign_id where c.name = 'Price watch' and p.version = '2.0'`,
    )) as [{ id: string }]
    const as = async (version: string) =>
      JSON.parse((await crossrun('compare', '--baseline-version', version, '--candidate-version', id, '--json')).stdout)
    const byId = await as(id)
    expect(byId).toMatchObject({
      unit: 'TASK',
      paired: true,
      versions: { baseline: { id }, candidate: { version: '2.0' } },
    })
    expect(await as('Price watch@2.0')).toEqual(byId)
    expect(await as('{"campaign":"Price watch","version":"2.0"}')).toEqual(byId)
    const { stdout } = await crossrun('compare', '--baseline-version', 'Price watch@2.0', '--candidate-version', id)
    expect(stdout).toMatch(/^baseline {3}\d+ tasks? in 1 run {2}Price watch 2\.0\n/)
    expect(stdout).toMatch(/\nIn pairs: 0 tasks improved, 0 regressed, \d unchanged\.\n/)
  })

  it.each<[string, string[], RegExp]>([
    ['nothing to compare', [], /compare needs two runs, or two cohorts/],
    ['one run', ['run-1'], /compare needs two runs, or two cohorts/],
    ['one cohort', ['--baseline', '{}'], /--baseline needs --candidate beside it/],
    ['one version', ['--candidate-version', 'a@1'], /--candidate-version needs --baseline-version beside it/],
    ['runs and cohorts', ['run-1', 'run-2', ...cohorts], /only one of these/],
    ['a filter that is not JSON', ['--baseline', 'tags', '--candidate', '{}'], /--baseline is not JSON/],
    [
      'a filter that is none',
      ['--baseline', '{"tag":{}}', '--candidate', '{}'],
      /baseline\.tag is not a condition on Run/,
    ],
    ['an unknown metric', [...cohorts, '--metrics', 'speed'], /metrics\[0\] is not a metric: SPEED/],
    ['an unknown version', ['--baseline-version', 'x@1', '--candidate-version', 'y@2'], /names no prompt version/],
  ])('refuses %s', async (_what, argv, message) => {
    const { exitCode, stderr } = await crossrun('compare', ...argv)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(message)
  })
})
