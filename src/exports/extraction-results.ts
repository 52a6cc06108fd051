import { sql } from 'kysely'
import { BadInputError } from '../errors.ts'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { Sql } from '../metrics/declaration.ts'
import type { Db } from '../store/transaction-kysely.ts'
import { type FoundResults, findResults, type ResultsOf } from './find-results.ts'
import { columnsOfFields } from './result-columns.ts'
import type { Source } from './source.ts'

/** Types of PostgreSQL that results have, by the names that snapshots keep. */
export const RESULT_TYPES = {
  text: sql`text`,
  boolean: sql`boolean`,
  integer: sql`int8`,
  float: sql`float8`,
  money: sql`numeric(24, 12)`,
} as const

export type ResultColumn = { name: string; description: string; type: keyof typeof RESULT_TYPES }

export type ExtractionResults = Source & {
  columns: readonly ResultColumn[]
  /** What they are of. */
  of: Pick<FoundResults, 'kind' | 'id' | 'name'>
}

type Column = ResultColumn & { value: Sql }

const column = (name: string, type: ResultColumn['type'], value: Sql, description: string): Column => {
  return { name, type, value, description }
}

const BEFORE: readonly Column[] = [
  column('run', 'text', sql`r.external_id`, "The run's name in its source system."),
  column('run_id', 'text', sql`r.id`, "The run's id."),
  column('task', 'text', sql`t.source_id`, "The task's id in its source system."),
  column('task_id', 'text', sql`t.id`, "The task's id."),
  column('dataset', 'text', sql`d.name`, 'The dataset that its row is from.'),
  column('position', 'integer', sql`w.position`, "The row's place in the dataset, from 0."),
  column('row_id', 'text', sql`t.row_id`, "The row's id, as given."),
  column('url', 'text', sql`t.site_url`, "The site's address."),
  column('site_name', 'text', sql`t.site_name`, "The site's name."),
  column('status', 'text', sql`t.status`, 'How far the task is, or how it ended.'),
  column('failure_category', 'text', sql`t.failure_category`, 'Why it failed.'),
  column('failure_reason', 'text', sql`t.failure_reason`, 'Why it failed, as written.'),
  column('prompt_version', 'text', sql`v.version`, 'The version of the instruction that the run was made with.'),
  column('attempts', 'integer', sql`t.attempt_count`, 'Number of its attempts.'),
  column('cost_usd', 'money', sql`t.cost_usd`, 'The sum of the known costs of its attempts, in US dollars.'),
  column('duration_ms', 'integer', sql`t.duration_ms`, 'How long it took, in milliseconds.'),
  column('confidence', 'float', sql`t.overall_confidence`, 'How sure the agent is of what it extracted, 0–1.'),
]

const AFTER: readonly Column[] = [
  column('matched_fields', 'integer', sql`t.matched_fields`, 'Number of all its fields that were extracted right.'),
  column('compared_fields', 'integer', sql`t.compared_fields`, 'Number of all its fields with a ground-truth value.'),
  column(
    'accuracy_percent',
    'float',
    sql`t.matched_fields::float8 * 100 / nullif(t.compared_fields, 0)`,
    'Matched ÷ compared fields, 0–100.',
  ),
  column('all_match', 'boolean', sql`t.passed`, 'Whether all its compared fields match; null when none is compared.'),
]

/**
 * The results of an extraction run, or of all tasks of an instruction or a dataset: a row a task, with each field's
 * extracted value, ground truth and whether they match, in the order of runs and of the dataset's rows. Two statements
 * that look for what it is of and for its fields.
 * @param fields the fields to show, in this order; unless given those of the dataset's ground truth, then others as tasks have them
 * @throws CrossrunError `NOT_FOUND`; BadInputError for a name that several have, a field that no task has, or too many fields
 */
