import type { ClientBase } from 'pg'
import { listModelPrices, type Send } from '../pricing/model-prices.ts'
import { type ModelPrice, PriceList } from '../pricing/price-list.ts'
import type { TenantSession } from '../store/tenant-session.ts'

/**
 * The organization's prices over the public ones, as they are now.
 * @param now the moment whose prices count for calls without a time
 */
export async function loadPrices(session: TenantSession, now: Date): Promise<PriceList> {
  return new PriceList(await session.transaction(ownPrices), now)
}

export function ownPrices(client: ClientBase): Promise<ModelPrice[]> {
  return listModelPrices(sendOf(client))
}

/** How the functions of prices send their statements in a session's transaction. */
export function sendOf(client: ClientBase): Send {
  return async (text, values) => (await client.query(text, values)).rows
}
