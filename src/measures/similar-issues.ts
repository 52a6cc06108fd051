import { type RawBuilder, sql } from 'kysely'
import { entities } from '../filters/entities/index.ts'
import { all, ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import { compileWhere, type Where } from '../filters/where.ts'
import type { Db } from '../store/transaction-kysely.ts'

/** What an issue is like: in words, as an embedding, or both. */
export type Likeness = { search: string | null; near: readonly number[] | null }

type Selection = Likeness & { scope: Scope; where?: Where | null }

export type SimilarIssue = {
  id: string
  /** Its place in the ranking, from 1. */
  place: number
  /** Share of the search's words that it has, 0–1, rare words counting more; null when only an embedding was given. */
  relevance: number | null
  /** Cosine distance to the given embedding, 0–2; null when there is none to compare. */
  distance: number | null
}

/** Where a page begins: after the row of this id; after its place when the row is no longer found. */
export type After = Pick<SimilarIssue, 'id' | 'place'>

/** How far down a ranking still counts, as is usual for reciprocal rank fusion (Cormack, Clarke, Büttcher 2009). */
const FUSION = 60

/** Records of issues, the most similar first. One statement. */
export async function findSimilarIssues(
  db: Db,
  selection: Selection,
  limit: number,
  after: After | null,
): Promise<SimilarIssue[]> {
  const start = after
    ? sql`r.place > coalesce((select p.place from ranked as p where p.id = ${after.id}::uuid), ${after.place}::int8)`
    : sql`true`
  const { rows } = await sql<SimilarIssue>`
    with found as materialized (${foundSql(selection)}),
    ranked as materialized (
      select f.id, f.relevance, f.distance, row_number() over (order by ${orderOf(selection)}, f.recorded_at desc nulls last, f.id) as place
      from (
        select f.*, ${placeBy(sql`f.relevance desc`, sql`f.relevance`)} as by_words, ${placeBy(sql`f.distance`, sql`f.distance`)} as by_distance
        from found as f
      ) as f
    )
    select r.id, r.place::float8 as place, r.relevance::float8 as relevance, r.distance
    from ranked as r where ${start} order by r.place limit ${limit}`.execute(db)
  return rows
}

export async function countSimilarIssues(db: Db, selection: Selection): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::float8 as count from (${foundSql(selection)}) as f`.execute(db)
  return rows[0]!.count
}

/** How many numbers the stored embeddings have. One statement. */
export async function embeddingLengths(db: Db, scope: Scope): Promise<number[]> {
  const { rows } = await sql<{ length: number }>`
    select distinct cardinality(i.embedding) as length from issue_resolutions as i
    where ${ofOrganization(rowOf('i'), scope)} and cardinality(i.embedding) > 0 order by length limit 10`.execute(db)
  return rows.map(({ length }) => length)
}

export type Neighbour = { id: string; distance: number }

/** The records whose embeddings are nearest to that of each of these; nearest first. One statement. */
export async function neighboursOf(
  db: Db,
  scope: Scope,
  count: number,
  issueIds: readonly string[],
): Promise<Map<string, Neighbour[]>> {
  const { rows } = await sql<Neighbour & { issue: string }>`
    select i.id as issue, n.id, n.distance
    from issue_resolutions as i cross join lateral (
      select s.id, s.distance from crossrun_near_issues(i.embedding) as s
      where s.id <> i.id order by s.distance, s.id limit ${count}
    ) as n
    where ${ofOrganization(rowOf('i'), scope)} and i.id = any(${issueIds}::text[]::uuid[]) and cardinality(i.embedding) > 0
    order by i.id, n.distance, n.id`.execute(db)
  const found = new Map<string, Neighbour[]>(issueIds.map((id) => [id, []]))
  for (const { issue, id, distance } of rows) found.get(issue)?.push({ id, distance })
  return found
}

/** The functions see the organization's records alone; the condition on it is repeated with the client's filter. */
function foundSql({ search, near, scope, where }: Selection): RawBuilder<unknown> {
  const issue = rowOf('i')
  const words =
    search === null
      ? sql`select null::uuid as id, null::numeric as relevance where false`
      : sql`select s.id, s.relevance from crossrun_similar_issues(${search}::text) as s`
  const distances =
    near === null
      ? sql`select null::uuid as id, null::float8 as distance where false`
      : sql`select s.id, s.distance from crossrun_near_issues(${near}::float8[]::real[]) as s`
  return sql`
    select i.id, i.recorded_at, w.relevance, d.distance
    from (${words}) as w full join (${distances}) as d on d.id = w.id
      join issue_resolutions as i on i.id = coalesce(w.id, d.id)
    where ${all([ofOrganization(issue, scope), compileWhere(entities.issueResolution, where, issue, scope)])}`
}

function orderOf({ search, near }: Likeness): RawBuilder<unknown> {
  if (near === null) return sql`f.relevance desc`
  if (search === null) return sql`f.distance`
  return sql`coalesce(1.0 / (${FUSION}::int8 + f.by_words), 0) + coalesce(1.0 / (${FUSION}::int8 + f.by_distance), 0) desc`
}

function placeBy(order: RawBuilder<unknown>, value: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`case when ${value} is not null then rank() over (order by ${order} nulls last) end`
}
