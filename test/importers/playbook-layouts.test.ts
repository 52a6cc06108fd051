import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sharedFolder } from '../shared-folder.ts'
import { completeRun } from './playbook-fixture.ts'
import { importWorkspace, type Workspace } from './workspace.ts'

const { fresh } = importWorkspace()

type Json = Record<string, unknown>
const run = completeRun() as Record<`phase${1 | 2 | 3 | 4}_output`, Json>
const elements = run.phase2_output.vendor_elements as Json
const intelligence = run.phase3_output.prospect_intelligence as Json
const playbook = run.phase4_output.sales_playbook as Json

const runs = (workspace: Workspace) =>
  workspace.query(
    `select external_id, status::text, to_char(started_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as started from runs order by external_id`,
  )

describe('phase outputs in files of their own', () => {
  it('are a partial run each, named after the file and dated by its name', async () => {
    const workspace = await fresh()
    await workspace.write('phase1_output_20251101_215217.json', {
      vendor_content: { 'https://v.example/a': '# A', 'https://v.example/b': '# B' },
      prospect_content: { 'https://p.example/': '# P' },
      vendor_urls_scraped: ['https://v.example/a', 'https://v.example/b'],
      prospect_urls_scraped: ['https://p.example/'],
      total_scraped: 3,
      stats: { vendor_pages: 2, prospect_pages: 1, vendor_chars: 6, prospect_chars: 3 },
    })
    await workspace.write('phase2_output_20251101_235951.json', { differentiators: elements.differentiators })
    await workspace.write('phase3_output_20251102_005929.json', {
      target_buyer_personas: intelligence.target_buyer_personas,
    })
    await workspace.write('phase4_output_20251102_070105.json', { sales_playbook: playbook })
    const summary = await workspace.import()
    expect(summary.records).toEqual({ read: 4, inserted: 4, updated: 0, unchanged: 0, quarantined: 0 })
    expect(await runs(workspace)).toEqual([
      { external_id: 'phase1_output_20251101_215217', status: 'PARTIAL', started: '2025-11-01 21:52:17' },
      { external_id: 'phase2_output_20251101_235951', status: 'PARTIAL', started: '2025-11-01 23:59:51' },
      { external_id: 'phase3_output_20251102_005929', status: 'PARTIAL', started: '2025-11-02 00:59:29' },
      { external_id: 'phase4_output_20251102_070105', status: 'PARTIAL', started: '2025-11-02 07:01:05' },
    ])
    expect(
      await workspace.query(`select side::text, pages_scraped, scraped_chars from site_researches order by side`),
    ).toEqual([
      { side: 'PROSPECT', pages_scraped: 1, scraped_chars: 3 },
      { side: 'VENDOR', pages_scraped: 2, scraped_chars: 6 },
    ])
    const steps = await workspace.query(
      `select name from steps order by run_id = (select id from runs where external_id like 'phase1%') desc, position, name`,
    )
    expect(new Set(steps.map(({ name }) => name))).toEqual(
      new Set([
        'batch_scrape_vendor',
        'batch_scrape_prospect',
        'differentiators',
        'buyer_personas',
        'playbook_summary',
        'email_sequences',
        'talk_tracks',
        'battle_cards',
      ]),
    )
    expect(await workspace.query('select id from companies')).toEqual([])
  })

  it('become one run with --as-run', async () => {
    const workspace = await fresh()
    await workspace.write('phase2_output_20251101_235951.json', { differentiators: elements.differentiators })
    await workspace.write('phase3_output_20251102_005929.json', intelligence)
    await workspace.write('phase4_output_20251102_070105.json', { sales_playbook: playbook })
    const summary = await workspace.import({ asRun: 'october' })
    expect(summary.records).toEqual({ read: 3, inserted: 3, updated: 0, unchanged: 0, quarantined: 0 })
    expect(await runs(workspace)).toEqual([
      { external_id: 'october', status: 'PARTIAL', started: '2025-11-01 23:59:51' },
    ])
    expect(await workspace.query('select number from run_phases order by 1')).toEqual([
      { number: 2 },
      { number: 3 },
      { number: 4 },
    ])
    expect((await workspace.import({ asRun: 'october' })).records).toEqual({
      read: 3,
      inserted: 0,
      updated: 0,
      unchanged: 3,
      quarantined: 0,
    })
  })
})

