import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { type RepriceOptions, reprice } from '../../src/importers/reprice/reprice.ts'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { listModelPrices, readModelPrice, removeModelPrice, setModelPrices } from '../../src/pricing/model-prices.ts'
import { sendOfSession } from '../../src/store/send.ts'
import { TenantSession } from '../../src/store/tenant-session.ts'
import { TestDatabase } from '../database.ts'
import { phaseArtifact } from './briefing-fixture.ts'
import { attempt, campaign, dataset, instruction, run, task } from './extraction-fixture.ts'
import { completeRun } from './playbook-fixture.ts'
import { Workspace } from './workspace.ts'

type Fields = Record<string, unknown>
/** Pattern, input, output, cached input, date. */
type Said = [pattern: string, input: string, output: string, cached?: string | null, from?: string | null]

const opened: TestDatabase[] = []
const artifacts = join(tmpdir(), `crossrun-reprice-${randomUUID()}`)
afterAll(async () => {
  await Promise.all(opened.map((database) => database.close()))
  await rm(artifacts, { recursive: true, force: true })
})

async function fresh(folder = join(artifacts, randomUUID())): Promise<Workspace> {
  const database = new TestDatabase()
  await database.open()
  opened.push(database)
  return new Workspace(database.url, folder)
}

/** Sets these prices and no others. */
async function setPrices({ url }: Workspace, said: Said[], organization = 'default'): Promise<void> {
  const organizationId = organizationIdOf(organization)
  const session = await TenantSession.open(url, organizationId)
  try {
    await session.transaction(async (client) => {
      const send = sendOfSession(client)
      for (const { pattern, effectiveFrom } of await listModelPrices(send))
        await removeModelPrice(send, pattern, effectiveFrom)
      const prices = said.map(([pattern, input, output, cached = null, from = null]) =>
        readModelPrice({ pattern, input, output, cachedInput: cached, effectiveFrom: from ? new Date(from) : null }),
      )
      await setModelPrices(send, organizationId, prices)
    })
  } finally {
    await session.close()
  }
}

const again = (workspace: Workspace, options: Partial<RepriceOptions> = {}) =>
  reprice(workspace.url, { organization: 'default', since: null, dryRun: false, ...options })

const costs = (workspace: Workspace, where = 'true') =>
  workspace.query(
    `select a.name as agent, c.cost_source::text as source, c.cost_usd::float8 as cost, c.price_reference as price
     from agent_calls c join agents a on a.id = c.agent_id where ${where} order by c.position, a.name`,
  )
const runCosts = async (workspace: Workspace) =>
  (
    await workspace.query(
      'select cost_usd::float8 as cost, reported_cost_usd::float8 as reported, calls_cost_usd::float8 as calls from runs',
    )
  )[0]

const SILENT = { cost: null, cost_usd: null, prompt_tokens: null, completion_tokens: null, cached_tokens: null }
const agentResult = (fields: Fields = {}): Fields => ({ ...SILENT, model: 'house-7b', ...fields })
const tokens = (prompt: number, completion: number, cached: number | null = null): Fields => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  cached_tokens: cached,
  tokens_used: prompt + completion,
})
const playbook = (agents: Record<string, Fields>, fields: Fields = {}): Fields =>
  completeRun({
    estimated_cost_usd: null,
    phase1_output: { agent_results: agents },
    phase2_output: null,
    phase3_output: null,
    phase4_output: null,
    ...fields,
  })

