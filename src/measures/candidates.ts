import { sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { Db } from '../store/transaction-kysely.ts'

/**
 * The candidate with the highest overall score of each signal; of equal ones the first by its id in the artifacts.
 * Signals without a scored candidate are left out. One statement.
 */
export async function bestCandidatesOf(
  db: Db,
  scope: Scope,
  signalIds: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await sql<{ signal: string; candidate: string }>`
    select s.id as signal, best.id as candidate
    from unnest(${signalIds}::text[]::uuid[]) as s (id) cross join lateral (
      select c.id from candidates as c
      where ${ofOrganization(rowOf('c'), scope)} and c.signal_id = s.id and c.overall_score is not null
      order by c.overall_score desc, c.external_id, c.id limit 1
    ) as best`.execute(db)
  return new Map(rows.map(({ signal, candidate }) => [signal, candidate]))
}
