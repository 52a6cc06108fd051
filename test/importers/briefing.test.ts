import { readFile, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_IMPORT_OPTIONS, type ImportOptions } from '../../src/importers/options.ts'
import { reimport } from '../../src/importers/reimport.ts'
import type { ImportWatcher } from '../../src/importers/run-import.ts'
import { briefing, otherRun, phaseArtifact } from './briefing-fixture.ts'
import { importWorkspace, Workspace } from './workspace.ts'

const workspaces = importWorkspace()
let shared: Workspace
let tenants = 0

beforeAll(async () => {
  shared = await workspaces.fresh()
})

/** A folder, and an organization of its own in the database that the tests share: quicker than a database each. */
class Tenant extends Workspace {
  readonly organization = `tenant-${tenants++}`

  override import(options: Partial<ImportOptions> = {}, paths = [this.folder], watcher: ImportWatcher = {}) {
    return super.import({ organization: this.organization, ...options }, paths, watcher)
  }

  override query(sql: string, organization = this.organization) {
    return super.query(sql, organization)
  }

  override rows(organization = this.organization) {
    return super.rows(organization)
  }
}

async function fresh(): Promise<Tenant> {
  return new Tenant(shared.url, join(workspaces.server.directory, `tenant-${tenants}`))
}

const RUN = '20251109_060047'
const FOLDER = `briefing/artifacts/run_${RUN}`

async function write(workspace: Workspace, files: Record<string, unknown>): Promise<void> {
  for (const [name, content] of Object.entries(files)) await workspace.write(name, content)
}

async function imported(files: Record<string, unknown>, options = {}): Promise<Tenant> {
  const workspace = await fresh()
  await write(workspace, files)
  await workspace.import(options)
  return workspace
}

/** Runs by name with their pipeline: `briefing 20251109_060047 COMPLETED`. */
async function runsOf(workspace: Workspace): Promise<string[]> {
  const rows = await workspace.query(
    `select p.name || ' ' || r.external_id || ' ' || r.status as run from runs r join pipelines p on p.id = r.pipeline_id order by 1`,
  )
  return rows.map(({ run }) => run as string)
}

const latestOf = async (workspace: Workspace) =>
  (await workspace.query('select external_id from runs where is_latest order by 1')).map(
    ({ external_id }) => external_id,
  )

