import { type RawBuilder, sql } from 'kysely'
import { entities } from '../filters/entities/index.ts'
import { all, ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import { compileWhere, type Where } from '../filters/where.ts'
import type { Db } from '../store/transaction-kysely.ts'

/** A service as its health checks show it. */
export type Service = {
  name: string
  checks: number
  healthy: number
  degraded: number
  critical: number
  unknown: number
  /** healthy ÷ all checks, unknown ones included; 0–1. */
  healthyRate: number
  /** Of its latest check; of checks at one moment the one with the greatest id. */
  lastStatus: string
  lastMessage: string | null
  lastCheckedAt: Date | null
}

/** Which health checks are looked at. */
type Selection = { scope: Scope; where?: Where | null }

/** Services by name. One statement. */
export async function findServices(
  db: Db,
  selection: Selection,
  limit: number,
  after: string | null,
): Promise<Service[]> {
  const { rows } = await sql<Omit<Service, 'lastCheckedAt'> & { lastCheckedAt: number | null }>`
    select s.*, latest.status as "lastStatus", latest.message as "lastMessage",
           (extract(epoch from latest.checked_at) * 1000)::float8 as "lastCheckedAt"
    from (
      select c.service as name, count(*)::float8 as checks,
             count(*) filter (where c.status = 'HEALTHY')::float8 as healthy,
             count(*) filter (where c.status = 'DEGRADED')::float8 as degraded,
             count(*) filter (where c.status = 'CRITICAL')::float8 as critical,
             count(*) filter (where c.status = 'UNKNOWN')::float8 as unknown,
             count(*) filter (where c.status = 'HEALTHY')::float8 / count(*)::float8 as "healthyRate"
      ${checks(selection)} and ${after === null ? sql`true` : sql`c.service > ${after}::text`}
      group by c.service order by c.service limit ${limit}
    ) as s cross join lateral (
      select c.status, c.message, c.checked_at
      ${checks(selection)} and c.service = s.name
      order by (c.checked_at is null), c.checked_at desc, c.id desc limit 1
    ) as latest
    order by s.name`.execute(db)
  return rows.map((row) => ({
    ...row,
    lastCheckedAt: row.lastCheckedAt === null ? null : new Date(row.lastCheckedAt),
  }))
}

export async function countServices(db: Db, selection: Selection): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(distinct c.service)::float8 as count ${checks(selection)}`.execute(db)
  return rows[0]!.count
}

function checks({ scope, where }: Selection): RawBuilder<unknown> {
  const check = rowOf('c')
  return sql`
    from health_checks as c
    where ${all([ofOrganization(check, scope), compileWhere(entities.healthCheck, where, check, scope)])}`
}
