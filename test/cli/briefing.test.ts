import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { commandLine } from './command-line.ts'

const database = testDatabase()
const run = commandLine(database)

/** A phase's file: articles in the order of their ranks. */
function phase(runId: string, number: number, name: string, urls: string[], change: Record<string, unknown> = {}) {
  return {
    metadata: {
      run_id: runId,
      phase_name: name,
      phase_number: number,
      timestamp: `2025-10-2${number}T06:00:00Z`,
      duration_seconds: number * 1.5,
      input_count: number === 1 ? 0 : 4,
      output_count: urls.length,
      llm_calls: number,
      cost_usd: number / 100,
      status: 'completed',
      ...change,
    },
    data: { articles: urls.map((url, place) => ({ url, title: `Title of ${url}`, rank: place + 1 })) },
  }
}

const scraped = ['https://a.example/', 'https://b.example/', 'https://c.example/', 'https://d.example/']
const first = '20251020_060230'
const second = '20251021_060230'
const root = 'artifacts'
const packed = gzipSync(JSON.stringify(phase(first, 1, 'scraping', scraped), null, 2))
const filtered = `${JSON.stringify(phase(first, 2, 'ranking', scraped.slice(0, 3)), null, 4)}\n`

beforeAll(async () => {
  await importFiles(database, {
    [`${root}/run_${first}/phase1_scraping.json.gz`]: packed,
    [`${root}/run_${first}/phase2_ranking.json`]: filtered,
    [`${root}/run_${first}/phase3_final_report.md`]: '# Report\n\nAll is well.\n',
    [`${root}/run_${second}/phase1_scraping.json`]: phase(second, 1, 'scraping', scraped),
    [`${root}/run_${second}/phase2_ranking.json`]: phase(second, 2, 'ranking', [scraped[2]!, scraped[1]!, scraped[3]!]),
  })
})

describe('a briefing on the command line', () => {
  it('is found by its name, and by the name of its directory', async () => {
    for (const name of [first, `run_${first}`])
      expect(JSON.parse((await run('runs', 'show', name, '--json')).stdout).run.externalId).toBe(first)
  })

  it('shows what went in and out of each phase, and the phase it did not come to', async () => {
    const { stdout } = await run('runs', 'show', second)
    expect(stdout).toMatch(/✓ {2}2 {2}ranking +COMPLETED +3\.0 s +4 → 3 +2 +\$0\.0200/)
    expect(stdout).toMatch(/✗ {2}3 {2}final_report +FAILED/)
  })

  it('compares items and ranks', async () => {
    const compared = JSON.parse((await run('compare', first, second, '--json')).stdout)
    expect(compared.items).toEqual({ phase: 2, inBoth: 2, onlyInA: 1, onlyInB: 1 })
    expect(compared.rankChanges).toEqual([{ url: scraped[2], title: `Title of ${scraped[2]}`, rankA: 3, rankB: 1 }])
    const { stdout } = await run('compare', first, second)
    expect(stdout).toMatch(/Items of phase 2: 2 in both, 1 only in a, 1 only in b\./)
    expect(stdout).toMatch(/3 +1 +-2 +Title of https:\/\/c\.example\//)
  })

  it('says where it can go on', async () => {
    const plan = JSON.parse((await run('resume-plan', second, '--json')).stdout)
    expect(plan).toMatchObject({
      resumable: true,
      nextPhase: { number: 3, name: 'final_report' },
      lastArtifact: { phase: 2, name: 'ranking' },
      completedPhases: [1, 2],
      spentUsd: '0.03',
      spentSeconds: 4.5,
    })
    expect((await run('resume-plan', second)).stdout).toMatch(/crossrun replay 20251021_060230 --from-phase 3/)
  })

  it('is replayed with its files as they were, compressed ones compressed, after they were packed too', async () => {
    const out = await mkdtemp(join(tmpdir(), 'crossrun-replay-'))
    for (const prepare of [[], ['retention', 'set', '*', '--keep-whole', '0'], ['retention']]) {
      if (prepare.length > 0) expect((await run(...prepare)).exitCode).toBe(0)
      const { exitCode, stdout } = await run('replay', first, '--from-phase', '3', '--out', out, '--force', '--json')
      expect(exitCode).toBe(0)
      expect(JSON.parse(stdout)).toMatchObject({ savedCostUsd: '0.03', savedSeconds: 4.5 })
      expect(await readFile(join(out, 'phase1_scraping.json.gz'))).toEqual(packed)
      expect(await readFile(join(out, 'phase2_ranking.json'), 'utf8')).toBe(filtered)
    }
    const encodings = await database.sql('select encoding, count(*)::int as files from payloads group by 1 order by 1')
    expect(encodings).toEqual([
      { encoding: 'brotli', files: 4 },
      { encoding: 'identity', files: 1 },
    ])
    await rm(out, { recursive: true })
  })

  it('shows a report as it is', async () => {
    expect((await run('artifacts', 'view', first, '3')).stdout).toBe('# Report\n\nAll is well.\n')
    expect(JSON.parse((await run('artifacts', 'view', first, 'final_report', '--json')).stdout).payload).toBe(
      '# Report\n\nAll is well.\n',
    )
  })
})
