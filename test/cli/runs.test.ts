import { beforeAll, describe, expect, it } from 'vitest'
import { formatTable } from '../../src/cli/table.ts'
import { encodeGlobalId } from '../../src/filters/global-ids.ts'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { completeRun } from '../importers/playbook-fixture.ts'
import { commandLine, makeOrganizations } from './command-line.ts'

const database = testDatabase()
const run = commandLine(database)
const at = (day: number) => `2025-10-0${day}T08:00:00.000Z`

beforeAll(async () => {
  await importFiles(database, {
    'a.json': completeRun({ run_id: 'oldest', run_timestamp: at(1) }),
    'b.json': completeRun({ run_id: 'middle', run_timestamp: at(2), status: 'failed', phase4_output: null }),
    'c.json': completeRun({ run_id: 'newest', run_timestamp: at(3) }),
  })
  // A run of another pipeline that has the same name.
  const organization_id = database.organizationId
  const [pipeline, id] = ['00000000-0000-5000-8000-00000000000a', '00000000-0000-5000-8000-00000000000b']
  await database.insert('pipelines', [{ id: pipeline, organization_id, name: 'briefing' }])
  await database.insert('runs', [
    { id, organization_id, pipeline_id: pipeline, external_id: 'newest', status: 'COMPLETED', record_sha256: '' },
  ])
})

const listed = async (...argv: string[]) => JSON.parse((await run('runs', 'list', '--json', ...argv)).stdout)

describe('crossrun runs list', () => {
  it('lists the newest first, those without a start last', async () => {
    const { total, runs } = await listed()
    expect(total).toBe(4)
    expect(runs.map(({ pipeline, externalId }: Record<string, string>) => `${pipeline}/${externalId}`)).toEqual([
      'playbook/newest',
      'playbook/middle',
      'playbook/oldest',
      'briefing/newest',
    ])
  })

  it('shows the numbers that the API shows', async () => {
    const [first] = (await listed('--pipeline', 'playbook', '--limit', '1')).runs
    const answer = await database.data(
      `query ($id: ID!) { run(by: { id: $id }) {
        id externalId status startedAt finishedAt durationSeconds costUsd totalTokens llmCalls isLatest
        vendor { domain } prospect { domain } phases { status } } }`,
      { id: first.id },
    )
    const { id: _, vendor, prospect, phases, ...rest } = answer.run
    expect(first).toEqual({
      ...rest,
      id: first.id,
      pipeline: 'playbook',
      vendorDomain: vendor.domain,
      prospectDomain: prospect.domain,
      phases: {
        completed: phases.filter(({ status }: { status: string }) => status === 'COMPLETED').length,
        total: phases.length,
      },
    })
  })

  it('filters by pipeline and status, and says how many more there are', async () => {
    expect((await listed('--pipeline', 'playbook')).total).toBe(3)
    expect(
      (await listed('--status', 'failed')).runs.map(({ externalId }: { externalId: string }) => externalId),
    ).toEqual(['middle'])
    const { stdout } = await run('runs', 'list', '--limit', '2')
    expect(stdout).toMatch(/2 of 4 runs/)
    expect((await run('runs', 'list', '--pipeline', 'none')).stdout).toMatch(/No run is like that/)
  })

  it('counts a run that broke off as RUNNING as long as the API does', async () => {
    await database.sql(`update runs set running_until = now() + interval '1 hour' where external_id = 'middle'`)
    expect((await listed('--status', 'RUNNING')).total).toBe(1)
    expect((await listed('--status', 'FAILED')).total).toBe(0)
    await database.sql(`update runs set running_until = null where external_id = 'middle'`)
  })

  it('names the argument that is wrong', async () => {
    for (const [argument, value] of [
      ['--status', 'done'],
      ['--limit', '0'],
      ['--limit', 'many'],
    ] as const) {
      const { exitCode, stderr, stdout } = await run('runs', 'list', argument, value)
      expect([exitCode, stderr.includes(argument), stdout]).toEqual([1, true, ''])
    }
  })

  it('shows another organization nothing', async () => {
    await makeOrganizations(database, 'other')
    expect(await listed('--organization', 'other')).toEqual({ total: 0, runs: [] })
    expect((await run('runs', 'list', '--organization', 'other')).stdout).toMatch(/There are no runs yet/)
  })
})

