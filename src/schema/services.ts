import { createHash } from 'node:crypto'
import { BadInputError } from '../errors.ts'
import { entities } from '../filters/entities/index.ts'
import { countServices, findServices, type Service as ServiceValue } from '../measures/services.ts'
import { builder } from './builder.ts'
import { type Connection, connectionOf } from './connection.ts'
import { enumOf } from './enums.ts'
import { MOST_AT_TOP, readPaging } from './list-arguments.ts'
import { once } from './lists.ts'
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

builder.queryField('services', (t) =>
  t.field({
    type: connectionOf('Service', Service as never),
    description: 'Services with their availability, by name.',
    args: {
      where: t.arg({
        type: whereOf(entities.healthCheck),
        description: 'Which health checks to look at, such as those of a day; all unless given.',
      }),
      first: t.arg.int({ description: `How many to take: 20 unless given, at most ${MOST_AT_TOP}.` }),
      after: t.arg.string({ description: 'Take those after this place, which an edge of this list gave.' }),
    },
    resolve: (_root, { where, first, after }, { db, scope }): Connection => {
      const selection = { scope, where }
      const { size } = readPaging({ first }, MOST_AT_TOP)
      const start = typeof after === 'string' ? decodePlace(after) : null
      const found = once(() => findServices(db, selection, size + 1, start))
      const byName = once(async () => new Map((await found()).map((service) => [service.name, service])))
      return {
        async page() {
          const services = await found()
          const rows = services.slice(0, size).map(({ name }) => ({ id: name, cursor: encodePlace(name) }))
          return { rows, hasMore: services.length > size }
        },
        node: async (name) => (await byName()).get(name)!,
        totalCount: once(() => countServices(db, selection)),
        paging: { fromEnd: false, hasCursor: start !== null },
      }
    },
  }),
)

/** Tells the cursors of this list from those of others. */
const SIGN = createHash('sha256').update('Service').digest('base64url').slice(0, 8)

function encodePlace(name: string): string {
  return Buffer.from(JSON.stringify([SIGN, name])).toString('base64url')
}

function decodePlace(cursor: string): string {
  try {
    const [sign, name] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    if (sign === SIGN && typeof name === 'string' && !name.includes('\u0000')) return name
  } catch {
    // Not base64url, not JSON or not a list: no cursor.
  }
  throw new BadInputError('after is not a cursor of this list.', { argument: 'after' })
}