describe('repricing a playbook run', () => {
  it('prices what was unknown, and the sums of its phase and the run follow', async () => {
    const workspace = await fresh()
    await workspace.write('run.json', playbook({ a: agentResult(tokens(1000, 100, 400)), b: agentResult() }))
    await workspace.import()
    expect(await costs(workspace)).toMatchObject([{ source: 'UNKNOWN', cost: null }, { source: 'UNKNOWN' }])
    await setPrices(workspace, [['house-*', '2', '8', '0.5']])
    // 600 at 2, 400 at 0.50, 100 at 8 a million.
    expect(await again(workspace)).toMatchObject({
      runs: { checked: 1, changed: 1 },
      calls: { checked: 2, changed: 1 },
      sources: { priced: 1, allocated: 0, unknown: 1 },
      costUsd: { before: null, after: '0.0022' },
    })
    expect(await costs(workspace)).toEqual([
      { agent: 'a', source: 'PRICED', cost: 0.0022, price: 'own: house-*' },
      { agent: 'b', source: 'UNKNOWN', cost: null, price: null },
    ])
    expect(await runCosts(workspace)).toEqual({ cost: 0.0022, reported: null, calls: 0.0022 })
    expect(await workspace.query('select cost_usd::float8 as cost from run_phases where number = 1')).toEqual([
      { cost: 0.0022 },
    ])
    await setPrices(workspace, [])
    await again(workspace)
    expect(await runCosts(workspace)).toEqual({ cost: null, reported: null, calls: null })
  })

  it('shares anew what the run reports beyond the calls that now have a price, and never touches a reported cost', async () => {
    const workspace = await fresh()
    const agents = {
      a: agentResult({ ...tokens(1_000_000, 0), model: 'house-70b' }),
      b: agentResult({ tokens_used: 1, model: null }),
      c: agentResult({ tokens_used: 2, model: null }),
      d: agentResult({ ...tokens(1_000_000, 0), cost: 0.1 }),
    }
    await workspace.write('run.json', playbook(agents, { estimated_cost_usd: 0.5 }))
    await workspace.import()
    await setPrices(workspace, [
      ['house-70b', '0.2', '0'],
      ['*', '1000', '1000'],
    ])
    await again(workspace)
    // 0.5 − 0.1 − 0.2 = 0.2 by 1 to 2: 0.066667, and the remainder for the one with most tokens.
    expect(await costs(workspace)).toEqual([
      { agent: 'a', source: 'PRICED', cost: 0.2, price: 'own: house-70b' },
      { agent: 'b', source: 'ALLOCATED', cost: 0.066667, price: null },
      { agent: 'c', source: 'ALLOCATED', cost: 0.133333, price: null },
      { agent: 'd', source: 'REPORTED', cost: 0.1, price: null },
    ])
    expect(await runCosts(workspace)).toEqual({ cost: 0.5, reported: 0.5, calls: 0.5 })
  })

  it('since a date leaves the prices of earlier calls and of calls without a time, and shares what is left among them', async () => {
    const workspace = await fresh()
    const at = (day: string, fields: Fields) => agentResult({ ...fields, started_at: `2025-${day}T00:00:00Z` })
    const million = tokens(1_000_000, 0)
    await setPrices(workspace, [['house-70b', '1', '0']])
    await workspace.write(
      'run.json',
      playbook(
        {
          a: at('03-01', { ...million, model: 'house-70b' }),
          b: at('03-01', { ...million, model: 'house-7b' }),
          c: at('03-02', { ...million, model: 'house-70b' }),
        },
        { estimated_cost_usd: 10 },
      ),
    )
    await workspace.import()
    await setPrices(workspace, [['*', '3', '0']])
    await again(workspace, { since: new Date('2025-03-02T00:00:00Z') })
    expect(await costs(workspace)).toEqual([
      { agent: 'a', source: 'PRICED', cost: 1, price: 'own: house-70b' },
      { agent: 'b', source: 'ALLOCATED', cost: 6, price: null },
      { agent: 'c', source: 'PRICED', cost: 3, price: 'own: *' },
    ])
    expect(await again(workspace, { since: new Date('2025-03-03T00:00:00Z') })).toMatchObject({ runs: { checked: 0 } })
  })
})

describe('repricing a briefing', () => {
  it('follows phases and the run, whose own report is what phases without calls cost, and shares nothing', async () => {
    const workspace = await fresh()
    const id = '20251020_060230'
    const phase = (number: number, name: string, metadata: Fields) =>
      workspace.write(
        `briefing/artifacts/run_${id}/phase${number}_${name}.json`,
        phaseArtifact(id, number, name, metadata),
      )
    const calling = { llm_calls: 2, cost_usd: null, model: 'house-7b' }
    await phase(1, 'collect', { cost_usd: 0.25 })
    await phase(2, 'rank', { ...calling, prompt_tokens: 1000, completion_tokens: 100 })
    await phase(3, 'write', { ...calling, total_tokens: 50 })
    await workspace.import()
    expect(await runCosts(workspace)).toEqual({ cost: 0.25, reported: 0.25, calls: null })
    await setPrices(workspace, [['house-7b', '100', '1000']])
    await again(workspace)
    // 1,000 at 100 and 100 at 1,000 a million.
    expect(await costs(workspace)).toMatchObject([
      { agent: 'rank', source: 'PRICED', cost: 0.2 },
      { agent: 'write', source: 'UNKNOWN', cost: null },
    ])
    expect(await runCosts(workspace)).toEqual({ cost: 0.45, reported: 0.45, calls: 0.2 })
    const phases = await workspace.query('select cost_usd::float8 as cost from run_phases order by number')
    expect(phases.map(({ cost }) => cost)).toEqual([0.25, 0.2, null])
  })
})

