import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { entities } from '../../src/filters/entities/index.ts'
import { countRows, findPage } from '../../src/filters/page.ts'
import { testDatabase } from '../database.ts'
import { judge } from './judge.ts'
import { insertRuns, sampleRuns } from './sample-runs.ts'

const database = testDatabase()
const runs = sampleRuns(database.organizationId)
const scope = { organizationId: database.organizationId }

beforeAll(() => insertRuns(database, runs))

async function find(where: Record<string, unknown>): Promise<string[]> {
  const page = await database.transaction(({ db }) =>
    findPage(db, { entity: entities.run, scope, where }, { size: 500 }),
  )
  return page.rows.map(({ id }) => id).sort()
}

const expected = (where: Record<string, unknown>): string[] =>
  runs
    .filter((run) => judge(run, where))
    .map(({ id }) => id)
    .sort()

const CASES: [string, Record<string, unknown>][] = [
  ['no condition takes every row', {}],
  ['text equals minds case', { createdBy: { equals: 'Ada' } }],
  ['text equals the empty text, which is not null', { createdBy: { equals: '' } }],
  ['text notEquals keeps nulls', { createdBy: { notEquals: 'Ada' } }],
  ['text in', { createdBy: { in: ['Ada', "O'Neil", 'none'] } }],
  ['text in nothing takes no row', { createdBy: { in: [] } }],
  ['text notIn keeps nulls', { createdBy: { notIn: ['Ada', ''] } }],
  ['text notIn nothing takes every row', { createdBy: { notIn: [] } }],
  ['text contains ignores case', { createdBy: { contains: 'AD' } }],
  ['text contains ignores case beyond ASCII', { createdBy: { contains: 'äd' } }],
  ['text contains takes % as it is', { createdBy: { contains: '%' } }],
  ['text contains takes _ as it is', { createdBy: { contains: '_' } }],
  ['text contains takes a backslash as it is', { createdBy: { contains: '\\' } }],
  ['text contains the empty text takes all but nulls', { createdBy: { contains: '' } }],
  ['text startsWith ignores case', { createdBy: { startsWith: 'bOB' } }],
  ['text isNull', { createdBy: { isNull: true } }],
  ['text is not null', { createdBy: { isNull: false } }],
  ['several operators must all hold', { createdBy: { contains: 'a', notEquals: 'Ada' } }],
  ['enum equals', { status: { equals: 'COMPLETED' } }],
  ['a failed run in its grace is running', { status: { equals: 'RUNNING' } }],
  ['a failed run past its grace is failed', { status: { equals: 'FAILED' } }],
  ['enum in', { status: { in: ['RUNNING', 'QUEUED'] } }],
  ['enum notIn', { status: { notIn: ['RUNNING', 'FAILED'] } }],
  ['enum notEquals', { status: { notEquals: 'RUNNING' } }],
  ['integer equals', { reportedApiCalls: { equals: 0 } }],
  ['integer beyond 32 bits compares', { reportedApiCalls: { lt: 99_999_999_999 } }],
  ['integer gt', { reportedApiCalls: { gt: 0 } }],
  ['integer gte and lte', { reportedApiCalls: { gte: 0, lte: 1 } }],
  ['bigint gt', { totalTokens: { gt: 3_000_000_000n } }],
  ['bigint in', { totalTokens: { in: [0n, 6_000_000_000n] } }],
  ['float lt', { durationSeconds: { lt: 1.5 } }],
  ['float equals', { durationSeconds: { equals: 1.5 } }],
  ['float notIn keeps nulls', { durationSeconds: { notIn: [0, 1.5] } }],
  ['decimal equals by value, not by digits', { costUsd: { equals: '1.10' } }],
  ['decimal gte', { costUsd: { gte: '1.01' } }],
  ['dateTime equals to the millisecond', { startedAt: { equals: '2025-02-02T00:00:00.001Z' } }],
  ['dateTime gte and lt', { startedAt: { gte: '2025-02-01T00:00:00.000Z', lt: '2025-03-01T00:00:00.000Z' } }],
  ['dateTime notEquals keeps nulls', { startedAt: { notEquals: '2025-02-02T00:00:00.001Z' } }],
  ['boolean equals', { isLatest: { equals: true } }],
  ['boolean notEquals', { isLatest: { notEquals: true } }],
  ['list has', { tags: { has: 'prompt-A' } }],
  ['list has an element with a comma', { tags: { has: 'x,y' } }],
  ['list hasSome', { tags: { hasSome: ['prompt-A', '"q"'] } }],
  ['list hasSome of nothing takes no row', { tags: { hasSome: [] } }],
  ['list hasEvery', { tags: { hasEvery: ['prompt-A', 'prompt-B'] } }],
  ['list hasEvery of nothing takes every row', { tags: { hasEvery: [] } }],
  ['list isEmpty', { tags: { isEmpty: true } }],
  ['list is not empty', { tags: { isEmpty: false } }],
  ['json isNull', { promptVersions: { isNull: true } }],
  ['AND of nothing takes every row', { AND: [] }],
  ['OR of nothing takes no row', { OR: [] }],
  ['OR', { OR: [{ status: { equals: 'QUEUED' } }, { tags: { has: 'prompt-B' } }] }],
  ['NOT takes rows without a value', { NOT: { durationSeconds: { gt: 1 } } }],
  ['NOT NOT', { NOT: { NOT: { durationSeconds: { gt: 1 } } } }],
  ['a to-one relation', { prospect: { industry: { equals: 'B2B SaaS' } } }],
  ['a to-one relation that is there', { prospect: {} }],
  ['a to-one relation whose value is not', { prospect: { industry: { notEquals: 'B2B SaaS' } } }],
  ['NOT of a to-one relation takes rows without one', { NOT: { prospect: { industry: { equals: 'B2B SaaS' } } } }],
  ['a to-one relation isNull', { prospect: { isNull: true } }],
  ['a to-one relation is not null', { prospect: { isNull: false } }],
  ['a to-many relation: one of them', { agentCalls: { model: { equals: 'large-1' }, calls: { equals: 2 } } }],
  ['a to-many relation: not one of them', { NOT: { agentCalls: { model: { isNull: true } } } }],
  [
    'relations within relations',
    {
      agentCalls: { model: { isNull: true } },
      prospect: { OR: [{ name: { isNull: true } }, { industry: { isNull: true } }] },
    },
  ],
]