describe('a run directory becomes one run', () => {
  it('with every field of its phases', async () => {
    const workspace = await imported({
      [`${FOLDER}/phase5_tier3_5d.json`]: {
        metadata: {
          run_id: RUN,
          phase_name: 'tier3_5d',
          phase_number: 5,
          timestamp: '2025-11-09T06:14:55.250Z',
          duration_seconds: 267.25,
          input_count: 24,
          output_count: 10,
          llm_calls: 24,
          cost_usd: 0.06864,
          status: 'completed',
          error: 'slow',
          model: 'in-house-70b',
          prompt_tokens: 24240,
          completion_tokens: 3360,
          prompt_version: 'v7',
          host: 'worker-1',
        },
        data: { sources_scraped: 36, sources_failed: 2, categories: ['market'], config: { max_articles: 60 } },
        note: 'kept',
      },
    })
    const [run] = await workspace.query(
      `select r.*, p.name as pipeline from runs r join pipelines p on p.id = r.pipeline_id`,
    )
    expect(run).toMatchObject({
      external_id: RUN,
      pipeline: 'briefing',
      started_at: new Date('2025-11-09T06:00:47Z'),
      finished_at: new Date('2025-11-09T06:14:55.250Z'),
      duration_seconds: 267.25,
      cost_usd: '0.068640000000',
      calls_cost_usd: '0.068640000000',
      reported_cost_usd: null,
      total_tokens: '27600',
      llm_calls: '24',
      prompt_versions: { tier3_5d: 'v7' },
      directory: join(workspace.folder, FOLDER),
      is_latest: false,
    })
    const [phase] = await workspace.query('select * from run_phases')
    expect(phase).toMatchObject({
      number: 5,
      name: 'tier3_5d',
      status: 'COMPLETED',
      started_at: new Date('2025-11-09T06:10:28.000Z'),
      finished_at: new Date('2025-11-09T06:14:55.250Z'),
      duration_seconds: 267.25,
      input_count: 24,
      output_count: 10,
      llm_calls: 24,
      cost_usd: '0.068640000000',
      reported_cost_usd: '0.068640000000',
      error: 'slow',
      extra: {
        host: 'worker-1',
        note: 'kept',
        data: { sources_scraped: 36, sources_failed: 2, categories: ['market'], config: { max_articles: 60 } },
      },
    })
    expect(await workspace.query('select name, status::text, duration_seconds, error from steps')).toEqual([
      { name: 'tier3_5d', status: 'COMPLETED', duration_seconds: 267.25, error: 'slow' },
    ])
    expect(
      await workspace.query(
        `select a.name as agent, v.version, c.model, c.calls, c.prompt_tokens, c.completion_tokens, c.total_tokens, c.cost_usd, c.cost_source::text, c.duration_seconds
         from agent_calls c join agents a on a.id = c.agent_id join prompt_versions v on v.id = c.prompt_version_id`,
      ),
    ).toEqual([
      {
        agent: 'tier3_5d',
        version: 'v7',
        model: 'in-house-70b',
        calls: 24,
        prompt_tokens: '24240',
        completion_tokens: '3360',
        total_tokens: '27600',
        cost_usd: '0.068640000000',
        cost_source: 'REPORTED',
        duration_seconds: 267.25,
      },
    ])
    // The phase says that it completed, so what it tells beside is no error.
    expect(await workspace.query('select level::text, phase, step, message from run_events')).toEqual([
      { level: 'WARNING', phase: 'tier3_5d', step: 'tier3_5d', message: 'slow' },
    ])
    const bytes = await readFile(join(workspace.folder, `${FOLDER}/phase5_tier3_5d.json`))
    expect(await workspace.query('select phase_number, name, kind::text, pointer, bytes from artifacts')).toEqual([
      { phase_number: 5, name: 'tier3_5d', kind: 'JSON', pointer: '', bytes: String(bytes.length) },
    ])
  })

  it('with its report, and with sums over its phases', async () => {
    const workspace = await imported(
      briefing(RUN, {
        metadata: {
          1: { duration_seconds: 0.1, cost_usd: null, llm_calls: null },
          2: { duration_seconds: 0.2, cost_usd: undefined },
          4: { duration_seconds: 0.3, llm_calls: 3, cost_usd: '0.000001', prompt_tokens: 5 },
          7: { duration_seconds: null, llm_calls: 10, cost_usd: 0.25 },
        },
      }),
    )
    expect(await runsOf(workspace)).toEqual([`briefing ${RUN} COMPLETED`])
    // 0.1 + 0.2 + 0.3 and six phases of 10 seconds, without the error of binary sums; one phase does not say.
    expect(await workspace.query('select duration_seconds, cost_usd, llm_calls, total_tokens from runs')).toEqual([
      { duration_seconds: 50.6, cost_usd: '0.250001000000', llm_calls: '13', total_tokens: '5' },
    ])
    expect(await workspace.query(`select * from run_phases where number = 10`)).toMatchObject([
      {
        name: 'final_report',
        status: 'COMPLETED',
        input_count: null,
        llm_calls: null,
        cost_usd: null,
        finished_at: null,
      },
    ])
    expect(
      await workspace.query(`select phase_number, kind::text from artifacts where kind <> 'JSON' order by 1`),
    ).toEqual([{ phase_number: 10, kind: 'MARKDOWN' }])
  })

  it('from compressed files and texts too', async () => {
    const files = briefing(RUN)
    const packed = Object.fromEntries(
      Object.entries(files).map(([name, content], index) => {
        const text = typeof content === 'string' ? content : JSON.stringify(content)
        return index % 2 === 0 ? [`${name}.gz`, gzipSync(text)] : [name.replace(/\.json$/, '.txt'), text]
      }),
    )
    const workspace = await imported(packed)
    expect(await runsOf(workspace)).toEqual([`briefing ${RUN} COMPLETED`])
    expect(await workspace.query('select count(*)::int from run_phases')).toEqual([{ count: 10 }])
  })

  it('dated in UTC by its name, its phases in the time zone of the import', async () => {
    const workspace = await imported(
      briefing('20251026_005500', { upTo: 1, metadata: { 1: { timestamp: '2025-10-26T05:55:02' } } }),
      { timeZone: 'Europe/Berlin' },
    )
    expect(await workspace.query('select started_at, finished_at from runs')).toEqual([
      { started_at: new Date('2025-10-26T00:55:00Z'), finished_at: new Date('2025-10-26T04:55:02Z') },
    ])
  })

  it('whose name tells no time starts with its first phase', async () => {
    const artifact = phaseArtifact(RUN, 1, 'collect', { run_id: 'weekly', timestamp: '2025-11-09T06:00:30Z' })
    const workspace = await imported({ 'digest/run_weekly/phase1_collect.json': artifact })
    expect(await workspace.query('select external_id, started_at from runs')).toEqual([
      { external_id: 'weekly', started_at: new Date('2025-11-09T06:00:20Z') },
    ])
  })
})

