import { entities } from '../filters/entities/index.ts'
import type { Scope } from '../filters/scope.ts'
import { compileWhere } from '../filters/where.ts'
import type { Db } from '../store/transaction-kysely.ts'
import type { Question } from './asked.ts'
import { type Comparison, comparisonOf, planOf } from './comparison.ts'
import { readRankSums } from './rank-sums.ts'
import { mannWhitney } from './rank-tests.ts'
import { type RunCondition, runCohorts } from './run-cohorts.ts'
import { readSamples, type Side } from './samples.ts'

/** Which runs a side is made of: a filter as lists of runs take it. */
export type RunFilters = Record<Side, unknown>

/**
 * Compares two cohorts of runs by any filter. One statement, and one more when rank tests are asked for; what is read
 * does not grow with the cohorts.
 * @throws BadInputError naming what is wrong in a filter or in the question
 */
export function compareRuns(
  db: Db,
  scope: Scope,
  { baseline, candidate }: RunFilters,
  question: Question = {},
): Promise<Comparison> {
  return compareCohortsOfRuns(
    db,
    scope,
    {
      baseline: (run) => compileWhere(entities.run, baseline, run, scope, 'baseline'),
      candidate: (run) => compileWhere(entities.run, candidate, run, scope, 'candidate'),
    },
    question,
  )
}

/** Compares the runs that meet a condition in SQL with those that meet another. */
export async function compareCohortsOfRuns(
  db: Db,
  scope: Scope,
  conditions: Record<Side, RunCondition>,
  question: Question,
): Promise<Comparison> {
  const plan = planOf(question, 'RUN')
  const relation = runCohorts(
    scope,
    conditions,
    plan.measured.map(({ name }) => name),
  )
  const samples = await readSamples(db, relation, plan.measured, { countsTasks: false })
  return comparisonOf(plan, { ...samples, tasks: null }, async (indexes) =>
    (await readRankSums(db, relation, indexes)).map(mannWhitney),
  )
}
