import { createHash } from 'node:crypto'
import { textOf } from '../analytics/sql-text.ts'
import type { Sql } from '../metrics/declaration.ts'

/** What is exported: a query, and what its columns are. */
export type Source = {
  /** What its file is called, without an ending. */
  name: string
  description: string
  /** In the order of the query. */
  columns: readonly { name: string; description: string }[]
  /** A SELECT that gives these columns, of the rows of one organization, in the order that the file has. */
  query: Sql
}

/** The same for the same query with the same values; answers that were computed before are values of theirs. */
export function fingerprintOf({ query }: Source): string {
  return createHash('sha256').update(textOf(query)).digest('base64url')
}