describe('a filter takes exactly the rows that meet it', () => {
  it.each(CASES)('%s', async (_rule, where) => {
    expect(await find(where)).toEqual(expected(where))
  })

  it('by the id of the API and by the bare id', async () => {
    const { id } = runs[3]!
    const global = Buffer.from(`Run:${id}`).toString('base64url')
    expect(await find({ id: { in: [global, runs[4]!.id] } })).toEqual([id, runs[4]!.id].sort())
  })

  it('in the other direction of a relation', async () => {
    const where = { prospectRuns: { status: { equals: 'QUEUED' } } }
    const count = await database.transaction(({ db }) => countRows(db, { entity: entities.company, scope, where }))
    expect(count).toBe(
      new Set(
        runs.filter(({ status, prospect }) => status === 'QUEUED' && prospect).map(({ prospect }) => prospect!.id),
      ).size,
    )
  })

  it('without a row that only another row refers to', async () => {
    const where = { playbook: { isNull: true } }
    expect((await find(where)).length).toBe(runs.length)
    expect(await find({ playbook: { isNull: false } })).toEqual([])
  })

  it('a condition that a client left out is none', async () => {
    expect((await find({ status: null, createdBy: undefined, AND: null })).length).toBe(runs.length)
  })
})

describe('any combination of conditions', () => {
  const leaf = fc.constantFrom(
    ...CASES.map(([, where]) => where).filter((where) => !('AND' in where || 'OR' in where || 'NOT' in where)),
  )
  const { tree } = fc.letrec<{ tree: Record<string, unknown> }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.record({ AND: fc.array(tie('tree'), { maxLength: 3 }) }),
      fc.record({ OR: fc.array(tie('tree'), { maxLength: 3 }) }),
      fc.record({ NOT: tie('tree') }),
    ),
  }))

  it('means what the judge says', async () => {
    await fc.assert(
      fc.asyncProperty(tree, async (where) => {
        expect(await find(where)).toEqual(expected(where))
      }),
      { numRuns: 150 },
    )
  })
})
