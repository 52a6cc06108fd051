import { compareRuns } from '../comparison/compare-runs.ts'
import type { Comparison as ComparisonValue } from '../comparison/comparison.ts'
import {
  LEAST_VALUES,
  type MetricComparison as MetricComparisonValue,
  type SampleSummary as SampleSummaryValue,
  type Test,
  type Verdict,
  type Winner,
} from '../comparison/judge.ts'
import { type ComparisonUnit, METRIC_NAMES, type MetricName, metricOf } from '../comparison/metrics.ts'
import type { Cohort } from '../comparison/samples.ts'
import type { Interval } from '../comparison/t-tests.ts'
import { entities } from '../filters/entities/index.ts'
import { PromptVersion } from './agents.ts'
import { builder } from './builder.ts'
import { whereOf } from './where-inputs.ts'

/** An enum of the API alone, its values with their descriptions. */
function describedEnum<Value extends string>(name: string, description: string, values: Record<Value, string>) {
  const entries = Object.entries<string>(values).map(([value, is]) => [value, { description: is }])
  return builder.enumType(name, { description, values: Object.fromEntries(entries) as Record<Value, object> })
}

export const ComparisonMetric = describedEnum<MetricName>(
  'ComparisonMetric',
  'What runs, or tasks of extraction runs, are compared by.',
  Object.fromEntries(METRIC_NAMES.map((name) => [name, metricOf(name).is])) as Record<MetricName, string>,
)

const ComparisonUnitEnum = describedEnum<ComparisonUnit>('ComparisonUnit', 'What a comparison counts as one.', {
  RUN: 'A run.',
  TASK: 'A task of an extraction run: the reading of one site.',
})

const BetterWhen = describedEnum<'HIGHER' | 'LOWER'>('BetterWhen', 'Which direction of a metric is the good one.', {
  HIGHER: 'More is better.',
  LOWER: 'Less is better.',
})

const ComparisonTest = describedEnum<Test>('ComparisonTest', 'The test that a p value comes from; all are two-sided.', {
  FISHER_EXACT: "Fisher's exact test of two proportions: an expected count is below 5.",
  MCNEMAR_EXACT: "McNemar's exact test of the proportions of pairs.",
  PAIRED_T: "Student's t test of the differences of pairs.",
  TWO_PROPORTION_Z: 'The z test of two proportions, pooled, without continuity correction.',
  WELCH_T: "Welch's t test of two means, which does not take the variances for equal.",
})

const ComparisonVerdict = describedEnum<Verdict>('ComparisonVerdict', 'How the candidate does by a metric.', {
  BETTER: 'Better: the adjusted p value is below .05.',
  NOT_ENOUGH_DATA: `A side has fewer than ${LEAST_VALUES} values.`,
  NO_DIFFERENCE: 'No difference is shown: the adjusted p value is .05 or more.',
  WORSE: 'Worse: the adjusted p value is below .05.',
})

const ComparisonWinner = describedEnum<Winner>('ComparisonWinner', 'Who wins a comparison.', {
  BASELINE: 'The baseline: the candidate is worse by the primary metric.',
  CANDIDATE: 'The candidate: it is better by the primary metric, and by no other metric worse.',
  INCONCLUSIVE: 'Nobody: too little is known, or the metrics contradict each other.',
  TIE: 'Nobody: no metric shows a difference.',
})

const ConfidenceInterval = builder.objectRef<Interval>('ConfidenceInterval').implement({
  description: 'The range that holds the true difference with 95 % confidence, in the unit of the metric.',
  fields: (t) => ({
    low: t.exposeFloat('low', { description: 'Its lower bound.' }),
    high: t.exposeFloat('high', { description: 'Its upper bound.' }),
  }),
})

