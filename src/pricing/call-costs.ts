import { Decimal } from 'decimal.js'
import { roundUsd, sumUsd, type Usd } from '../model/money.ts'
import type { CallPrice, PricedCall } from './price-list.ts'
import { publicPrice } from './public-prices.ts'

export type CostSource = 'ALLOCATED' | 'PRICED' | 'REPORTED' | 'UNKNOWN'

/** What is known of a call before its cost is. */
export type CostedCall = PricedCall & {
  totalTokens: number | null
  reportedCostUsd: Usd | null
}

export type CallCost = {
  /** US dollars; null when nothing says what the call cost (never 0 for unknown). */
  costUsd: Usd | null
  costSource: CostSource
  /** Which price was taken, and of what date, for PRICED costs. */
  priceReference: string | null
}

/** Shares of a run's cost are rounded to this many decimals. */
const SHARE_DECIMALS = 6

/**
 * The cost of each of a run's calls, in their order: reported, else priced, else a share of what the run reported beyond
 * its calls' known costs, else unknown.
 * @param runCostUsd the run's own reported cost
 * @param priceOf public prices unless given
 */
export function resolveCallCosts<Call extends CostedCall>(
  calls: readonly Call[],
  runCostUsd: Usd | null,
  priceOf: (call: Call) => CallPrice | null = publicPrice,
): CallCost[] {
  const costs = calls.map((call) => ownCost(call, priceOf))
  const open = costs.flatMap((cost, index) => (cost.costUsd === null ? [index] : []))
  if (open.length === 0 || runCostUsd === null) return costs
  const known = sumUsd(costs.map(({ costUsd }) => costUsd)) ?? new Decimal(0)
  const shares = allocate(
    Decimal.max(roundUsd(runCostUsd).minus(known), 0),
    open.map((index) => calls[index]!.totalTokens ?? 0),
  )
  open.forEach((index, place) => {
    costs[index] = { costUsd: shares[place]!, costSource: 'ALLOCATED', priceReference: null }
  })
  return costs
}

function ownCost<Call extends CostedCall>(call: Call, priceOf: (call: Call) => CallPrice | null): CallCost {
  // Rounded as it is stored, so that sums are those of what is stored.
  if (call.reportedCostUsd)
    return { costUsd: roundUsd(call.reportedCostUsd), costSource: 'REPORTED', priceReference: null }
  const price = priceOf(call)
  if (price) return { costUsd: price.costUsd, costSource: 'PRICED', priceReference: price.reference }
  return { costUsd: null, costSource: 'UNKNOWN', priceReference: null }
}

/**
 * Shares an amount in proportion to weights (equally when all are 0): half-even to six decimals, the greatest weight (the
 * first of several) taking the remainder, so that the shares sum exactly to the amount.
 */
export function allocate(amount: Usd, weights: number[]): Usd[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const shares = weights.map((weight) =>
    (total === 0 ? amount.div(weights.length) : amount.mul(weight).div(total)).toDecimalPlaces(
      SHARE_DECIMALS,
      Decimal.ROUND_HALF_EVEN,
    ),
  )
  const greatest = weights.indexOf(weights.reduce((most, weight) => Math.max(most, weight), Number.NEGATIVE_INFINITY))
  const others = sumUsd(shares.filter((_, index) => index !== greatest)) ?? new Decimal(0)
  shares[greatest] = amount.minus(others)
  return shares
}
