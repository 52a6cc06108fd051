import { readFileSync } from 'node:fs'
import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compareSpecificity,
  type ModelPrice,
  matchesPattern,
  type PricedCall,
  PriceList,
} from '../../src/pricing/price-list.ts'
import { SNAPSHOT } from '../../src/pricing/public-prices.ts'

const price = (pattern: string, input: string, output: string, cached?: string, from?: string): ModelPrice => ({
  pattern,
  inputUsdPerMillion: new Decimal(input),
  cachedInputUsdPerMillion: cached === undefined ? null : new Decimal(cached),
  outputUsdPerMillion: new Decimal(output),
  effectiveFrom: from === undefined ? null : new Date(from),
})
const call = (change: Partial<PricedCall> = {}): PricedCall => ({
  model: 'gpt-4o',
  promptTokens: 1000,
  completionTokens: 100,
  cachedTokens: 400,
  at: new Date('2025-10-01T00:00:00Z'),
  ...change,
})
const NOW = new Date('2026-01-15T00:00:00Z')
function shown(prices: ModelPrice[], change: Partial<PricedCall> = {}) {
  const found = new PriceList(prices, NOW).of(call(change))
  return found && [found.costUsd.toFixed(), found.reference]
}
const reference = (prices: ModelPrice[], change: Partial<PricedCall> = {}) => shown(prices, change)?.[1]

describe('an own price', () => {
  it('prices cached tokens once, at their own price: 600 at 2, 400 at 0.50, 100 at 8', () => {
    expect(shown([price('gpt-4o', '2', '8', '0.5')])).toEqual(['0.0022', 'own: gpt-4o'])
  })

  it('prices cached tokens as others when it has no price for them: 1,000 at 2, 100 at 8', () => {
    expect(shown([price('gpt-4o', '2', '8')])?.[0]).toBe('0.0028')
  })

  it('prices no more cached tokens than the prompt has: 1,000 at 0.50, 100 at 8', () => {
    expect(shown([price('gpt-4o', '2', '8', '0.5')], { cachedTokens: 5000 })?.[0]).toBe('0.0013')
  })

  it('may be nothing, which is a cost of 0 and not an unknown one', () => {
    expect(shown([price('llama-*', '0', '0')], { model: 'llama-70b' })).toEqual(['0', 'own: llama-*'])
  })

  it('rounds half-even to twelve decimals', () => {
    const one = { promptTokens: 1, completionTokens: 0, cachedTokens: null }
    expect(shown([price('*', '0.0000005', '0')], one)?.[0]).toBe('0')
    expect(shown([price('*', '0.0000015', '0')], one)?.[0]).toBe('0.000000000002')
  })

  it('keeps every digit of large amounts', () => {
    const tokens = { promptTokens: 9_007_199_254_740_991, completionTokens: 1, cachedTokens: 0 }
    // 9007199254740991 × 123456789012 + 10^12 = 1111999897981603166594|… in units of 10^-18: the rest is above a half.
    const exact = 9_007_199_254_740_991n * 123_456_789_012n + 1_000_000_000_000n
    expect([exact / 10n ** 6n, exact % 10n ** 6n > 500_000n]).toEqual([1_111_999_897_981_603_166_594n, true])
    expect(shown([price('*', '0.123456789012', '1')], tokens)?.[0]).toBe('1111999897.981603166595')
  })

  it('is taken only when the model and both token counts are known', () => {
    const any = [price('*', '1', '1')]
    expect(shown(any, { model: null })).toBe(null)
    expect(shown(any, { promptTokens: null })).toBe(null)
    expect(shown(any, { completionTokens: null })).toBe(null)
    expect(shown(any, { cachedTokens: null })?.[0]).toBe('0.0011')
  })
})