const ComparisonSample = builder.objectRef<SampleSummaryValue>('ComparisonSample').implement({
  description: "One side's values of a metric; in pairs, of those that have a value on both sides.",
  fields: (t) => ({
    n: t.exposeInt('n', { description: 'Number of values.' }),
    mean: t.exposeFloat('mean', {
      nullable: true,
      description: 'Their mean, in the unit of the metric; of a yes or no the share of yes, 0–1. Null without values.',
    }),
    stdDev: t.exposeFloat('stdDev', {
      nullable: true,
      description:
        "The sample's standard deviation (n − 1), in the unit of the metric; null for fewer than two values.",
    }),
    min: t.exposeFloat('min', { nullable: true, description: 'The smallest value.' }),
    max: t.exposeFloat('max', { nullable: true, description: 'The greatest value.' }),
  }),
})

type JudgedMetric = MetricComparisonValue & { comparison: ComparisonValue }

const MetricComparison = builder.objectRef<JudgedMetric>('MetricComparison').implement({
  description: 'A metric of the candidate against that of the baseline; differences are candidate − baseline.',
  fields: (t) => ({
    metric: t.field({ type: ComparisonMetric, description: 'The metric.', resolve: ({ metric }) => metric }),
    betterWhen: t.field({
      type: BetterWhen,
      description: 'Which direction of it is the good one.',
      resolve: ({ betterWhen }) => betterWhen,
    }),
    test: t.field({
      type: ComparisonTest,
      description: 'The test that pValue comes from.',
      resolve: ({ test }) => test,
    }),
    baseline: t.field({
      type: ComparisonSample,
      description: "The baseline's values.",
      resolve: ({ baseline }) => baseline,
    }),
    candidate: t.field({
      type: ComparisonSample,
      description: "The candidate's values.",
      resolve: ({ candidate }) => candidate,
    }),
    difference: t.exposeFloat('difference', {
      nullable: true,
      description: 'Difference of the means, in the unit of the metric; null when a side has no value.',
    }),
    relativeDifference: t.exposeFloat('relativeDifference', {
      nullable: true,
      description: "The difference ÷ the baseline's mean: 0.1 is 10 % more. Null when that mean is 0.",
    }),
    confidenceInterval: t.field({
      type: ConfidenceInterval,
      nullable: true,
      description:
        "The range that holds the true difference with 95 % confidence: that of Welch's or the paired t test, of a yes or no Newcombe's from Wilson scores without continuity correction. Null for too few values.",
      resolve: ({ confidenceInterval }) => confidenceInterval,
    }),
    pValue: t.exposeFloat('pValue', {
      nullable: true,
      description: 'How likely so great a difference is when there is none, two-sided, 0–1; null for too few values.',
    }),
    adjustedPValue: t.exposeFloat('adjustedPValue', {
      nullable: true,
      description: "The p value after Holm's correction for the number of metrics compared, 0–1.",
    }),
    rankPValue: t.float({
      nullable: true,
      description:
        'P value of a test that looks at ranks alone, so that outliers do not matter, 0–1: Mann–Whitney U, of pairs Wilcoxon signed rank. Null for a yes or no and without values.',
      resolve: async ({ comparison, metric }) => (await comparison.rankPValues()).get(metric) ?? null,
    }),
    effectSize: t.exposeFloat('effectSize', {
      nullable: true,
      description:
        "Hedges' g: the difference in pooled standard deviations, corrected for small samples. Around 0.2 is small, 0.5 medium, 0.8 large. Null for a yes or no and where nothing varies.",
    }),
    verdict: t.field({
      type: ComparisonVerdict,
      description: 'How the candidate does by it.',
      resolve: ({ verdict }) => verdict,
    }),
  }),
})

type ComparedCohortValue = Cohort & { promptVersionId: string | null }

const ComparedCohort = builder.objectRef<ComparedCohortValue>('ComparedCohort').implement({
  description: 'One side of a comparison.',
  fields: (t) => ({
    runs: t.exposeInt('runs', { description: 'Number of its runs.' }),
    tasks: t.exposeInt('tasks', {
      nullable: true,
      description: 'Number of its tasks that are compared; null when runs are.',
    }),
    promptVersion: t.prismaField({
      type: PromptVersion,
      nullable: true,
      description: 'The prompt version that it is about, when prompt versions are compared.',
      resolve: (query, { promptVersionId }, _args, { tx }) =>
        promptVersionId === null
          ? null
          : tx.promptVersion.findUniqueOrThrow({ ...query, where: { id: promptVersionId } }),
    }),
  }),
})

