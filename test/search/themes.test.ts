import { beforeAll, describe, expect, it } from 'vitest'
import { identifiersOf, organizationIdOf } from '../../src/model/identifiers.ts'
import { testDatabase } from '../database.ts'
import { addPainPoints } from './pain-point-rows.ts'

const database = testDatabase()
const ids = identifiersOf(organizationIdOf('default'))
const run = (name: string) => ids.of('run', name)
const company = (name: string) => ids.of('company', name)

beforeAll(async () => {
  await addPainPoints(database, [
    { description: 'Manual data entry', category: 'OPERATIONAL', runId: run('1'), companyId: company('a') },
    { description: 'manual data-entry!', category: 'OPERATIONAL', runId: run('1'), companyId: company('b') },
    { description: 'Manual data entry', runId: run('2'), companyId: company('a'), origin: 'BUYER_PERSONA' },
    { description: 'manual data-entry!', category: 'TECHNICAL', runId: run('3') },
    { description: '  MANUAL  data entry', origin: 'SIGNAL' },
    { description: 'Große Straße', runId: run('1') },
    { description: 'GROSSE STRASSE' },
    { description: 'b twice', category: 'GROWTH' },
    { description: 'B twice', category: 'MARKET' },
    { description: 'Only once' },
    { description: '!!!' },
  ])
  await addPainPoints(database, ['Manual data entry', 'Manual data entry', 'Theirs'], 'others')
})

const FIELDS = 'theme key painPoints runs companies categories { category painPoints }'
const ask = (args = '') =>
  database.data(`{ painPointThemes${args} { totalCount nodes { ${FIELDS} } pageInfo { hasNextPage endCursor } } }`)

describe('themes', () => {
  it('are descriptions but for case and signs, the most frequent first, then by folded text, in the most frequent spelling', async () => {
    const { painPointThemes } = await ask()
    expect(painPointThemes.nodes).toEqual([
      {
        // Two spellings are there twice: capitals come first by code point.
        theme: 'Manual data entry',
        key: 'manual data entry',
        painPoints: 5,
        runs: 3,
        companies: 2,
        categories: [
          { category: 'OPERATIONAL', painPoints: 2 },
          { category: null, painPoints: 2 },
          { category: 'TECHNICAL', painPoints: 1 },
        ],
      },
      {
        theme: 'B twice',
        key: 'b twice',
        painPoints: 2,
        runs: 0,
        companies: 0,
        categories: [
          { category: 'GROWTH', painPoints: 1 },
          { category: 'MARKET', painPoints: 1 },
        ],
      },
      {
        theme: 'GROSSE STRASSE',
        key: 'grosse strasse',
        painPoints: 2,
        runs: 1,
        companies: 0,
        categories: [{ category: null, painPoints: 2 }],
      },
      expect.objectContaining({ theme: '!!!', key: '', painPoints: 1 }),
      expect.objectContaining({ theme: 'Only once', key: 'only once', painPoints: 1 }),
    ])
    expect(painPointThemes.totalCount).toBe(5)
  })

  it('count only what a filter takes, spellings too', async () => {
    const { painPointThemes } = await ask('(where: { run: { isNull: false } })')
    expect(
      painPointThemes.nodes.map(({ theme, painPoints }: { theme: string; painPoints: number }) => [theme, painPoints]),
    ).toEqual([
      ['Manual data entry', 4],
      ['Große Straße', 1],
    ])
    expect(painPointThemes.totalCount).toBe(2)
  })

  it('count only what a search finds', async () => {
    const { painPointThemes } = await ask('(search: "entries -signals or strasse")')
    expect(painPointThemes.nodes.map(({ key }: { key: string }) => key)).toEqual([
      'manual data entry',
      'grosse strasse',
    ])
    expect(painPointThemes.totalCount).toBe(2)
    const both = await ask('(search: "entry", where: { category: { equals: TECHNICAL } })')
    expect(both.painPointThemes.nodes).toEqual([
      expect.objectContaining({ painPoints: 1, theme: 'manual data-entry!' }),
    ])
  })

  it.each([1, 2, 3])('come in pages of %i', async (size) => {
    const keys: string[] = []
    for (let after: string | undefined; ; ) {
      const { painPointThemes } = await ask(`(first: ${size}${after ? `, after: "${after}"` : ''})`)
      keys.push(...painPointThemes.nodes.map(({ key }: { key: string }) => key))
      if (!painPointThemes.pageInfo.hasNextPage) break
      after = painPointThemes.pageInfo.endCursor
    }
    expect(keys).toEqual(['manual data entry', 'b twice', 'grosse strasse', '', 'only once'])
  })

  it('lead to their pain points', async () => {
    const { painPointThemes } = await ask('(first: 1)')
    const { painPoints } = await database.data(
      'query ($key: String!) { painPoints(where: { theme: { equals: $key } }) { totalCount } }',
      { key: painPointThemes.nodes[0].key },
    )
    expect(painPoints.totalCount).toBe(5)
  })

  it.each([
    ['(first: 501)', 'first'],
    ['(first: -1)', 'first'],
    ['(after: "x")', 'after'],
  ])('refuse %s', async (args, argument) => {
    const { errors } = await database.ask(`{ painPointThemes${args} { totalCount nodes { key } } }`)
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument })
  })

  it('are those of the organization alone, by row-level security alone', async () => {
    const open = database.newServer({ organizationCondition: false })
    const { painPointThemes } = await database.data(
      '{ painPointThemes { totalCount nodes { key painPoints } } }',
      {},
      open,
    )
    expect([painPointThemes.totalCount, painPointThemes.nodes[0].painPoints]).toEqual([5, 5])
  })
})
