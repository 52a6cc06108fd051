import { Decimal } from 'decimal.js'
import { roundUsd, type Usd } from '../model/money.ts'
import { publicPrice } from './public-prices.ts'

/** What an organization pays for tokens of the models that a pattern names; amounts in US dollars per million tokens. */
export type ModelPrice = {
  /** A model's name in lower case; `*` stands for any characters, `?` for one. */
  pattern: string
  inputUsdPerMillion: Decimal
  /** Of tokens read from a cache; null when they cost what others do. */
  cachedInputUsdPerMillion: Decimal | null
  outputUsdPerMillion: Decimal
  /** Of calls from this moment on; null for all. */
  effectiveFrom: Date | null
}

/** What a call's price depends on. */
export type PricedCall = {
  model: string | null
  promptTokens: number | null
  completionTokens: number | null
  /** Part of the prompt's. */
  cachedTokens: number | null
  /** When the call was made; null when nothing says so. */
  at: Date | null
}

export type CallPrice = {
  costUsd: Usd
  /** Which price was taken: the pattern and its date, or the public snapshot, its date, provider and model. */
  reference: string
}

/** Says what a call costs; null when no price is known, or its prompt or completion tokens are not. */
export type PriceOf = (call: PricedCall) => CallPrice | null

// Tokens times a price may have more digits than money is kept with.
const Exact = Decimal.clone({ precision: 60 })

/**
 * Prices as they stood when they were read. The organization's own go before the public ones. Of its own that match the
 * model and are in force when the call is made, the one with the most specific pattern counts, and of that the latest.
 */
export class PriceList {
  readonly #own: readonly ModelPrice[]
  readonly #now: Date
  /** The organization's prices of a model, the one that counts first; models are few, calls are many. */
  readonly #ofModel = new Map<string, ModelPrice[]>()

  /** @param now the moment that counts for calls of which nothing says when they were made */
  constructor(own: readonly ModelPrice[], now = new Date()) {
    this.#own = own.toSorted((a, b) => compareSpecificity(a.pattern, b.pattern) || timeOf(b) - timeOf(a))
    this.#now = now
  }

  readonly of: PriceOf = (call) => {
    const { model, promptTokens, completionTokens } = call
    if (!model || promptTokens === null || completionTokens === null) return null
    const at = call.at ?? this.#now
    const own = this.#pricesOf(model).find((price) => timeOf(price) <= at.getTime())
    if (own) return ownPrice(own, promptTokens, call.cachedTokens ?? 0, completionTokens)
    return publicPrice({ ...call, at })
  }

  /** Whether these are the organization's prices in it. */
  isOf(own: readonly ModelPrice[]): boolean {
    return JSON.stringify(new PriceList(own).#own) === JSON.stringify(this.#own)
  }

  #pricesOf(model: string): ModelPrice[] {
    const known = this.#ofModel.get(model)
    if (known) return known
    const name = model.trim().toLowerCase()
    const prices = this.#own.filter(({ pattern }) => matchesPattern(name, pattern))
    this.#ofModel.set(model, prices)
    return prices
  }
}

function timeOf({ effectiveFrom }: ModelPrice): number {
  return effectiveFrom?.getTime() ?? Number.NEGATIVE_INFINITY
}

function ownPrice(price: ModelPrice, prompt: number, cached: number, completion: number): CallPrice {
  const { inputUsdPerMillion, cachedInputUsdPerMillion, outputUsdPerMillion } = price
  // Cached tokens are among the prompt's: each is priced once.
  const ofCache = Math.min(Math.max(cached, 0), prompt)
  const perMillion = new Exact(inputUsdPerMillion)
    .mul(prompt - ofCache)
    .plus(new Exact(cachedInputUsdPerMillion ?? inputUsdPerMillion).mul(ofCache))
    .plus(new Exact(outputUsdPerMillion).mul(completion))
  return { costUsd: new Decimal(roundUsd(perMillion.div(1_000_000))), reference: referenceOf(price) }
}

function referenceOf({ pattern, effectiveFrom }: ModelPrice): string {
  return effectiveFrom ? `own: ${pattern} from ${shortDate(effectiveFrom)}` : `own: ${pattern}`
}

/** A day when the moment is its midnight in UTC, else the moment. */
export function shortDate(at: Date): string {
  return at.toISOString().replace('T00:00:00.000Z', '')
}

/**
 * Orders patterns, the most specific first: a name without `*` and `?`, then by the length of the text before the first
 * of them, then by the number of characters that are neither, then the fewer `*`, then by code point.
 */
export function compareSpecificity(a: string, b: string): number {
  const [first, second] = [specificityOf(a), specificityOf(b)]
  for (const [place, mine] of first.entries()) if (mine !== second[place]) return second[place]! - mine
  return a < b ? -1 : a > b ? 1 : 0
}

function specificityOf(pattern: string): number[] {
  const literal = pattern.replace(/[*?]/g, '').length
  const prefix = pattern.search(/[*?]/)
  const stars = pattern.split('*').length - 1
  return [prefix === -1 ? 1 : 0, prefix === -1 ? literal : prefix, literal, -stars]
}

/** Whether a pattern names a model; both in lower case. Goes back to the latest `*` only, so that no pattern is slow. */
export function matchesPattern(name: string, pattern: string): boolean {
  let [at, place, star, resume] = [0, 0, -1, 0]
  while (at < name.length) {
    if (pattern[place] === '*') {
      star = place++
      resume = at
    } else if (place < pattern.length && (pattern[place] === '?' || pattern[place] === name[at])) {
      at++
      place++
    } else if (star === -1) return false
    else {
      place = star + 1
      at = ++resume
    }
  }
  return /^\**$/.test(pattern.slice(place))
}
