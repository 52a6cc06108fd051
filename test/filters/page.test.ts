import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { entities } from '../../src/filters/entities/index.ts'
import { countRowsOf, findPage, findPages, type Paging } from '../../src/filters/page.ts'
import { newLog, testDatabase } from '../database.ts'
import { compare } from './judge.ts'
import { insertRuns, type SampleRun, sampleRuns } from './sample-runs.ts'

const database = testDatabase()
const runs = sampleRuns(database.organizationId)
const scope = { organizationId: database.organizationId }

beforeAll(() => insertRuns(database, runs))

type Key = Record<string, 'ASC' | 'DESC'>

function page(paging: Paging, where = {}) {
  return database.transaction(({ db }) => findPage(db, { entity: entities.run, scope, where }, paging))
}

/** Sorted without SQL: nulls last either way, then the id in the direction of the last key. */
function sorted(orderBy: Key[], of = runs): string[] {
  const keys = orderBy.flatMap((key) => Object.entries(key))
  const last = keys.at(-1)![1]
  return [...of]
    .sort((a, b) => {
      for (const [field, direction] of [...keys, ['id', last] as const]) {
        const [x, y] = [a[field as keyof SampleRun], b[field as keyof SampleRun]]
        if (x === null || y === null) {
          if (x !== y) return x === null ? 1 : -1
        } else {
          const order = typeof x === 'boolean' ? Number(x) - Number(y) : compare(x, y)
          if (order !== 0) return direction === 'ASC' ? order : -order
        }
      }
      return 0
    })
    .map(({ id }) => id)
}

/** Reads the whole list a page at a time. */
async function walk(orderBy: Key[], size: number, fromEnd: boolean): Promise<string[]> {
  const found: string[] = []
  let cursor: string | null = null
  for (;;) {
    const { rows, hasMore } = await page({ orderBy, size, fromEnd, cursor })
    found[fromEnd ? 'unshift' : 'push'](...rows.map(({ id }) => id))
    if (!hasMore) return found
    cursor = (fromEnd ? rows[0] : rows.at(-1))!.cursor
  }
}

const FIELDS = [
  'externalId',
  'createdBy',
  'status',
  'durationSeconds',
  'costUsd',
  'totalTokens',
  'reportedApiCalls',
  'startedAt',
  'isLatest',
]

describe('a list', () => {
  it.each(FIELDS.flatMap((field) => [[field, 'ASC'] as const, [field, 'DESC'] as const]))(
    'is sorted by %s %s, nulls last',
    async (field, direction) => {
      const orderBy = [{ [field]: direction }]
      const { rows } = await page({ orderBy, size: 500 })
      expect(rows.map(({ id }) => id)).toEqual(sorted(orderBy))
    },
  )

  it('read a page at a time, from either end, is the whole list once and in order', async () => {
    const key = fc.tuple(fc.constantFrom(...FIELDS), fc.constantFrom('ASC' as const, 'DESC' as const))
    const order = fc.uniqueArray(key, { minLength: 1, maxLength: 3, selector: ([field]) => field })
    await fc.assert(
      fc.asyncProperty(order, fc.constantFrom(1, 7, 25, 59, 60, 61), fc.boolean(), async (keys, size, fromEnd) => {
        const orderBy = keys.map(([field, direction]) => ({ [field]: direction }))
        expect(await walk(orderBy, size, fromEnd)).toEqual(sorted(orderBy))
      }),
      { numRuns: 40 },
    )
  })

  it('of no size is empty and says whether there is anything', async () => {
    expect(await page({ size: 0 })).toEqual({ rows: [], hasMore: true })
    expect(await page({ size: 0 }, { status: { in: [] } })).toEqual({ rows: [], hasMore: false })
  })

  it('goes on after a row that is gone', async () => {
    const orderBy = [{ externalId: 'ASC' as const }]
    const { rows } = await page({ orderBy, size: 3 })
    const next = await page({ orderBy, size: 1, cursor: rows[2]!.cursor }, { id: { notEquals: rows[2]!.id } })
    expect(next.rows[0]!.id).toBe(sorted(orderBy)[3])
  })
})

