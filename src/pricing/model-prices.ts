import { Decimal } from 'decimal.js'
import { BadInputError } from '../errors.ts'
import { identifiersOf } from '../model/identifiers.ts'
import type { Send } from '../store/send.ts'
import type { ModelPrice } from './price-list.ts'

const MOST_PRICES = 2000
const LONGEST_PATTERN = 200
/** Dearer than any model by a factor of a thousand: a price per token that was meant per million, or the like. */
const HIGHEST_USD = 1_000_000
const DECIMALS = 12

type Row = { pattern: string; input: string; cached: string | null; output: string; from: number | null }

/** The organization's own prices: by pattern, then by date. */
export async function listModelPrices(send: Send): Promise<ModelPrice[]> {
  const rows = await send<Row>(
    `select pattern, input_usd_per_million::text as input, cached_input_usd_per_million::text as cached,
            output_usd_per_million::text as output, (extract(epoch from effective_from) * 1000)::float8 as "from"
     from model_prices where organization_id = (select crossrun_organization_id())
     order by pattern, effective_from nulls first`,
  )
  return rows.map(({ pattern, input, cached, output, from }) => ({
    pattern,
    inputUsdPerMillion: new Decimal(input),
    cachedInputUsdPerMillion: cached === null ? null : new Decimal(cached),
    outputUsdPerMillion: new Decimal(output),
    effectiveFrom: from === null ? null : new Date(from),
  }))
}

/** A price as a person says it; amounts in US dollars per million tokens. */
export type SaidPrice = {
  pattern: string
  input: string
  cachedInput: string | null
  output: string
  effectiveFrom: Date | null
}

/**
 * A price that can be stored: its pattern trimmed and in lower case.
 * @param names what the person calls the arguments, when it is something else
 * @throws BadInputError naming the argument
 */
export function readModelPrice(said: SaidPrice, names: Partial<Record<keyof SaidPrice, string>> = {}): ModelPrice {
  const name = (key: keyof SaidPrice) => names[key] ?? key
  return {
    pattern: readPattern(said.pattern, name('pattern')),
    inputUsdPerMillion: readUsd(said.input, name('input')),
    cachedInputUsdPerMillion: said.cachedInput === null ? null : readUsd(said.cachedInput, name('cachedInput')),
    outputUsdPerMillion: readUsd(said.output, name('output')),
    effectiveFrom: said.effectiveFrom,
  }
}

/** @throws BadInputError naming the argument */
function readPattern(text: string, argument: string): string {
  const pattern = text.trim().toLowerCase()
  if (pattern === '') throw new BadInputError(`${argument} is empty.`, { argument, hint: 'Such as gpt-4o or gpt-4o*.' })
  if (pattern.length > LONGEST_PATTERN)
    throw new BadInputError(`${argument} is longer than ${LONGEST_PATTERN} characters.`, { argument })
  if (pattern.includes('\u0000')) throw new BadInputError(`${argument} holds a NUL character.`, { argument })
  return pattern
}

function readUsd(text: string, argument: string): Decimal {
  const isNumber = /^\s*\+?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?\s*$/i.test(text)
  const usd = isNumber ? new Decimal(text.trim()) : null
  if (!usd || usd.gt(HIGHEST_USD) || usd.decimalPlaces() > DECIMALS)
    throw new BadInputError(
      `${argument} must be US dollars per million tokens, such as 2.50, from 0 to ${HIGHEST_USD} with at most ${DECIMALS} decimals; found ${JSON.stringify(text)}.`,
      { argument },
    )
  return usd
}

/**
 * Stores prices; one of the same pattern and date takes the place of what was there. Costs stay as they are until
 * they are priced again.
 * @throws BadInputError when there would be too many
 */
export async function setModelPrices(send: Send, organizationId: string, prices: readonly ModelPrice[]): Promise<void> {
  const ids = identifiersOf(organizationId)
  const rows = new Map(
    prices.map((price) => {
      const id = ids.of('model_price', price.pattern, price.effectiveFrom?.toISOString() ?? '')
      return [
        id,
        {
          id,
          pattern: price.pattern,
          input: price.inputUsdPerMillion.toFixed(),
          cached: price.cachedInputUsdPerMillion?.toFixed() ?? null,
          output: price.outputUsdPerMillion.toFixed(),
          from: price.effectiveFrom?.toISOString() ?? null,
        },
      ]
    }),
  )
  await send(
    `insert into model_prices (
       id, organization_id, pattern, input_usd_per_million, cached_input_usd_per_million, output_usd_per_million, effective_from)
     select id, (select crossrun_organization_id()), pattern, input, cached, output, "from"
     from jsonb_to_recordset($1::jsonb) as x (
       id uuid, pattern text, input numeric, cached numeric, output numeric, "from" timestamptz)
     order by id
     on conflict (id) do update set input_usd_per_million = excluded.input_usd_per_million,
       cached_input_usd_per_million = excluded.cached_input_usd_per_million,
       output_usd_per_million = excluded.output_usd_per_million`,
    [JSON.stringify([...rows.values()])],
  )
  const [count] = await send<{ prices: number }>(
    `select count(*)::int as prices from model_prices where organization_id = (select crossrun_organization_id())`,
  )
  if (count!.prices > MOST_PRICES)
    throw new BadInputError(`An organization has room for ${MOST_PRICES} prices.`, {
      hint: 'A pattern such as gpt-4o* stands for many models.',
    })
}

/**
 * Takes a price away: that of the date, or that without a date.
 * @returns whether there was one
 */
export async function removeModelPrice(send: Send, pattern: string, effectiveFrom: Date | null): Promise<boolean> {
  const rows = await send(
    `delete from model_prices where organization_id = (select crossrun_organization_id())
       and pattern = $1::text and effective_from is not distinct from $2::timestamptz returning id`,
    [readPattern(pattern, 'pattern'), effectiveFrom?.toISOString() ?? null],
  )
  return rows.length > 0
}