export async function extractionResults(
  db: Db,
  scope: Scope,
  of: ResultsOf,
  fields?: readonly string[] | null,
): Promise<ExtractionResults> {
  const found = await findResults(db, scope, of)
  const known = await fieldsOf(db, scope, found)
  const shown = columnsOfFields(
    fields ? chosenOf(known, fields) : known,
    [...BEFORE, ...AFTER].map(({ name }) => name),
  )
  const ofFields = shown.flatMap(({ field, extracted, truth, match }) => [
    column(extracted, 'text', sql`f.extracted ->> ${field}::text`, `${named(field)}, as it was extracted.`),
    column(truth, 'text', sql`f.truth ->> ${field}::text`, `${named(field)}, as it should be.`),
    column(
      match,
      'boolean',
      sql`f.matches ->> ${field}::text`,
      `Whether the two agree, after white space, case and number format are evened out; null when they were not compared.`,
    ),
  ])
  const columns = [...BEFORE, ...ofFields, ...AFTER]
  return {
    of: { kind: found.kind, id: found.id, name: found.name },
    name: `results-${found.name.replace(/[^\w.-]+/g, '-').slice(0, 100)}`,
    description: `Results of the ${found.kind} ${found.name}: a row a task.`,
    columns: columns.map(({ name, description, type }) => ({ name, description, type })),
    query: queryOf(columns, found, scope),
  }
}

/** In quotes, with whatever else its name holds. */
const named = (field: string): string => `The field ${JSON.stringify(field)}`

function queryOf(columns: readonly Column[], { tasks }: FoundResults, scope: Scope): Sql {
  const own = (alias: string) => ofOrganization(rowOf(alias), scope)
  const shown = columns.map(({ name, type, value }) => sql`(${value})::${RESULT_TYPES[type]} as ${sql.id(name)}`)
  return sql`
    select ${sql.join(shown)}
    from tasks as t
    left join runs as r on ${own('r')} and r.id = t.run_id
    left join prompt_versions as v on ${own('v')} and v.id = r.instruction_id
    left join datasets as d on ${own('d')} and d.id = t.dataset_id
    left join dataset_rows as w on ${own('w')} and w.id = t.dataset_row_id
    left join lateral (
      select jsonb_object_agg(f.name, f.extracted_text) as extracted, jsonb_object_agg(f.name, f.ground_truth_text) as truth,
             jsonb_object_agg(f.name, f.is_matched) filter (where f.is_compared) as matches
      from task_fields as f where ${own('f')} and f.task_id = t.id
    ) as f on true
    where ${own('t')} and ${tasks}
    order by r.started_at nulls last, r.external_id collate "C" nulls last, r.id nulls last, w.position nulls last,
      t.row_id collate "C" nulls last, t.source_id collate "C", t.id`
}

/** Names of fields: those that the datasets declare, in their order, then those of tasks, by their first place in one. */
async function fieldsOf(db: Db, scope: Scope, { tasks, datasets }: FoundResults): Promise<string[]> {
  const own = (alias: string) => ofOrganization(rowOf(alias), scope)
  const { rows } = await sql<{ name: string }>`
    with declared as (
      select c.name, row_number() over (order by d.name collate "C", d.version, d.id, c.place) as place
      from datasets as d cross join lateral unnest(d.ground_truth_columns) with ordinality as c (name, place)
      where ${own('d')} and (
        d.id in (${datasets}) or d.id in (select t.dataset_id from tasks as t where ${own('t')} and ${tasks})
      )
    ), fields as (
      select name, 0 as source, min(place) as place from declared group by name
      union all
      select f.name, 1, min(f.position) from task_fields as f join tasks as t on t.id = f.task_id
      where ${own('f')} and ${own('t')} and ${tasks} group by f.name
    )
    select name from fields group by name order by min(source), (array_agg(place order by source))[1], name collate "C"`.execute(
    db,
  )
  return rows.map(({ name }) => name)
}

/** @throws BadInputError */
function chosenOf(known: readonly string[], asked: readonly string[]): readonly string[] {
  const [unknown] = asked.filter((field) => !known.includes(field))
  if (unknown !== undefined)
    throw new BadInputError(`fields: no task has a field ${JSON.stringify(unknown.slice(0, 100))}.`, {
      argument: 'fields',
      hint: `Fields: ${known.slice(0, 50).join(', ')}${known.length > 50 ? ', …' : ''}.`,
    })
  const twice = asked.find((field, place) => asked.indexOf(field) < place)
  if (twice !== undefined)
    throw new BadInputError(`fields: ${JSON.stringify(twice)} is there twice.`, { argument: 'fields' })
  if (asked.length === 0) throw new BadInputError('fields: name at least one.', { argument: 'fields' })
  return asked
}
