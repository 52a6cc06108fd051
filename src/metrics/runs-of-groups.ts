import { sql } from 'kysely'
import type { Found, Link } from '../filters/page.ts'
import { all, ofOrganization, rowOf } from '../filters/scope.ts'
import { fromOf, keysOf, type MetricsRow, Needed } from './compile.ts'
import { type MetricsQuery, TIME } from './query.ts'

/** A group of an answer, told from the others by a UUID. */
export type GroupOfAnswer = { id: string; row: MetricsRow; objectId?: string }

/** The list of a group's runs, among the pairs that `runsOfGroups` finds. */
export const inGroup: Link = { through: (_run, group) => sql<boolean>`f.group_id = ${group}` }

/**
 * The runs behind the groups of an answer: each run with each group that has a fact about it. The facts are read once,
 * however many groups there are.
 */
export function runsOfGroups(query: MetricsQuery, groups: readonly GroupOfAnswer[]): Found {
  const { subject, object, scope } = query
  const keys = keysOf(query)
  const needed = new Needed(query)
  const [run, asked] = [rowOf('behind'), rowOf('asked')]
  const same = keys.map((key, place) => {
    const [value, wanted] = [key.value(needed.fact), asked.column(`k${place}`)]
    // Equalities, unlike "is not distinct from", are found by hashing.
    return key.name === TIME
      ? sql<boolean>`coalesce(${value}, '-infinity') = coalesce(${wanted}, '-infinity')`
      : sql<boolean>`coalesce((${value})::text, '') = coalesce(${wanted}, '') and (${value} is null) = (${wanted} is null)`
  })
  if (object) same.push(sql<boolean>`${object.value(needed.fact)} = ${asked.column('object_id')}`)
  const columns = [
    sql`id uuid`,
    sql`object_id uuid`,
    ...keys.map(({ name }, place) => sql`${sql.id(`k${place}`)} ${sql.raw(name === TIME ? 'timestamptz' : 'text')}`),
  ]
  const rows = groups.map(({ id, row, objectId }) => ({
    id,
    object_id: objectId ?? null,
    ...Object.fromEntries(keys.map(({ name }, place) => [`k${place}`, row.key[name] ?? null])),
  }))
  const joins = [
    sql`join runs as behind on ${all([ofOrganization(run, scope), subject.ofRun!(needed.fact, run)])}`,
    sql`join jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as asked (${sql.join(columns)}) on ${all(same)}`,
  ]
  return {
    search: 'the runs of groups',
    rows: sql`select distinct behind.id, 0::float8 as relevance, asked.id as group_id ${fromOf(query, needed, keys, [], joins)}`,
  }
}
