import { type Entity, type Field, one, text } from '../../filters/declaration.ts'
import { entities } from '../../filters/entities/index.ts'
import type { CellMeasure, Grain, Rollup } from '../declaration.ts'
import { column, joined, ofFact } from './shared.ts'
import { usageFact } from './usage-fact.ts'

const { pipeline } = entities

/** What cells keep of what calls are filtered by. */
function cells(fields: readonly string[], relations: readonly string[]): Entity {
  const phaseName: Field = { ...text('Name of the phase.'), column: 'phase_name' }
  const known: Record<string, Field> = { ...usageFact.fields, phaseName }
  const pipelineOfCells = one(() => pipeline, 'pipeline_id', 'The pipeline.', { optional: false })
  return {
    ...usageFact,
    fields: Object.fromEntries(['startedAt', ...fields].map((name) => [name, known[name]!])),
    relations: {
      pipeline: pipelineOfCells,
      ...Object.fromEntries(relations.map((name) => [name, usageFact.relations[name]!])),
    },
  }
}

const measures: Record<string, CellMeasure> = {
  calls: { kind: 'count', value: column('calls') },
  failures: { kind: 'count', value: column('failures') },
  failureRate: { kind: 'ratio', of: column('failures'), per: column('rows_of_calls') },
  promptTokens: { kind: 'number', column: 'prompt_tokens' },
  completionTokens: { kind: 'number', column: 'completion_tokens' },
  cachedTokens: { kind: 'number', column: 'cached_tokens' },
  cachedShare: { kind: 'ratio', of: column('cached_tokens'), per: column('prompt_tokens_of_cached') },
  totalTokens: { kind: 'number', column: 'total_tokens' },
  costUsd: { kind: 'number', column: 'cost_usd' },
  costCoverage: { kind: 'ratio', of: column('priced_calls'), per: column('calls') },
  durationSeconds: { kind: 'number', column: 'duration_seconds' },
}

function rollup(
  table: string,
  grain: Grain,
  dimensions: readonly string[],
  fields: readonly string[],
  relations: readonly string[],
): Rollup {
  return {
    table,
    grain,
    entity: cells(fields, relations),
    renamed: { 'run.pipeline': 'pipeline', 'phase.name': 'phaseName' },
    joins: { pipeline: joined('pipelines', 'pipeline', ofFact, 'pipeline_id') },
    dimensions,
    measures,
  }
}

const durations = (
  [
    ['x_usage_durations_by_year', 'yearOfUtc'],
    ['x_usage_durations', 'monthOfUtc'],
  ] as const
).map(([table, grain]): Rollup => ({ ...rollup(table, grain, ['pipeline', 'agent'], [], ['agent']), measures: {} }))

const ALL = [
  ['pipeline', 'phase', 'agent', 'model', 'prompt', 'promptVersion', 'status', 'costSource'],
  ['model', 'status', 'costSource', 'phaseName'],
  ['agent', 'promptVersion'],
] as const

const FEW = [['pipeline', 'agent', 'model'], ['model'], ['agent']] as const

/** Usage by year and by month with all that a call itself has; by day and by hour with less, as there would be as many cells as calls. */
export const usageRollups: readonly Rollup[] = [
  rollup('x_usage_days_by_year', 'yearOfUtc', ...FEW),
  rollup('x_usage_years', 'yearOfUtc', ...ALL),
  rollup('x_usage_months', 'month', ...ALL),
  rollup('x_usage_days', 'day', ...FEW),
  rollup('x_usage_hours', 'hour', ['pipeline'], [], []),
].map((each) => ({ ...each, histograms: { durationSeconds: durations } }))