it('a playbook alone is a partial run with phase 4, dated by the playbook', async () => {
  const workspace = await fresh()
  await workspace.write('output.txt', JSON.stringify({ sales_playbook: playbook }, null, 2))
  await workspace.import()
  expect(await runs(workspace)).toEqual([{ external_id: 'output', status: 'PARTIAL', started: '2025-10-06 00:00:00' }])
  expect(await workspace.query('select vendor_name, quality_score from playbooks')).toEqual([
    { vendor_name: 'Vendor', quality_score: 15 },
  ])
})

describe('a run directory', () => {
  const write = async (workspace: Workspace) => {
    const folder = 'runs/20251203_101500'
    await workspace.write(`${folder}/metadata.json`, {
      timestamp: '2025-12-03T10:15:00Z',
      vendor_domain: 'vendor.example',
      prospect_domain: 'https://www.prospect.example/',
      workflow_name: 'playbook',
      completed_at: '2025-12-03T10:20:00Z',
      host: 'worker-1',
    })
    await workspace.write(`${folder}/step6_vendor_extraction/offerings.json`, { offerings: elements.offerings })
    await workspace.write(`${folder}/step6_vendor_extraction/personas.json`, elements.vendor_icp_personas)
    await workspace.write(`${folder}/step6_vendor_extraction/case_studies.json`, {})
    await workspace.write(`${folder}/step6_vendor_extraction/proof_points.json`, { error: 'no valid JSON' })
    await workspace.write(`${folder}/step7_prospect_analysis/company_profile.json`, intelligence.company_profile)
    await workspace.write(`${folder}/step7_prospect_analysis/pain_points.json`, {
      pain_points: [{ description: 'Slow' }, { evidence: 'no description' }],
    })
    await workspace.write(`${folder}/step8_playbook_generation/battle_cards.json`, { battle_cards: [] })
    await workspace.write(`${folder}/step8_playbook_generation/final_playbook.json`, { sales_playbook: playbook })
  }

  it('is one run: outputs without calls, an error a failed step and an event, the final playbook over the parts beside it', async () => {
    const workspace = await fresh()
    await write(workspace)
    const summary = await workspace.import()
    expect(summary.records).toEqual({ read: 10, inserted: 9, updated: 0, unchanged: 0, quarantined: 1 })
    expect(summary.rejects).toMatchObject([{ code: 'SCHEMA', pointer: '/pain_points/1/description' }])
    expect(summary.rejects[0]!.file).toMatch(/step7_prospect_analysis\/pain_points\.json$/)
    expect(await runs(workspace)).toEqual([
      { external_id: '20251203_101500', status: 'PARTIAL', started: '2025-12-03 10:15:00' },
    ])
    expect(await workspace.query('select duration_seconds, extra, workflow_name from runs')).toEqual([
      { duration_seconds: 300, extra: { host: 'worker-1' }, workflow_name: 'playbook' },
    ])
    const steps = await workspace.query('select name, status::text from steps order by position')
    expect(steps.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'offerings COMPLETED',
      'case_studies COMPLETED',
      'proof_points FAILED',
      'personas COMPLETED',
      'company_profile COMPLETED',
      'pain_points COMPLETED',
      'battle_cards COMPLETED',
      'playbook_assembly COMPLETED',
    ])
    expect(await workspace.query('select level::text, step, message from run_events')).toEqual([
      { level: 'ERROR', step: 'proof_points', message: 'no valid JSON' },
    ])
    expect(await workspace.query('select id from agent_calls')).toEqual([])
    expect(await workspace.query('select title from battle_cards')).toEqual([{ title: 'Against Rival' }])
    expect(await workspace.query('select name, industry from companies order by domain')).toEqual([
      { name: 'Prospect Inc.', industry: 'Healthcare' },
      { name: null, industry: null },
    ])
  })

  it('is written anew when one of its files changes', async () => {
    const workspace = await fresh()
    await write(workspace)
    await workspace.import()
    await workspace.write('runs/20251203_101500/step7_prospect_analysis/pain_points.json', {
      pain_points: [{ description: 'Mended' }],
    })
    const summary = await workspace.import()
    expect(summary.records).toEqual({ read: 9, inserted: 0, updated: 9, unchanged: 0, quarantined: 0 })
    expect(await workspace.query(`select description from pain_points where origin = 'PROSPECT'`)).toEqual([
      { description: 'Mended' },
    ])
    expect(await workspace.query('select id from rejected_records')).toEqual([])
  })
})

it.skipIf(sharedFolder === null)('real files of other people import without a reject', async () => {
  const workspace = await fresh()
  const summary = await workspace.import({}, [join(sharedFolder!, 'samples/playbook')])
  expect(summary.records).toEqual({ read: 4, inserted: 4, updated: 0, unchanged: 0, quarantined: 0 })
  expect(summary.warnings).toEqual([])
})
