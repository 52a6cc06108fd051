import type { TenantSession } from '../../store/tenant-session.ts'

/** Runs that are priced in one transaction. */
export type Batch = {
  runIds: string[]
  /** Whether calls of theirs are attempts of tasks. */
  hasAttempts: boolean
}

/** A transaction prices about so many calls, or one run, whose shares belong together. */
const BATCH_CALLS = 5_000
const PAGE_RUNS = 500

type Found = { id: string; calls: number; attempts: number }

/** Runs with a call or an attempt that reports no cost and was made since then, by id, in batches. */
export async function* runBatches(session: TenantSession, since: Date | null): AsyncGenerator<Batch> {
  let last = '00000000-0000-0000-0000-000000000000'
  let batch: Batch = { runIds: [], hasAttempts: false }
  let size = 0
  for (;;) {
    const after = last
    const { rows } = await session.transaction((client) => client.query<Found>(FOUND, [after, since]))
    for (const { id, calls, attempts } of rows) {
      if (size > 0 && size + calls + attempts > BATCH_CALLS) {
        yield batch
        batch = { runIds: [], hasAttempts: false }
        size = 0
      }
      batch.runIds.push(id)
      batch.hasAttempts ||= attempts > 0
      size += calls + attempts
      last = id
    }
    if (rows.length < PAGE_RUNS) break
  }
  if (batch.runIds.length > 0) yield batch
}

const FOUND = `
  select r.id, c.calls, a.attempts from runs r cross join lateral (
    select count(*)::int as calls,
           count(*) filter (where c.cost_source <> 'REPORTED' and ($2::timestamptz is null or c.started_at >= $2)) as open
    from agent_calls c
    where c.organization_id = (select crossrun_organization_id()) and c.run_id = r.id and c.attempt_id is null
  ) as c cross join lateral (
    select count(*)::int as attempts,
           count(*) filter (
             where a.reported_cost_usd is null and ($2::timestamptz is null or coalesce(a.started_at, a.source_created_at) >= $2)
           ) as open
    from attempts a where a.organization_id = (select crossrun_organization_id()) and a.run_id = r.id
  ) as a
  where r.organization_id = (select crossrun_organization_id()) and r.id > $1::uuid and c.open + a.open > 0
  order by r.id limit ${PAGE_RUNS}`