describe('repricing attempts', () => {
  const usage = { ...tokens(1_000_000, 0), model: 'house-7b', cost: null }

  it('changes calls, shares, tasks and the run, and a later import keeps what it said', async () => {
    const workspace = await fresh()
    const attempts = [
      attempt('attempt-1', { ...usage, started_at: '2026-02-10T10:00:00Z' }),
      attempt('attempt-2', {
        ...SILENT,
        model: null,
        tokens_used: 5,
        started_at: '2026-02-10T10:01:00Z',
        task_id: 'task-2',
      }),
      attempt('attempt-3', { ...usage, cost: 0.07, started_at: '2026-02-10T10:02:00Z', task_id: 'task-2' }),
    ]
    await workspace.write('dump.json', { attempts, runs: [run({ actual_cost: '1.00' })], tasks: [task(1), task(2)] })
    await workspace.import()
    await setPrices(workspace, [['house-7b', '0.5', '0']])
    expect(await again(workspace)).toMatchObject({ calls: { checked: 2, changed: 2 }, runs: { changed: 1 } })
    const expected = [
      { source: 'PRICED', cost: 0.5, price: 'own: house-7b' },
      // 1.00 − 0.5 − 0.07
      { source: 'ALLOCATED', cost: 0.43, price: null },
      { source: 'REPORTED', cost: 0.07, price: null },
    ]
    expect(await costs(workspace)).toMatchObject(expected)
    const tasks = () => workspace.query('select cost_usd::float8 as cost from tasks order by source_id')
    expect(await tasks()).toEqual([{ cost: 0.5 }, { cost: 0.5 }])
    // The run alone, newer: its attempts are settled from what is stored.
    await workspace.write('later.json', { runs: [run({ actual_cost: '2.00', updated_at: '2026-03-01T00:00:00Z' })] })
    await workspace.import()
    expect((await costs(workspace)).map(({ cost }) => cost)).toEqual([0.5, 1.43, 0.07])
    expect(await runCosts(workspace)).toEqual({ cost: 2, reported: 2, calls: 2 })
  })

  it('prices those whose run is not imported for their tasks', async () => {
    const workspace = await fresh()
    await workspace.write('dump.json', {
      attempts: [attempt('attempt-1', { ...usage, run_id: 'unknown' })],
      tasks: [task(1, { run_id: 'unknown' })],
    })
    await workspace.import()
    await setPrices(workspace, [['house-7b', '0.5', '0']])
    expect(await again(workspace)).toMatchObject({
      attemptsWithoutRun: { checked: 1, changed: 1 },
      calls: { checked: 0 },
    })
    expect(await workspace.query('select cost_usd::float8 as cost from tasks')).toEqual([{ cost: 0.5 }])
    expect(await again(workspace)).toMatchObject({ attemptsWithoutRun: { checked: 1, changed: 0 } })
  })
})

