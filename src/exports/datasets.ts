import { type RawBuilder, sql } from 'kysely'
import { F, type View } from '../analytics/view.ts'
import { VIEW_NAMES, viewNamed } from '../analytics/views.ts'
import { BadInputError, CrossrunError } from '../errors.ts'
import { orderClause, sortKeys } from '../filters/order.ts'
import { ofOrganization, type Scope } from '../filters/scope.ts'
import { compileWhere } from '../filters/where.ts'
import type { Source } from './source.ts'

/** Names of what can be exported: the views of the schema `analytics`. */
export const DATASETS = VIEW_NAMES

/** Which rows and columns of a dataset, and in which order. */
export type Asked = {
  /** A filter as the API's lists take it. */
  where?: unknown
  /** Names of columns in the order that the file has; all of them unless given. */
  columns?: readonly string[] | undefined
  /** As the API's lists take it; as they are sorted unless given. */
  orderBy?: unknown
}

/** A dataset as its schema shows it. */
export type Dataset = Pick<View, 'name' | 'description' | 'columns' | 'isSortable'> & {
  /** The API's type that `where` and `orderBy` are of. */
  entity: string
}

/** @throws CrossrunError `NOT_FOUND`, saying what there is */
export function datasetNamed(name: string, scope: Scope): Dataset {
  const { entity, ...view } = requireView(name, scope)
  return { ...view, entity: entity.name }
}

/**
 * The rows of a dataset that are asked for.
 * @throws CrossrunError `NOT_FOUND` for a dataset, BadInputError for a filter, a column or an order that is none
 */
export function datasetSource(name: string, { where, columns, orderBy }: Asked, scope: Scope): Source {
  const view = requireView(name, scope)
  const chosen = columns === undefined ? view.columns : chosenOf(view, columns)
  const from = view.from([ofOrganization(F, scope), compileWhere(view.entity, where, F, scope)])
  const shown = chosen.map(
    (column) => sql`${column.sql}${column.type ? sql`::${sql.raw(column.type)}` : sql``} as ${sql.id(column.name)}`,
  )
  return {
    name,
    description: view.description,
    columns: chosen.map(({ name: column, description }) => ({ name: column, description })),
    query: sql`select ${sql.join(shown)} ${from} order by ${orderOf(view, chosen.length, orderBy)}`,
  }
}

function requireView(name: string, scope: Scope): View {
  const view = viewNamed(name, scope)
  if (view) return view
  throw new CrossrunError('NOT_FOUND', `There is no dataset ${JSON.stringify(name.slice(0, 100))}.`, {
    hint: `Datasets: ${DATASETS.join(', ')}.`,
  })
}

function chosenOf(view: View, names: readonly string[]): View['columns'] {
  const known = new Map(view.columns.map((column) => [column.name, column]))
  if (names.length === 0) throw new BadInputError('columns: name at least one.', { argument: 'columns' })
  const twice = names.find((name, place) => names.indexOf(name) < place)
  if (twice !== undefined)
    throw new BadInputError(`columns: ${JSON.stringify(twice)} is there twice.`, { argument: 'columns' })
  return names.map((name) => {
    const column = known.get(name)
    if (column) return column
    throw new BadInputError(`columns: ${view.name} has no column ${JSON.stringify(name.slice(0, 100))}.`, {
      argument: 'columns',
      hint: `Columns: ${[...known.keys()].join(', ')}.`,
    })
  })
}

/** Rows that stand for several of the table are sorted by what they show. */
function orderOf(view: View, columns: number, orderBy: unknown): RawBuilder<unknown> {
  if (view.isSortable) return orderClause(sortKeys(view.entity, orderBy), F)
  if (orderBy !== undefined && orderBy !== null)
    throw new BadInputError(`orderBy: ${view.name} is sorted by its columns.`, { argument: 'orderBy' })
  return sql.join(Array.from({ length: columns }, (_, place) => sql`${sql.lit(place + 1)} nulls last`))
}