describe('a run is imported once', () => {
  it('again: no row is written', async () => {
    const workspace = await imported(briefing(RUN))
    const before = await workspace.rows()
    const summary = await workspace.import()
    expect({ rows: summary.rows, ...summary.records }).toMatchObject({
      rows: 0,
      inserted: 0,
      updated: 0,
      unchanged: 10,
    })
    expect(await workspace.rows()).toEqual(before)
  })

  it('from another place: no run is added', async () => {
    const workspace = await imported(briefing(RUN))
    await write(workspace, briefing(RUN, { folder: `copy/briefing/run_${RUN}` }))
    const { records } = await workspace.import()
    expect(records).toMatchObject({ inserted: 0, updated: 0, unchanged: 20 })
    expect(await runsOf(workspace)).toHaveLength(1)
  })

  it('growing phase by phase: it is what all of them at once would be', async () => {
    const data = { 2: { articles: [{ url: 'https://a.example/' }] }, 3: { articles: [{ url: 'https://a.example/' }] } }
    // In databases of their own: the ids are the same then.
    const growing = await workspaces.fresh()
    for (const upTo of [2, 3, 9, 10]) {
      await write(growing, briefing(RUN, { upTo, data }))
      await growing.import()
    }
    const atOnce = await workspaces.fresh()
    await write(atOnce, briefing(RUN, { data }))
    await atOnce.import()
    const plain = (rows: Record<string, Record<string, unknown>[]>) => {
      const { payload_chunks, payloads, artifacts, runs, ...others } = rows
      return { ...others, runs: runs!.map((row) => ({ ...row, directory: null })), artifacts: artifacts!.length }
    }
    const ids = (rows: ReturnType<typeof plain>) => JSON.parse(JSON.stringify(rows))
    expect(ids(plain(await growing.rows()))).toEqual(ids(plain(await atOnce.rows())))
  })

  it('changed in place: what it no longer has is gone', async () => {
    const workspace = await imported(
      briefing(RUN, {
        metadata: { 4: { llm_calls: 3 } },
        data: { 3: { articles: [{ url: 'https://a.example/' }, { url: 'https://b.example/' }] } },
      }),
    )
    await write(workspace, briefing(RUN, { data: { 3: { articles: [{ url: 'https://b.example/' }] } } }))
    const { records } = await workspace.import()
    expect(records).toMatchObject({ inserted: 0, updated: 10 })
    expect(await workspace.query('select url from run_items')).toEqual([{ url: 'https://b.example/' }])
    expect(await workspace.query('select id from agent_calls')).toEqual([])
  })
})

