import { entities } from '../filters/entities/index.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'
import { addList } from './list-fields.ts'

const { instructionComparison } = entities

export const InstructionComparison = builder.prismaNode('InstructionComparison', {
  ...nodeOf(instructionComparison),
  fields: (t) => ({
    ...columnsOf(t, instructionComparison),
    campaign: t.relation('campaign', { nullable: true, ...described(instructionComparison, 'campaign') }),
    instructionA: t.relation('instructionA', { nullable: true, ...described(instructionComparison, 'instructionA') }),
    instructionB: t.relation('instructionB', { nullable: true, ...described(instructionComparison, 'instructionB') }),
    dataset: t.relation('dataset', { nullable: true, ...described(instructionComparison, 'dataset') }),
    runA: t.relation('runA', { nullable: true, ...described(instructionComparison, 'runA') }),
    runB: t.relation('runB', { nullable: true, ...described(instructionComparison, 'runB') }),
  }),
})

addList(
  'instructionComparisons',
  instructionComparison,
  InstructionComparison,
  "The source systems' own comparisons of two versions of an instruction.",
)
