import { type RawBuilder, sql } from 'kysely'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import { type ExtractionResults, RESULT_TYPES, type ResultColumn } from './extraction-results.ts'
import type { Source } from './source.ts'

/** A snapshot as it is kept, without its rows. */
export type StoredResults = {
  id: string
  name: string
  source: ExtractionResults['of']
  columns: readonly ResultColumn[]
  rowCount: number
}

const cell = (place: number) => sql.id(`c${place + 1}`)

/** The rows of a source as a snapshot keeps them: places from 1, and the values that are not null. */
export function cellsOf({ columns, query }: ExtractionResults): RawBuilder<unknown> {
  return sql`select row_number() over () as place, jsonb_strip_nulls(to_jsonb(r)) as cells
    from (${query}) as r (${sql.join(columns.map((_, place) => cell(place)))})`
}

/**
 * What a snapshot keeps, as the source that it was made of gave it: the same columns of the same types in the same order.
 * Rows beyond those that were there when it was made do not count.
 */
export function storedResults({ id, name, columns, source, rowCount }: StoredResults, scope: Scope): Source {
  const shown = columns.map((column, place) => sql`r.${cell(place)} as ${sql.id(column.name)}`)
  const typed = columns.map(({ type }, place) => sql`${cell(place)} ${RESULT_TYPES[type]}`)
  return {
    name: `results-${source.name.replace(/[^\w.-]+/g, '-').slice(0, 100)}`,
    description: name,
    columns,
    query: sql`
      select ${sql.join(shown)}
      from x_snapshot_rows as s cross join lateral jsonb_to_record(s.cells) as r (${sql.join(typed)})
      where ${ofOrganization(rowOf('s'), scope)} and s.snapshot_id = ${id}::uuid and s.place <= ${rowCount}::int8
      order by s.place`,
  }
}
