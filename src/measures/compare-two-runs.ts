import { type RawBuilder, sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { StepStatus } from '../store/generated/enums.ts'
import type { Db } from '../store/transaction-kysely.ts'

/** The ids of two runs: differences are b − a. */
export type RunPair = { a: string; b: string }

/** A phase as one of the runs had it. */
export type ComparedPhase = {
  status: StepStatus
  inputCount: number | null
  outputCount: number | null
  durationSeconds: number | null
  llmCalls: number | null
  /** US dollars as decimal text. */
  costUsd: string | null
}

export type PhaseComparison = {
  number: number
  name: string
  a: ComparedPhase | null
  b: ComparedPhase | null
  outputCountDifference: number | null
  durationSecondsDifference: number | null
  /** US dollars as decimal text. */
  costUsdDifference: string | null
}

/** The phases that either run has, by number, then name. One statement. */
export async function comparePhases(db: Db, scope: Scope, { a, b }: RunPair): Promise<PhaseComparison[]> {
  const phasesOf = (run: string) => sql`
    select * from run_phases as p where ${ofOrganization(rowOf('p'), scope)} and p.run_id = ${run}::uuid`
  const side = (alias: string) => sql`
    case when ${sql.ref(`${alias}.id`)} is not null then json_build_object(
      'status', ${sql.ref(`${alias}.status`)},
      'inputCount', ${sql.ref(`${alias}.input_count`)}, 'outputCount', ${sql.ref(`${alias}.output_count`)},
      'durationSeconds', ${sql.ref(`${alias}.duration_seconds`)}, 'llmCalls', ${sql.ref(`${alias}.llm_calls`)},
      'costUsd', ${sql.ref(`${alias}.cost_usd`)}::text
    ) end`
  const { rows } = await sql<PhaseComparison>`
    select coalesce(a.number, b.number) as number, coalesce(a.name, b.name) as name, ${side('a')} as a, ${side('b')} as b,
           b.output_count - a.output_count as "outputCountDifference",
           (b.duration_seconds::numeric - a.duration_seconds::numeric)::float8 as "durationSecondsDifference",
           (b.cost_usd - a.cost_usd)::text as "costUsdDifference"
    from (${phasesOf(a)}) as a full join (${phasesOf(b)}) as b on b.number = a.number and b.name = a.name
    order by number, name`.execute(db)
  return rows
}

export type ItemComparison = {
  /** The last phase that lists items in both runs; null when there is none. */
  phase: number | null
  inBoth: number
  onlyInA: number
  onlyInB: number
}

/** How many items both runs have in the last phase that lists items in both. One statement. */
export async function compareItems(db: Db, scope: Scope, pair: RunPair): Promise<ItemComparison> {
  const { rows } = await sql<ItemComparison>`
    with common as materialized (${lastCommonPhase(scope, pair)})
    select (select number from common) as phase,
           count(*) filter (where a.key is not null and b.key is not null)::float8 as "inBoth",
           count(*) filter (where b.key is null)::float8 as "onlyInA",
           count(*) filter (where a.key is null)::float8 as "onlyInB"
    from (${itemsOf(scope, pair.a)}) as a full join (${itemsOf(scope, pair.b)}) as b on b.key = a.key`.execute(db)
  return rows[0]!
}

/** An item that both runs rank, differently. */
export type RankChange = { url: string; title: string | null; rankA: number; rankB: number }

/**
 * Items of that phase whose rank differs, by largest absolute change, then URL (or id). An item without a rank there has
 * the one it last had. One statement.
 */
export async function rankChangesOf(db: Db, scope: Scope, pair: RunPair, limit: number): Promise<RankChange[]> {
  const { rows } = await sql<RankChange>`
    with common as materialized (${lastCommonPhase(scope, pair)}),
    changes as materialized (
      select a.key, a.rank as rank_a, b.rank as rank_b, a.item_id as item_a, b.item_id as item_b
      from (${itemsOf(scope, pair.a)}) as a join (${itemsOf(scope, pair.b)}) as b on b.key = a.key
      where a.rank <> b.rank
      order by abs(a.rank - b.rank) desc, a.key limit ${limit}
    )
    select c.key as url, coalesce(j.title, i.title) as title, c.rank_a as "rankA", c.rank_b as "rankB"
    from changes as c join run_items as i on i.id = c.item_a join run_items as j on j.id = c.item_b
    where ${ofOrganization(rowOf('i'), scope)} and ${ofOrganization(rowOf('j'), scope)}
    order by abs(c.rank_a - c.rank_b) desc, c.key`.execute(db)
  return rows
}

function lastCommonPhase(scope: Scope, { a, b }: RunPair): RawBuilder<unknown> {
  const lists = (run: string) => sql`exists (
    select from run_item_phases as i
    where ${ofOrganization(rowOf('i'), scope)} and i.run_id = ${run}::uuid and i.phase_number = p.number
  )`
  return sql`
    select max(p.number) as number from run_phases as p
    where ${ofOrganization(rowOf('p'), scope)} and p.run_id = ${a}::uuid and ${lists(a)} and ${lists(b)}`
}

/** A run's items in the common phase. The rank they last had is looked up for those alone that have none there. */
function itemsOf(scope: Scope, run: string): RawBuilder<unknown> {
  return sql`
    select p.item_key as key, p.item_id, coalesce(p.rank, (
      select i.rank from run_items as i where ${ofOrganization(rowOf('i'), scope)} and i.id = p.item_id
    )) as rank
    from run_item_phases as p
    where ${ofOrganization(rowOf('p'), scope)}
      and p.run_id = ${run}::uuid and p.phase_number = (select number from common)`
}