describe('of prices that match', () => {
  it('the exact name counts before patterns, then the longest text before the first wildcard', () => {
    const prices = ['*', 'gpt-*', 'gpt-4o*', '*gpt-4o-mini', 'gpt-4o-mini', '*4o*'].map((each) => price(each, '1', '1'))
    expect(reference(prices, { model: 'gpt-4o-mini' })).toBe('own: gpt-4o-mini')
    expect(reference(prices, { model: 'gpt-4o-2024' })).toBe('own: gpt-4o*')
    expect(reference(prices, { model: 'gpt-5' })).toBe('own: gpt-*')
    expect(reference(prices, { model: 'azure/gpt-4o-mini' })).toBe('own: *gpt-4o-mini')
    expect(reference(prices, { model: 'azure/gpt-4o' })).toBe('own: *4o*')
    expect(reference(prices, { model: 'x' })).toBe('own: *')
  })

  it('a less specific one counts while the more specific one is not in force yet', () => {
    const prices = [price('gpt-4o', '3', '3', undefined, '2026-01-01'), price('gpt-*', '1', '1')]
    expect(reference(prices, { at: new Date('2025-12-31T23:59:59.999Z') })).toBe('own: gpt-*')
    expect(reference(prices, { at: new Date('2026-01-01T00:00:00Z') })).toBe('own: gpt-4o from 2026-01-01')
  })

  it('the latest date not after the call counts, and one without a date before the first', () => {
    const prices = [
      price('gpt-4o', '2', '2', undefined, '2025-06-01T12:00:00Z'),
      price('gpt-4o', '1', '1'),
      price('gpt-4o', '3', '3', undefined, '2025-09-01'),
    ]
    const at = (time: string) => reference(prices, { at: new Date(time) })
    expect(at('2020-01-01T00:00:00Z')).toBe('own: gpt-4o')
    expect(at('2025-06-01T11:59:59.999Z')).toBe('own: gpt-4o')
    expect(at('2025-06-01T12:00:00Z')).toBe('own: gpt-4o from 2025-06-01T12:00:00.000Z')
    expect(at('2025-10-01T00:00:00Z')).toBe('own: gpt-4o from 2025-09-01')
  })

  it('those of now count for a call of which nothing says when it was made', () => {
    const prices = [
      price('gpt-4o', '1', '1', undefined, '2026-01-15'),
      price('gpt-4o', '2', '2', undefined, '2026-01-16'),
    ]
    expect(reference(prices, { at: null })).toBe('own: gpt-4o from 2026-01-15')
  })

  it('own ones count before public ones, and public ones when none is in force', () => {
    const prices = [price('gpt-4o', '100', '100', undefined, '2025-10-02')]
    // 600 at 2.50, 400 at 1.25, 100 at 10.
    expect(shown(prices)?.[0]).toBe('0.003')
    expect(shown(prices, { at: new Date('2025-10-02T00:00:00Z') })?.[0]).toBe('0.11')
    expect(shown(prices, { model: 'nobody-knows' })).toBe(null)
  })
})

it('a public price names the snapshot, its date, provider and model', () => {
  expect(reference([])).toBe(`genai-prices ${SNAPSHOT.version} of ${SNAPSHOT.date}: openai/gpt-4o`)
})

it('the installed snapshot has its date: the day when this version was published, by `npm view … time`', () => {
  const lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'))
  expect(SNAPSHOT.version).toBe(lock.packages['node_modules/@pydantic/genai-prices'].version)
  expect(SNAPSHOT.date).toMatch(/^\d{4}-\d\d-\d\d$/)
})

describe('a pattern', () => {
  it('matches whole names, `*` any characters and none, `?` one; nothing else is special', () => {
    const matches = (name: string, pattern: string) => matchesPattern(name, pattern)
    expect(matches('gpt-4o', 'gpt-4o')).toBe(true)
    expect(matches('gpt-4o-mini', 'gpt-4o')).toBe(false)
    expect(matches('gpt-4o', 'gpt-4o*')).toBe(true)
    expect(matches('gpt-4o', 'gpt-?o')).toBe(true)
    expect(matches('gpt-o', 'gpt-?o')).toBe(false)
    expect(matches('gpt-4.1', 'gpt-4?1')).toBe(true)
    expect(matches('gpt-4x1', 'gpt-4.1')).toBe(false)
    expect(matches('[a]', '[a]')).toBe(true)
  })

  it('does not mind case and space around the name', () => {
    expect(reference([price('gpt-4o', '1', '1')], { model: ' GPT-4o ' })).toBe('own: gpt-4o')
  })

  it('matches what the same regular expression does', () => {
    const text = (letters: string[]) =>
      fc.array(fc.constantFrom(...letters), { maxLength: 8 }).map((all) => all.join(''))
    fc.assert(
      fc.property(text(['a', 'b', '.']), text(['a', 'b', '.', '*', '?']), (name, pattern) => {
        const expression = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.')}$`)
        expect(matchesPattern(name, pattern)).toBe(expression.test(name))
      }),
      { numRuns: 2000 },
    )
  })

  it('is never slow', () => {
    const began = performance.now()
    expect(matchesPattern('a'.repeat(20_000), `${'*a'.repeat(90)}*b`)).toBe(false)
    expect(performance.now() - began).toBeLessThan(2000)
  })

  it('has one place in the order, whichever way the prices come', () => {
    const patterns = ['gpt-4o', 'gpt-4o?', 'gpt-4o*', 'gpt-?o-mini', 'gpt-*o', 'gpt-*', '*gpt-4o', '**', '*']
    fc.assert(
      fc.property(fc.shuffledSubarray(patterns, { minLength: patterns.length }), (shuffled) => {
        expect(shuffled.toSorted(compareSpecificity)).toEqual([
          'gpt-4o',
          'gpt-4o?',
          'gpt-4o*',
          'gpt-?o-mini',
          'gpt-*o',
          'gpt-*',
          '*gpt-4o',
          '*',
          '**',
        ])
      }),
    )
  })
})
