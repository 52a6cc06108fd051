import { sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { Db } from '../store/transaction-kysely.ts'

/** Rows of a dataset that are shown without turning pages. */
export const PREVIEW_ROWS = 100

/** The first rows of each dataset as written, in order. One statement that reads no more than these. */
export async function previewsOf(db: Db, scope: Scope, datasetIds: readonly string[]): Promise<Map<string, unknown[]>> {
  const { rows } = await sql<{ dataset: string; data: unknown }>`
    select d.id as dataset, r.data
    from unnest(${datasetIds}::text[]::uuid[]) as d (id) cross join lateral (
      select r.data, r.position from dataset_rows as r
      where ${ofOrganization(rowOf('r'), scope)} and r.dataset_id = d.id
      order by r.position, r.id limit ${PREVIEW_ROWS}
    ) as r
    order by d.id, r.position`.execute(db)
  const found = new Map<string, unknown[]>(datasetIds.map((id) => [id, []]))
  for (const { dataset, data } of rows) found.get(dataset)?.push(data)
  return found
}
