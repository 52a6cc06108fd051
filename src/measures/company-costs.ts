import { sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { Db } from '../store/transaction-kysely.ts'

/**
 * What the runs cost that a company is the prospect of, in US dollars as decimal text; companies without a known cost
 * are left out. One statement.
 */
export async function runCostsOf(db: Db, scope: Scope, companyIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ company: string; cost: string }>`
    select r.prospect_id as company, sum(r.cost_usd) as cost
    from runs as r
    where ${ofOrganization(rowOf('r'), scope)} and r.prospect_id = any(${companyIds}::text[]::uuid[]) and r.cost_usd is not null
    group by r.prospect_id`.execute(db)
  return new Map(rows.map(({ company, cost }) => [company, cost]))
}
