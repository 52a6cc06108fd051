import { execute, parse } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { schema } from '../../src/schema/index.ts'
import { newLog, testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { completeRun } from '../importers/playbook-fixture.ts'

const database = testDatabase()
const RUNS = 30

beforeAll(async () => {
  const runs = Array.from({ length: RUNS }, (_, index) =>
    completeRun({
      run_id: `run-${index}`,
      run_timestamp: new Date(Date.UTC(2025, 0, 1 + index)).toISOString(),
      workflow_input: { vendor_domain: 'vendor.example', prospect_domain: `prospect-${index % 5}.example` },
    }),
  )
  await importFiles(database, Object.fromEntries(runs.map((run, index) => [`run-${index}.json`, run])))
})

/** What a document costs: statements beyond the one that enters the transaction, and rows read. */
async function costOf(document: string): Promise<{ statements: number; rows: number; data: Record<string, never> }> {
  const log = newLog()
  const { data, errors } = await database.transaction(
    async (transaction) =>
      execute({ schema, document: parse(document), contextValue: database.contextOf(transaction) }),
    log,
  )
  expect(errors).toBe(undefined)
  return { statements: log.statements - 1, rows: log.rows - 1, data: data as never }
}

describe('a document takes a statement a level, however many objects there are', () => {
  // Page and nodes are one statement each, and so is every relation and every count below.
  const documents: [string, string, number][] = [
    ['a list', '{ runs(first: 10) { nodes { externalId status } } }', 2],
    ['a list and its length', '{ runs(first: 10) { totalCount nodes { externalId } } }', 3],
    ['the length alone', '{ runs { totalCount } }', 1],
    ['the cursors alone', '{ runs { pageInfo { endCursor hasNextPage } edges { cursor } } }', 1],
    ['edges and nodes at once', '{ runs(first: 10) { edges { node { externalId } } nodes { startedAt } } }', 2],
    [
      'to-one relations',
      '{ runs(first: 10) { nodes { pipeline { name } vendor { domain } prospect { domain } } } }',
      5,
    ],
    [
      'phases, steps, calls and agents',
      '{ runs(first: 10) { nodes { phases { steps { agentCalls { agent { name } } } } } } }',
      6,
    ],
    ['one object', '{ run(by: { externalId: "run-3" }) { externalId pipeline { name } } }', 2],
    ['a list in a list', '{ companies(first: 10) { nodes { runs(first: 3) { nodes { externalId } } } } }', 4],
    [
      'a list in a list, with lengths',
      '{ companies(first: 10) { totalCount nodes { runs(first: 3) { totalCount nodes { externalId } } } } }',
      6,
    ],
    [
      'only lengths in a list',
      '{ companies(first: 10) { nodes { runs { totalCount } painPoints { totalCount } } } }',
      3,
    ],
    [
      'a list in a list in a list',
      '{ companies(first: 10) { nodes { runs(first: 3) { nodes { externalId painPoints(first: 2) { nodes { description company { domain } } } } } } } }',
      7,
    ],
    [
      'a list twice with other arguments',
      '{ companies(first: 10) { nodes { a: runs(first: 1) { nodes { id } } b: runs(first: 1, role: VENDOR) { nodes { id } } } } }',
      5,
    ],
    ['the run of the profile', '{ companies(first: 10) { nodes { profileRun { externalId pipeline { name } } } } }', 4],
    ['sums', '{ companies(first: 10) { nodes { runCostUsd } } }', 3],
    [
      'sources of several kinds',
      '{ runs(first: 10) { nodes { vendorElements { offerings { sources { url } } useCases { sources { url } } } } } }',
      5,
    ],
    [
      'what is derived of a site',
      '{ runs(first: 10) { nodes { urlPrioritization(side: VENDOR) { urlsSelected byCategory { urls } usual { runs } urls { url } } } } }',
      6,
    ],
    [
      'replays',
      '{ runs(first: 10) { nodes { replay(fromPhase: 3) { possible inputs { sha256 } savedCostUsd } } } }',
      5,
    ],
    ['replays with their payloads', '{ runs(first: 10) { nodes { replay(fromPhase: 3) { inputs { payload } } } } }', 6],
    ['competitors', '{ competitors { totalCount nodes { name } } }', 2],
    ['several objects by id', `{ a: runs(first: 1) { nodes { id } } b: pipelines { nodes { name } } }`, 4],
  ]

  it.each(documents)('%s', async (_what, document, statements) => {
    expect((await costOf(document)).statements).toBe(statements)
  })
})

describe('a page reads its rows and no more', () => {
  it('of a list: one row beyond the page, then the page', async () => {
    expect((await costOf('{ runs(first: 7) { nodes { externalId } } }')).rows).toBe(7 + 1 + 7)
  })

  it('of a nested list: for each parent one row beyond its page', async () => {
    // Five prospects with six runs each, and the vendor, who is nobody's prospect.
    const { rows } = await costOf('{ companies(first: 10) { nodes { runs(first: 2) { nodes { externalId } } } } }')
    expect(rows).toBe(6 + 6 + 5 * (2 + 1) + 5 * 2)
  })

  it('of a nested list of no size: only whether there is one', async () => {
    const { rows } = await costOf(
      '{ companies(first: 10) { nodes { runs(first: 0) { nodes { externalId } pageInfo { hasNextPage } } } } }',
    )
    expect(rows).toBe(6 + 6 + 5)
  })
})

describe('a document costs no more than its levels and three', () => {
  it('run detail', async () => {
    const { statements } = await costOf(`{
      run(by: { externalId: "run-3" }) {
        externalId status pipeline { name } vendor { domain } prospect { domain }
        phases { number steps { name agentCalls { agent { name } costUsd } } } events { message }
      }
    }`)
    // Nine things are read: run, pipeline, vendor, prospect, phases, steps, calls, agents, events.
    expect(statements).toBe(9)
  })
})
