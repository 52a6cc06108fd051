import { sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { Db } from '../store/transaction-kysely.ts'

export type UrlCategory = { category: string | null; urls: number; averageScore: number | null }

/** The chosen URLs of each site by category, most URLs first, then by category. One statement. */
export async function urlCategoriesOf(
  db: Db,
  scope: Scope,
  siteIds: readonly string[],
): Promise<Map<string, UrlCategory[]>> {
  const { rows } = await sql<UrlCategory & { site: string }>`
    select u.site_research_id as site, u.category, count(*)::float8 as urls, avg(u.priority_score::numeric)::float8 as "averageScore"
    from prioritized_urls as u
    where ${ofOrganization(rowOf('u'), scope)} and u.site_research_id = any(${siteIds}::text[]::uuid[])
    group by u.site_research_id, u.category
    order by urls desc, u.category nulls last`.execute(db)
  const found = new Map<string, UrlCategory[]>(siteIds.map((id) => [id, []]))
  for (const { site, ...category } of rows) found.get(site)?.push(category)
  return found
}

export type UsualPrioritization = {
  /** How many other runs it is taken from. */
  runs: number
  medianUrlsSelected: number | null
  medianLowestSelectedScore: number | null
}

/** What the other COMPLETED runs of the same pipeline did on the same side. One statement. */
export async function usualPrioritizationOf(
  db: Db,
  scope: Scope,
  siteIds: readonly string[],
): Promise<Map<string, UsualPrioritization>> {
  const { rows } = await sql<UsualPrioritization & { site: string }>`
    select s.id as site, usual.*
    from site_researches as s join runs as r on r.id = s.run_id cross join lateral (
      select count(*)::float8 as runs,
             percentile_cont(0.5) within group (order by o.urls_selected) as "medianUrlsSelected",
             percentile_cont(0.5) within group (order by o.lowest_selected_score) as "medianLowestSelectedScore"
      from site_researches as o join runs as other on other.id = o.run_id
      where ${ofOrganization(rowOf('o'), scope)} and ${ofOrganization(rowOf('other'), scope)}
        and o.side = s.side and other.pipeline_id = r.pipeline_id and other.status = 'COMPLETED' and other.id <> r.id
        and (o.urls_selected is not null or o.lowest_selected_score is not null)
    ) as usual
    where ${ofOrganization(rowOf('s'), scope)} and s.id = any(${siteIds}::text[]::uuid[])`.execute(db)
  return new Map(rows.map(({ site, ...usual }) => [site, usual]))
}
