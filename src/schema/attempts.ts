import { entities } from '../filters/entities/index.ts'
import { AgentCall } from './agents.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'
import { addList } from './list-fields.ts'
import { addLookup } from './lookups.ts'

const { attempt } = entities

export const Attempt = builder.prismaNode('Attempt', {
  ...nodeOf(attempt),
  fields: (t) => ({
    ...columnsOf(t, attempt),
    task: t.relation('task', { nullable: true, ...described(attempt, 'task') }),
    run: t.relation('run', { nullable: true, ...described(attempt, 'run') }),
    call: t.field({
      type: AgentCall,
      nullable: true,
      description: 'The call of the extraction agent that it is, with its cost; none while its run is not known.',
      select: (_args, _context, nestedSelection) => ({ agentCalls: nestedSelection({}) }),
      resolve: ({ agentCalls }) => (agentCalls as never[])[0] ?? null,
    }),
  }),
})

addList('attempts', attempt, Attempt, 'The tries of extraction tasks, in all runs.')

addLookup('attempt', {
  entity: attempt,
  node: Attempt,
  description: 'One try of an extraction task.',
  keys: { sourceId: { description: "The source system's id of it.", where: (sourceId) => ({ sourceId }) } },
})
