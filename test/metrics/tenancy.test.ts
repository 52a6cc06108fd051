import { execute, parse } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { SUBJECTS } from '../../src/metrics/subjects/index.ts'
import { organizationIdOf } from '../../src/model/identifiers.ts'
import { schema } from '../../src/schema/index.ts'
import type { Server } from '../../src/server/index.ts'
import { newLog, testDatabase } from '../database.ts'
import { insertSample, sampleRuns } from './sample.ts'

const database = testDatabase()
const runs = sampleRuns()
const other = organizationIdOf('other')

beforeAll(async () => {
  await insertSample(database, runs)
  // The other organization has the same names, and twice as many runs.
  await insertSample(database, sampleRuns(48), other)
})

const QUERY = `{
  runMetrics(groupBy: [TAG, PROSPECT]) { totalCount nodes { key { tag prospect } runs matchingRuns { totalCount } } totals { runs costUsd { sum } } }
  usageMetrics(groupBy: [AGENT, PHASE]) { nodes { key { agent phase } calls costUsd { sum } } totals { calls } }
  accountMetrics(groupBy: [COMPANY]) { totals { companies runs runCostUsd { sum } } }
  agents { nodes { name usage { totals { calls runs } } } }
}`

describe('metrics', () => {
  const answerOf = (server?: Server) => database.data(QUERY, {}, server)

  it('are of one organization, by the condition and by row-level security alone', async () => {
    const answer = await answerOf()
    expect(answer.runMetrics.totals.runs).toBe(runs.length)
    const unconditional = await answerOf(database.newServer({ organizationCondition: false }))
    expect(unconditional).toEqual(answer)
  })

  it('are those of the other organization for the other', async () => {
    const { runMetrics, agents } = await answerOf(database.newServer({ organizationId: other }))
    expect(runMetrics.totals.runs).toBe(48)
    expect(agents.nodes.length).toBe(3)
  })

  it('of nobody are nothing', async () => {
    const server = database.newServer({ organizationId: organizationIdOf('nobody') })
    const { runMetrics, usageMetrics, agents } = await answerOf(server)
    expect([runMetrics.nodes, runMetrics.totals.runs]).toEqual([[], 0])
    expect([usageMetrics.nodes, usageMetrics.totals.calls, agents.nodes]).toEqual([[], 0, []])
  })
})

describe('statements', () => {
  it.each(SUBJECTS.map(({ name, field }) => [name, field]))(
    'of %s are one for the groups, one for totals, one for asOf',
    async (_name, field) => {
      const log = newLog()
      const subject = SUBJECTS.find((each) => each.field === field)!
      const [dimension] = Object.keys(subject.dimensions)
      const [measure] = Object.entries(subject.measures).find(([, { kind }]) => kind === 'count')!
      const groupBy = dimension!.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
      const { errors } = await database.transaction(
        async (transaction) =>
          execute({
            schema,
            document: parse(
              `{ ${field}(groupBy: [${groupBy}], interval: DAY) { totalCount hasNextPage endCursor source asOf nodes { key { ${dimension} startedAt } ${measure} } totals { ${measure} } } }`,
            ),
            contextValue: database.contextOf(transaction),
          }),
        log,
      )
      expect(errors).toBe(undefined)
      expect(log.statements - 1).toBe(3)
    },
  )
})
