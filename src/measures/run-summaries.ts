import { sql } from 'kysely'
import { decodeGlobalId, isUuid } from '../filters/global-ids.ts'
import { all, type Condition, ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { Db } from '../store/transaction-kysely.ts'
import { currentStatus } from './known-phases.ts'

/** A run as a list of runs shows it. Money is decimal text in US dollars; what is unknown is null. */
export type RunSummary = {
  id: string
  externalId: string
  pipeline: string
  status: string
  startedAt: Date | null
  finishedAt: Date | null
  durationSeconds: number | null
  costUsd: string | null
  totalTokens: number | null
  llmCalls: number | null
  vendorDomain: string | null
  prospectDomain: string | null
  isLatest: boolean
  /** How many of its phases are COMPLETED, and how many it has. */
  phases: { completed: number; total: number }
}

export type RunListing = { total: number; runs: RunSummary[] }

/** Runs of an organization, the newest first, with how many there are in all. Two statements. */
export async function listRuns(
  db: Db,
  scope: Scope,
  filter: { pipeline: string | null; status: string | null; limit: number },
): Promise<RunListing> {
  const conditions: Condition[] = []
  if (filter.pipeline !== null) conditions.push(sql<boolean>`p.name = ${filter.pipeline}`)
  if (filter.status !== null) conditions.push(sql<boolean>`(${currentStatus('r')}) = ${filter.status}::"RunStatus"`)
  const { rows } = await sql<{ total: number }>`
    select count(*)::float8 as total from runs as r join pipelines as p on p.id = r.pipeline_id
    where ${ofBoth(scope)} and ${all(conditions)}`.execute(db)
  return { total: rows[0]!.total, runs: await summaries(db, scope, conditions, filter.limit) }
}

/**
 * The runs that a name means: an external id, an id of the database, or an id as the API shows it. One statement.
 * @returns the newest first; none when the name means nothing, several when pipelines or sources share it
 */
export async function findRuns(
  db: Db,
  scope: Scope,
  name: string,
  pipeline: string | null,
  limit: number,
): Promise<RunSummary[]> {
  const global = decodeGlobalId(name)
  const id = global?.typeName === 'Run' ? global.id : isUuid(name) ? name : null
  const named =
    id === null ? sql<boolean>`r.external_id = ${name}` : sql<boolean>`(r.external_id = ${name} or r.id = ${id}::uuid)`
  const conditions = [named]
  if (pipeline !== null) conditions.push(sql<boolean>`p.name = ${pipeline}`)
  return summaries(db, scope, conditions, limit)
}

async function summaries(db: Db, scope: Scope, conditions: Condition[], limit: number): Promise<RunSummary[]> {
  const companyDomain = (column: 'vendor_id' | 'prospect_id') => sql`(
    select c.domain from companies as c where ${ofOrganization(rowOf('c'), scope)} and c.id = ${rowOf('r').column(column)})`
  const { rows } = await sql<RunSummary>`
    select r.id, r.external_id as "externalId", p.name as pipeline, (${currentStatus('r')})::text as status,
           r.started_at as "startedAt", r.finished_at as "finishedAt", r.duration_seconds as "durationSeconds",
           r.cost_usd as "costUsd", r.total_tokens::float8 as "totalTokens", r.llm_calls::float8 as "llmCalls",
           ${companyDomain('vendor_id')} as "vendorDomain", ${companyDomain('prospect_id')} as "prospectDomain", r.is_latest as "isLatest",
           (select json_build_object('completed', count(*) filter (where f.status = 'COMPLETED'), 'total', count(*))
            from run_phases as f where ${ofOrganization(rowOf('f'), scope)} and f.run_id = r.id) as phases
    from runs as r join pipelines as p on p.id = r.pipeline_id
    where ${ofBoth(scope)} and ${all(conditions)}
    order by r.started_at desc nulls last, r.id limit ${limit}::int8`.execute(db)
  return rows
}

function ofBoth(scope: Scope): Condition {
  return all([ofOrganization(rowOf('r'), scope), ofOrganization(rowOf('p'), scope)])
}
