import { describe, expect, it } from 'vitest'
import { attempt, campaign, dataset, instruction, run, task } from './extraction-fixture.ts'
import { importWorkspace, type Workspace } from './workspace.ts'

const { fresh } = importWorkspace()

const NO_USAGE = {
  cost: null,
  model: null,
  prompt_tokens: null,
  completion_tokens: null,
  cached_tokens: null,
  tokens_used: null,
}

/** An attempt that says nothing of its cost, a minute after the one before. */
const silent = (number: number, fields: Record<string, unknown> = {}) =>
  attempt(`attempt-${number}`, { ...NO_USAGE, started_at: `2026-02-10T10:0${number}:00Z`, ...fields })

const costs = (workspace: Workspace) =>
  workspace.query(`select cost_source::text as source, cost_usd::float8 as cost from agent_calls order by position`)

async function imported(runFields: Record<string, unknown>, attempts: object[]): Promise<Workspace> {
  const workspace = await fresh()
  await workspace.write('dump.json', { attempts, runs: [run(runFields)], tasks: [task(1)] })
  expect((await workspace.import()).rejects).toEqual([])
  return workspace
}

describe('the cost of an attempt', () => {
  it('is what it reports, also when that is nothing', async () => {
    const workspace = await imported({ actual_cost: null }, [
      silent(1, { cost: '0.0348' }),
      silent(2, { cost: 0 }),
      silent(3),
    ])
    expect(await costs(workspace)).toEqual([
      { source: 'REPORTED', cost: 0.0348 },
      { source: 'REPORTED', cost: 0 },
      // Its siblings are reported; that says nothing of it.
      { source: 'UNKNOWN', cost: null },
    ])
    const { runs, tasks } = await workspace.rows()
    expect(runs).toMatchObject([{ cost_usd: 0.0348, calls_cost_usd: 0.0348, reported_cost_usd: null, llm_calls: 3 }])
    expect(tasks).toMatchObject([{ cost_usd: 0.0348, attempt_count: 3 }])
  })

  it('is the price of its tokens when both numbers are known', async () => {
    const usage = { model: 'gpt-4o-mini', prompt_tokens: 1_000_000, completion_tokens: 0 }
    const workspace = await imported({ actual_cost: null }, [
      silent(1, usage),
      silent(2, { ...usage, completion_tokens: null }),
    ])
    // 0.15 US dollars per million input tokens.
    expect(await costs(workspace)).toEqual([
      { source: 'PRICED', cost: 0.15 },
      { source: 'UNKNOWN', cost: null },
    ])
    expect((await workspace.rows()).runs).toMatchObject([{ total_tokens: 2_000_000 }])
  })

  it('is an equal share of what the run reports beyond the others, exactly', async () => {
    const workspace = await imported({ actual_cost: '0.10' }, [
      silent(1),
      silent(2, { cost: 0.05 }),
      silent(3),
      silent(4),
    ])
    // 0.05 ÷ 3 = 0.016666… is 0.016667 to six decimals; the first takes the remainder: 0.05 − 2 × 0.016667.
    expect(await costs(workspace)).toEqual([
      { source: 'ALLOCATED', cost: 0.016666 },
      { source: 'REPORTED', cost: 0.05 },
      { source: 'ALLOCATED', cost: 0.016667 },
      { source: 'ALLOCATED', cost: 0.016667 },
    ])
    expect((await workspace.rows()).runs).toMatchObject([{ cost_usd: 0.1, calls_cost_usd: 0.1 }])
  })

  it('is a share by tokens, half-even, the call with the most tokens taking the remainder', async () => {
    const workspace = await imported({ actual_cost: '0.000009' }, [
      silent(1, { tokens_used: 1 }),
      silent(2, { tokens_used: 3 }),
      silent(3, { tokens_used: 2 }),
      silent(4),
    ])
    // Of 9 millionths 1.5, 4.5 and 3: half-even makes 2 of 1.5; 3 stays; the most tokens take what is left: 4.
    expect(await costs(workspace)).toEqual([
      { source: 'ALLOCATED', cost: 0.000002 },
      { source: 'ALLOCATED', cost: 0.000004 },
      { source: 'ALLOCATED', cost: 0.000003 },
      { source: 'ALLOCATED', cost: 0 },
    ])
  })

  it('is not below nothing when the others cost more than the run reports', async () => {
    const workspace = await imported({ actual_cost: '0.01' }, [silent(1, { cost: 0.02 }), silent(2)])
    expect(await costs(workspace)).toEqual([
      { source: 'REPORTED', cost: 0.02 },
      { source: 'ALLOCATED', cost: 0 },
    ])
    expect((await workspace.rows()).runs).toMatchObject([{ cost_usd: 0.01, calls_cost_usd: 0.02 }])
  })

  it('is shared anew when further attempts come, in whatever file', async () => {
    const workspace = await fresh()
    const files: [string, object[]][] = [
      ['a/attempts.jsonl', [silent(1)]],
      ['tasks.jsonl', [task(1)]],
      ['runs.jsonl', [run({ actual_cost: '0.30' })]],
      ['b/attempts.jsonl', [silent(2), silent(3)]],
    ]
    for (const [name, records] of files) {
      const path = await workspace.write(name, records.map((record) => JSON.stringify(record)).join('\n'))
      await workspace.import({}, [path])
      if (name === 'tasks.jsonl') expect(await costs(workspace)).toEqual([])
      if (name === 'runs.jsonl') expect(await costs(workspace)).toEqual([{ source: 'ALLOCATED', cost: 0.3 }])
    }
    expect((await costs(workspace)).map(({ cost }) => cost)).toEqual([0.1, 0.1, 0.1])
    expect((await workspace.rows()).tasks).toMatchObject([{ cost_usd: 0.3, attempt_count: 3 }])
  })
})