describe('repricing', () => {
  const MODELS = ['house-7b', 'house-70b', 'gpt-4o', 'gpt-4o-mini', null]
  const amount = fc.option(fc.integer({ min: 0, max: 5000 }), { freq: 4 })
  const usd = fc.option(
    fc.oneof(
      fc.integer({ min: 0, max: 9999 }).map((cents) => cents / 10_000),
      // As programs write sums of floating-point numbers.
      fc.constantFrom(0.1 + 0.2, 0.000_000_000_000_4, 1 / 3),
    ),
    { freq: 1 },
  )
  const at = fc.constantFrom('2025-03-01T00:00:00Z', '2025-06-01T00:00:00Z', '2026-02-10T10:00:00Z', null)
  const usage = fc
    .record({
      model: fc.constantFrom(...MODELS),
      prompt: amount,
      completion: amount,
      cached: amount,
      total: amount,
      cost: usd,
      at,
    })
    .map(({ model, prompt, completion, cached, total, cost, at }) => ({
      model,
      prompt_tokens: prompt,
      completion_tokens: completion,
      cached_tokens: cached,
      tokens_used: total,
      total_tokens: total,
      cost,
      cost_usd: cost,
      started_at: at,
    }))
  const usages = fc.array(usage, { maxLength: 6 })
  const worlds = fc.record({
    playbook: fc.tuple(usages, usages, usd),
    briefing: fc.array(fc.tuple(usage, fc.integer({ min: 0, max: 2 })), { minLength: 1, maxLength: 4 }),
    attempts: fc.array(fc.tuple(usage, fc.constantFrom('run-1', 'run-2', 'unknown', null)), { maxLength: 8 }),
    actual: fc.tuple(usd, usd),
  })
  const price = fc.tuple(
    fc.constantFrom('house-7b', 'house-*', '*', 'gpt-4o', 'gpt-4o*'),
    fc.constantFrom('0', '0.15', '2.5', '1234.567890123'),
    fc.constantFrom('0', '0.6', '10'),
    fc.constantFrom(null, '0.075'),
    fc.constantFrom(null, '2025-03-01T00:00:00Z', '2025-06-02T00:00:00Z', '2026-02-10T10:00:00.001Z'),
  ) as fc.Arbitrary<Said>
  const priceLists = fc.array(price, { maxLength: 5 })
  type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never

  async function write(workspace: Workspace, { playbook: phases, briefing, attempts, actual }: World) {
    const results = (all: Fields[]) => Object.fromEntries(all.map((one, place) => [`agent_${place}`, one]))
    await workspace.write(
      'run.json',
      playbook(results(phases[0]), {
        estimated_cost_usd: phases[2],
        phase3_output: { agent_results: results(phases[1]) },
      }),
    )
    const id = '20251020_060230'
    for (const [place, [metadata, calls]] of briefing.entries()) {
      const name = `phase${place + 1}_step${place}`
      const content = phaseArtifact(id, place + 1, `step${place}`, { ...metadata, llm_calls: calls })
      await workspace.write(`house/artifacts/run_${id}/${name}.json`, content)
    }
    await workspace.write('dump.json', {
      campaigns: [campaign()],
      instruction_versions: [instruction(2)],
      datasets: [dataset()],
      runs: actual.map((cost, place) => run({ id: `run-${place + 1}`, actual_cost: cost })),
      tasks: [task(1), task(2, { run_id: 'run-2' }), task(3, { run_id: 'unknown' })],
      attempts: attempts.map(([usage, runId], place) =>
        attempt(`attempt-${place}`, {
          ...usage,
          created_at: '2025-05-01T00:00:00Z',
          run_id: runId,
          task_id: `task-${(place % 3) + 1}`,
          attempt_number: place,
        }),
      ),
    })
  }

  /** As `workspace.rows()`, in two statements: there are many tables, and many cases. */
  async function rowsOf(workspace: Workspace) {
    const tables = await workspace.query(
      `select distinct table_name as name from information_schema.columns
       where table_schema = 'public' and column_name = 'organization_id' and table_name not in ('imports', 'imported_files', 'audit_events')
         and table_name not like 'x\\_%'
       order by 1`,
    )
    const circumstances = `'{import_id,created_at,rejected_at,file,path}'::text[]`
    const selects = tables.map(
      ({ name }) => `select '${name}' as name, to_jsonb(t) - ${circumstances} as row from ${name} t`,
    )
    return workspace.query(`${selects.join(' union all ')} order by 1, 2`)
  }

  it('after other prices leaves what a fresh import with those prices does, and a second time changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, priceLists, priceLists, async (world, before, after) => {
        const workspace = await fresh()
        await write(workspace, world)
        await setPrices(workspace, before)
        expect((await workspace.import()).rejects).toEqual([])
        await setPrices(workspace, after)
        const reported = await costs(workspace, `c.cost_source = 'REPORTED'`)
        const untouched = await rowsOf(workspace)
        const planned = await again(workspace, { dryRun: true })
        expect(await rowsOf(workspace)).toEqual(untouched)

        expect(await again(workspace)).toEqual({ ...planned, dryRun: false })
        expect(await costs(workspace, `c.cost_source = 'REPORTED'`)).toEqual(reported)
        const repriced = await rowsOf(workspace)
        const once = await fresh(workspace.folder)
        await setPrices(once, after)
        await once.import()
        expect(repriced).toEqual(await rowsOf(once))

        const versions = () => workspace.query(VERSIONS)
        const written = await versions()
        const second = await again(workspace)
        expect([second.calls.changed, second.runs.changed, second.attemptsWithoutRun.changed]).toEqual([0, 0, 0])
        expect(await versions()).toEqual(written)
        await workspace.remove()
        for (const database of opened.splice(0)) await database.close()
      }),
      { numRuns: 12, endOnFailure: true },
    )
  }, 180_000)

  /** Which transaction wrote each row. */
  const VERSIONS = ['agent_calls', 'attempts', 'run_phases', 'runs', 'tasks']
    .map((table) => `select '${table}' as name, id, xmin::text from ${table}`)
    .join(' union all ')
    .concat(' order by 1, 2')

  it('is of one organization and its prices alone', async () => {
    const workspace = await fresh()
    await workspace.write('run.json', playbook({ a: agentResult(tokens(1_000_000, 0)) }))
    await workspace.import()
    await workspace.import({ organization: 'others' })
    await setPrices(workspace, [['house-7b', '7', '0']], 'others')
    expect(await again(workspace)).toMatchObject({ calls: { checked: 1, changed: 0 } })
    expect(await again(workspace, { organization: 'others' })).toMatchObject({ calls: { checked: 1, changed: 1 } })
    const cost = 'select cost_usd::float8 as cost from runs'
    expect([await workspace.query(cost), await workspace.query(cost, 'others')]).toEqual([
      [{ cost: null }],
      [{ cost: 7 }],
    ])
  })

  it('goes through many runs, batch by batch, and is interrupted between batches', async () => {
    const workspace = await fresh()
    await workspace.write('run.json', playbook({ a: agentResult(tokens(1_000_000, 0)) }))
    await workspace.import()
    // A copy is cheaper than an import, and as good here.
    await workspace.query(`
      with copies as (
        insert into runs select (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(), 'external_id', 'copy-' || n))).*
        from runs r, generate_series(1, 1200) as n returning id
      )
      insert into agent_calls select (jsonb_populate_record(c, jsonb_build_object(
        'id', gen_random_uuid(), 'run_id', i.id, 'phase_id', null, 'step_id', null))).*
      from agent_calls c, copies i, generate_series(1, 10)`)
    await setPrices(workspace, [['house-7b', '2', '0']])
    let batches = 0
    const options = { organization: 'default', since: null, dryRun: false }
    const first = await reprice(workspace.url, options, {
      progress: () => void batches++,
      isInterrupted: () => batches === 1,
    })
    expect(first.isInterrupted).toBe(true)
    expect(first.calls.changed).toBeGreaterThan(4_000)
    expect(first.calls.changed).toBeLessThanOrEqual(5_000)
    const second = await again(workspace)
    expect(first.calls.changed + second.calls.changed).toBe(12_001)
    expect(await workspace.query('select count(*)::int as runs, sum(cost_usd)::float8 as cost from runs')).toEqual([
      { runs: 1201, cost: 24_002 },
    ])
  }, 60_000)

  it('waits for an import of the same run, and prices what that wrote', async () => {
    const workspace = await fresh()
    await workspace.write('run.json', playbook({ a: agentResult(tokens(1_000_000, 0)) }))
    await workspace.import()
    await setPrices(workspace, [['house-7b', '2', '0']])
    const other = new pg.Client({ connectionString: workspace.url })
    await other.connect()
    try {
      await other.query('begin')
      await other.query(`select pg_advisory_xact_lock(hashtextextended(id::text, 0) % 1024) from runs`)
      let isDone = false
      const repricing = again(workspace).finally(() => {
        isDone = true
      })
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(isDone).toBe(false)
      await other.query('update agent_calls set prompt_tokens = 3000000')
      await other.query('commit')
      await repricing
    } finally {
      await other.end()
    }
    expect(await runCosts(workspace)).toMatchObject({ cost: 6 })
  })

  it('beside an import ends with right sums, and the import says when prices changed under it', async () => {
    const workspace = await fresh()
    for (let number = 0; number < 300; number++) {
      const agents = { a: agentResult(tokens(1_000_000, 0)), b: agentResult({ tokens_used: 3, model: null }) }
      await workspace.write(`run-${number}.json`, playbook(agents, { run_id: `run-${number}`, estimated_cost_usd: 5 }))
    }
    const notes: string[] = []
    let repricing: Promise<unknown> | null = null
    const progress = () => {
      repricing ??= setPrices(workspace, [['house-7b', '2', '0']]).then(() => again(workspace))
    }
    await workspace.import({}, [workspace.folder], { progress, note: (text) => void notes.push(text) })
    await repricing
    await again(workspace)
    expect(notes).toEqual(['Prices changed while this import ran, and it used the old ones: run `crossrun reprice`.'])
    expect(
      await workspace.query(
        `select cost_usd::float8 as cost, cost_source::text as source, count(*)::int as calls from agent_calls group by 1, 2 order by 1`,
      ),
    ).toEqual([
      { cost: 2, source: 'PRICED', calls: 300 },
      { cost: 3, source: 'ALLOCATED', calls: 300 },
    ])
  }, 60_000)
})
