import type { ClientBase } from 'pg'
import type { Identifiers } from '../../model/identifiers.ts'
import { compareFields } from './task-fields.ts'

/** Tasks that are compared at a time: their JSON passes through memory. */
const CHUNK = 1_000

type Borrower = {
  id: string
  status: string
  /** JSON as the database has it: its numbers may be finer than those of the language. */
  extracted: string | null
  extractedFromAttempt: boolean
  truth: string | null
  truthFromDataset: boolean
  extractedFields: string[]
  missingFields: string[]
  confidences: unknown
  accuracies: unknown
}

/**
 * Compares anew the tasks whose ground truth comes from their dataset row, or whose extracted data come from their latest
 * session (older jobs have none of their own), where these are not what they were; then says of all fields whose run
 * they are.
 */
export async function settleComparisons(client: ClientBase, ids: Identifiers): Promise<void> {
  for (let after: string | null = null; ; ) {
    const { rows }: { rows: Borrower[] } = await client.query<Borrower>(BORROWERS, [CHUNK, after])
    if (rows.length > 0) await rewrite(client, ids, rows)
    if (rows.length < CHUNK) break
    after = rows.at(-1)!.id
  }
  await client.query(
    `update task_fields f set run_id = t.run_id
     from settled_tasks s join tasks t on t.id = s.id
     where f.organization_id = (select crossrun_organization_id()) and t.organization_id = (select crossrun_organization_id())
       and f.task_id = t.id and f.run_id is distinct from t.run_id`,
  )
}

/** What a task has of its own stays; what it borrows is wanted where it differs from what it has borrowed. */
const BORROWERS = `
  with wanted as (
    select t.id, t.status::text as status, t.extracted_data, t.extracted_from_attempt, t.ground_truth_data, t.ground_truth_from_dataset,
           t.extracted_fields, t.missing_fields, t.field_confidences, t.reported_field_accuracies,
           case when t.has_ground_truth and not t.ground_truth_from_dataset then t.ground_truth_data
                when r.has_ground_truth then r.ground_truth end as truth,
           not (t.has_ground_truth and not t.ground_truth_from_dataset) and coalesce(r.has_ground_truth, false) as truth_borrowed,
           case when t.deprecated_name is null or (t.extracted_data is not null and not t.extracted_from_attempt) then t.extracted_data
                else a.extracted_data end as extracted,
           t.deprecated_name is not null and (t.extracted_data is null or t.extracted_from_attempt)
             and a.extracted_data is not null as extracted_borrowed
    from settled_tasks s join tasks t on t.id = s.id
    left join dataset_rows r on r.organization_id = (select crossrun_organization_id()) and r.id = t.dataset_row_id
    left join lateral (
      select nullif(x.extracted_data, 'null') as extracted_data from attempts x
      where x.organization_id = (select crossrun_organization_id()) and x.task_id = t.id and t.deprecated_name is not null
      order by coalesce(x.started_at, x.source_created_at) desc nulls last, x.attempt_number desc nulls last, x.id limit 1
    ) a on true
    where t.organization_id = (select crossrun_organization_id())
  )
  select id, status, extracted::text, extracted_borrowed as "extractedFromAttempt", truth::text, truth_borrowed as "truthFromDataset",
         extracted_fields as "extractedFields", missing_fields as "missingFields", field_confidences as confidences,
         reported_field_accuracies as accuracies
  from wanted
  where (extracted_data, extracted_from_attempt, ground_truth_data, ground_truth_from_dataset)
        is distinct from (extracted, extracted_borrowed, truth, truth_borrowed)
    and ($2::uuid is null or id > $2)
  order by id limit $1`

async function rewrite(client: ClientBase, ids: Identifiers, borrowers: Borrower[]): Promise<void> {
  const compared = borrowers.map((task) => ({
    task,
    comparison: compareFields({
      status: task.status,
      extractedData: parsed(task.extracted),
      groundTruthData: parsed(task.truth),
      extractedFields: task.extractedFields,
      missingFields: task.missingFields,
      fieldConfidences: task.confidences,
      fieldAccuracies: task.accuracies,
    }),
  }))
  const tasks = compared.map(({ task, comparison }) => ({
    id: task.id,
    extracted_data: task.extracted,
    extracted_from_attempt: task.extractedFromAttempt,
    ground_truth_data: task.truth,
    ground_truth_from_dataset: task.truthFromDataset,
    has_ground_truth: comparison.hasGroundTruth,
    is_evaluated: comparison.isEvaluated,
    compared_fields: comparison.comparedFields,
    matched_fields: comparison.matchedFields,
    field_accuracy: comparison.fieldAccuracy,
    passed: comparison.passed,
  }))
  await client.query(
    `update tasks t
     set extracted_data = x.extracted_data::jsonb, extracted_from_attempt = x.extracted_from_attempt,
         ground_truth_data = x.ground_truth_data::jsonb, ground_truth_from_dataset = x.ground_truth_from_dataset,
         has_ground_truth = x.has_ground_truth, is_evaluated = x.is_evaluated, compared_fields = x.compared_fields,
         matched_fields = x.matched_fields, field_accuracy = x.field_accuracy, passed = x.passed
     from jsonb_to_recordset($1::jsonb) as x (
       id uuid, extracted_data text, extracted_from_attempt boolean, ground_truth_data text, ground_truth_from_dataset boolean,
       has_ground_truth boolean, is_evaluated boolean, compared_fields int, matched_fields int, field_accuracy float8, passed boolean
     )
     where t.organization_id = (select crossrun_organization_id()) and t.id = x.id`,
    [JSON.stringify(tasks)],
  )
  await client.query(
    `delete from task_fields where organization_id = (select crossrun_organization_id()) and task_id = any($1::uuid[])`,
    [borrowers.map(({ id }) => id)],
  )
  const fields = compared.flatMap(({ task, comparison }) =>
    comparison.fields.map((field) => ({ id: ids.of('task_field', task.id, field.name), task_id: task.id, ...field })),
  )
  await client.query(
    `insert into task_fields (id, organization_id, task_id, run_id, name, position, extracted_text, ground_truth_text, confidence,
                              is_compared, is_matched, is_missing, reported_matched)
     select x.id, t.organization_id, x.task_id, t.run_id, x.name, x.position, x.extracted_text, x.ground_truth_text, x.confidence,
            x.is_compared, x.is_matched, x.is_missing, x.reported_matched
     from jsonb_to_recordset($1::jsonb) as x (
       id uuid, task_id uuid, name text, position int, extracted_text text, ground_truth_text text, confidence float8,
       is_compared boolean, is_matched boolean, is_missing boolean, reported_matched boolean
     ) join tasks t on t.organization_id = (select crossrun_organization_id()) and t.id = x.task_id`,
    [JSON.stringify(fields)],
  )
}

function parsed(json: string | null): unknown {
  return json === null ? null : JSON.parse(json)
}
