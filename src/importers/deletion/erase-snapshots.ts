import type { ClientBase } from 'pg'
import { inJson, type Needles, patternOf } from './needles.ts'
import type { Counts } from './report.ts'

/**
 * Puts a mark in the place of names, emails and addresses in the snapshots of results, which nothing else changes: the
 * right of a person goes before what a permalink showed. Two statements.
 */
export async function eraseSnapshots(client: ClientBase, { telling }: Needles, counts: Counts): Promise<void> {
  if (telling.length === 0) return
  // Whoever makes a snapshot of what was there before fails over this, and finds it erased when they try again.
  await client.query('update organizations set name = name where id = (select crossrun_organization_id())')
  const quoted = telling.map(inJson)
  const { rows } = await client.query<{ rows: number }>(
    'select coalesce(sum(erased_rows), 0)::float8 as rows from crossrun_erase_in_snapshots($1, $2)',
    // Objects and lists are extracted as JSON, which is a text within the JSON of the row.
    [patternOf(telling), patternOf([...quoted, ...quoted.map(inJson)])],
  )
  counts.add('x_snapshot_rows', rows[0]!.rows)
}
