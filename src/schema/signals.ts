import { entities } from '../filters/entities/index.ts'
import { bestCandidatesOf } from '../measures/candidates.ts'
import { builder } from './builder.ts'
import { Candidate } from './candidates.ts'
import { columnsOf, nodeOf } from './columns.ts'
import { addList, nestedListField } from './list-fields.ts'
import { question } from './loaders.ts'
import { addLookup } from './lookups.ts'
import { painPointsField } from './pain-point-search.ts'
import { PainPoint } from './prospects.ts'

const { signal, candidate, painPoint } = entities

const bestCandidateOf = question<void, string | null>(({ db, scope }, ids) => bestCandidatesOf(db, scope, ids), null)

export const Signal = builder.prismaNode('Signal', {
  ...nodeOf(signal),
  fields: (t) => ({
    ...columnsOf(t, signal),
    candidates: nestedListField(t, candidate, Candidate, ['signal_id'], 'The candidates scored from it.'),
    bestCandidate: t.prismaField({
      type: Candidate,
      nullable: true,
      description:
        'Of its candidates the one with the highest overall score; of equal ones the first by externalId. Null when none has a score.',
      select: { id: true },
      resolve: async (query, { id }, _args, context) => {
        const best = await bestCandidateOf(context, id)
        return best === null ? null : context.tx.candidate.findUnique({ ...query, where: { id: best } })
      },
    }),
    painPoints: painPointsField(t, ['signal_id'], 'The pain point read out of it.'),
  }),
})

builder.prismaObjectField(Candidate, 'signal', (t) =>
  t.relation('signal', { nullable: true, description: candidate.relations.signal!.description }),
)

builder.prismaObjectField(PainPoint, 'signal', (t) =>
  t.relation('signal', { nullable: true, description: painPoint.relations.signal!.description }),
)

addList('signals', signal, Signal, 'Hints of unmet needs, from all public sources.')

addLookup('signal', {
  entity: signal,
  node: Signal,
  description: 'One signal.',
  keys: { externalId: { description: 'Its id in the artifacts.', where: (externalId) => ({ externalId }) } },
})
