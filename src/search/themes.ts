import { type RawBuilder, sql } from 'kysely'
import { entities } from '../filters/entities/index.ts'
import type { Found } from '../filters/page.ts'
import { all, ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import { compileWhere, type Where } from '../filters/where.ts'
import type { Db } from '../store/transaction-kysely.ts'

/** What many pain points say alike. */
export type Theme = {
  /** The description folded: what makes two descriptions one theme. */
  key: string
  /** Its most frequent spelling; of several the first by code point. */
  theme: string
  painPoints: number
  /** Runs that found it. */
  runs: number
  /** Companies that have it. */
  companies: number
  categories: { category: string | null; painPoints: number }[]
}

/** A place in the list: themes come after it that are rarer, or as frequent and greater by code point. */
export type ThemePlace = Pick<Theme, 'painPoints' | 'key'>

export type ThemeSelection = {
  scope: Scope
  where?: Where | null
  /** What a search found; everything when there is none. */
  found?: Found | null
}

const T = rowOf('t')

/** Themes of pain points, the most frequent first, then by their folded text. One statement. */
export async function findThemes(
  db: Db,
  selection: ThemeSelection,
  limit: number,
  after: ThemePlace | null,
): Promise<Theme[]> {
  const start = after
    ? sql`where c.pain_points < ${after.painPoints}::int8 or (c.pain_points = ${after.painPoints}::int8 and c.key > ${after.key})`
    : sql``
  const { rows } = await sql<Theme>`
    with ${foundSql(selection)}counted as materialized (
      select t.theme as key, count(*) as pain_points ${fromSql(selection)} group by t.theme
    ),
    page as materialized (
      select c.key, c.pain_points from counted as c ${start} order by c.pain_points desc, c.key limit ${limit}
    ),
    said as materialized (
      select s.* from page as p cross join lateral (
        select t.theme as key, t.description, t.category, t.run_id, t.company_id ${fromSql(selection)} and t.theme = p.key
      ) as s
    )
    select p.key, p.pain_points::float8 as "painPoints", n.*,
      (
        select s.description from said as s where s.key = p.key
        group by s.description order by count(*) desc, s.description limit 1
      ) as theme,
      (
        select json_agg(c order by c."painPoints" desc, c.category::text collate "C") from (
          select s.category, count(*) as "painPoints" from said as s where s.key = p.key group by s.category
        ) as c
      ) as categories
    from page as p cross join lateral (
      select count(distinct s.run_id)::float8 as runs, count(distinct s.company_id)::float8 as companies
      from said as s where s.key = p.key
    ) as n
    order by p.pain_points desc, p.key`.execute(db)
  return rows
}

/** How many themes there are. */
export async function countThemes(db: Db, selection: ThemeSelection): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with ${foundSql(selection)}themes as (select t.theme ${fromSql(selection)} group by t.theme)
    select count(*)::float8 as count from themes`.execute(db)
  return rows[0]!.count
}

function foundSql({ found }: ThemeSelection): RawBuilder<unknown> {
  return found ? sql`found as materialized (${found.rows}), ` : sql``
}

function fromSql({ scope, where, found }: ThemeSelection): RawBuilder<unknown> {
  const source = found ? sql`found as f join pain_points as t on t.id = f.id` : sql`pain_points as t`
  return sql`from ${source} where ${all([ofOrganization(T, scope), compileWhere(entities.painPoint, where, T, scope)])}`
}
