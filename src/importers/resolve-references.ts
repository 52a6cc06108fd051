import type { ClientBase } from 'pg'
import type { RowBatch } from '../store/bulk/row-batch.ts'
import type { TableName } from '../store/bulk/tables.ts'
import { type Parent, REFERENCES, type Reference } from './references.ts'

/** Sets the references of rows about to be written to what is there, or comes with them. A statement per kind of parent. */
export async function resolveReferences(client: ClientBase, batch: RowBatch): Promise<void> {
  for (const [parent, references] of byParent(({ table }) => batch.count(table) > 0)) {
    const open = references.flatMap((reference) => openRows(batch, reference))
    if (open.length === 0) continue
    const known = new Map(inBatch(batch, parent).map(({ source, id }) => [source, id]))
    const missing = [...new Set(open.map(({ source }) => source))].filter((source) => !known.has(source))
    if (missing.length > 0) {
      const { rows } = await client.query<{ source: string; id: string | null }>(
        `select ${parent.source} as source, ${parent.id} as id from ${parent.table}
         where organization_id = (select crossrun_organization_id()) and ${parent.source} = any($1::text[])${alsoWhere(parent)}`,
        [missing],
      )
      for (const { source, id } of rows) if (id !== null) known.set(source, id)
    }
    for (const { row, column, source } of open) row[column] = known.get(source) ?? null
  }
}

/** Lets rows that were there before point to the ones just written. A statement per kind of reference. */
export async function healReferences(client: ClientBase, batch: RowBatch): Promise<void> {
  for (const [parent, references] of byParent(() => true)) {
    const parents = inBatch(batch, parent)
    if (parents.length === 0) continue
    const named = [parents.map(({ source }) => source), parents.map(({ id }) => id)]
    for (const reference of references) {
      // Looked up parent by parent: tables that grow in this very transaction have no statistics to plan a join by.
      const waiting = `
        select c.id from unnest($1::text[], $2::uuid[]) as named (source, id) cross join lateral (
          select id, ${reference.column} as target from ${reference.table}
          where organization_id = (select crossrun_organization_id()) and ${reference.source} = named.source offset 0
        ) as c where c.target is distinct from named.id`
      await client.query(healing(reference, waiting), named)
    }
  }
}

/**
 * Resolves what still dangles although its parent is there: the two were written at the same time, and neither saw the
 * other. A statement per kind of reference, by the index of those that dangle.
 */
export async function healDangling(client: ClientBase): Promise<void> {
  for (const reference of REFERENCES) {
    const { table, source, column } = reference
    const waiting = `
      select c.id from ${table} as c
      where c.organization_id = (select crossrun_organization_id()) and c.${source} is not null and c.${column} is null
        and exists (select ${parentOf(reference, 'c')})`
    await client.query(healing(reference, waiting))
  }
}

/** Sets a reference of the rows that a query names. */
function healing(reference: Reference, waiting: string): string {
  const { table, column, parent } = reference
  return `update ${table} as child set ${column} = (select p.${parent.id} ${parentOf(reference, 'child')})
    where child.organization_id = (select crossrun_organization_id()) and child.id = any(array(${waiting}))`
}

function parentOf({ source, parent }: Reference, child: string): string {
  return `from ${parent.table} as p where p.organization_id = ${child}.organization_id and p.${parent.source} = ${child}.${source}
    and p.${parent.id} is not null${alsoWhere(parent, 'p.')}`
}

/** A kind of reference of which some rows name what is not there. */
export type Dangling = { table: TableName; column: string; parent: TableName; rows: number; examples: string[] }

/** References whose parent is not there, with up to three of the ids that they name. One statement. */
export async function danglingReferences(client: ClientBase): Promise<Dangling[]> {
  const selects = REFERENCES.map(
    ({ table, source, column }, place) => `
      select ${place} as place, count(*)::int as rows, (
        select array_agg(id order by id) from (
          select distinct ${source} as id from ${table}
          where organization_id = (select crossrun_organization_id()) and ${source} is not null and ${column} is null
          order by 1 limit 3
        ) as named
      ) as examples
      from ${table} where organization_id = (select crossrun_organization_id()) and ${source} is not null and ${column} is null`,
  )
  const { rows } = await client.query<{ place: number; rows: number; examples: string[] | null }>(
    `select * from (${selects.join(' union all ')}) as found where rows > 0 order by place`,
  )
  return rows.map(({ place, rows: count, examples }) => {
    const { table, source, parent } = REFERENCES[place]!
    return {
      table,
      column: source,
      parent: parent.where?.kind === 'company' ? 'companies' : parent.table,
      rows: count,
      examples: examples ?? [],
    }
  })
}

function byParent(counts: (reference: Reference) => boolean): Map<Parent, Reference[]> {
  const grouped = new Map<Parent, Reference[]>()
  for (const reference of REFERENCES) {
    if (!counts(reference)) continue
    const references = grouped.get(reference.parent) ?? []
    grouped.set(reference.parent, references)
    references.push(reference)
  }
  return grouped
}

function openRows(batch: RowBatch, { table, source, column }: Reference) {
  return [...batch.rows(table)].flatMap((row) =>
    typeof row[source] === 'string' && (row[column] === undefined || row[column] === null)
      ? [{ row, column, source: row[source] }]
      : [],
  )
}

function inBatch(batch: RowBatch, { table, source, id, where = {} }: Parent): { source: string; id: string }[] {
  return [...batch.rows(table)].flatMap((row) =>
    typeof row[source] === 'string' &&
    typeof row[id] === 'string' &&
    Object.entries(where).every(([key, value]) => row[key] === value)
      ? [{ source: row[source], id: row[id] }]
      : [],
  )
}

function alsoWhere({ where = {} }: Parent, prefix = ''): string {
  return Object.entries(where)
    .map(([column, value]) => ` and ${prefix}${column} = '${value}'`)
    .join('')
}
