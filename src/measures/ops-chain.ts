import { sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { Db } from '../store/transaction-kysely.ts'

/** The diagnosis that came first after each health check, of those that belong to it. One statement. */
export async function firstDiagnosesOf(
  db: Db,
  scope: Scope,
  checkIds: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await sql<{ parent: string; id: string }>`
    select p.id as parent, first.id
    from unnest(${checkIds}::text[]::uuid[]) as p (id) cross join lateral (
      select d.id from diagnoses as d
      where ${ofOrganization(rowOf('d'), scope)} and d.health_check_id = p.id
      order by d.diagnosed_at, d.id limit 1
    ) as first`.execute(db)
  return new Map(rows.map(({ parent, id }) => [parent, id]))
}

/** The resolution that came first after each diagnosis, of those that belong to it. One statement. */
export async function firstResolutionsOf(
  db: Db,
  scope: Scope,
  diagnosisIds: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await sql<{ parent: string; id: string }>`
    select p.id as parent, first.id
    from unnest(${diagnosisIds}::text[]::uuid[]) as p (id) cross join lateral (
      select r.id from resolutions as r
      where ${ofOrganization(rowOf('r'), scope)} and r.diagnosis_id = p.id
      order by r.resolved_at, r.id limit 1
    ) as first`.execute(db)
  return new Map(rows.map(({ parent, id }) => [parent, id]))
}
