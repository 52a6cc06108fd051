import type { ClientBase } from 'pg'
import type { CallPrice } from '../../pricing/price-list.ts'
import { money } from '../decoding.ts'
import { settleCosts } from '../extraction/settle.ts'
import type { Batch } from './batches.ts'
import { lockAttempts } from './lock.ts'
import type { RepriceContext } from './reprice.ts'

/** Attempts held at a time: a run may have any number. */
const PAGE = 5_000

type Stored = {
  id: string
  model: string | null
  promptTokens: number | null
  completionTokens: number | null
  cachedTokens: number | null
  at: Date | null
  costUsd: string | null
  reference: string | null
}

const OPEN = `
  select a.id, a.model, a.prompt_tokens::float8 as "promptTokens", a.completion_tokens::float8 as "completionTokens",
         a.cached_tokens::float8 as "cachedTokens", coalesce(a.started_at, a.source_created_at) as at,
         a.priced_cost_usd::text as "costUsd", a.price_reference as reference
  from attempts a
  where a.organization_id = (select crossrun_organization_id()) and a.reported_cost_usd is null
    and ($2::timestamptz is null or coalesce(a.started_at, a.source_created_at) >= $2)`

/** Prices attempts of the batch's runs, then their calls, tasks and runs as an import settles them. */
export async function repriceAttempts(client: ClientBase, { runIds }: Batch, context: RepriceContext): Promise<void> {
  await client.query(`declare open_attempts no scroll cursor for ${OPEN} and a.run_id = any($1::uuid[])`, [
    runIds,
    context.since,
  ])
  for (;;) {
    const { rows } = await client.query<Stored>(`fetch ${PAGE} from open_attempts`)
    await writePrices(client, rows, context)
    if (rows.length < PAGE) break
  }
  await client.query('close open_attempts')
  await settleCosts(
    client,
    context.ids,
    `select run_id, task_id from attempts
     where organization_id = (select crossrun_organization_id()) and run_id = any($1::uuid[])`,
    runIds,
  )
}

/**
 * Prices a page of attempts whose run is not known: they are no calls, and their tasks cost what they do.
 * @param after the last id of the page before; '' for the first
 * @returns `last` is null when no page follows
 */
export async function repriceAttemptsWithoutRun(
  client: ClientBase,
  after: string,
  context: RepriceContext,
): Promise<{ checked: number; changed: number; last: string | null }> {
  const { rows: found } = await client.query<Stored>(
    `${OPEN} and a.run_id is null and a.id > $1::uuid order by a.id limit ${PAGE}`,
    [after || '00000000-0000-0000-0000-000000000000', context.since],
  )
  if (found.length === 0) return { checked: 0, changed: 0, last: null }
  const ids = found.map(({ id }) => id)
  await lockAttempts(client, ids, context.ids)
  // An import may have written them, or given them a run, before they were locked: they are read again.
  const { rows } = await client.query<Stored>(`${OPEN} and a.id = any($1::uuid[])`, [ids, context.since])
  const changed = await writePrices(client, rows, context)
  await settleCosts(
    client,
    context.ids,
    `select run_id, task_id from attempts
     where organization_id = (select crossrun_organization_id()) and id = any($1::uuid[])`,
    ids,
  )
  return { checked: rows.length, changed, last: found.length < PAGE ? null : ids.at(-1)! }
}

/** @returns how many were changed */
async function writePrices(client: ClientBase, attempts: Stored[], { prices }: RepriceContext): Promise<number> {
  const changed = attempts.flatMap((attempt) => {
    const price = prices.of(attempt)
    return isPricedAt(attempt, price) ? [] : [{ id: attempt.id, price }]
  })
  if (changed.length === 0) return 0
  await client.query(
    `update attempts a set priced_cost_usd = x.cost, price_reference = x.reference
     from unnest($1::uuid[], $2::numeric[], $3::text[]) as x (id, cost, reference)
     where a.organization_id = (select crossrun_organization_id()) and a.id = x.id`,
    [
      changed.map(({ id }) => id),
      changed.map(({ price }) => price && money(price.costUsd)),
      changed.map(({ price }) => price?.reference ?? null),
    ],
  )
  return changed.length
}

function isPricedAt({ costUsd, reference }: Stored, price: CallPrice | null): boolean {
  if (price === null) return costUsd === null && reference === null
  return costUsd !== null && reference === price.reference && price.costUsd.eq(costUsd)
}
