import { type RawBuilder, sql } from 'kysely'
import type { Found } from '../filters/page.ts'
import type { Db } from '../store/transaction-kysely.ts'
import { planSearch } from './plan-search.ts'

/**
 * The pain points of the organization that a search finds, as a set of rows `id` and `relevance` to be read in any
 * statement of the same transaction. One statement, the first time it is asked for.
 *
 * Every word must be there by its English stem or as a synonym; one that no pain point has is replaced by those that they
 * have and that resemble it (trigram similarity of 0.4 or more). What stands there word for word comes first, then what has
 * all stems, then what has synonyms of them, then what resembles them.
 * @throws BadInputError as `parseSearch` does
 */
export async function searchPainPoints(db: Db, search: string): Promise<Found> {
  const { alternatives } = await planSearch(db, search)
  return { rows: foundSql(JSON.stringify(alternatives)), search }
}

function foundSql(alternatives: string): RawBuilder<unknown> {
  return sql`select s.id, s.relevance from crossrun_search_pain_points(${alternatives}::text::jsonb) as s`
}
