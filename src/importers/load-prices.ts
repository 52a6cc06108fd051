import type { ClientBase } from 'pg'
import { listModelPrices } from '../pricing/model-prices.ts'
import { type ModelPrice, PriceList } from '../pricing/price-list.ts'
import { sendOfSession } from '../store/send.ts'
import type { TenantSession } from '../store/tenant-session.ts'

/**
 * The organization's prices over the public ones, as they are now.
 * @param now the moment whose prices count for calls without a time
 */
export async function loadPrices(session: TenantSession, now: Date): Promise<PriceList> {
  return new PriceList(await session.transaction(ownPrices), now)
}

export function ownPrices(client: ClientBase): Promise<ModelPrice[]> {
  return listModelPrices(sendOfSession(client))
}
