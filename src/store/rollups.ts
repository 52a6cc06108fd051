import type { ClientBase } from 'pg'
import type { TenantSession } from './tenant-session.ts'

/** What is summed up, and the tables of its facts. */
const FACTS = { USAGE: ['agent_calls', 'runs'], RUNS: ['runs'] } as const

/** A table of cells, as the database describes it (crossrun_rollup_cells). */
type Cells = { target: string; dimensions: string[]; measures: string[]; query: string }

/** A cell that is not what its facts add up to: how much more it has of each measure than they have. */
export type WrongCell = { cell: Record<string, unknown>; excess: Record<string, string> }
export type CheckedRollup = { table: string; cells: number; wrong: number; examples: WrongCell[] }

const EXAMPLES = 5

/** Compares the organization's rollups with the facts. One statement a table, which sees both at one moment. */
export async function checkRollups(session: TenantSession): Promise<CheckedRollup[]> {
  return session.transaction(async (client) => {
    const checked: CheckedRollup[] = []
    for (const { target, dimensions, measures, query } of await tablesOfCells(client, -1)) {
      const [keys, sums] = [dimensions.join(', '), measures.map((name) => `sum(${name}) as ${name}`).join(', ')]
      const { rows } = await client.query<{ cells: string; wrong: string; examples: WrongCell[] | null }>(
        `with compared as (
           select ${keys}, ${sums}, bool_or(is_kept) as is_kept
           from (select ${keys}, ${measures.join(', ')}, true as is_kept from ${target} where organization_id = (select crossrun_organization_id())
                 union all select *, false from (${query}) as found) as both_sides
           group by ${keys}
         ), wrong as (
           select * from compared where (${measures.join(', ')}) is distinct from (${measures.map(() => '0').join(', ')}) order by ${keys}
         )
         select (select count(*) from compared where is_kept) as cells, (select count(*) from wrong) as wrong,
                (select json_agg(json_build_object(
                   'cell', json_build_object(${dimensions.map((name) => `'${name}', ${name}`).join(', ')}),
                   'excess', json_build_object(${measures.map((name) => `'${name}', ${name}::text`).join(', ')})))
                 from (select * from wrong limit ${EXAMPLES}) as w) as examples`,
      )
      const { cells, wrong, examples } = rows[0]!
      checked.push({ table: target, cells: Number(cells), wrong: Number(wrong), examples: (examples ?? []).map(shown) })
    }
    return checked
  })
}

/** What differs, without the organization and what does not differ. */
function shown({ cell: { organization_id: _organization, ...cell }, excess }: WrongCell): WrongCell {
  return { cell, excess: Object.fromEntries(Object.entries(excess).filter(([, value]) => Number(value) !== 0)) }
}

/**
 * Makes the organization's rollups anew from its facts, in one transaction; others go on importing meanwhile.
 * @returns the number of cells by table
 */
export async function rebuildRollups(session: TenantSession): Promise<Record<string, number>> {
  return session.transaction(async (client) => {
    // Whoever folds would take rows away that this deletes; imports only add, and what they add is theirs.
    await client.query(
      `select pg_advisory_xact_lock(hashtextextended('crossrun rollups of ' || crossrun_organization_id(), 0))`,
    )
    const cells: Record<string, number> = {}
    for (const { target, dimensions, measures, query } of await tablesOfCells(client, 1)) {
      // One statement, so that what is deleted and what is counted are of one moment.
      const { rowCount } = await client.query(
        `with gone as (delete from ${target} where organization_id = (select crossrun_organization_id()))
         insert into ${target} (${[...dimensions, ...measures].join(', ')}, is_folded) select *, true from (${query}) as found`,
      )
      cells[target] = rowCount ?? 0
    }
    return cells
  })
}

/** The tables of cells, each with the query that makes its cells of the organization's facts. */
async function tablesOfCells(client: ClientBase, sign: 1 | -1): Promise<Cells[]> {
  const tables: Cells[] = []
  for (const [subject, names] of Object.entries(FACTS)) {
    const { rows } = await client.query<Cells>(
      `select c.* from crossrun_rollup_cells($1, (
         select string_agg(
           format('select %s as sign, f.* from (%s) as f where organization_id = (select crossrun_organization_id())', $2::int, crossrun_rollup_facts($1, name, name)),
           ' union all ')
         from unnest($3::text[]) as name)) as c`,
      [subject, sign, names],
    )
    tables.push(...rows)
  }
  return tables
}
