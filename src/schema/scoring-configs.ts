import { listRules, removeRules, setRules } from '../measures/scoring-rules.ts'
import { builder } from './builder.ts'
import { organizationOf } from './context.ts'
import { readRules, ScoringConfig, ScoringConfigInput } from './scoring-rules.ts'

builder.queryField('scoringConfigs', (t) =>
  t.field({
    type: [ScoringConfig],
    description: "The organization's own scoring rules, by name.",
    resolve: (_root, _args, { db, scope }) => listRules(db, scope),
  }),
)

builder.mutationFields((t) => ({
  setScoringConfig: t.field({
    type: ScoringConfig,
    description: 'Gives scoring rules a name; rules that have the name already are replaced.',
    args: {
      name: t.arg.string({ required: true, description: 'Their name, up to 200 characters.' }),
      config: t.arg({
        type: ScoringConfigInput,
        required: true,
        description: 'The rules: weights with up to 6 decimals, thresholds with up to 4.',
      }),
      isDefault: t.arg.boolean({
        description:
          'Whether they hold where a question names none, in place of those that did; as it is unless given.',
      }),
    },
    resolve: async (_root, { name, config, isDefault }, context) =>
      setRules(context.db, organizationOf(context), name, await readRules(config, context), isDefault ?? null),
  }),
  removeScoringConfig: t.field({
    type: 'Boolean',
    description: 'Takes scoring rules away; says whether there were some of this name.',
    args: { name: t.arg.string({ required: true, description: 'Their name.' }) },
    resolve: (_root, { name }, context) => removeRules(context.db, organizationOf(context), name),
  }),
}))
