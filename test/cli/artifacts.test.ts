import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { completeRun } from '../importers/playbook-fixture.ts'
import { commandLine } from './command-line.ts'

const database = testDatabase()
const run = commandLine(database)
const plain = completeRun({ run_id: 'plain' })
const packed = gzipSync(JSON.stringify(completeRun({ run_id: 'packed' })))
const long = completeRun({
  run_id: 'long',
  phase1_output: { vendor_content: { 'https://vendor.example/': 'long '.repeat(2_000_000) }, prospect_content: {} },
})
const directory = 'runs/20251203_101500'
const painPoints = { pain_points: [{ description: 'Slow' }] }

beforeAll(async () => {
  await importFiles(database, {
    'plain.json': JSON.stringify(plain),
    'packed.json.gz': packed,
    'not-json.json': JSON.stringify(completeRun({ run_id: 'not-json' })).replace(
      '"priority_score":9.5',
      '"priority_score":NaN',
    ),
    'long.json': JSON.stringify(long),
    [`${directory}/metadata.json`]: {
      timestamp: '2025-12-03T10:15:00Z',
      vendor_domain: 'vendor.example',
      prospect_domain: 'prospect.example',
    },
    [`${directory}/step7_prospect_analysis/pain_points.json`]: painPoints,
    [`${directory}/step7_prospect_analysis/company_profile.json`]: { company_name: 'Prospect' },
  })
})

describe('crossrun artifacts list', () => {
  it('lists what each phase left, with where it came from and whether it is stored', async () => {
    const { artifacts, run: of } = JSON.parse((await run('artifacts', 'list', 'plain', '--json')).stdout)
    expect(of).toMatchObject({ externalId: 'plain', pipeline: 'playbook' })
    expect(
      artifacts.map(({ phase, name, kind, pointer, isStored }: Record<string, unknown>) => [
        phase,
        name,
        kind,
        pointer,
        isStored,
      ]),
    ).toEqual([
      [1, 'intelligence_gathering', 'JSON', '/phase1_output', true],
      [2, 'vendor_extraction', 'JSON', '/phase2_output', true],
      [3, 'prospect_analysis', 'JSON', '/phase3_output', true],
      [4, 'playbook_generation', 'JSON', '/phase4_output', true],
    ])
    expect((await run('artifacts', 'list', 'plain')).stdout).toMatch(/plain\.json#\/phase1_output/)
  })
})

describe('crossrun artifacts view', () => {
  it('prints the output of a phase, named by number or name, as it was imported', async () => {
    for (const phase of ['2', 'vendor_extraction'])
      expect(JSON.parse((await run('artifacts', 'view', 'plain', phase)).stdout)).toEqual(plain.phase2_output)
    const { payload, phaseName, isStored } = JSON.parse((await run('artifacts', 'view', 'plain', '2', '--json')).stdout)
    expect({ payload, phaseName, isStored }).toEqual({
      payload: plain.phase2_output,
      phaseName: 'vendor_extraction',
      isStored: true,
    })
  })

  it('is JSON although the file was not', async () => {
    const { stdout } = await run('artifacts', 'view', 'not-json', '1')
    expect(JSON.parse(stdout).vendor_url_prioritization.prioritized_urls[0].priority_score).toBe(null)
  })

  it('prints the bytes of the file with --raw, compressed as they were', async () => {
    expect((await run('artifacts', 'view', 'packed', '1', '--raw')).bytes).toEqual(packed)
    expect(JSON.parse((await run('artifacts', 'view', 'packed', '1')).stdout)).toEqual(plain.phase1_output)
  })

  it('prints a long output piece by piece', async () => {
    const { stdout } = await run('artifacts', 'view', 'long', '1')
    expect(stdout).toBe(`${JSON.stringify(long.phase1_output)}\n`)
  })

  it('names the artifacts when a phase left several, and takes the name of a file', async () => {
    const { exitCode, stderr } = await run('artifacts', 'view', '20251203_101500', '3')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/ARTIFACT_AMBIGUOUS/)
    expect(stderr).toMatch(/company_profile\.json/)
    expect(JSON.parse((await run('artifacts', 'view', '20251203_101500', 'pain_points.json')).stdout)).toEqual(
      painPoints,
    )
  })

  it('says what there is when nothing is called so', async () => {
    const { exitCode, stderr, stdout } = await run('artifacts', 'view', 'plain', '7')
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/ARTIFACT_NOT_FOUND.*\n.*crossrun artifacts list plain/)
  })

  it('says so when the bytes are not stored any more', async () => {
    await database.sql(`update artifacts set payload_id = null where path like '%packed.json.gz'`)
    for (const more of [[], ['--raw'], ['--json']]) {
      const { exitCode, stderr, stdout } = await run('artifacts', 'view', 'packed', '1', ...more)
      expect([exitCode, stdout]).toEqual([1, ''])
      expect(stderr).toMatch(/PAYLOAD_NOT_STORED/)
    }
    expect((await run('artifacts', 'list', 'packed')).stdout).toMatch(/not stored/)
  })
})
