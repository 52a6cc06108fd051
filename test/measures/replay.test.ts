import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { completeRun } from '../importers/playbook-fixture.ts'

const database = testDatabase()
const plain = completeRun({ run_id: 'plain' })
const texts = {
  'plain.json': JSON.stringify(plain),
  'packed.json.gz': gzipSync(JSON.stringify(completeRun({ run_id: 'packed' }))),
  'not-json.json': JSON.stringify(completeRun({ run_id: 'not-json' })).replace(
    '"priority_score":9.5',
    '"priority_score":NaN',
  ),
  'gap.json': JSON.stringify(completeRun({ run_id: 'gap', phase1_output: null, status: 'partial' })),
  'unpriced.json': JSON.stringify(
    completeRun({ run_id: 'unpriced', phase1_output: { vendor_content: {} }, estimated_cost_usd: null }),
  ),
}

beforeAll(() => importFiles(database, texts))

async function replayOf(name: string, fromPhase: number) {
  const { run } = await database.data(
    `query ($name: String!, $fromPhase: Int!) { run(by: { externalId: $name }) { replay(fromPhase: $fromPhase) {
      possible missing { phase name } inputs { phase name path sha256 bytes payload } savedCostUsd savedSeconds
    } } }`,
    { name, fromPhase },
  )
  return run.replay
}

describe('replay', () => {
  it('gives the outputs of the phases before, unchanged, with the file they came from', async () => {
    const { possible, missing, inputs } = await replayOf('plain', 3)
    expect({ possible, missing }).toEqual({ possible: true, missing: [] })
    expect(inputs.map(({ phase, name }: { phase: number; name: string }) => [phase, name])).toEqual([
      [1, 'intelligence_gathering'],
      [2, 'vendor_extraction'],
    ])
    const file = texts['plain.json']
    for (const input of inputs) {
      expect(input.payload).toEqual(plain[`phase${input.phase}_output`])
      expect(input.sha256).toBe(createHash('sha256').update(file).digest('hex'))
      expect(input.bytes).toBe(Buffer.byteLength(file))
      expect(input.path).toMatch(/plain\.json$/)
    }
  })

  it('reads files that were compressed when they were imported', async () => {
    const { inputs } = await replayOf('packed', 2)
    expect(inputs[0].payload).toEqual(plain.phase1_output)
    expect(inputs[0].sha256).toBe(createHash('sha256').update(texts['packed.json.gz']).digest('hex'))
  })

  it('shows what JSON does not have as null', async () => {
    const { inputs } = await replayOf('not-json', 2)
    expect(inputs[0].payload.vendor_url_prioritization.prioritized_urls[0]).toMatchObject({
      priority_score: null,
      reasoning: 'Prices',
    })
  })

  it('saves what the calls of the phases before cost and took', async () => {
    // Each of phase 1's two calls has its share of the run's cost, and took 2.5 seconds.
    const { agentCalls } = (
      await database.data(
        '{ run(by: { externalId: "plain" }) { agentCalls(first: 100) { nodes { costUsd durationSeconds phase { number } } } } }',
      )
    ).run
    const first = agentCalls.nodes.filter(({ phase }: { phase: { number: number } }) => phase.number === 1)
    const { savedCostUsd, savedSeconds } = await replayOf('plain', 2)
    expect(first.length).toBe(2)
    expect(Number(savedCostUsd)).toBeCloseTo(
      first.reduce((sum: number, { costUsd }: { costUsd: string }) => sum + Number(costUsd), 0),
      12,
    )
    expect(savedSeconds).toBe(5)
  })

  it('saves an unknown amount, not nothing, when nothing is known', async () => {
    expect(await replayOf('unpriced', 2)).toMatchObject({ possible: true, savedCostUsd: null, savedSeconds: null })
  })

  it('is not possible when an output is missing, and says which', async () => {
    expect(await replayOf('gap', 3)).toMatchObject({
      possible: false,
      missing: [{ phase: 1, name: 'intelligence_gathering' }],
    })
    expect((await replayOf('gap', 3)).inputs.map(({ phase }: { phase: number }) => phase)).toEqual([2])
  })

  it('from the first phase takes nothing', async () => {
    expect(await replayOf('gap', 1)).toEqual({
      possible: true,
      missing: [],
      inputs: [],
      savedCostUsd: null,
      savedSeconds: null,
    })
  })

  it('refuses a phase that cannot be', async () => {
    const { errors } = await database.ask('{ run(by: { externalId: "plain" }) { replay(fromPhase: 0) { possible } } }')
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'fromPhase' })
  })
})