describe('crossrun runs show', () => {
  it('shows the phases with marks, the totals and what the run reports', async () => {
    const { stdout, exitCode } = await run('runs', 'show', 'middle')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^middle {2}playbook {2}FAILED/)
    expect(stdout).toMatch(/✗ {2}2 {2}vendor_extraction +FAILED/)
    expect(stdout).toMatch(/in total/)
    expect(stdout).toMatch(/ERROR/)
    expect(stdout).toMatch(/crossrun resume-plan middle/)
  })

  it('lists the phases that the API lists', async () => {
    const { phases, run: shown, events } = JSON.parse((await run('runs', 'show', 'middle', '--json')).stdout)
    expect(shown.externalId).toBe('middle')
    const answer = await database.data(
      `{ run(by: { externalId: "middle" }) {
        funnel { phase name status inputCount outputCount dropped durationSeconds llmCalls costUsd } } }`,
    )
    expect(phases).toEqual(answer.run.funnel)
    expect(phases.length).toBe(4)
    expect(events.length).toBeGreaterThan(0)
  })

  it('finds a run by its id, as the database and as the API have it', async () => {
    const id = '00000000-0000-5000-8000-00000000000b'
    for (const name of [id, id.toUpperCase(), encodeGlobalId('Run', id)])
      expect(JSON.parse((await run('runs', 'show', name, '--json')).stdout).run).toMatchObject({
        id,
        pipeline: 'briefing',
        externalId: 'newest',
      })
  })

  it('names the candidates of an ambiguous name, and takes --pipeline', async () => {
    const { exitCode, stderr, stdout } = await run('runs', 'show', 'newest')
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/RUN_AMBIGUOUS/)
    for (const pipeline of ['playbook', 'briefing']) expect(stderr).toContain(`  ${pipeline}  newest  `)
    expect(stderr).toMatch(/--pipeline/)
    expect((await run('runs', 'show', 'newest', '--pipeline', 'briefing')).stdout).toMatch(/It has no phases/)
  })

  it('says where the names are when there is no such run, in another organization too', async () => {
    for (const more of [['nowhere'], ['middle', '--organization', 'other'], ['middle', '--pipeline', 'briefing']]) {
      const { exitCode, stderr } = await run('runs', 'show', ...more)
      expect(exitCode).toBe(1)
      expect(stderr).toMatch(/RUN_NOT_FOUND.*\n`crossrun runs list`/)
    }
  })
})

describe('crossrun compare', () => {
  it('compares phases as the API does', async () => {
    const { stdout } = await run('compare', 'oldest', 'middle', '--json')
    const compared = JSON.parse(stdout)
    const { compareTwoRuns } = await database.data(
      `{ compareTwoRuns(a: { externalId: "oldest" }, b: { externalId: "middle" }) {
        phases { number name a { outputCount durationSeconds costUsd } b { outputCount durationSeconds costUsd }
          outputCountDifference costUsdDifference }
        items { inBoth onlyInA onlyInB } rankChanges(first: 10) { url rankA rankB } } }`,
    )
    expect(compared).toMatchObject(compareTwoRuns)
    expect((await run('compare', 'oldest', 'middle')).stdout).toMatch(/4 {2}playbook_generation/)
  })

  it('says which of the two is not there', async () => {
    expect((await run('compare', 'oldest', 'nowhere')).stderr).toMatch(/'nowhere'/)
  })
})

describe('crossrun resume-plan', () => {
  it('says what the API says', async () => {
    const { stdout } = await run('resume-plan', 'middle', '--json')
    const { run: found } = await database.data(
      `{ run(by: { externalId: "middle" }) { resumePlan {
        resumable nextPhase { number name } lastArtifact { phase name sha256 } completedPhases spentUsd spentSeconds } } }`,
    )
    expect(JSON.parse(stdout)).toMatchObject(found.resumePlan)
  })

  it('has nothing to go on with when the run is complete', async () => {
    expect((await run('resume-plan', 'oldest')).stdout).toMatch(/nothing to go on with/)
  })
})

describe('a table', () => {
  const header = ['name', 'count', 'where']
  const rows = [
    ['a', 5, 'a very long path to somewhere'],
    ['b', 12, 'here'],
  ]

  it('fits into the terminal: the widest text gives way, numbers never do', () => {
    const lines = formatTable(header, rows, { width: 30 })
    expect(lines).toEqual(['name  count  where', 'a         5  a very long path…', 'b        12  here'])
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(30)
  })

  it('is whole where there is no terminal', () => {
    expect(formatTable(header, rows)[1]).toBe('a         5  a very long path to somewhere')
  })
})

it('every command shows its usage with an example', async () => {
  for (const command of [
    ['runs'],
    ['runs', 'list'],
    ['runs', 'show'],
    ['artifacts', 'list'],
    ['artifacts', 'view'],
    ['compare'],
    ['resume-plan'],
    ['replay'],
    ['retention'],
    ['retention', 'set'],
    ['retention', 'unset'],
    ['retention', 'rules'],
  ]) {
    const { exitCode, stdout } = await run(...command, '--help')
    expect([command, exitCode, /Example: crossrun/.test(stdout)]).toEqual([command, 0, true])
  }
})
