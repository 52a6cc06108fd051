import { createHash } from 'node:crypto'
import pg from 'pg'
import { ANALYTICS } from '../store/analytics-schema.ts'
import { textOf } from './sql-text.ts'
import type { View } from './view.ts'
import { viewsOf } from './views.ts'

type Definition = { name: string; query: string; further: string[] }

/**
 * Makes the views of the schema `analytics` what the declarations say; nothing when they are that already. A view whose
 * columns were only added to is replaced in place; any other is made anew, and with it go views that others built on it.
 * @param client of the owner of the tables
 * @returns the names of the views that were made
 */
export async function applyViews(client: pg.ClientBase, views: readonly View[] = viewsOf()): Promise<string[]> {
  const definitions = [...views.map(definitionOf), catalogOf(views)]
  const version = createHash('sha256').update(JSON.stringify(definitions)).digest('hex')
  await client.query('begin')
  try {
    await client.query(`select pg_advisory_xact_lock(hashtextextended('crossrun analytics', 0))`)
    const { rows } = await client.query<{ comment: string | null }>(
      `select obj_description(to_regnamespace('${ANALYTICS}'), 'pg_namespace') as comment`,
    )
    const isDone = rows[0]?.comment?.endsWith(version) ?? false
    if (!isDone) {
      for (const { name, query, further } of definitions) {
        await createView(client, name, query)
        for (const statement of further) await client.query(statement)
      }
      const comment = `What BI tools read; made by Crossrun from its declarations. ${version}`
      await client.query(`comment on schema ${ANALYTICS} is ${pg.escapeLiteral(comment)}`)
    }
    await client.query('commit')
    return isDone ? [] : definitions.map(({ name }) => name)
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}

/** Replaces a view where its columns stay; else it is made anew. */
async function createView(client: pg.ClientBase, name: string, query: string): Promise<void> {
  await client.query('savepoint before_view')
  try {
    await client.query(`create or replace view ${name} as ${query}`)
  } catch (error) {
    // 42P16: columns were taken away, renamed or given another type or place.
    if ((error as { code?: unknown }).code !== '42P16') throw error
    await client.query('rollback to savepoint before_view')
    await client.query(`drop view ${name} cascade`)
    await client.query(`create view ${name} as ${query}`)
  }
  await client.query('release savepoint before_view')
}

function definitionOf({ name: bare, description, columns, from }: View): Definition {
  const name = nameOf(bare)
  const shown = columns.map(
    (column) => `${textOf(column.sql)}${column.type ? `::${column.type}` : ''} as ${pg.escapeIdentifier(column.name)}`,
  )
  const comments = columns.map(
    (column) =>
      `comment on column ${name}.${pg.escapeIdentifier(column.name)} is ${pg.escapeLiteral(column.description)}`,
  )
  return {
    name,
    query: `select ${shown.join(', ')} ${textOf(from([]))}`,
    further: [...openView(name, description), ...comments],
  }
}

/** A row for each column and each measure of each view, as a view itself. */
function catalogOf(views: readonly View[]): Definition {
  const rows = views.flatMap(({ name, columns, recipes, subject }) => [
    ...columns.map((column) => [name, column.name, 'COLUMN', null, column.description, null, subject]),
    ...recipes.map((recipe) => [
      name,
      recipe.measure,
      'MEASURE',
      recipe.expression,
      recipe.description,
      recipe.unit,
      subject,
    ]),
  ])
  const values = rows.map(
    (row) => `(${row.map((value) => (value === null ? 'null::text' : pg.escapeLiteral(value))).join(', ')})`,
  )
  const names = ['view_name', 'name', 'kind', 'expression', 'description', 'unit', 'subject'].join(', ')
  return {
    name: nameOf('catalog'),
    query: `select * from (values ${values.join(', ')}) as c (${names})`,
    further: openView(
      nameOf('catalog'),
      'What there is in this schema: the columns of each view, and measures as SQL to write over it.',
    ),
  }
}

const nameOf = (bare: string): string => `${ANALYTICS}.${pg.escapeIdentifier(bare)}`

/** The view reads as a role that sees the rows of whoever asks, and of nobody else. */
function openView(name: string, description: string): string[] {
  return [
    `alter view ${name} owner to crossrun_analytics`,
    `grant select on ${name} to crossrun_bi`,
    `comment on view ${name} is ${pg.escapeLiteral(description)}`,
  ]
}