describe('whether a run completed', () => {
  it('is known of a briefing alone: it has ten phases', async () => {
    expect(await runsOf(await imported(briefing(RUN, { upTo: 7 })))).toEqual([`briefing ${RUN} FAILED`])
  })

  const short = otherRun('20251101_000000', ['collect', 'sort'], 'digest/run_20251101_000000')
  const long = otherRun('20251102_000000', ['collect', 'sort', 'send'], 'digest/run_20251102_000000')

  it('is told by the other runs of its pipeline, whichever came first', async () => {
    for (const [first, second] of [
      [short, long],
      [long, short],
    ]) {
      const workspace = await imported(first!)
      expect(await runsOf(workspace)).toHaveLength(1)
      await write(workspace, second!)
      await workspace.import()
      expect(await runsOf(workspace)).toEqual(['digest 20251101_000000 FAILED', 'digest 20251102_000000 COMPLETED'])
    }
    expect(await runsOf(await imported(short))).toEqual(['digest 20251101_000000 COMPLETED'])
  })

  it('is not told by runs of other pipelines', async () => {
    const workspace = await imported({ ...short, ...briefing(RUN) })
    expect(await runsOf(workspace)).toEqual([`briefing ${RUN} COMPLETED`, 'digest 20251101_000000 COMPLETED'])
  })

  it('is what a phase says that failed or is still running', async () => {
    const failed = briefing('20251101_000000', { metadata: { 4: { status: 'failed', error: 'API timeout' } } })
    const running = briefing('20251102_000000', { upTo: 6, metadata: { 6: { status: 'running' } } })
    const workspace = await imported({ ...failed, ...running })
    expect(await runsOf(workspace)).toEqual(['briefing 20251101_000000 FAILED', 'briefing 20251102_000000 RUNNING'])
    expect(await workspace.query(`select name from run_phases where status = 'FAILED'`)).toEqual([
      { name: 'tier2_batch' },
    ])
    expect(await workspace.query('select level::text, phase, step, message, occurred_at from run_events')).toEqual([
      {
        level: 'ERROR',
        phase: 'tier2_batch',
        step: 'tier2_batch',
        message: 'API timeout',
        occurred_at: new Date('2025-11-01T00:04:00Z'),
      },
    ])
  })

  it('is open for a while after the newest phase, but not when a phase failed', async () => {
    const broken = briefing('20251101_000000', { upTo: 3 })
    const failed = briefing('20251102_000000', { upTo: 3, metadata: { 3: { status: 'failed' } } })
    const workspace = await imported({ ...broken, ...failed }, { runningGraceMinutes: 20 })
    expect(await workspace.query('select running_until from runs order by external_id')).toEqual([
      { running_until: new Date('2025-11-01T00:23:00Z') },
      { running_until: null },
    ])
  })
})

describe('what cannot be read is set aside', () => {
  const damaged: [string, unknown, string][] = [
    ['cut short', '{"metadata": {"run_id": "20251109_060047", "phase_na', 'TRUNCATED'],
    ['empty', '', 'EMPTY'],
    ['no JSON', '<html>', 'SYNTAX'],
    ['without metadata', { data: {} }, 'SCHEMA'],
    ['with a number that is none', phaseArtifact(RUN, 5, 'tier3_5d', { duration_seconds: 'fast' }), 'SCHEMA'],
    ['with a count too large', phaseArtifact(RUN, 5, 'tier3_5d', { llm_calls: 3e9 }), 'SCHEMA'],
    ['with an unknown status', phaseArtifact(RUN, 5, 'tier3_5d', { status: 'paused?' }), 'SCHEMA'],
    ['with a list of metadata', { metadata: [], data: {} }, 'SCHEMA'],
  ]

  it.each(damaged)('a phase %s, and the others stay', async (_what, content, code) => {
    const workspace = await fresh()
    await write(workspace, { ...briefing(RUN), [`${FOLDER}/phase5_tier3_5d.json`]: content })
    const { records, rejects } = await workspace.import()
    expect(records).toMatchObject({ read: 10, inserted: 9, quarantined: 1 })
    expect(rejects.map((reject) => reject.code)).toEqual([code])
    expect(await workspace.query('select number from run_phases order by 1')).toHaveLength(9)
    expect(await runsOf(workspace)).toEqual([`briefing ${RUN} COMPLETED`])
    // Mended, the phase comes in.
    await write(workspace, briefing(RUN))
    await workspace.import()
    expect(await workspace.query('select number from run_phases order by 1')).toHaveLength(10)
  })

  it('an article with a wrong type, and the others stay', async () => {
    const workspace = await fresh()
    const articles = [
      { url: 'https://a.example/', rank: 'first' },
      { url: 'https://b.example/', scores: { credibility: 'x' } },
      { url: 'https://c.example/' },
    ]
    await write(workspace, briefing(RUN, { data: { 6: { articles } } }))
    const { records, rejects } = await workspace.import()
    expect(records).toMatchObject({ read: 12, inserted: 10, quarantined: 2 })
    expect(rejects.map(({ code, pointer, file }) => [code, pointer, file.split('/').at(-1)])).toEqual([
      ['SCHEMA', '/data/articles/0/rank', 'phase6_ranking.json'],
      ['SCHEMA', '/data/articles/1/scores/credibility', 'phase6_ranking.json'],
    ])
    expect(await workspace.query('select url from run_items')).toEqual([{ url: 'https://c.example/' }])
  })

  it('not: numbers and characters that can be mended, with a warning', async () => {
    const workspace = await fresh()
    await write(workspace, {
      [`${FOLDER}/phase6_ranking.json`]: JSON.stringify(
        phaseArtifact(RUN, 6, 'ranking', {}, { articles: [{ url: 'https://a.example/', rank: 7, title: 'a\u0000b' }] }),
      ).replace('"rank":7', '"rank":NaN'),
    })
    const { warnings } = await workspace.import()
    expect(warnings.map(({ code, pointer }) => [code, pointer]).sort()).toEqual([
      ['NOT_A_NUMBER', '/data/articles/0/rank'],
      ['NUL_CHARACTER', '/data/articles/0/title'],
    ])
    expect(await workspace.query('select title, rank from run_items')).toEqual([{ title: 'a\ufffdb', rank: null }])
  })

  it('a second file of a phase: the newer one counts', async () => {
    const workspace = await fresh()
    const again = phaseArtifact(RUN, 3, 'tier1_filter', { timestamp: '2025-11-10T00:00:00Z', output_count: 7 })
    await write(workspace, { ...briefing(RUN), [`${FOLDER}/phase3_again.json`]: again })
    const { warnings } = await workspace.import()
    expect(warnings.map(({ code, file }) => [code, file.split('/').at(-1)])).toEqual([
      ['DUPLICATE_ID', 'phase3_tier1_filter.json'],
    ])
    expect(await workspace.query('select output_count from run_phases where number = 3')).toEqual([{ output_count: 7 }])
    expect(await workspace.query('select path from artifacts where phase_number = 3')).toHaveLength(1)
  })
})