const TaskOutcomes = builder.objectRef<NonNullable<ComparisonValue['tasks']>>('TaskOutcomes').implement({
  description: 'Pairs of tasks that both count for accuracy, by how the field accuracy of the candidate differs.',
  fields: (t) => ({
    improved: t.exposeInt('improved', { description: 'Pairs whose field accuracy is higher with the candidate.' }),
    regressed: t.exposeInt('regressed', { description: 'Pairs whose field accuracy is lower with the candidate.' }),
    unchanged: t.exposeInt('unchanged', { description: 'Pairs whose field accuracy is the same.' }),
  }),
})

/** What a comparison is shown from: the prompt versions are null when cohorts of runs were compared. */
export type ComparisonShown = ComparisonValue & {
  promptVersionIds: Record<'baseline' | 'candidate', string> | null
}

export const Comparison = builder.objectRef<ComparisonShown>('Comparison').implement({
  description: 'Two cohorts, judged metric by metric: whether the candidate does better than the baseline.',
  fields: (t) => ({
    unit: t.field({
      type: ComparisonUnitEnum,
      description: 'What is counted as one.',
      resolve: ({ unit }) => unit,
    }),
    paired: t.exposeBoolean('paired', {
      description: 'Whether tasks on the same rows of a dataset version are compared with each other.',
    }),
    baseline: t.field({
      type: ComparedCohort,
      description: 'What is compared against.',
      resolve: ({ baseline, promptVersionIds }) => ({
        ...baseline,
        promptVersionId: promptVersionIds?.baseline ?? null,
      }),
    }),
    candidate: t.field({
      type: ComparedCohort,
      description: 'What might be better.',
      resolve: ({ candidate, promptVersionIds }) => ({
        ...candidate,
        promptVersionId: promptVersionIds?.candidate ?? null,
      }),
    }),
    primary: t.field({
      type: ComparisonMetric,
      nullable: true,
      description: 'The metric that decides who wins; null when there is none that both sides have.',
      resolve: ({ primary }) => primary,
    }),
    metrics: t.field({
      type: [MetricComparison],
      description: 'The metrics, in the order that they were asked for.',
      resolve: (comparison) => comparison.metrics.map((metric) => ({ ...metric, comparison })),
    }),
    tasks: t.field({
      type: TaskOutcomes,
      nullable: true,
      description: 'How many pairs of tasks improved; null when nothing is paired.',
      resolve: ({ tasks }) => tasks,
    }),
    winner: t.field({ type: ComparisonWinner, description: 'Who wins.', resolve: ({ winner }) => winner }),
    reason: t.exposeString('reason', { description: 'Why, in a sentence with the numbers.' }),
  }),
})

export const PRIMARY = 'The metric that decides who wins; the first of the metrics unless given.'
export const METRICS_OF = (usual: string) =>
  `The metrics to compare; p values are adjusted for their number. Unless given, those of ${usual} that both sides have.`

builder.queryField('compareRuns', (t) =>
  t.field({
    type: Comparison,
    description: 'Compares two cohorts of runs, chosen by any filter; a run may be in both.',
    args: {
      baseline: t.arg({ type: whereOf(entities.run), required: true, description: 'Which runs to compare against.' }),
      candidate: t.arg({ type: whereOf(entities.run), required: true, description: 'Which runs might be better.' }),
      primary: t.arg({ type: ComparisonMetric, description: PRIMARY }),
      metrics: t.arg({
        type: [ComparisonMetric],
        description: METRICS_OF('QUALITY_SCORE, COST_USD, DURATION_SECONDS, TOTAL_TOKENS and SUCCESS_RATE'),
      }),
    },
    resolve: async (_root, { baseline, candidate, primary, metrics }, { db, scope }) => ({
      ...(await compareRuns(db, scope, { baseline, candidate }, { primary, metrics })),
      promptVersionIds: null,
    }),
  }),
)
