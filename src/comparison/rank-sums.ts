import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../store/transaction-kysely.ts'
import type { RankSums, SignedRankSums } from './rank-tests.ts'
import { columnName, differenceOf } from './samples.ts'

const NO_RANKS: RankSums = { baselineN: 0, candidateN: 0, baselineRanks: 0, ties: 0 }
const NO_SIGNED_RANKS: SignedRankSums = { n: 0, zeros: 0, positiveRanks: 0, ties: 0, groups: [] }

// The mean rank of a group of ties that ends at rank `upto`.
const RANK = sql`(g.upto - (g.size - 1) / 2)`
const TIES = sql`sum(g.size * (g.size * g.size - 1))`

/**
 * The ranks of the values of two cohorts, for the metrics whose columns have these numbers. One statement that returns
 * a row for each.
 * @param relation as of `readSamples`
 */
export async function readRankSums(
  db: Db,
  relation: RawBuilder<unknown>,
  indexes: readonly number[],
): Promise<RankSums[]> {
  if (indexes.length === 0) return []
  const { rows } = await sql<RankSums & { metric: number }>`
    select g.metric, sum(g.baseline) as "baselineN", sum(g.size - g.baseline) as "candidateN",
           sum(g.baseline * ${RANK}) as "baselineRanks", ${TIES} as ties
    from (
      select v.metric, count(*)::float8 as size, (count(*) filter (where f.side = 'baseline'))::float8 as baseline,
             (sum(count(*)) over (partition by v.metric order by v.value))::float8 as upto
      from (${relation}) as f
      cross join lateral (values ${unpivoted(indexes, (index) => sql.ref(`f.${columnName(index)}`))}) as v (metric, value)
      where v.value is not null
      group by v.metric, v.value
    ) as g
    group by g.metric`.execute(db)
  return indexes.map((index) => rows.find(({ metric }) => metric === index) ?? NO_RANKS)
}

/**
 * The ranks of the differences of pairs, for the metrics whose columns have these numbers. One statement that returns
 * a row for each.
 * @param pairs as of `readPairedSamples`
 */
export async function readSignedRankSums(
  db: Db,
  pairs: RawBuilder<unknown>,
  indexes: readonly number[],
): Promise<SignedRankSums[]> {
  if (indexes.length === 0) return []
  const { rows } = await sql<SignedRankSums & { metric: number }>`
    select g.metric, coalesce(sum(g.size) filter (where g.distance > 0), 0) as n,
           coalesce(sum(g.size) filter (where g.distance = 0), 0) as zeros,
           coalesce(sum(g.positive * ${RANK}) filter (where g.distance > 0), 0) as "positiveRanks",
           coalesce(${TIES} filter (where g.distance > 0), 0) as ties,
           case when sum(g.size) <= 50
             then coalesce(array_agg(g.size order by g.distance) filter (where g.distance > 0), '{}') else '{}' end as groups
    from (
      select v.metric, abs(v.difference) as distance, count(*)::float8 as size,
             (count(*) filter (where v.difference > 0))::float8 as positive,
             (sum(count(*) filter (where v.difference <> 0))
               over (partition by v.metric order by abs(v.difference)))::float8 as upto
      from (${pairs}) as p
      cross join lateral (values ${unpivoted(indexes, differenceOf)}) as v (metric, difference)
      where v.difference is not null
      group by v.metric, abs(v.difference)
    ) as g
    group by g.metric`.execute(db)
  return indexes.map((index) => rows.find(({ metric }) => metric === index) ?? NO_SIGNED_RANKS)
}

function unpivoted(indexes: readonly number[], value: (index: number) => RawBuilder<unknown>): RawBuilder<unknown> {
  return sql.join(indexes.map((index) => sql`(${sql.lit(index)}, ${value(index)})`))
}
