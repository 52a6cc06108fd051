import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { importFiles } from '../imported.ts'
import { completeRun } from '../importers/playbook-fixture.ts'

const database = testDatabase()

/** Battle cards by run: each is the list of competitors it names. */
const RUNS: { prospect: string; cards: string[][] }[] = [
  { prospect: 'a.example', cards: [['Rival', 'RIVAL '], [' rival'], ['Zeta']] },
  { prospect: 'a.example', cards: [['rival', 'Other']] },
  {
    prospect: 'b.example',
    cards: [
      ['Other', 'zeta', 'Straße'],
      ['STRASSE', ' ', 'Alpha'],
    ],
  },
  { prospect: '', cards: [['Zeta']] },
]

beforeAll(async () => {
  const files = RUNS.map(({ prospect, cards }, index) => {
    const run = completeRun({
      run_id: `run-${index}`,
      workflow_input: { vendor_domain: 'vendor.example', prospect_domain: prospect || null },
    })
    const playbook = (run.phase4_output as { sales_playbook: Record<string, unknown> }).sales_playbook
    playbook.battle_cards = cards.map((names) => ({
      title: 'Card',
      competitive_positioning: names.map((competitor_name) => ({ competitor_name })),
    }))
    return [`run-${index}.json`, run]
  })
  await importFiles(database, Object.fromEntries(files))
})

const all = (args: string) =>
  database.data(
    `{ competitors(${args}) { totalCount nodes { name battleCards runs prospects } edges { cursor } pageInfo { hasNextPage } } }`,
  )

describe('competitors', () => {
  it('are told apart by their folded names and counted once a card, most cards first, then by name', async () => {
    const { competitors } = await all('first: 20')
    expect(competitors.nodes).toEqual(
      [
        // Three cards in two runs; of "Rival", "RIVAL" and twice "rival" the last is the most frequent spelling.
        { name: 'rival', battleCards: 3, runs: 2, prospects: 1 },
        // "Zeta" twice and "zeta" once; one of the runs has no known prospect.
        { name: 'Zeta', battleCards: 3, runs: 3, prospects: 2 },
        { name: 'Other', battleCards: 2, runs: 2, prospects: 2 },
        // Equally frequent spellings: the first by code point.
        { name: 'STRASSE', battleCards: 2, runs: 1, prospects: 1 },
        { name: 'Alpha', battleCards: 1, runs: 1, prospects: 1 },
      ].sort((a, b) => b.battleCards - a.battleCards || (a.name < b.name ? -1 : 1)),
    )
    expect(competitors.totalCount).toBe(5)
  })

  it('a page at a time are the same', async () => {
    const whole = (await all('first: 20')).competitors.nodes
    const found: unknown[] = []
    for (let after = ''; ; ) {
      const { competitors } = await all(`first: 2${after && `, after: "${after}"`}`)
      found.push(...competitors.nodes)
      if (!competitors.pageInfo.hasNextPage) break
      after = competitors.edges.at(-1).cursor
    }
    expect(found).toEqual(whole)
  })

  it('of some runs only', async () => {
    const { competitors } = await all('where: { prospect: { domain: { equals: "a.example" } } }')
    expect(competitors.nodes).toEqual([
      { name: 'rival', battleCards: 3, runs: 2, prospects: 1 },
      { name: 'Other', battleCards: 1, runs: 1, prospects: 1 },
      { name: 'Zeta', battleCards: 1, runs: 1, prospects: 1 },
    ])
    expect(competitors.totalCount).toBe(3)
  })

  it('refuse a cursor of another list', async () => {
    const { runs } = await database.data('{ runs(first: 1) { edges { cursor } } }')
    for (const after of [runs.edges[0].cursor, 'x', '']) {
      const { errors } = await database.ask(
        'query ($after: String) { competitors(after: $after) { totalCount nodes { name } } }',
        { after },
      )
      expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'after' })
    }
  })
})
