import { type RawBuilder, sql } from 'kysely'
import { BadInputError, CrossrunError } from '../errors.ts'
import { decodeGlobalId, isUuid } from '../filters/global-ids.ts'
import { type Condition, ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { Db } from '../store/transaction-kysely.ts'

/** What the results are of. Each is named by its id, as the API or the database has it, or as its source system calls it. */
export type ResultsOf = { run: string } | { instruction: string } | { dataset: string }

/** What was found by that. */
export type FoundResults = {
  kind: 'run' | 'instruction' | 'dataset'
  id: string
  /** As its source system calls it. */
  name: string
  /** Whether a task (`t`) is one of its. */
  tasks: Condition
  /** Ids of datasets whose fields are shown although no task has them. */
  datasets: RawBuilder<unknown>
}

/** As many as an error names. */
const MOST_NAMED = 10
const LONGEST_NAME = 10_000

const [R, V, D, T] = [rowOf('r'), rowOf('v'), rowOf('d'), rowOf('t')]

/**
 * One statement.
 * @throws CrossrunError `NOT_FOUND`, or BadInputError when several are called so
 */
export async function findResults(db: Db, scope: Scope, of: ResultsOf): Promise<FoundResults> {
  if ('run' in of) {
    const { id, name } = await only(db, 'run', of.run, ['Run', 'ExtractionRun'], (named) => {
      return sql`select r.id, r.external_id as name from runs as r join extraction_runs as e on e.id = r.id
        where ${ofOrganization(R, scope)} and ${ofOrganization(rowOf('e'), scope)} and ${named(sql`r.id`, sql`r.external_id`)}`
    })
    return {
      kind: 'run',
      id,
      name,
      tasks: sql<boolean>`t.run_id = ${id}::uuid`,
      datasets: sql`select r.dataset_id from runs as r where ${ofOrganization(R, scope)} and r.id = ${id}::uuid`,
    }
  }
  if ('instruction' in of) {
    const { id, name } = await only(db, 'instruction', of.instruction, ['PromptVersion'], (named) => {
      return sql`select v.id, coalesce(v.source_id, v.version) as name from prompt_versions as v
        where ${ofOrganization(V, scope)} and v.campaign_id is not null and ${named(sql`v.id`, sql`v.source_id`)}`
    })
    const runs = sql`from runs as r where ${ofOrganization(R, scope)} and r.instruction_id = ${id}::uuid`
    return {
      kind: 'instruction',
      id,
      name,
      tasks: sql<boolean>`t.run_id in (select r.id ${runs})`,
      datasets: sql`select r.dataset_id ${runs}`,
    }
  }
  const { id, name } = await only(db, 'dataset', of.dataset, ['Dataset'], (named) => {
    return sql`select d.id, d.source_id as name from datasets as d
      where ${ofOrganization(D, scope)} and ${named(sql`d.id`, sql`d.source_id`)}`
  })
  return {
    kind: 'dataset',
    id,
    name,
    tasks: sql<boolean>`${T.column('dataset_id')} = ${id}::uuid`,
    datasets: sql`select ${id}::uuid`,
  }
}

type Named = (id: RawBuilder<unknown>, name: RawBuilder<unknown>) => Condition

async function only(
  db: Db,
  kind: FoundResults['kind'],
  text: string,
  types: readonly string[],
  select: (named: Named) => RawBuilder<unknown>,
): Promise<{ id: string; name: string }> {
  if (text.includes('\u0000') || text.length > LONGEST_NAME)
    throw new BadInputError(`${kind} is no name.`, { argument: kind })
  const global = decodeGlobalId(text)
  const id = global ? (types.includes(global.typeName) ? global.id : null) : isUuid(text) ? text : null
  const named: Named = (ids, names) =>
    id === null
      ? sql<boolean>`${names} = ${text}::text`
      : sql<boolean>`(${names} = ${text}::text or ${ids} = ${id}::uuid)`
  const { rows } = await sql<{ id: string; name: string }>`
    ${select(named)} order by 1 limit ${sql.lit(MOST_NAMED + 1)}`.execute(db)
  if (rows.length === 1) return rows[0]!
  if (rows.length === 0)
    throw new CrossrunError('NOT_FOUND', `There is no ${kind === 'run' ? 'extraction run' : kind} of this name or id.`)
  const ids = rows.slice(0, MOST_NAMED).map((row) => row.id)
  throw new BadInputError(`${kind} names several: ${ids.join(', ')}${rows.length > MOST_NAMED ? ' and more' : ''}.`, {
    argument: kind,
    hint: 'Name one of them by its id.',
  })
}