describe('the items of a run', () => {
  it('are its distinct URLs, with the values of the latest phase that gives them', async () => {
    const url = 'https://a.example/1'
    const workspace = await imported(
      briefing(RUN, {
        data: {
          2: {
            articles: [
              {
                url,
                id: 11,
                title: 'One',
                content: 'Text',
                source: 'Wire',
                published_date: '2025-11-08',
                section: 'x',
              },
              { url: 'https://a.example/2', title: 'Two', published_date: 'Sat, 08 Nov 2025 10:30:00 +0100' },
              { id: 'only-id', title: 'Three', published_date: 'last week' },
              { title: 'No item' },
              'no item',
            ],
          },
          3: { articles: [{ url, tier1_score: 7.5 }, { id: 'only-id' }] },
          4: { articles: [{ url, tier1_score: null, tier2_score: '6.25' }] },
          5: {
            articles: [
              {
                url,
                weighted_score: 8.5,
                scores: {
                  market_impact: 6,
                  competitive_impact: 7,
                  strategic_relevance: 8,
                  operational_relevance: 9,
                  credibility: 5,
                  novelty: 4,
                },
              },
            ],
          },
          6: { articles: [{ url, weighted_score: 9, rank: 1 }] },
          // Told by its id alone: its URL is known from another phase.
          7: {
            articles: [
              { id: 11, weighted_score: null, scores: {}, paraphrased_content: 'In short', entities: [{ name: 'E' }] },
            ],
          },
          9: { articles: [{ url, rank: 2, validation: { passed: true } }] },
        },
      }),
    )
    const items = await workspace.query('select * from run_items order by item_key')
    expect(
      items.map(({ item_key, last_phase_number, last_phase_name }) => [item_key, last_phase_number, last_phase_name]),
    ).toEqual([
      [url, 9, 'validation'],
      ['https://a.example/2', 2, 'scraping'],
      ['only-id', 3, 'tier1_filter'],
    ])
    expect(items[0]).toMatchObject({
      url,
      source_id: '11',
      title: 'One',
      content: 'Text',
      source: 'Wire',
      published_date: '2025-11-08',
      published_at: new Date('2025-11-08T00:00:00Z'),
      rank: 2,
      weighted_score: 9,
      tier1_score: 7.5,
      tier2_score: 6.25,
      market_impact: 6,
      competitive_impact: 7,
      strategic_relevance: 8,
      operational_relevance: 9,
      credibility: 5,
      scores: { novelty: 4, credibility: 5 },
      paraphrased_content: 'In short',
      entities: [{ name: 'E' }],
      validation: { passed: true },
      extra: { section: 'x' },
    })
    expect(items[1]!.published_at).toEqual(new Date('2025-11-08T09:30:00Z'))
    expect(items[2]).toMatchObject({ url: null, source_id: 'only-id', published_date: 'last week', published_at: null })
    const phases = await workspace.query(
      `select p.phase_number, p.rank, p.weighted_score, p.payload
       from run_item_phases p join run_items i on i.id = p.item_id where i.item_key = '${url}' order by 1`,
    )
    expect(phases.map(({ phase_number, rank, weighted_score }) => [phase_number, rank, weighted_score])).toEqual([
      [2, null, null],
      [3, null, null],
      [4, null, null],
      [5, null, 8.5],
      [6, 1, 9],
      [7, null, null],
      [9, 2, null],
    ])
    expect(phases[1]!.payload).toEqual({ url, tier1_score: 7.5 })
  })

  it('come from any list of objects with a URL or an id, whatever else these hold', async () => {
    const artifact = phaseArtifact(
      RUN,
      1,
      'collect',
      {},
      {
        tickets: [
          { id: 1, rank: 'gold', source: { name: 'x' } },
          { id: 2, rank: 4 },
        ],
        pages: [{ url: 'https://p.example/' }, { url: 'https://p.example/' }],
        words: ['a', 'b'],
        people: [{ name: 'Without' }],
      },
    )
    const workspace = await imported({ 'digest/run_1/phase1_collect.json': artifact })
    expect(await workspace.query('select item_key, rank, source, extra from run_items order by 1')).toEqual([
      { item_key: '1', rank: null, source: null, extra: { rank: 'gold', source: { name: 'x' } } },
      { item_key: '2', rank: 4, source: null, extra: {} },
      { item_key: 'https://p.example/', rank: null, source: null, extra: {} },
    ])
    const [phase] = await workspace.query('select extra from run_phases')
    expect(phase!.extra).toEqual({ data: { words: ['a', 'b'], people: [{ name: 'Without' }] } })
  })
})

