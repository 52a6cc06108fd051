import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { completeRun } from '../importers/playbook-fixture.ts'
import { commandLine, makeOrganizations } from './command-line.ts'

const database = testDatabase()
const run = commandLine(database)
const plain = completeRun({ run_id: 'plain' })
const phase1 = JSON.stringify(
  { vendor_content: { 'https://vendor.example/': 'Text' }, prospect_content: {}, odd: 1.0 },
  null,
  3,
)
const phase1Packed = gzipSync(phase1)
const directory = 'runs/20251203_101500'
const painPoints = '{"pain_points": [{"description": "Slow", "evidence": "1.50"}]}\n'
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crossrun-replay-'))
  await importFiles(database, {
    'plain.json': plain,
    'gap.json': completeRun({ run_id: 'gap', phase1_output: null, status: 'partial' }),
    'phase1_output_20251101_215217.json.gz': phase1Packed,
    [`${directory}/metadata.json`]: {
      timestamp: '2025-12-03T10:15:00Z',
      vendor_domain: 'vendor.example',
      prospect_domain: 'prospect.example',
    },
    [`${directory}/step6_vendor_extraction/offerings.json`]: '{"offerings": []}',
    [`${directory}/step7_prospect_analysis/pain_points.json`]: painPoints,
  })
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex')

describe('crossrun replay', () => {
  it('writes parts of a file as JSON equal to what was imported, with a manifest', async () => {
    const out = join(folder, 'new', 'parts')
    const { exitCode, stdout } = await run('replay', 'plain', '--from-phase', '3', '--out', out)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/Wrote 2 files/)
    expect(stdout).toMatch(/Saves \$\d/)
    expect((await readdir(out)).sort()).toEqual(['manifest.json', 'phase1_output.json', 'phase2_output.json'])
    for (const phase of [1, 2])
      expect(JSON.parse(await readFile(join(out, `phase${phase}_output.json`), 'utf8'))).toEqual(
        plain[`phase${phase}_output`],
      )
    const manifest = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'))
    const { run: found } = await database.data(
      '{ run(by: { externalId: "plain" }) { replay(fromPhase: 3) { savedCostUsd savedSeconds } } }',
    )
    expect(manifest).toMatchObject({
      run: { externalId: 'plain', pipeline: 'playbook' },
      fromPhase: 3,
      ...found.replay,
      inputs: [
        { phase: 1, name: 'intelligence_gathering', file: 'phase1_output.json', pointer: '/phase1_output' },
        { phase: 2, name: 'vendor_extraction', file: 'phase2_output.json', pointer: '/phase2_output' },
      ],
    })
    expect(manifest.inputs[0].writtenSha256).toBe(sha256(await readFile(join(out, 'phase1_output.json'))))
  })

  it('writes a whole file byte for byte under its own name, compressed as it was', async () => {
    const out = join(folder, 'whole')
    const { exitCode } = await run('replay', 'phase1_output_20251101_215217', '--from-phase', '2', '--out', out)
    expect(exitCode).toBe(0)
    expect(await readFile(join(out, 'phase1_output_20251101_215217.json.gz'))).toEqual(phase1Packed)
  })

  it('is refused when other runs of the pipeline have a phase before that this one lacks', async () => {
    const out = join(folder, 'lacking')
    const { exitCode, stdout } = await run('replay', '20251203_101500', '--from-phase', '4', '--out', out, '--json')
    const { missing, possible } = JSON.parse(stdout)
    expect({ exitCode, possible, missing }).toEqual({
      exitCode: 1,
      possible: false,
      missing: [{ phase: 1, name: 'intelligence_gathering' }],
    })
    await expect(readdir(out)).rejects.toThrow()
  })

  it('refuses with what is missing, and writes nothing', async () => {
    const out = join(folder, 'refused')
    const { exitCode, stdout, stderr } = await run('replay', 'gap', '--from-phase', '3', '--out', out)
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/1 {2}intelligence_gathering/)
    await expect(readdir(out)).rejects.toThrow()
  })

  it('never replaces a file unless it is told to, and then not what a link points to', async () => {
    const out = join(folder, 'again')
    await run('replay', 'plain', '--from-phase', '2', '--out', out)
    const target = join(folder, 'precious.json')
    await writeFile(target, 'precious')
    await rm(join(out, 'phase1_output.json'))
    await symlink(target, join(out, 'phase1_output.json'))
    const { exitCode, stderr } = await run('replay', 'plain', '--from-phase', '2', '--out', out)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/phase1_output\.json.*already.*\n.*--force/)
    expect((await run('replay', 'plain', '--from-phase', '2', '--out', out, '--force')).exitCode).toBe(0)
    expect(await readFile(target, 'utf8')).toBe('precious')
    expect(JSON.parse(await readFile(join(out, 'phase1_output.json'), 'utf8'))).toEqual(plain.phase1_output)
    expect((await readdir(out)).sort()).toEqual(['manifest.json', 'phase1_output.json'])
  })

  it('from the first phase takes nothing', async () => {
    const { exitCode, stdout } = await run('replay', 'gap', '--from-phase', '1', '--out', join(folder, 'nothing'))
    expect([exitCode, /nothing to feed in/.test(stdout)]).toEqual([0, true])
  })

  it('ends with one JSON object on standard output', async () => {
    const { stdout } = await run('replay', 'plain', '--from-phase', '2', '--out', join(folder, 'json'), '--json')
    expect(JSON.parse(stdout)).toMatchObject({ possible: true, missing: [], inputs: [{ phase: 1 }] })
  })

  it('refuses stored bytes that are not what was imported, and leaves no part of them', async () => {
    const out = join(folder, 'damaged')
    await database.sql(
      `update payload_chunks set content = '\\x1f8b' where payload_id in (select payload_id from artifacts where path like '%phase1_output_2025%')`,
    )
    const { exitCode, stderr } = await run('replay', 'phase1_output_20251101_215217', '--from-phase', '2', '--out', out)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/PAYLOAD_DAMAGED/)
    expect(await readdir(out)).toEqual([])
  })

  it('names the argument that is wrong', async () => {
    const { exitCode, stderr } = await run('replay', 'plain', '--from-phase', '0', '--out', folder)
    expect([exitCode, stderr.includes('--from-phase')]).toEqual([1, true])
    expect((await run('replay', 'plain', '--from-phase', '2')).stderr).toMatch(/out/i)
    await makeOrganizations(database, 'other')
    expect(
      (await run('replay', 'plain', '--organization', 'other', '--from-phase', '2', '--out', folder)).stderr,
    ).toMatch(/RUN_NOT_FOUND/)
  })
})
