import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allocate, type CostedCall, resolveCallCosts } from '../../src/pricing/call-costs.ts'

const call = (change: Partial<CostedCall> = {}): CostedCall => ({
  model: 'in-house',
  promptTokens: null,
  completionTokens: null,
  cachedTokens: null,
  totalTokens: null,
  reportedCostUsd: null,
  at: new Date('2025-10-01T00:00:00Z'),
  ...change,
})
const shown = (calls: CostedCall[], run: string | null) =>
  resolveCallCosts(calls, run === null ? null : new Decimal(run)).map(({ costUsd, costSource }) => [
    costUsd?.toFixed() ?? null,
    costSource,
  ])

describe('the cost of a call', () => {
  it('is the one it reports, whatever its model costs', () => {
    const reported = call({
      model: 'gpt-4o',
      promptTokens: 1000,
      completionTokens: 100,
      reportedCostUsd: new Decimal('0.5'),
    })
    expect(shown([reported], '9')).toEqual([['0.5', 'REPORTED']])
  })

  it('is priced when its model is listed and both token counts are known: 1,000 in at 2.50 and 100 out at 10 a million', () => {
    expect(shown([call({ model: 'gpt-4o', promptTokens: 1000, completionTokens: 100 })], null)).toEqual([
      ['0.0035', 'PRICED'],
    ])
    expect(shown([call({ model: 'gpt-4o', promptTokens: 1000 })], null)).toEqual([[null, 'UNKNOWN']])
  })

  it('prices cached tokens once, as part of the prompt: 600 at 2.50, 400 at 1.25, 100 at 10', () => {
    expect(
      shown([call({ model: 'gpt-4o', promptTokens: 1000, completionTokens: 100, cachedTokens: 400 })], null),
    ).toEqual([['0.003', 'PRICED']])
  })

  it('is a share by tokens of what the run reports beyond the known costs, the greatest taking the remainder', () => {
    const calls = [call({ totalTokens: 1 }), call({ reportedCostUsd: new Decimal('0.1') }), call({ totalTokens: 2 })]
    expect(shown(calls, '0.2')).toEqual([
      ['0.033333', 'ALLOCATED'],
      ['0.1', 'REPORTED'],
      ['0.066667', 'ALLOCATED'],
    ])
  })

  it('is an equal share when no call has tokens, and never below zero', () => {
    expect(shown([call(), call()], '0.3')).toEqual([
      ['0.15', 'ALLOCATED'],
      ['0.15', 'ALLOCATED'],
    ])
    expect(shown([call({ reportedCostUsd: new Decimal(2) }), call()], '1')).toEqual([
      ['2', 'REPORTED'],
      ['0', 'ALLOCATED'],
    ])
  })

  it('is unknown, not zero, without any of these', () => {
    expect(shown([call(), call({ reportedCostUsd: new Decimal(1) })], null)).toEqual([
      [null, 'UNKNOWN'],
      ['1', 'REPORTED'],
    ])
  })
})

it('shares always sum exactly to the amount', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10 ** 9 }),
      fc.array(fc.integer({ min: 0, max: 10 ** 6 }), { minLength: 1, maxLength: 30 }),
      (millionths, weights) => {
        const amount = new Decimal(millionths).div(10 ** 6)
        const sum = allocate(amount, weights).reduce((total, share) => total.plus(share), new Decimal(0))
        expect(sum.toFixed()).toBe(amount.toFixed())
      },
    ),
  )
})