describe('the cost of a phase', () => {
  it('is reported, else that of its tokens, else unknown: there is no run cost to share', async () => {
    const workspace = await imported(
      briefing(RUN, {
        metadata: {
          2: { cost_usd: 0.5 },
          4: { llm_calls: 3, cost_usd: 0.02 },
          5: { llm_calls: 2, cost_usd: null, model: 'gpt-4o-mini', prompt_tokens: 1_000_000, completion_tokens: 0 },
          7: { llm_calls: 10, cost_usd: null, model: 'in-house-70b', prompt_tokens: 10, completion_tokens: 1 },
        },
      }),
    )
    const calls = await workspace.query(
      'select position, cost_usd::float8 as cost, cost_source::text as source from agent_calls order by 1',
    )
    expect(calls).toEqual([
      { position: 4, cost: 0.02, source: 'REPORTED' },
      { position: 5, cost: 0.15, source: 'PRICED' },
      { position: 7, cost: null, source: 'UNKNOWN' },
    ])
    // A phase without calls cost something too, which is more than the calls account for.
    expect(
      await workspace.query(
        'select cost_usd::float8 as cost, calls_cost_usd::float8 as calls, reported_cost_usd::float8 as reported from runs',
      ),
    ).toEqual([{ cost: 0.67, calls: 0.17, reported: 0.67 }])
  })
})

