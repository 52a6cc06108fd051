import { entities } from '../filters/entities/index.ts'
import { countServices, findServices, type Service as ServiceValue } from '../measures/services.ts'
import { builder } from './builder.ts'
import { connectionOf } from './connection.ts'
import { DERIVED_PAGING, derivedList } from './derived-lists.ts'
import { enumOf } from './enums.ts'
import { isText, placesOf } from './places.ts'
import { whereOf } from './where-inputs.ts'

const Service = builder.objectRef<ServiceValue>('Service').implement({
  description: 'A service as its health checks show it.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    checks: t.exposeInt('checks', { description: 'Number of health checks.' }),
    healthy: t.exposeInt('healthy', { description: 'Number of them that found it HEALTHY.' }),
    degraded: t.exposeInt('degraded', { description: 'Number of them that found it DEGRADED.' }),
    critical: t.exposeInt('critical', { description: 'Number of them that found it CRITICAL.' }),
    unknown: t.exposeInt('unknown', { description: 'Number of them that could not tell.' }),
    healthyRate: t.exposeFloat('healthyRate', {
      description: 'Share of the checks that found it HEALTHY, 0–1; those that could not tell count too.',
    }),
    lastStatus: t.field({
      type: enumOf('ServiceStatus'),
      description: 'How its latest check found it.',
      resolve: ({ lastStatus }) => lastStatus,
    }),
    lastMessage: t.exposeString('lastMessage', { nullable: true, description: 'What its latest check saw.' }),
    lastCheckedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When its latest check was.',
      resolve: ({ lastCheckedAt }) => lastCheckedAt,
    }),
  }),
})

const places = placesOf<{ name: string }>(
  'Service',
  ({ name }) => [name],
  ([name]) => (isText(name) ? { name } : null),
)

builder.queryField('services', (t) =>
  t.field({
    type: connectionOf('Service', Service as never),
    description: 'Services with their availability, by name.',
    args: {
      where: t.arg({
        type: whereOf(entities.healthCheck),
        description: 'Which health checks to look at, such as those of a day; all unless given.',
      }),
      first: t.arg.int(DERIVED_PAGING.first),
      after: t.arg.string({ description: DERIVED_PAGING.after }),
    },
    resolve: (_root, { where, first, after }, { db, scope }) => {
      const selection = { scope, where }
      return derivedList({
        first,
        after,
        places,
        keyOf: ({ name }) => name,
        find: (limit, start) => findServices(db, selection, limit, start?.name ?? null),
        count: () => countServices(db, selection),
      })
    },
  }),
)
