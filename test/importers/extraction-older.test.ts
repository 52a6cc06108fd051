import { describe, expect, it } from 'vitest'
import { olderDump } from './extraction-fixture.ts'
import { importWorkspace, type Workspace } from './workspace.ts'

const { fresh } = importWorkspace()

/** Tables by their older names, in snake case, as files are named. */
const FILES: Record<string, string> = { instructionVersions: 'instruction_versions' }

async function placed(workspace: Workspace) {
  const sessions = await workspace.query(
    `select a.source_id as session, r.external_id as run from attempts a left join runs r on r.id = a.run_id order by 1`,
  )
  const jobs = await workspace.query(
    `select t.source_id as job, r.external_id as run from tasks t left join runs r on r.id = t.run_id order by 1`,
  )
  return {
    sessions: Object.fromEntries(sessions.map(({ session, run }) => [session, run])),
    jobs: Object.fromEntries(jobs.map(({ job, run }) => [job, run])),
  }
}

const PLACED = {
  sessions: {
    'session-1': 'execution-1',
    'session-2': 'execution-2',
    'session-3': 'execution-1',
    'session-4': 'execution-2',
  },
  jobs: { 'job-1': 'execution-2', 'job-2': 'execution-1', 'job-3': 'execution-2' },
}

describe('a dump by the older names', () => {
  it('becomes campaigns, instructions, datasets, runs, tasks and attempts, and says where they come from', async () => {
    const workspace = await fresh()
    await workspace.write('dump.json', olderDump())
    const { records, rejects } = await workspace.import()
    expect(rejects).toEqual([])
    expect(records).toMatchObject({ read: 13, inserted: 13, quarantined: 0 })
    const rows = await workspace.rows()
    const named = (table: string) => [...new Set(rows[table]!.map(({ deprecated_name }) => deprecated_name))]
    expect(
      ['campaigns', 'prompt_versions', 'datasets', 'extraction_runs', 'tasks', 'attempts'].map((table) => named(table)),
    ).toEqual([['projects'], ['instruction_versions'], ['batches'], ['executions'], ['jobs'], ['sessions']])
    expect(rows.extraction_runs!.find(({ source_id }) => source_id === 'execution-1')).toMatchObject({
      run_type: 'TEST_SAMPLE',
      reported_total_tasks: 3,
      reported_completed_tasks: 2,
      reported_failed_tasks: 1,
      reported_passed_tasks: 1,
      reported_pass_rate: 50,
      reported_accuracy_percent: 66.67,
      estimated_cost_usd: 4.8,
      actual_cost_usd: null,
    })
    // An estimate is never a cost.
    expect(rows.runs!.map(({ cost_usd }) => cost_usd)).toEqual([null, null])
    expect(rows.tasks!.map(({ source_id, status }) => [source_id, status]).sort()).toEqual([
      ['job-1', 'COMPLETED'],
      ['job-2', 'COMPLETED'],
      ['job-3', 'FAILED'],
    ])
    expect(rows.tasks!.find(({ source_id }) => source_id === 'job-3')).toMatchObject({
      failure_category: 'BLOCKED',
      failure_reason: 'Login wall',
      blocked_reason: 'login_required',
      reported_retry_count: 1,
    })
    expect(rows.attempts!.map(({ source_id, status, trigger }) => [source_id, status, trigger]).sort()).toEqual([
      ['session-1', 'SUCCESS', 'INITIAL'],
      // What made a further one is not known.
      ['session-2', 'SUCCESS', null],
      ['session-3', 'SUCCESS', 'INITIAL'],
      ['session-4', 'FAILED', 'INITIAL'],
    ])
    expect(
      [...rows.tasks!, ...rows.attempts!, ...rows.extraction_runs!].every(
        ({ extra }) => JSON.stringify(extra) === '{}',
      ),
    ).toBe(true)
  })

  it('places a session in the newest execution of its batch before it, and a job in that of its latest session', async () => {
    const workspace = await fresh()
    await workspace.write('dump.json', olderDump())
    await workspace.import()
    expect(await placed(workspace)).toEqual(PLACED)
  })

  it('places them whatever comes first', async () => {
    const tables = Object.entries(olderDump())
    const rotations = tables.map((_, at) => [...tables.slice(at), ...tables.slice(0, at)])
    for (const order of [[...tables].reverse(), rotations[2]!, rotations[4]!]) {
      const workspace = await fresh()
      for (const [name, records] of order) {
        const path = await workspace.write(`${FILES[name] ?? name}.json`, records)
        await workspace.import({}, [path])
      }
      expect(await placed(workspace)).toEqual(PLACED)
      const [{ calls }] = (await workspace.query(
        `select json_object_agg(external_id, llm_calls) as calls from runs`,
      )) as [{ calls: object }]
      expect(calls).toEqual({ 'execution-1': 2, 'execution-2': 2 })
    }
  })

  it('moves a session to an execution that turns out to be nearer', async () => {
    const workspace = await fresh()
    await workspace.write('dump.json', { ...olderDump(), executions: [olderDump().executions![0]] })
    await workspace.import()
    expect(new Set(Object.values((await placed(workspace)).sessions))).toEqual(new Set(['execution-1']))
    await workspace.write('executions.json', olderDump().executions)
    await workspace.import()
    expect(await placed(workspace)).toEqual(PLACED)
    const runs = await workspace.query(
      `select external_id, llm_calls::int, (select count(*)::int from agent_calls c where c.run_id = r.id) as rows from runs r order by 1`,
    )
    expect(runs).toEqual([
      { external_id: 'execution-1', llm_calls: 2, rows: 2 },
      { external_id: 'execution-2', llm_calls: 2, rows: 2 },
    ])
  })

  it('judges a job by the extracted data of its latest session', async () => {
    const workspace = await fresh()
    await workspace.write('dump.json', olderDump())
    await workspace.import()
    const tasks = await workspace.query(
      `select source_id, extracted_data, extracted_from_attempt, ground_truth_data, ground_truth_from_dataset, is_evaluated, passed, attempt_count
       from tasks order by 1`,
    )
    expect(tasks).toEqual([
      // 10.0 is 10; the older session's 11 does not count any more. The ground truth is its dataset row's.
      {
        source_id: 'job-1',
        extracted_data: { price: '10.0' },
        extracted_from_attempt: true,
        ground_truth_data: { price: '10' },
        ground_truth_from_dataset: true,
        is_evaluated: true,
        passed: true,
        attempt_count: 2,
      },
      {
        source_id: 'job-2',
        extracted_data: { price: '21' },
        extracted_from_attempt: true,
        ground_truth_data: { price: '20' },
        ground_truth_from_dataset: true,
        is_evaluated: true,
        passed: false,
        attempt_count: 1,
      },
      // It failed without extracted data: it does not count.
      {
        source_id: 'job-3',
        extracted_data: null,
        extracted_from_attempt: false,
        ground_truth_data: { price: '30' },
        ground_truth_from_dataset: true,
        is_evaluated: false,
        passed: null,
        attempt_count: 1,
      },
    ])
  })

  it('writes nothing when it comes again', async () => {
    const workspace = await fresh()
    await workspace.write('dump.json', olderDump())
    await workspace.import()
    const before = await workspace.rows()
    await workspace.write('again/dump.json', `${JSON.stringify(olderDump(), null, 2)}\n`)
    expect((await workspace.import({}, [`${workspace.folder}/again`])).records).toMatchObject({
      inserted: 0,
      updated: 0,
      unchanged: 13,
    })
    const after = await workspace.rows()
    for (const table of [
      'runs',
      'extraction_runs',
      'tasks',
      'task_fields',
      'attempts',
      'agent_calls',
      'prompt_versions',
    ])
      expect(after[table]).toEqual(before[table])
  })
})