describe('a cursor', () => {
  it.each([
    ['of another order', [{ startedAt: 'DESC' }], [{ startedAt: 'ASC' }]],
    ['of other fields', [{ startedAt: 'DESC' }], [{ costUsd: 'DESC' }]],
  ])('%s is refused', async (_what, given, asked) => {
    const { rows } = await page({ orderBy: given, size: 1 })
    await expect(page({ orderBy: asked, size: 1, cursor: rows[0]!.cursor })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      argument: 'after',
    })
  })

  it('that was made up is refused before any statement fails', async () => {
    const { rows } = await page({ orderBy: [{ startedAt: 'DESC' }], size: 1 })
    const [sign] = JSON.parse(Buffer.from(rows[0]!.cursor, 'base64url').toString()) as string[]
    const forge = (...content: unknown[]) => Buffer.from(JSON.stringify(content)).toString('base64url')
    const id = runs[0]!.id
    for (const cursor of [
      '',
      'x',
      forge(),
      forge(sign),
      forge(sign, 'never', id),
      forge(sign, 1, id),
      forge(sign, null, 'x'),
      forge(sign, null, null),
    ]) {
      const asked = page({ orderBy: [{ startedAt: 'DESC' }], size: 1, cursor })
      await expect(asked).rejects.toMatchObject({ code: 'BAD_USER_INPUT', argument: 'after' })
    }
  })
})

describe('the lists of several parents', () => {
  const parents = [...new Set(runs.flatMap(({ prospect }) => (prospect ? [prospect.id] : [])))]
  const link = { columns: ['prospect_id'] }
  const ofParent = (id: string) => runs.filter(({ prospect }) => prospect?.id === id)

  it('are each what the list of one parent would be', async () => {
    const orderBy: Key[] = [{ durationSeconds: 'DESC' }, { externalId: 'ASC' }]
    for (const fromEnd of [false, true]) {
      const selection = { entity: entities.run, scope }
      const paging = { orderBy, size: 3, fromEnd }
      const [pages] = await database.transaction(({ db }) => findPages(db, [{ selection, paging, link, parents }]))
      for (const parent of parents) {
        const all = sorted(orderBy, ofParent(parent))
        expect(pages!.get(parent)!.rows.map(({ id }) => id)).toEqual(fromEnd ? all.slice(-3) : all.slice(0, 3))
        expect(pages!.get(parent)!.hasMore).toBe(all.length > 3)
      }
    }
  })

  it('of several kinds are read by one statement, each as if it were alone', async () => {
    const lists = [
      { selection: { entity: entities.run, scope }, paging: { size: 2 }, link, parents },
      {
        selection: { entity: entities.run, scope },
        paging: { size: 5, orderBy: [{ externalId: 'DESC' }] },
        link,
        parents,
      },
      {
        selection: { entity: entities.painPoint, scope },
        paging: { size: 3 },
        link: { columns: ['company_id'] },
        parents,
      },
    ]
    const log = newLog()
    const together = await database.transaction(({ db }) => findPages(db, lists), log)
    const alone = await database.transaction(({ db }) => Promise.all(lists.map((list) => findPages(db, [list]))))
    expect(together).toEqual(alone.map(([pages]) => pages))
    // The first enters the transaction.
    expect(log.statements - 1).toBe(1)
  })

  it('are counted together, those without a row too', async () => {
    const nobody = '00000000-0000-5000-8000-000000000000'
    const where = { status: { equals: 'RUNNING' } }
    const selection = { entity: entities.run, scope, where }
    const [counts] = await database.transaction(({ db }) =>
      countRowsOf(db, [{ selection, link, parents: [...parents, nobody] }]),
    )
    expect(counts!.get(nobody)).toBe(0)
    for (const parent of parents)
      expect(counts!.get(parent)).toBe(ofParent(parent).filter(({ status }) => status === 'RUNNING').length)
  })
})
