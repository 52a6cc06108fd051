import { sql } from 'kysely'
import { BadInputError } from '../errors.ts'
import { ofOrganization, rowOf, type Scope } from '../filters/scope.ts'
import type { Db } from '../store/transaction-kysely.ts'
import type { Question } from './asked.ts'
import { compareCohortsOfRuns } from './compare-runs.ts'
import { type Comparison, comparisonOf, planOf } from './comparison.ts'
import { type FoundVersion, findPromptVersions, type PromptVersionRef } from './prompt-version-ref.ts'
import { readRankSums, readSignedRankSums } from './rank-sums.ts'
import { mannWhitney, wilcoxon } from './rank-tests.ts'
import type { RunCondition } from './run-cohorts.ts'
import { type Differences, readPairedSamples, readSamples, type Side } from './samples.ts'
import { type Instructions, taskCohorts, taskPairs } from './task-cohorts.ts'

/** A comparison, and what was compared. */
export type VersionComparison = Comparison & { versions: Record<Side, FoundVersion> }

/**
 * Compares two versions of a prompt: those of campaigns' instructions by the tasks of their runs, in pairs where both
 * were run on the same rows of a dataset version; those of agents' prompts by the runs that called them. Two statements
 * or three, and one more when rank tests are asked for; what is read does not grow with the runs.
 * @throws BadInputError naming what is wrong in a reference or in the question
 */
export async function comparePromptVersions(
  db: Db,
  scope: Scope,
  refs: Record<Side, PromptVersionRef>,
  question: Question = {},
): Promise<VersionComparison> {
  const versions = await findPromptVersions(db, scope, refs)
  const { baseline, candidate } = versions
  if (baseline.unit !== candidate.unit)
    throw new BadInputError(
      "candidate cannot be compared: one is a campaign's instruction, the other an agent's prompt.",
      {
        argument: 'candidate',
      },
    )
  const ids = { baseline: baseline.id, candidate: candidate.id }
  const comparison =
    baseline.unit === 'TASK'
      ? await compareInstructions(db, scope, ids, question)
      : await compareCohortsOfRuns(
          db,
          scope,
          { baseline: calledWith(ids.baseline, scope), candidate: calledWith(ids.candidate, scope) },
          question,
        )
  return { ...comparison, versions }
}

async function compareInstructions(db: Db, scope: Scope, ids: Instructions, question: Question): Promise<Comparison> {
  const plan = planOf(question, 'TASK', ['FIELD_ACCURACY'])
  const names = plan.measured.map(({ name }) => name)
  const pairs = taskPairs(scope, ids, names)
  const paired = await readPairedSamples(db, pairs, plan.measured)
  if (paired.pairs > 0) {
    const tasks = outcomesOf(paired.metrics[names.indexOf('FIELD_ACCURACY')]!.differences)
    return comparisonOf(plan, { ...paired, tasks }, async (indexes) =>
      (await readSignedRankSums(db, pairs, indexes)).map(wilcoxon),
    )
  }
  const relation = taskCohorts(scope, ids, names)
  const samples = await readSamples(db, relation, plan.measured, { countsTasks: true })
  return comparisonOf(plan, { ...samples, tasks: null }, async (indexes) =>
    (await readRankSums(db, relation, indexes)).map(mannWhitney),
  )
}

function outcomesOf({ n, positive, negative }: Differences) {
  return { improved: positive, regressed: negative, unchanged: n - positive - negative }
}

function calledWith(promptVersionId: string, scope: Scope): RunCondition {
  return (run) => sql`${run.column('id')} in (
    select c.run_id from agent_calls as c
    where ${ofOrganization(rowOf('c'), scope)} and c.prompt_version_id = ${promptVersionId}::uuid)`
}
