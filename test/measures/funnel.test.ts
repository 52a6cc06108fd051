import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { briefing, otherRun, phaseArtifact } from '../importers/briefing-fixture.ts'

const database = testDatabase()
const COMPLETE = '20251101_000000'
const BROKEN = '20251102_000000'
const FAILED = '20251103_000000'

beforeAll(async () => {
  await importFiles(database, {
    ...briefing(COMPLETE, {
      metadata: {
        2: { output_count: 60 },
        3: { input_count: 60, output_count: 24, cost_usd: null, llm_calls: null, duration_seconds: 0.176 },
        4: { input_count: 24, output_count: 30, llm_calls: 3, cost_usd: 0.001391 },
        5: { input_count: 30, output_count: null },
        6: { input_count: null, output_count: 5 },
      },
    }),
    ...briefing(BROKEN, { upTo: 7 }),
    ...briefing(FAILED, { upTo: 8, metadata: { 8: { status: 'failed', error: 'API timeout' } } }),
    ...otherRun('20251101_000000', ['collect', 'sort', 'send'], 'digest/run_1'),
    ...otherRun('20251102_000000', ['collect'], 'digest/run_2'),
    ...otherRun('20251103_000000', ['collect', 'sort', 'mail'], 'digest/run_3'),
    ...otherRun('20251104_000000', ['collect', 'sort', 'mail'], 'digest/run_4'),
    ...otherRun('20251105_000000', ['collect', 'sort'], 'digest/run_5'),
    'alone/run_1/phase1_a.json': phaseArtifact('20251101_000000', 1, 'a', { status: 'failed' }),
  })
})

async function funnelOf(externalId: string, pipeline: string) {
  const { run } = await database.data(
    `query ($by: RunBy!) { run(by: $by) { funnel {
      phase name status inputCount outputCount dropped durationSeconds llmCalls costUsd
    } } }`,
    { by: { externalId, pipeline } },
  )
  return run.funnel as Record<string, unknown>[]
}

const short = (rows: Record<string, unknown>[]) => rows.map(({ phase, name, status }) => `${phase} ${name} ${status}`)

describe('the funnel of a run', () => {
  it('lists its phases by number, ten after nine', async () => {
    const funnel = await funnelOf(COMPLETE, 'briefing')
    expect(funnel.map(({ phase }) => phase)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(funnel[2]).toEqual({
      phase: 3,
      name: 'tier1_filter',
      status: 'COMPLETED',
      inputCount: 60,
      outputCount: 24,
      dropped: 36,
      durationSeconds: 0.176,
      llmCalls: null,
      costUsd: null,
    })
    expect(funnel[3]).toMatchObject({ llmCalls: 3, costUsd: '0.001391' })
  })

  it('says what was dropped: nothing when more came out, unknown when nothing went in or a count is missing', async () => {
    const funnel = await funnelOf(COMPLETE, 'briefing')
    expect(funnel.map(({ dropped }) => dropped)).toEqual([null, null, 36, 0, null, null, null, null, null, null])
  })

  it('of a phase that left only a report has no counts', async () => {
    expect((await funnelOf(COMPLETE, 'briefing'))[9]).toEqual({
      phase: 10,
      name: 'final_report',
      status: 'COMPLETED',
      inputCount: null,
      outputCount: null,
      dropped: null,
      durationSeconds: null,
      llmCalls: null,
      costUsd: null,
    })
  })

  it('that failed lists the phase it did not come to, without counts, and none after it', async () => {
    const funnel = await funnelOf(BROKEN, 'briefing')
    expect(short(funnel.slice(6))).toEqual(['7 paraphrasing COMPLETED', '8 enrichment FAILED'])
    expect(funnel[7]).toMatchObject({ inputCount: null, outputCount: null, dropped: null, costUsd: null })
  })

  it('that says which phase failed lists no other', async () => {
    expect(short((await funnelOf(FAILED, 'briefing')).slice(6))).toEqual([
      '7 paraphrasing COMPLETED',
      '8 enrichment FAILED',
    ])
  })

  it('takes the next phase from other runs of the pipeline, named as in most of them', async () => {
    expect(short(await funnelOf('20251102_000000', 'digest'))).toEqual(['1 collect COMPLETED', '2 sort FAILED'])
    expect(short(await funnelOf('20251105_000000', 'digest'))).toEqual([
      '1 collect COMPLETED',
      '2 sort COMPLETED',
      '3 mail FAILED',
    ])
    expect(short(await funnelOf('20251101_000000', 'alone'))).toEqual(['1 a FAILED'])
  })

  it('is not shown to another organization', async () => {
    await importFiles(database, otherRun('20251101_000000', ['x', 'y'], 'digest/run_1'), 'other')
    expect(short(await funnelOf('20251101_000000', 'digest'))).toEqual([
      '1 collect COMPLETED',
      '2 sort COMPLETED',
      '3 send COMPLETED',
    ])
  })
})

describe('a run that broke off a moment ago', () => {
  it('is RUNNING, and no phase of it counts as failed yet', async () => {
    const at = new Date()
    const run = at.toISOString().replace(/[-:]/g, '').replace('T', '_').slice(0, 15)
    await importFiles(database, briefing(run, { upTo: 3, metadata: { 3: { timestamp: at.toISOString() } } }))
    const { run: found } = await database.data(
      `{ run(by: { externalId: "${run}" }) { status funnel { name status } } }`,
    )
    expect(found.status).toBe('RUNNING')
    expect(found.funnel.map(({ name }: { name: string }) => name)).toEqual([
      'initialization',
      'scraping',
      'tier1_filter',
    ])
    await database.sql(`update runs set running_until = now() - interval '1 second' where external_id = $1`, [run])
    const { run: later } = await database.data(
      `{ run(by: { externalId: "${run}" }) { status funnel { name status } } }`,
    )
    expect(later.status).toBe('FAILED')
    expect(later.funnel.at(-1)).toEqual({ name: 'tier2_batch', status: 'FAILED' })
  })
})
