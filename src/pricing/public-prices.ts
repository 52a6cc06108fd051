import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { calcPrice } from '@pydantic/genai-prices'
import { Decimal } from 'decimal.js'
import { roundUsd } from '../model/money.ts'
import type { CallPrice, PricedCall } from './price-list.ts'

// The package does not export its package.json, which alone says how old its prices are.
const entry = createRequire(import.meta.url).resolve('@pydantic/genai-prices')
const { version } = JSON.parse(readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8')) as { version: string }

/** When the package's versions were published: the dates of their prices, which the package does not hold. */
const PUBLISHED: Readonly<Record<string, string>> = { '0.1.8': '2026-09-23' }

/** The public list's version and date. */
export const SNAPSHOT = { version, date: PUBLISHED[version] ?? null }

const shown = SNAPSHOT.date === null ? `genai-prices ${version}` : `genai-prices ${version} of ${SNAPSHOT.date}`

/**
 * The price of a call by the public list of `@pydantic/genai-prices`. Cached tokens are part of the prompt's and are
 * priced once.
 * @returns null when the model is not listed, or prompt or completion tokens are not known
 */
export function publicPrice(call: PricedCall): CallPrice | null {
  const { model, promptTokens, completionTokens, cachedTokens, at } = call
  if (!model || promptTokens === null || completionTokens === null) return null
  const found = calcPrice(
    {
      input_tokens: promptTokens,
      output_tokens: completionTokens,
      ...(cachedTokens === null ? {} : { cache_read_tokens: Math.min(cachedTokens, promptTokens) }),
    },
    model,
    at ? { timestamp: at } : {},
  )
  if (!found) return null
  return {
    costUsd: roundUsd(new Decimal(found.total_price)),
    reference: `${shown}: ${found.provider.id}/${found.model.id}`,
  }
}
