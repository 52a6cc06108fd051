import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { briefing, otherRun, phaseArtifact } from '../importers/briefing-fixture.ts'
import { completeRun } from '../importers/playbook-fixture.ts'

const database = testDatabase()
const COMPLETE = '20251101_000000'
const BROKEN = '20251102_000000'
const GAP = '20251103_000000'
const SKIPPED = '20251104_000000'
const NOTHING = '20251105_000000'
const broken = briefing(BROKEN, {
  upTo: 7,
  metadata: {
    4: { llm_calls: 3, cost_usd: '0.00217', duration_seconds: 487.6 },
    7: { llm_calls: 10, cost_usd: '0.03192', duration_seconds: 186.8 },
  },
})

beforeAll(async () => {
  const gap = briefing(GAP, { upTo: 9 })
  delete gap[`briefing/artifacts/run_${GAP}/phase4_tier2_batch.json`]
  await importFiles(database, {
    ...briefing(COMPLETE),
    ...broken,
    ...gap,
    ...briefing(SKIPPED, { metadata: { 8: { status: 'failed' } } }),
    ...briefing(NOTHING, { upTo: 1, metadata: { 1: { status: 'failed' } } }),
    ...otherRun('20251101_000000', ['collect', 'sort'], 'digest/run_1'),
    'digest/run_2/phase1_collect.json': phaseArtifact('20251102_000000', 1, 'collect'),
    'digest/run_2/phase2_sort.json': phaseArtifact('20251102_000000', 2, 'sort', { status: 'running' }),
    'playbook.json': completeRun({
      run_id: 'playbook-run',
      status: 'partial',
      phase3_output: null,
      phase4_output: null,
    }),
  })
})

async function planOf(externalId: string, pipeline: string) {
  const { run } = await database.data(
    `query ($by: RunBy!) { run(by: $by) { resumePlan {
      resumable nextPhase { number name } lastArtifact { phase name path sha256 } completedPhases spentUsd spentSeconds
    } } }`,
    { by: { externalId, pipeline } },
  )
  return run.resumePlan
}

describe('the plan to resume a run', () => {
  it('names the next phase, the file to go on from, and what starting anew would lose', async () => {
    const file = JSON.stringify(broken[`briefing/artifacts/run_${BROKEN}/phase7_paraphrasing.json`])
    expect(await planOf(BROKEN, 'briefing')).toEqual({
      resumable: true,
      nextPhase: { number: 8, name: 'enrichment' },
      lastArtifact: {
        phase: 7,
        name: 'paraphrasing',
        path: expect.stringMatching(/phase7_paraphrasing\.json$/),
        sha256: createHash('sha256').update(file).digest('hex'),
      },
      completedPhases: [1, 2, 3, 4, 5, 6, 7],
      spentUsd: '0.03409',
      // Five phases of ten seconds, and these two.
      spentSeconds: 724.4,
    })
  })

  it('of a completed run has nothing to resume', async () => {
    expect(await planOf(COMPLETE, 'briefing')).toMatchObject({ resumable: false, nextPhase: null })
  })

  it('goes on after the last completed phase, whatever is missing before', async () => {
    expect(await planOf(GAP, 'briefing')).toMatchObject({
      resumable: true,
      nextPhase: { number: 10, name: 'final_report' },
      lastArtifact: { phase: 9 },
      completedPhases: [1, 2, 3, 5, 6, 7, 8, 9],
    })
  })

  it('goes back to a failed phase when the last is completed', async () => {
    expect(await planOf(SKIPPED, 'briefing')).toMatchObject({
      resumable: true,
      nextPhase: { number: 8, name: 'enrichment' },
      lastArtifact: { phase: 7 },
    })
  })

  it('needs a completed phase', async () => {
    expect(await planOf(NOTHING, 'briefing')).toMatchObject({ resumable: false, nextPhase: null, completedPhases: [] })
  })

  it('repeats a phase that is still running', async () => {
    expect(await planOf('20251102_000000', 'digest')).toMatchObject({
      resumable: true,
      nextPhase: { number: 2, name: 'sort' },
      lastArtifact: { phase: 1, name: 'collect' },
    })
  })

  it('is there for runs of other pipelines too', async () => {
    expect(await planOf('playbook-run', 'playbook')).toMatchObject({
      resumable: true,
      // An agent of its second phase failed.
      nextPhase: { number: 2, name: 'vendor_extraction' },
      lastArtifact: { phase: 1, name: 'intelligence_gathering' },
      completedPhases: [1],
    })
  })

  it('of a briefing alone knows its ten phases', async () => {
    await importFiles(database, briefing('20260101_000000', { upTo: 7, folder: 'x/run_a' }), 'alone')
    const rows = await database.sql(
      `select r.id, r.status::text from runs r join organizations o on o.id = r.organization_id where o.slug = 'alone'`,
    )
    expect(rows.map(({ status }) => status)).toEqual(['FAILED'])
    const server = database.newServer({
      organizationId: (await database.sql(`select id from organizations where slug = 'alone'`))[0]!.id,
    })
    const { run } = await database.data(
      '{ run(by: { externalId: "20260101_000000" }) { resumePlan { nextPhase { number name } } } }',
      {},
      server,
    )
    expect(run.resumePlan.nextPhase).toEqual({ number: 8, name: 'enrichment' })
    expect(
      (await database.ask('{ run(by: { externalId: "20260101_000000" }) { resumePlan { resumable } } }')).data.run,
    ).toBe(null)
  })
})

it('a briefing can be replayed from a phase on with the files of the phases before, unchanged', async () => {
  const { run } = await database.data(
    `{ run(by: { externalId: "${BROKEN}", pipeline: "briefing" }) { replay(fromPhase: 8) {
      possible missing { phase } inputs { phase name sha256 payload } savedCostUsd savedSeconds
    } } }`,
  )
  expect(run.replay).toMatchObject({ possible: true, missing: [], savedCostUsd: '0.03409', savedSeconds: 674.4 })
  expect(run.replay.inputs.map(({ payload }: { payload: unknown }) => payload)).toEqual(Object.values(broken))
  const { run: whole } = await database.data(
    `{ run(by: { externalId: "${COMPLETE}", pipeline: "briefing" }) { replay(fromPhase: 11) { possible inputs { phase payload } } } }`,
  )
  // The report is what the last phase left.
  expect(whole.replay.possible).toBe(true)
  expect(whole.replay.inputs.at(-1)).toEqual({ phase: 10, payload: `# Briefing ${COMPLETE}\n` })
  const { run: gap } = await database.data(
    `{ run(by: { externalId: "${GAP}", pipeline: "briefing" }) { replay(fromPhase: 8) { possible missing { phase name } } } }`,
  )
  expect(gap.replay).toEqual({ possible: false, missing: [{ phase: 4, name: 'tier2_batch' }] })
})
