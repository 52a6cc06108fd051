import { entities } from '../filters/entities/index.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'
import { addList } from './list-fields.ts'
import { addLookup } from './lookups.ts'

const { extractionResult } = entities

export const ExtractionResult = builder.prismaNode('ExtractionResult', {
  ...nodeOf(extractionResult),
  fields: (t) => ({
    ...columnsOf(t, extractionResult),
    run: t.relation('run', { nullable: true, ...described(extractionResult, 'run') }),
    campaign: t.relation('campaign', { nullable: true, ...described(extractionResult, 'campaign') }),
    dataset: t.relation('dataset', { nullable: true, ...described(extractionResult, 'dataset') }),
    instruction: t.relation('promptVersion', { nullable: true, ...described(extractionResult, 'promptVersion') }),
  }),
})

addList('extractionResults', extractionResult, ExtractionResult, "Snapshots of extraction runs' outcomes.")

addLookup('extractionResult', {
  entity: extractionResult,
  node: ExtractionResult,
  description: "One snapshot of an extraction run's outcome.",
  keys: {
    sourceId: { description: "The source system's id of it.", where: (sourceId) => ({ sourceId }) },
    permalinkToken: {
      description: 'What its permanent link ends in.',
      where: (permalinkToken) => ({ permalinkToken }),
    },
  },
})
