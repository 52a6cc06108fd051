import { Decimal } from 'decimal.js'
import type { ClientBase } from 'pg'
import { cliActor, record } from '../../access/audit.ts'
import { type Identifiers, identifiersOf, organizationIdOf } from '../../model/identifiers.ts'
import type { PriceList } from '../../pricing/price-list.ts'
import { sendOfSession } from '../../store/send.ts'
import { TenantSession } from '../../store/tenant-session.ts'
import { loadPrices } from '../load-prices.ts'
import { repriceAttempts, repriceAttemptsWithoutRun } from './attempts.ts'
import { type Batch, runBatches } from './batches.ts'
import { lockBatch } from './lock.ts'
import { repriceCalls } from './run-calls.ts'

export type RepriceOptions = {
  organization: string
  /** Only calls made from this moment on get a new price; null for all. */
  since: Date | null
  /** Says what would change, and changes nothing. */
  dryRun: boolean
}

export type RepriceReport = {
  dryRun: boolean
  since: Date | null
  isInterrupted: boolean
  /** Runs with calls that report no cost of their own and may be priced; those of which a call's cost or source changed. */
  runs: { checked: number; changed: number }
  /** Calls of these runs that report no cost, and those of them whose cost, source or price changed. */
  calls: { checked: number; changed: number }
  /** Calls of these runs by the source of their cost; reported ones are never touched. */
  sources: { priced: number; allocated: number; unknown: number }
  /** Sum over these calls of what is known of their cost, in US dollars. */
  costUsd: { before: string | null; after: string | null }
  /** Attempts of tasks whose run is not imported: they count for their tasks alone. */
  attemptsWithoutRun: { checked: number; changed: number }
}

export type RepriceWatcher = {
  /** After each batch. */
  progress?(report: RepriceReport): void
  /** Asked between batches; true ends the work after the batch at hand. */
  isInterrupted?(): boolean
}

/** What the steps of one reprice share. */
export type RepriceContext = { ids: Identifiers; prices: PriceList; since: Date | null }

/**
 * Prices an organization's calls anew by the prices of now: those that report no cost. Shares of what runs report, and
 * the sums over calls, follow in the same transaction. Batch by batch; a second time changes nothing. Imports may run
 * meanwhile.
 * @param url of the database, migrated
 */
export async function reprice(
  url: string,
  { organization, since, dryRun }: RepriceOptions,
  watcher: RepriceWatcher = {},
): Promise<RepriceReport> {
  const organizationId = organizationIdOf(organization)
  const session = await TenantSession.open(url, organizationId)
  const report: RepriceReport = {
    dryRun,
    since,
    isInterrupted: false,
    runs: { checked: 0, changed: 0 },
    calls: { checked: 0, changed: 0 },
    sources: { priced: 0, allocated: 0, unknown: 0 },
    costUsd: { before: null, after: null },
    attemptsWithoutRun: { checked: 0, changed: 0 },
  }
  const isInterrupted = () => {
    report.isInterrupted ||= watcher.isInterrupted?.() ?? false
    return report.isInterrupted
  }
  try {
    const ids = identifiersOf(organizationId)
    const options = { keep: !dryRun }
    const context: RepriceContext = { ids, since, prices: await loadPrices(session, new Date()) }
    if (!dryRun) await note(session, 'reprice.started', {})
    for await (const batch of runBatches(session, since)) {
      if (isInterrupted()) return report
      add(report, await session.retried((client) => repriceBatch(client, batch, context), options))
      watcher.progress?.(report)
    }
    for (let last: string | null = ''; last !== null && !isInterrupted(); ) {
      const after: string = last
      const page = await session.retried((client) => repriceAttemptsWithoutRun(client, after, context), options)
      report.attemptsWithoutRun.checked += page.checked
      report.attemptsWithoutRun.changed += page.changed
      last = page.last
    }
    return report
  } finally {
    try {
      const { runs, calls } = report
      // Also of what was interrupted or failed, as far as it came.
      const details = { runs: runs.changed, calls: calls.changed, isInterrupted: report.isInterrupted }
      if (!dryRun) await note(session, 'reprice.finished', details)
    } finally {
      await session.close()
    }
  }
}

async function note(session: TenantSession, action: string, details: Record<string, unknown>): Promise<void> {
  await session.transaction((client) =>
    record(sendOfSession(client), { actor: cliActor(), action, outcome: 'SUCCEEDED', details }),
  )
}

async function repriceBatch(client: ClientBase, batch: Batch, context: RepriceContext): Promise<Changes> {
  await lockBatch(client, batch, context.ids)
  await noteCosts(client, batch)
  await repriceCalls(client, batch, context)
  if (batch.hasAttempts) await repriceAttempts(client, batch, context)
  return changesOf(client, batch)
}

/** Keeps what calls cost until now, to tell what changed. */
async function noteCosts(client: ClientBase, { runIds }: Batch): Promise<void> {
  await client.query(`create temp table if not exists costs_before (
    id uuid primary key, cost_usd numeric, cost_source "CostSource" not null, price_reference text) on commit delete rows`)
  await client.query(
    `insert into costs_before select id, cost_usd, cost_source, price_reference from agent_calls
     where organization_id = (select crossrun_organization_id()) and run_id = any($1::uuid[]) and cost_source <> 'REPORTED'`,
    [runIds],
  )
}

type Changes = {
  runs: number
  runsChanged: number
  calls: number
  callsChanged: number
  priced: number
  allocated: number
  unknown: number
  before: string | null
  after: string | null
}

async function changesOf(client: ClientBase, { runIds }: Batch): Promise<Changes> {
  const { rows } = await client.query<Changes>(
    `with compared as (
       select c.run_id, c.cost_source, c.cost_usd, b.cost_usd as cost_before,
              (b.cost_usd, b.cost_source, b.price_reference) is distinct from (c.cost_usd, c.cost_source, c.price_reference) as is_changed
       from agent_calls c left join costs_before b on b.id = c.id
       where c.organization_id = (select crossrun_organization_id()) and c.run_id = any($1::uuid[]) and c.cost_source <> 'REPORTED'
     )
     select cardinality($1::uuid[]) as runs, count(distinct run_id) filter (where is_changed)::int as "runsChanged",
            count(*)::int as calls, count(*) filter (where is_changed)::int as "callsChanged",
            count(*) filter (where cost_source = 'PRICED')::int as priced,
            count(*) filter (where cost_source = 'ALLOCATED')::int as allocated,
            count(*) filter (where cost_source = 'UNKNOWN')::int as unknown,
            sum(cost_before)::text as before, sum(cost_usd)::text as after
     from compared`,
    [runIds],
  )
  return rows[0]!
}

function add({ runs, calls, sources, costUsd }: RepriceReport, changes: Changes): void {
  runs.checked += changes.runs
  runs.changed += changes.runsChanged
  calls.checked += changes.calls
  calls.changed += changes.callsChanged
  sources.priced += changes.priced
  sources.allocated += changes.allocated
  sources.unknown += changes.unknown
  costUsd.before = sum(costUsd.before, changes.before)
  costUsd.after = sum(costUsd.after, changes.after)
}

function sum(a: string | null, b: string | null): string | null {
  return a === null || b === null
    ? (a ?? (b === null ? null : new Decimal(b).toFixed()))
    : new Decimal(a).plus(b).toFixed()
}
