import { describe, expect, it } from 'vitest'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { completeRun } from '../importers/playbook-fixture.ts'

const database = testDatabase()
const FIELDS = 'pattern inputUsdPerMillion cachedInputUsdPerMillion outputUsdPerMillion effectiveFrom'
const LIST = `{ modelPrices { ${FIELDS} } }`
const SET = `mutation ($pattern: String!, $input: Decimal!, $cached: Decimal, $output: Decimal!, $from: DateTime) {
  setModelPrice(pattern: $pattern, inputUsdPerMillion: $input, cachedInputUsdPerMillion: $cached,
    outputUsdPerMillion: $output, effectiveFrom: $from) { ${FIELDS} }
}`
const REMOVE = `mutation ($pattern: String!, $from: DateTime) { removeModelPrice(pattern: $pattern, effectiveFrom: $from) }`
const FROM = '2026-01-01T00:00:00.000Z'

describe('prices of models', () => {
  it('are set, listed by pattern and date, replaced and removed', async () => {
    expect(await database.data(LIST)).toEqual({ modelPrices: [] })
    await database.data(SET, { pattern: 'house-*', input: '3', output: '6', from: FROM })
    const { setModelPrice } = await database.data(SET, {
      pattern: ' House-* ',
      input: '2.50',
      cached: 0.25,
      output: '10',
    })
    const always = {
      pattern: 'house-*',
      inputUsdPerMillion: '2.5',
      cachedInputUsdPerMillion: '0.25',
      outputUsdPerMillion: '10',
      effectiveFrom: null,
    }
    expect(setModelPrice).toEqual(always)
    await database.data(SET, { pattern: 'house-*', input: '4', output: '8.125', from: FROM })
    const later = {
      pattern: 'house-*',
      inputUsdPerMillion: '4',
      cachedInputUsdPerMillion: null,
      outputUsdPerMillion: '8.125',
      effectiveFrom: FROM,
    }
    expect((await database.data(LIST)).modelPrices).toEqual([always, later])
    expect(await database.data(REMOVE, { pattern: 'HOUSE-*' })).toEqual({ removeModelPrice: true })
    expect(await database.data(REMOVE, { pattern: 'house-*' })).toEqual({ removeModelPrice: false })
    expect((await database.data(LIST)).modelPrices).toEqual([later])
  })

  it('are used by an import, which says which price it took', async () => {
    const results = { a: { model: 'house-7b', prompt_tokens: 1_000_000, completion_tokens: 0, cached_tokens: null } }
    await database.data(SET, { pattern: 'house-7b', input: '7', output: '1' })
    await importFiles(database, {
      'run.json': completeRun({ phase1_output: { agent_results: results }, phase2_output: null, phase3_output: null }),
    })
    const { agentCalls } = await database.data(
      `{ agentCalls(where: { agent: { name: { equals: "a" } } }) { nodes { costUsd costSource priceReference } } }`,
    )
    expect(agentCalls.nodes).toEqual([{ costUsd: '7', costSource: 'PRICED', priceReference: 'own: house-7b' }])
  })

  it('are those of one organization', async () => {
    const others = database.newServer({ organizationId: organizationIdOf('others') })
    const withoutCondition = database.newServer({
      organizationCondition: false,
      organizationId: organizationIdOf('others'),
    })
    expect(await database.data(LIST, {}, others)).toEqual({ modelPrices: [] })
    expect(await database.data(LIST, {}, withoutCondition)).toEqual({ modelPrices: [] })
    expect(await database.data(REMOVE, { pattern: 'house-7b' }, others)).toEqual({ removeModelPrice: false })
    await database.data(SET, { pattern: 'house-7b', input: '1', output: '1' }, others)
    const { modelPrices } = await database.data(LIST)
    expect(modelPrices.find(({ pattern }: { pattern: string }) => pattern === 'house-7b').inputUsdPerMillion).toBe('7')
  })

  it.each([
    [{ pattern: ' ' }, 'pattern is empty.'],
    [{ pattern: 'x'.repeat(201) }, 'pattern is longer than 200 characters.'],
    [{ pattern: 'a\u0000b' }, 'pattern holds a NUL character.'],
    [{ input: '-1' }, 'inputUsdPerMillion must be'],
    [{ output: '1000000.1' }, 'outputUsdPerMillion must be'],
    [{ cached: '0.0000000000001' }, 'cachedInputUsdPerMillion must be'],
    [{ input: 'free' }, 'decimal number'],
  ])('a wrong one %o is bad input that names the argument', async (change, message) => {
    const before = await database.data(LIST)
    const { errors } = await database.ask(SET, { pattern: 'wrong', input: '1', output: '1', ...change })
    expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT')
    expect(errors![0]!.message).toContain(message)
    expect(await database.data(LIST)).toEqual(before)
  })
})

describe('a moment', () => {
  it.each(['2025-02-30T00:00:00Z', '2025-04-31T12:00:00Z', '2023-02-29T00:00:00+01:00'])(
    'on a day that no calendar has is refused: %s',
    async (from) => {
      const { errors } = await database.ask(SET, { pattern: 'm', input: '1', output: '1', from })
      expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT')
      const literal = `{ runs(where: { startedAt: { gte: "${from}" } }) { totalCount } }`
      expect((await database.ask(literal)).errors).toHaveLength(1)
    },
  )
})
