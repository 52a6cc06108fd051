import { readFile } from 'node:fs/promises'
import { execute, parse } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { schema } from '../../src/schema/index.ts'
import { newLog, testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import {
  completeAlert,
  completeCheck,
  completeDiagnosis,
  completeResolution,
  completeStatus,
} from '../importers/ops-fixture.ts'
import { sharedFolder } from '../shared-folder.ts'

const database = testDatabase()
const at = (time: string) => `2026-02-01T${time}Z`

beforeAll(async () => {
  const check = (service: string, time: string | null, status: string) =>
    completeCheck({ service, status, timestamp: time && at(time), message: `${service} ${time}` })
  await importFiles(database, {
    'checks.json': [
      check('api', '10:00:00', 'degraded'),
      check('api', '10:10:00', 'healthy'),
      check('api', '10:20:00', 'unknown'),
      check('api', null, 'critical'),
      check('queue', '10:00:00', 'healthy'),
      check('Zeta', '09:00:00', 'critical'),
    ],
    'diagnoses.json': [
      completeDiagnosis({ timestamp: at('10:02:00'), summary: 'second' }),
      completeDiagnosis({ timestamp: at('10:01:00'), summary: 'first' }),
      completeDiagnosis({ timestamp: at('10:03:00'), summary: 'third' }),
    ],
    'resolutions.json': [
      completeResolution({ timestamp: at('10:01:50'), message: 'second' }),
      completeResolution({ timestamp: at('10:01:40'), message: 'first' }),
    ],
    'alerts.json': [completeAlert()],
    'agent_status.json': completeStatus(),
  })
  await importFiles(database, { 'checks.json': [completeCheck({ service: 'theirs' })] }, 'others')
})

describe('the chain', () => {
  it('shows the first of several, and all of them', async () => {
    const { healthChecks } = await database.data(`{
      healthChecks(where: { service: { equals: "api" } }, orderBy: [{ checkedAt: ASC }]) {
        nodes {
          status
          diagnosis { summary resolution { message } healthCheck { message } }
          diagnoses(orderBy: [{ diagnosedAt: ASC }]) { totalCount nodes { summary resolutions(orderBy: [{ resolvedAt: ASC }]) { nodes { message diagnosis { summary } } } } }
        }
      }
    }`)
    const none = { diagnosis: null, diagnoses: { totalCount: 0, nodes: [] } }
    const resolved = (message: string) => ({ message, diagnosis: { summary: 'first' } })
    expect(healthChecks.nodes).toEqual([
      {
        status: 'DEGRADED',
        diagnosis: { summary: 'first', resolution: { message: 'first' }, healthCheck: { message: 'api 10:00:00' } },
        diagnoses: {
          totalCount: 3,
          nodes: [
            { summary: 'first', resolutions: { nodes: [resolved('first'), resolved('second')] } },
            { summary: 'second', resolutions: { nodes: [] } },
            { summary: 'third', resolutions: { nodes: [] } },
          ],
        },
      },
      { status: 'HEALTHY', ...none },
      { status: 'UNKNOWN', ...none },
      { status: 'CRITICAL', ...none },
    ])
  })

  it('can be asked of from either end', async () => {
    const { healthChecks, resolutions } = await database.data(`{
      healthChecks(where: { diagnoses: { resolutions: { status: { equals: PARTIAL } } } }) { nodes { message } }
      resolutions(where: { diagnosis: { healthCheck: { status: { equals: DEGRADED } } } }) { totalCount }
    }`)
    expect(healthChecks.nodes).toEqual([{ message: 'api 10:00:00' }])
    expect(resolutions.totalCount).toBe(2)
  })

  it('takes a statement a level, however many checks there are', async () => {
    const log = newLog()
    const text = sharedFolder
      ? (await readFile(`${sharedFolder}/questions/ops-chain.graphql`, 'utf8')).replace(
          /\n {2}resolutionMetrics.*\n.*\n/,
          '\n',
        )
      : 'query ($service: String!) { healthChecks(where: { service: { equals: $service } }) { totalCount edges { node { status diagnosis { summary resolution { status } } } } } }'
    const { errors } = await database.transaction(
      async (transaction) =>
        execute({
          schema,
          document: parse(text),
          variableValues: { service: 'api' },
          contextValue: database.contextOf(transaction),
        }),
      log,
    )
    expect(errors).toBe(undefined)
    // Page, count, checks; for diagnoses and resolutions which ones, and the rows; and the one that enters.
    expect(log.statements - 1).toBe(7)
  })
})

describe('services', () => {
  const fields = 'name checks healthy degraded critical unknown healthyRate lastStatus lastMessage lastCheckedAt'

  it('are told by their checks, those that could not tell included, by name', async () => {
    const { services } = await database.data(`{ services { totalCount nodes { ${fields} } } }`)
    expect(services).toEqual({
      totalCount: 3,
      nodes: [
        {
          name: 'Zeta',
          checks: 1,
          healthy: 0,
          degraded: 0,
          critical: 1,
          unknown: 0,
          healthyRate: 0,
          lastStatus: 'CRITICAL',
          lastMessage: 'Zeta 09:00:00',
          lastCheckedAt: '2026-02-01T09:00:00.000Z',
        },
        {
          name: 'api',
          checks: 4,
          healthy: 1,
          degraded: 1,
          critical: 1,
          unknown: 1,
          healthyRate: 0.25,
          // The check without a time is not the latest.
          lastStatus: 'UNKNOWN',
          lastMessage: 'api 10:20:00',
          lastCheckedAt: '2026-02-01T10:20:00.000Z',
        },
        {
          name: 'queue',
          checks: 1,
          healthy: 1,
          degraded: 0,
          critical: 0,
          unknown: 0,
          healthyRate: 1,
          lastStatus: 'HEALTHY',
          lastMessage: 'queue 10:00:00',
          lastCheckedAt: '2026-02-01T10:00:00.000Z',
        },
      ],
    })
  })

  it('of some time only, a page at a time', async () => {
    const document = `query ($after: String) {
      services(where: { checkedAt: { lt: "2026-02-01T10:20:00Z" } }, first: 1, after: $after) {
        nodes { name checks lastStatus } edges { cursor } pageInfo { hasNextPage }
      }
    }`
    const found: unknown[] = []
    for (let after: string | null = null; ; ) {
      const { services } = await database.data(document, { after })
      found.push(...services.nodes)
      if (!services.pageInfo.hasNextPage) break
      after = services.edges[0].cursor
    }
    expect(found).toEqual([
      { name: 'Zeta', checks: 1, lastStatus: 'CRITICAL' },
      { name: 'api', checks: 2, lastStatus: 'HEALTHY' },
      { name: 'queue', checks: 1, lastStatus: 'HEALTHY' },
    ])
    const { errors } = await database.ask(document, { after: 'x' })
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'after' })
  })

  it('are those of the organization, also by row-level security alone', async () => {
    const theirs = database.newServer({ organizationCondition: false, organizationId: organizationIdOf('others') })
    const { services } = await database.data('{ services { totalCount nodes { name } } }', {}, theirs)
    expect(services).toEqual({ totalCount: 1, nodes: [{ name: 'theirs' }] })
  })
})

it('alerts and the agent status are listed', async () => {
  const { alerts, opsAgentStatuses } = await database.data(
    '{ alerts { nodes { level action service raisedAt details } } opsAgentStatuses { nodes { running totalChecks lastCheckAt } } }',
  )
  expect(alerts.nodes).toEqual([
    {
      level: 'CRITICAL',
      action: 'ALERT_FOUNDER',
      service: 'api',
      raisedAt: '2026-02-01T10:01:00.000Z',
      details: { tries: 3 },
    },
  ])
  expect(opsAgentStatuses.nodes).toEqual([{ running: true, totalChecks: 150, lastCheckAt: '2026-02-03T21:49:09.000Z' }])
})
