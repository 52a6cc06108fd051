import { entities } from '../filters/entities/index.ts'
import { Attempt } from './attempts.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'
import { nestedListField } from './list-fields.ts'
import { Run } from './runs.ts'
import { Task } from './tasks.ts'

const { attempt, extractionRun, run, task } = entities

export const ExtractionRun = builder.prismaNode('ExtractionRun', {
  ...nodeOf(extractionRun),
  fields: (t) => ({
    ...columnsOf(t, extractionRun),
    run: t.relation('run', described(extractionRun, 'run')),
    result: t.relation('result', { nullable: true, ...described(extractionRun, 'result') }),
  }),
})

builder.prismaObjectFields(Run, (t) => ({
  extraction: t.relation('extraction', { nullable: true, ...described(run, 'extraction') }),
  campaign: t.relation('campaign', { nullable: true, ...described(run, 'campaign') }),
  dataset: t.relation('dataset', { nullable: true, ...described(run, 'dataset') }),
  instruction: t.relation('instruction', { nullable: true, ...described(run, 'instruction') }),
  tasks: nestedListField(t, task, Task, ['run_id'], 'The sites that an extraction run reads; none of other runs.'),
  attempts: nestedListField(t, attempt, Attempt, ['run_id'], 'The tries of its tasks.'),
  extractionResults: t.relation('extractionResults', {
    query: { orderBy: [{ sourceCreatedAt: { sort: 'desc', nulls: 'last' } }, { id: 'asc' }] },
    description: 'Snapshots of the outcome of an extraction run, newest first.',
  }),
  estimatedCostUsd: t.field({
    type: 'Decimal',
    nullable: true,
    description: 'What an extraction run was expected to cost, in US dollars; never counted as a cost.',
    select: { extraction: { select: { estimatedCostUsd: true } } },
    resolve: ({ extraction }) => extraction?.estimatedCostUsd ?? null,
  }),
  reportedAccuracyPercent: t.float({
    nullable: true,
    description: "The source system's own accuracy of an extraction run, 0–100.",
    select: { extraction: { select: { reportedAccuracyPercent: true } } },
    resolve: ({ extraction }) => extraction?.reportedAccuracyPercent ?? null,
  }),
  reportedPassRate: t.float({
    nullable: true,
    description: "The source system's own pass rate of an extraction run, as written: 0–1, or 0–100 in older dumps.",
    select: { extraction: { select: { reportedPassRate: true } } },
    resolve: ({ extraction }) => extraction?.reportedPassRate ?? null,
  }),
  reportedHealthScore: t.float({
    nullable: true,
    description: "The source system's own health score of an extraction run, 0–100.",
    select: { extraction: { select: { reportedHealthScore: true } } },
    resolve: ({ extraction }) => extraction?.reportedHealthScore ?? null,
  }),
}))