describe('files of runs are found', () => {
  it('by what they hold, whatever their names', async () => {
    const first = phaseArtifact('20251101_000000', 1, 'collect', {}, { items: [{ id: 'x', text: 'y'.repeat(10_000) }] })
    const { metadata, data } = phaseArtifact(
      '20251101_000000',
      2,
      'sort',
      {},
      { items: [{ id: 'x', text: 'y'.repeat(10_000) }] },
    )
    const workspace = await imported({
      'digest/2025-11-01/collected.json': first,
      // As `sort_keys` writes it.
      'digest/2025-11-01/sorted.json': JSON.stringify({ data, metadata }),
      'digest/2025-11-01/summary.md': '# Summary',
    })
    expect(await runsOf(workspace)).toEqual(['digest 20251101_000000 COMPLETED'])
    expect(await workspace.query('select number, name from run_phases order by 1')).toEqual([
      { number: 1, name: 'collect' },
      { number: 2, name: 'sort' },
    ])
    expect(await workspace.query('select name, phase_number from artifacts order by position')).toEqual([
      { name: 'collect', phase_number: 1 },
      { name: 'sort', phase_number: 2 },
      { name: 'summary', phase_number: null },
    ])
  })

  it.each([
    ['after its data', ({ metadata, data }: Record<string, unknown>) => ({ version: 1, data, metadata })],
    [
      'between other members',
      ({ metadata, data }: Record<string, unknown>) => ({ data, metadata, trace: 'q'.repeat(6000) }),
    ],
    [
      'nowhere near its beginning',
      ({ metadata, data }: Record<string, unknown>) => ({ data, more: data, metadata, end: data }),
    ],
  ])('by metadata that stand %s, packed or not', async (_where, arranged) => {
    const text = { items: [{ id: 'x', text: 'y'.repeat(20_000), metadata: { run_id: 'other' } }] }
    const [one, two] = ['collect', 'sort'].map((name, index) =>
      JSON.stringify(arranged(phaseArtifact('20251101_000000', index + 1, name, {}, text))),
    )
    const workspace = await imported({ 'flow/x1/one.json': one!, 'flow/x1/two.json.gz': gzipSync(two!) })
    expect(await runsOf(workspace)).toEqual(['flow 20251101_000000 COMPLETED'])
    expect(await workspace.query('select name from run_phases order by number')).toEqual([
      { name: 'collect' },
      { name: 'sort' },
    ])
  })

  it('of several runs in one directory', async () => {
    const runs = ['20251101_000000', '20251102_000000']
    const files = runs.flatMap((run) =>
      ['collect', 'send'].map((name, index): [string, unknown] => [
        `digest/${run}_${name}.json`,
        phaseArtifact(run, index + 1, name),
      ]),
    )
    const workspace = await imported({ ...Object.fromEntries(files), [`digest/${runs[0]}.md`]: '# Report' })
    expect(await runsOf(workspace)).toEqual(runs.map((run) => `digest ${run} COMPLETED`))
    expect(
      await workspace.query(
        `select r.external_id from artifacts a join runs r on r.id = a.run_id where kind = 'MARKDOWN'`,
      ),
    ).toEqual([{ external_id: runs[0] }])
  })

  it('when one is named directly, with the others of its run', async () => {
    const workspace = await fresh()
    await write(workspace, briefing(RUN))
    const phase = join(workspace.folder, FOLDER, 'phase3_tier1_filter.json')
    const report = join(workspace.folder, FOLDER, 'phase2_scraping.json')
    const { records } = await workspace.import({}, [phase, report])
    expect(records.read).toBe(10)
    expect(await runsOf(workspace)).toEqual([`briefing ${RUN} COMPLETED`])
    await write(workspace, { 'lone/phase3_tier1_filter.json': phaseArtifact('20250101_000000', 3, 'tier1_filter') })
    await workspace.import({}, [join(workspace.folder, 'lone/phase3_tier1_filter.json')])
    expect(await runsOf(workspace)).toEqual([`briefing 20250101_000000 FAILED`, `briefing ${RUN} COMPLETED`])
  })

  it('apart from phase outputs of the playbook pipeline and Markdown of nobody', async () => {
    const workspace = await fresh()
    await write(workspace, {
      'output/phase3_output_20251102_005929.json': { pain_points: [{ description: 'Slow' }] },
      'output/README.md': '# Read me',
    })
    const notes: string[] = []
    await workspace.import({}, [workspace.folder], { note: (text) => notes.push(text) })
    expect(await runsOf(workspace)).toEqual(['playbook phase3_output_20251102_005929 PARTIAL'])
    expect(notes).toEqual([
      `${join(workspace.folder, 'output/README.md')}: Markdown that belongs to no run; passed over`,
    ])
  })

  it('unless another format is asked for', async () => {
    const workspace = await fresh()
    await write(workspace, briefing(RUN, { upTo: 2 }))
    const { records, rejects } = await workspace.import({ format: 'scoring' })
    expect(records).toMatchObject({ read: 2, inserted: 0, quarantined: 2 })
    expect(rejects.map(({ code }) => code)).toEqual(['UNKNOWN_FORMAT', 'UNKNOWN_FORMAT'])
  })

  it('when all that a run left is a report', async () => {
    const workspace = await imported({ [`digest/run_${RUN}/phase2_report.md`]: '# Report' })
    expect(await runsOf(workspace)).toEqual([`digest ${RUN} COMPLETED`])
  })
})