describe("an older project's instructions", () => {
  const versions = (workspace: Workspace) =>
    workspace.query(
      `select p.version, p.prompt_text, p.deprecated_name, c.id is not null as current
       from prompt_versions p left join campaigns c on c.current_instruction_id = p.id order by version_number`,
    )

  it('are version 1 where there are no versions, that of its executions and the one in use', async () => {
    const workspace = await fresh()
    const { instructionVersions: _, ...rest } = olderDump()
    await workspace.write('dump.json', {
      ...rest,
      executions: rest.executions!.map(({ instructionVersionId: _, ...execution }) => execution),
    })
    await workspace.import()
    expect(await versions(workspace)).toEqual([
      { version: '1', prompt_text: 'Report the price.', deprecated_name: 'projects', current: true },
    ])
    const runs = await workspace.query(`select p.version from runs r join prompt_versions p on p.id = r.instruction_id`)
    const calls = await workspace.query(
      `select p.version from agent_calls c join prompt_versions p on p.id = c.prompt_version_id`,
    )
    expect([runs.length, calls.length]).toEqual([2, 4])
  })

  it.each([
    ['the project', ['projects', 'instructionVersions']],
    ['the versions', ['instructionVersions', 'projects']],
  ])('are no second version 1 when there is one, if %s come first', async (_first, order) => {
    const workspace = await fresh()
    for (const name of order) {
      const path = await workspace.write(`${FILES[name] ?? name}.json`, olderDump()[name])
      await workspace.import({}, [path])
    }
    expect(await versions(workspace)).toMatchObject([
      { version: '1', deprecated_name: 'instruction_versions', current: false },
      { version: '2', deprecated_name: 'instruction_versions', current: true },
    ])
  })
})
