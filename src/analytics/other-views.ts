import { sql } from 'kysely'
import { type Entity, one } from '../filters/declaration.ts'
import { entities } from '../filters/entities/index.ts'
import { all } from '../filters/scope.ts'
import type { Column, View } from './view.ts'

const column = (name: string, expression: string, description: string): Column => ({
  name,
  sql: sql.raw(expression),
  description,
})

const { agentCall, pipeline } = entities

/** What sums by hour can be filtered by. */
const usageHour: Entity = {
  ...agentCall,
  name: 'UsageHour',
  fields: { startedAt: agentCall.fields.startedAt! },
  relations: { pipeline: one(() => pipeline, 'pipeline_id', 'The pipeline.') },
}

const plain = { subject: null, time: null, recipes: [] }

/** A sum that is kept, and null where it is of nothing. */
const known = (sum: string): string => `(case when sum(f.${sum}_count) > 0 then sum(f.${sum}) end)`

/** Usage by hour, from sums that are kept. */
const usageHourly: View = {
  ...plain,
  name: 'usage_hourly',
  description:
    "Agents' calls by hour of UTC and pipeline, from sums that are kept with every import: fast over any number of calls.",
  time: 'started_at',
  columns: [
    column('started_at', 'f.started_at', 'When the hour begins; none for calls without a time.'),
    column('pipeline_id', 'f.pipeline_id', 'The id of the pipeline.'),
    column('pipeline', 'p.name', 'Name of the pipeline.'),
    column('calls', 'sum(f.calls)::int8', 'Calls.'),
    column('failures', 'sum(f.failures)::int8', 'Rows of calls that FAILED.'),
    column('priced_calls', 'sum(f.priced_calls)::int8', 'Calls with a known cost.'),
    column('prompt_tokens', `${known('prompt_tokens')}::int8`, 'Tokens of prompts; null when nothing is known.'),
    column(
      'completion_tokens',
      `${known('completion_tokens')}::int8`,
      'Tokens of answers; null when nothing is known.',
    ),
    column(
      'cached_tokens',
      `${known('cached_tokens')}::int8`,
      'Tokens of prompts that came from a cache; null when nothing is known.',
    ),
    column(
      'total_tokens',
      `${known('total_tokens')}::int8`,
      'Tokens of prompts and answers together; null when nothing is known.',
    ),
    column('cost_usd', known('cost_usd'), 'What calls cost, in US dollars; null when nothing is known.'),
    column(
      'duration_seconds',
      known('duration_seconds'),
      'How long calls took together, in seconds; null when nothing is known.',
    ),
  ],
  entity: usageHour,
  isSortable: false,
  from: (only) =>
    sql`from x_usage_hours as f left join pipelines as p on p.id = f.pipeline_id where ${all(only)}
      group by f.started_at, f.pipeline_id, p.name having sum(f.facts) > 0`,
}

const fieldAccuracy: View = {
  ...plain,
  name: 'field_accuracy',
  description: 'How well each field was extracted in each run.',
  columns: [
    column('run_id', 'f.run_id', 'The id of the run.'),
    column('run', 'r.external_id', "The run's name."),
    column('field', 'f.name', 'Name of the field.'),
    column('compared', 'count(*) filter (where f.is_compared)', 'Tasks in which it is compared with the ground truth.'),
    column('matched', 'count(*) filter (where f.is_matched)', 'Tasks in which it matches.'),
    column('missing', 'count(*) filter (where f.is_missing)', 'Tasks in which it was not found.'),
    column(
      'accuracy_percent',
      'count(*) filter (where f.is_matched)::float8 * 100 / nullif(count(*) filter (where f.is_compared), 0)',
      'Matched ÷ compared, 0–100.',
    ),
    column(
      'average_confidence',
      'avg(f.confidence::numeric)::float8',
      'Mean confidence of the tasks that give one, 0–1.',
    ),
  ],
  entity: entities.taskField,
  isSortable: false,
  from: (only) =>
    sql`from task_fields as f left join runs as r on r.id = f.run_id where ${all(only)}
      group by f.run_id, r.external_id, f.name`,
}

const SHARE = (count: string) =>
  `case when n.contacts > 0 then least(coalesce(${count}, 0)::numeric / n.contacts, 1) else 0 end`
const SCORE = `round(coalesce(n.engagement, 0) / 100 * 40 + ${SHARE('v.active')} * 30 + ${SHARE('t.relationships')} * 20
  + case when n.decision_makers > 0 then 10 else 0 end, 2)`

const accountHealth: View = {
  ...plain,
  name: 'account_health',
  description: 'How well each account is looked after, by its contacts, relationships and conversations.',
  columns: [
    column('company_id', 'f.id', 'The id of the company.'),
    column('company', 'f.domain', 'Its domain.'),
    column('name', 'f.name', 'Its name.'),
    column('account_tier', 'f.account_tier::text', 'How much the account matters.'),
    column('contacts', 'coalesce(n.contacts, 0)', 'Its contacts.'),
    column('decision_makers', 'coalesce(n.decision_makers, 0)', 'Decision makers among them.'),
    column('average_engagement', 'n.engagement', 'Mean engagement score of the contacts that have one, 0–100.'),
    column('relationships', 'coalesce(t.relationships, 0)', 'Relationships between two of them.'),
    column('active_conversations', 'coalesce(v.active, 0)', 'Conversations that are ACTIVE.'),
    column('score', SCORE, 'Its health, 0–100, to two decimals.'),
    column(
      'status',
      `case when ${SCORE} >= 80 then 'EXCELLENT' when ${SCORE} >= 60 then 'GOOD' when ${SCORE} >= 40 then 'FAIR' when ${SCORE} >= 20 then 'POOR' else 'CRITICAL' end`,
      'What the score means.',
    ),
  ],
  entity: entities.company,
  isSortable: true,
  from: (only) => sql`from companies as f
    left join (
      select company_id, count(*) as contacts, count(*) filter (where is_decision_maker) as decision_makers, avg(engagement_score::numeric) as engagement
      from contacts group by company_id
    ) as n on n.company_id = f.id
    left join (
      select company_id, count(*) filter (where status = 'ACTIVE') as active from conversations group by company_id
    ) as v on v.company_id = f.id
    left join (
      select a.company_id, count(*) as relationships
      from relationships as r join contacts as a on a.id = r.contact_a_id join contacts as b on b.id = r.contact_b_id and b.company_id = a.company_id
      group by a.company_id
    ) as t on t.company_id = f.id
    where ${all(only)}`,
}

/** Views that are neither an entity's rows nor a subject's facts. */
export const OTHER_VIEWS: readonly View[] = [accountHealth, fieldAccuracy, usageHourly]