describe('the pipeline of a run is', () => {
  const cases: [string, Record<string, unknown>, object, string[]][] = [
    [
      'briefing, by its phases',
      briefing(RUN, { folder: `news/artifacts/run_${RUN}` }),
      {},
      [`briefing ${RUN} COMPLETED`],
    ],
    [
      'briefing, by the directory above',
      briefing(RUN, { upTo: 1, folder: `briefing/artifacts/run_${RUN}` }),
      {},
      [`briefing ${RUN} FAILED`],
    ],
    [
      'briefing, by the runs beside it',
      {
        ...briefing(RUN, { upTo: 2, folder: `news/run_${RUN}` }),
        ...briefing('20251110_000000', { folder: 'news/run_20251110_000000' }),
      },
      {},
      [`briefing ${RUN} FAILED`, 'briefing 20251110_000000 COMPLETED'],
    ],
    [
      'that of the directory above the runs',
      otherRun(RUN, ['initialization', 'crawl'], `digest/output/runs/run_${RUN}`),
      {},
      [`digest ${RUN} COMPLETED`],
    ],
    ['what the import says', briefing(RUN), { pipeline: 'mine' }, [`mine ${RUN} COMPLETED`]],
  ]
  it.each(cases)('%s', async (_what, files, options, runs) => {
    expect(await runsOf(await imported(files, options))).toEqual(runs)
  })
})

describe('latest', () => {
  const runs = ['20251101_000000', '20251102_000000', '20251103_000000']
  const files = Object.assign({}, ...runs.map((run) => briefing(run, { upTo: 1 })))
  const artifacts = (workspace: Workspace) => join(workspace.folder, 'briefing/artifacts')

  it('is a symbolic link, which moves without any run changing', async () => {
    const workspace = await fresh()
    await write(workspace, files)
    const link = join(artifacts(workspace), 'latest')
    for (const run of [runs[0]!, runs[2]!, runs[1]!]) {
      await rm(link, { force: true })
      await symlink(`run_${run}`, link)
      const { records } = await workspace.import()
      expect(records.updated).toBe(0)
      expect(await latestOf(workspace)).toEqual([run])
    }
  })

  it('is a file with the name of the directory, as copies of disks have it', async () => {
    const workspace = await fresh()
    await write(workspace, files)
    for (const run of [runs[2]!, runs[0]!]) {
      await workspace.write('briefing/artifacts/latest', `run_${run}\n`)
      await workspace.import()
      expect(await latestOf(workspace)).toEqual([run])
    }
  })

  it('is a copy of the run, which is not read twice', async () => {
    const workspace = await fresh()
    await write(workspace, { ...files, ...briefing(runs[1]!, { upTo: 1, folder: 'briefing/artifacts/latest' }) })
    const { records } = await workspace.import()
    expect(records.read).toBe(3)
    expect(await latestOf(workspace)).toEqual([runs[1]])
  })

  it('is one a directory', async () => {
    const workspace = await fresh()
    const others = Object.assign(
      {},
      ...runs.map((run) =>
        briefing(`2024${run.slice(4)}`, { upTo: 1, folder: `old/briefing/run_2024${run.slice(4)}` }),
      ),
    )
    await write(workspace, {
      ...files,
      ...others,
      'briefing/artifacts/latest': `run_${runs[0]}`,
      'old/briefing/latest': 'run_20241103_000000',
    })
    await workspace.import()
    expect(await latestOf(workspace)).toEqual(['20241103_000000', runs[0]])
  })

  it('is not looked for outside of what was named', async () => {
    const workspace = await fresh()
    await write(workspace, { ...files, 'briefing/artifacts/latest': `run_${runs[0]}` })
    await workspace.import({}, [join(artifacts(workspace), `run_${runs[0]}`)])
    expect(await latestOf(workspace)).toEqual([])
  })

  it('stays when a run is written anew, from its file or from its stored payload', async () => {
    const workspace = await fresh()
    await write(workspace, { ...files, 'briefing/artifacts/latest': `run_${runs[0]}` })
    await workspace.import()
    await write(workspace, briefing(runs[0]!, { upTo: 3 }))
    await workspace.import({}, [join(artifacts(workspace), `run_${runs[0]}`)])
    expect(await latestOf(workspace)).toEqual([runs[0]])
    await reimport(workspace.url, { ...DEFAULT_IMPORT_OPTIONS, organization: workspace.organization }, {})
    expect(await latestOf(workspace)).toEqual([runs[0]])
    expect(await runsOf(workspace)).toHaveLength(3)
  })
})
