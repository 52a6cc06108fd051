import { sql } from 'kysely'
import type { Entity } from '../../filters/declaration.ts'
import { entities } from '../../filters/entities/index.ts'
import { columnOf } from '../../filters/operators.ts'
import type { CellMeasure, Fact, Rollup, Sql } from '../declaration.ts'
import { column } from './shared.ts'

const { run } = entities

/** What cells keep of what runs are filtered by. */
const cells: Entity = {
  ...run,
  fields: { startedAt: run.fields.startedAt!, status: run.fields.status!, runType: run.fields.runType! },
  relations: { pipeline: run.relations.pipeline! },
}

/** Runs of cells of these statuses, as they are at the time of the question. */
const runsOf =
  (...statuses: string[]) =>
  (cell: Fact): Sql =>
    sql`case when ${columnOf(run.fields.status!, cell.row)} in (${sql.join(statuses.map((status) => sql.lit(status)))}) then ${column('facts')(cell)} else 0 end`

const measures: Record<string, CellMeasure> = {
  runs: { kind: 'count', value: column('facts') },
  completed: { kind: 'count', value: runsOf('COMPLETED') },
  failed: { kind: 'count', value: runsOf('FAILED') },
  partial: { kind: 'count', value: runsOf('PARTIAL') },
  successRate: { kind: 'ratio', of: runsOf('COMPLETED'), per: runsOf('COMPLETED', 'FAILED', 'PARTIAL') },
  costUsd: { kind: 'number', column: 'cost_usd' },
  durationSeconds: { kind: 'number', column: 'duration_seconds' },
  totalTokens: { kind: 'number', column: 'total_tokens' },
  llmCalls: { kind: 'number', column: 'llm_calls' },
  costCoverage: { kind: 'ratio', of: column('cost_usd_count'), per: column('facts') },
}

const kept = { entity: cells, renamed: {}, joins: {}, dimensions: ['pipeline', 'status', 'runType'], measures }

/** Runs by month, and by hour: for each pipeline, status and run type. */
export const runRollups: readonly Rollup[] = [
  { table: 'x_run_months', grain: 'month', ...kept },
  { table: 'x_run_hours', grain: 'hour', ...kept },
]
