import { entities } from '../filters/entities/index.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'
import { addList, nestedListField } from './list-fields.ts'
import { Run, RunPhase } from './runs.ts'

const { runItem, runItemPhase } = entities

export const RunItem = builder.prismaNode('RunItem', {
  ...nodeOf(runItem),
  fields: (t) => ({
    ...columnsOf(t, runItem),
    run: t.relation('run', described(runItem, 'run')),
    lastPhase: t.relation('lastPhase', { nullable: true, ...described(runItem, 'lastPhase') }),
    phases: t.relation('phases', {
      query: { orderBy: { phaseNumber: 'asc' } },
      description: 'How it stood in each phase that has it, by number.',
    }),
  }),
})

export const RunItemPhase = builder.prismaNode('RunItemPhase', {
  ...nodeOf(runItemPhase),
  fields: (t) => ({
    ...columnsOf(t, runItemPhase),
    run: t.relation('run', described(runItemPhase, 'run')),
    item: t.relation('item', described(runItemPhase, 'item')),
    phase: t.relation('phase', { nullable: true, ...described(runItemPhase, 'phase') }),
  }),
})

builder.prismaObjectFields(Run, (t) => ({
  items: nestedListField(t, runItem, RunItem, ['run_id'], 'The distinct items of its phases, such as articles.'),
  itemPhases: nestedListField(t, runItemPhase, RunItemPhase, ['run_id'], 'Its items as they stood in each phase.'),
  lastCompletedPhase: t.field({
    type: RunPhase,
    nullable: true,
    description: 'Of its completed phases the one with the greatest number.',
    select: (_args, _context, nestedSelection) => ({
      phases: nestedSelection({ where: { status: 'COMPLETED' }, orderBy: { number: 'desc' } }),
    }),
    resolve: ({ phases }) => (phases as never[])[0] ?? null,
  }),
}))

builder.prismaObjectFields(RunPhase, (t) => ({
  itemPhases: nestedListField(
    t,
    runItemPhase,
    RunItemPhase,
    ['phase_id'],
    'The items that came out of it, as they stood then.',
  ),
  lastItems: nestedListField(t, runItem, RunItem, ['last_phase_id'], 'The items that no later phase has.'),
}))

addList('runItems', runItem, RunItem, 'The items of all runs, such as articles.')
addList('runItemPhases', runItemPhase, RunItemPhase, 'The items of all runs as they stood in each phase.')