describe("an attempt's call", () => {
  it('goes with the attempt to another run, and both runs count anew', async () => {
    const workspace = await fresh()
    const cost = { cost: 0.02 }
    await workspace.write('dump.json', {
      attempts: [silent(1, cost), silent(2, cost)],
      runs: [run({ actual_cost: null }), run({ id: 'run-2', actual_cost: null })],
      tasks: [task(1)],
    })
    await workspace.import()
    await workspace.write('moved/attempts.json', [
      silent(2, { ...cost, run_id: 'run-2', completed_at: '2026-02-11T00:00:00Z' }),
    ])
    await workspace.import({}, [`${workspace.folder}/moved`])
    const runs = await workspace.query(
      `select external_id as run, llm_calls::int as calls, cost_usd::float8 as cost from runs order by 1`,
    )
    expect(runs).toEqual([
      { run: 'run-1', calls: 1, cost: 0.02 },
      { run: 'run-2', calls: 1, cost: 0.02 },
    ])
  })

  it('is of the extraction agent and the run’s instruction, and ends as the attempt did', async () => {
    const workspace = await fresh()
    const statuses = ['success', 'failed', 'timeout', 'blocked', 'cancelled']
    await workspace.write('1.json', { attempts: statuses.map((status, at) => silent(at + 1, { status })) })
    await workspace.write('2.json', { runs: [run()], tasks: [task(1)] })
    await workspace.import()
    // The instruction comes last of all.
    await workspace.write('3.json', { instructions: [instruction(2)], campaigns: [campaign()], datasets: [dataset()] })
    await workspace.import()
    const calls = await workspace.query(
      `select a.name as agent, p.version, c.status::text, c.position from agent_calls c join agents a on a.id = c.agent_id
       left join prompt_versions p on p.id = c.prompt_version_id order by c.position`,
    )
    expect(calls).toEqual(
      ['COMPLETED', 'FAILED', 'FAILED', 'FAILED', 'SKIPPED'].map((status, position) => ({
        agent: 'extraction_agent',
        version: '2.0',
        status,
        position,
      })),
    )
    const runs = await workspace.query(
      `select c.name as campaign, d.name as dataset, p.version from runs r join campaigns c on c.id = r.campaign_id
       join datasets d on d.id = r.dataset_id join prompt_versions p on p.id = r.instruction_id`,
    )
    expect(runs).toEqual([{ campaign: 'Price watch', dataset: 'Pages', version: '2.0' }])
  })
})

describe('ground truth', () => {
  it('comes from the dataset row where the task has none, whichever comes first', async () => {
    const bare = { ground_truth_data: null, has_ground_truth: false }
    for (const order of [
      ['datasets', 'tasks'],
      ['tasks', 'datasets'],
    ]) {
      const workspace = await fresh()
      const tables: Record<string, object[]> = {
        datasets: [dataset()],
        tasks: [task(1, bare), task(2, bare), task(3, { ground_truth_data: { price: '$11' } })],
      }
      for (const name of order) await workspace.import({}, [await workspace.write(`${name}.json`, tables[name])])
      const tasks = await workspace.query(
        `select source_id, ground_truth_from_dataset as borrowed, compared_fields as compared, matched_fields as matched, passed
         from tasks order by 1`,
      )
      expect(tasks).toEqual([
        { source_id: 'task-1', borrowed: true, compared: 2, matched: 2, passed: true },
        // Its row has no values.
        { source_id: 'task-2', borrowed: false, compared: null, matched: null, passed: null },
        // Its own stays.
        { source_id: 'task-3', borrowed: false, compared: 1, matched: 0, passed: false },
      ])
      const fields = await workspace.query(
        `select count(*) filter (where is_compared)::int as compared, count(*) filter (where is_matched)::int as matched from task_fields`,
      )
      expect(fields).toEqual([{ compared: 3, matched: 2 }])
    }
  })

  it('is forgotten with the row that it came from', async () => {
    const workspace = await fresh()
    await workspace.write('tasks.json', [task(1, { ground_truth_data: null, has_ground_truth: false })])
    await workspace.write('datasets.json', [dataset()])
    await workspace.import()
    await workspace.write('datasets.json', [dataset({ data: [], updated_at: '2026-04-01T00:00:00Z' })])
    await workspace.import()
    const { tasks } = await workspace.rows()
    expect(tasks).toMatchObject([
      { dataset_row_id: null, ground_truth_data: null, has_ground_truth: false, is_evaluated: false, passed: null },
    ])
  })
})
