import { comparePromptVersions } from '../comparison/compare-prompt-versions.ts'
import { builder } from './builder.ts'
import { Comparison, ComparisonMetric, METRICS_OF, PRIMARY } from './compare-runs.ts'

const PromptVersionRef = builder.inputType('PromptVersionRef', {
  description: 'What names a prompt version: campaign and version, or agent and version, or id alone.',
  fields: (t) => ({
    campaign: t.string({ description: 'The name of the campaign whose instruction it is a version of.' }),
    agent: t.string({ description: 'The name of the agent whose prompt it is a version of.' }),
    version: t.string({ description: 'Its label, such as v2.' }),
    id: t.id({ description: 'Its id, as `id` fields give it.' }),
  }),
})

builder.queryField('comparePromptVersions', (t) =>
  t.field({
    type: Comparison,
    description:
      "Compares two versions of a prompt: those of campaigns' instructions by the tasks of their runs, in pairs where both were run on the same rows of a dataset version (the first run each); those of agents' prompts by the runs that called them.",
    args: {
      baseline: t.arg({ type: PromptVersionRef, required: true, description: 'The version to compare against.' }),
      candidate: t.arg({ type: PromptVersionRef, required: true, description: 'The version that might be better.' }),
      primary: t.arg({ type: ComparisonMetric, description: PRIMARY }),
      metrics: t.arg({
        type: [ComparisonMetric],
        description: METRICS_OF(
          'FIELD_ACCURACY, PASS_RATE, CONFIDENCE, COST_USD and DURATION_SECONDS (over tasks) or QUALITY_SCORE, COST_USD, DURATION_SECONDS, TOTAL_TOKENS and SUCCESS_RATE (over runs)',
        ),
      }),
    },
    resolve: async (_root, { baseline, candidate, primary, metrics }, { db, scope }) => {
      const { versions, ...comparison } = await comparePromptVersions(
        db,
        scope,
        { baseline, candidate },
        { primary, metrics },
      )
      return { ...comparison, promptVersionIds: { baseline: versions.baseline.id, candidate: versions.candidate.id } }
    },
  }),
)
