import { entities } from '../filters/entities/index.ts'
import { nextTime, scheduleError } from '../model/schedule.ts'
import { builder } from './builder.ts'
import { columnsOf, described, nodeOf } from './columns.ts'
import { addList, nestedListField } from './list-fields.ts'
import { addLookup } from './lookups.ts'
import { Run } from './runs.ts'
import { Task } from './tasks.ts'

const { campaign, run, sourceOrganization, task } = entities

const SCHEDULE = { scheduleExpression: true, scheduleTimeZone: true } as const

export const Campaign = builder.prismaNode('Campaign', {
  ...nodeOf(campaign),
  fields: (t) => ({
    ...columnsOf(t, campaign),
    nextRunAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When its schedule comes next, in its time zone; null when it is not run by a schedule, or by one that is not valid.',
      select: { ...SCHEDULE, scheduleEnabled: true, status: true },
      resolve: ({ scheduleEnabled, scheduleExpression, scheduleTimeZone, status }, _args, { now }) =>
        scheduleEnabled && scheduleExpression !== null && (status === null || status === 'ACTIVE')
          ? nextTime(scheduleExpression, scheduleTimeZone ?? 'UTC', now)
          : null,
    }),
    scheduleError: t.string({
      nullable: true,
      description: 'What is wrong with its schedule; null when nothing is.',
      select: SCHEDULE,
      resolve: ({ scheduleExpression, scheduleTimeZone }) =>
        scheduleExpression === null ? null : scheduleError(scheduleExpression, scheduleTimeZone ?? 'UTC'),
    }),
    currentInstruction: t.relation('currentInstruction', {
      nullable: true,
      ...described(campaign, 'currentInstruction'),
    }),
    instructions: t.relation('instructions', {
      query: { orderBy: [{ versionNumber: { sort: 'asc', nulls: 'last' } }, { version: 'asc' }, { id: 'asc' }] },
      description: 'The versions of its instruction, by number.',
    }),
    datasets: t.relation('datasets', {
      query: { orderBy: [{ name: 'asc' }, { version: 'asc' }, { id: 'asc' }] },
      description: 'Its datasets, by name and version.',
    }),
    results: t.relation('results', {
      query: { orderBy: [{ sourceCreatedAt: { sort: 'desc', nulls: 'last' } }, { id: 'asc' }] },
      description: "Snapshots of its runs' outcomes, newest first.",
    }),
    instructionComparisons: t.relation('instructionComparisons', {
      query: { orderBy: [{ sourceCreatedAt: { sort: 'desc', nulls: 'last' } }, { id: 'asc' }] },
      description: "The source system's own comparisons of its instruction's versions, newest first.",
    }),
    runs: nestedListField(t, run, Run, ['campaign_id'], 'Its runs.'),
    tasks: nestedListField(t, task, Task, ['campaign_id'], 'The tasks of its runs.'),
  }),
})

export const SourceOrganization = builder.prismaNode('SourceOrganization', {
  ...nodeOf(sourceOrganization),
  fields: (t) => columnsOf(t, sourceOrganization),
})

addList('campaigns', campaign, Campaign, 'The web-extraction campaigns.')
addList('sourceOrganizations', sourceOrganization, SourceOrganization, 'Tenants of the source systems, kept as data.')

addLookup('campaign', {
  entity: campaign,
  node: Campaign,
  description: 'One web-extraction campaign.',
  keys: {
    name: { description: 'Its name.', where: (name) => ({ name }) },
    sourceId: { description: "The source system's id of it.", where: (sourceId) => ({ sourceId }) },
  },
})
