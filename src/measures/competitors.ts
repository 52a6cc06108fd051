import { type RawBuilder, sql } from 'kysely'
import { entities } from '../filters/entities/index.ts'
import { all, type Condition, ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import { compileWhere, type Where } from '../filters/where.ts'
import type { Db } from '../store/transaction-kysely.ts'

/** A competitor that battle cards position against. */
export type Competitor = {
  /** What makes its spellings one competitor. */
  key: string
  /** Its most frequent spelling; of equally frequent ones the first by code point. */
  name: string
  battleCards: number
  runs: number
  /** Known companies that the vendor was positioned to, against it. */
  prospects: number
}

/** The order of the list: most battle cards first, then by name; the key tells apart what has one name. */
export type CompetitorPlace = Pick<Competitor, 'battleCards' | 'name' | 'key'>

type Selection = { scope: Scope; where?: Where | null }

export async function findCompetitors(
  db: Db,
  selection: Selection,
  limit: number,
  after: CompetitorPlace | null,
): Promise<Competitor[]> {
  const { rows } = await sql<Competitor>`
    with competitors as (${competitorsSql(selection)})
    select key, name, "battleCards", runs, prospects from competitors
    where ${after ? isAfter(after) : sql`true`}
    order by "battleCards" desc, name, key limit ${limit}`.execute(db)
  return rows
}

export async function countCompetitors(db: Db, selection: Selection): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(distinct p.competitor_key)::float8 as count ${mentions(selection)}`.execute(db)
  return rows[0]!.count
}

function competitorsSql(selection: Selection): RawBuilder<Competitor> {
  return sql`
    select p.competitor_key as key,
           (array_agg(p.competitor_name order by p.spelled desc, p.competitor_name))[1] as name,
           count(distinct p.battle_card_id)::float8 as "battleCards",
           count(distinct p.run_id)::float8 as runs,
           count(distinct p.prospect_id)::float8 as prospects
    from (
      select p.competitor_key, p.competitor_name, p.battle_card_id, p.run_id, r.prospect_id,
             count(*) over (partition by p.competitor_key, p.competitor_name) as spelled
      ${mentions(selection)}
    ) as p
    group by p.competitor_key`
}

function mentions({ scope, where }: Selection): RawBuilder<unknown> {
  const [positioning, run] = [rowOf('p'), rowOf('r')]
  const conditions = all([
    ofOrganization(positioning, scope),
    ofOrganization(run, scope),
    compileWhere(entities.run, where, run, scope),
  ])
  return sql`
    from competitive_positionings as p join runs as r on r.id = p.run_id
    where p.competitor_key is not null and ${conditions}`
}

function isAfter({ battleCards, name, key }: CompetitorPlace): Condition {
  return sql`("battleCards" < ${battleCards}::float8
    or ("battleCards" = ${battleCards}::float8 and (name, key) > (${name}::text collate "C", ${key}::text collate "C")))`
}
