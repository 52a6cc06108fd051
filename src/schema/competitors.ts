import { createHash } from 'node:crypto'
import { BadInputError } from '../errors.ts'
import { entities } from '../filters/entities/index.ts'
import {
  type CompetitorPlace,
  type Competitor as CompetitorValue,
  countCompetitors,
  findCompetitors,
} from '../measures/competitors.ts'
import { builder } from './builder.ts'
import { type Connection, connectionOf } from './connection.ts'
import { MOST_AT_TOP, readPaging } from './list-arguments.ts'
import { once } from './lists.ts'
import { whereOf } from './where-inputs.ts'

const Competitor = builder.objectRef<CompetitorValue>('Competitor').implement({
  description: 'A competitor that battle cards position against.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its most frequent spelling.' }),
    battleCards: t.exposeInt('battleCards', { description: 'Number of battle cards that name it.' }),
    runs: t.exposeInt('runs', { description: 'Number of runs with such a battle card.' }),
    prospects: t.exposeInt('prospects', {
      description: 'Number of known companies that are the prospect of such a run.',
    }),
  }),
})

builder.queryField('competitors', (t) =>
  t.field({
    type: connectionOf('Competitor', Competitor as never),
    description: 'Competitors in battle cards, those in most battle cards first, then by name.',
    args: {
      where: t.arg({ type: whereOf(entities.run), description: 'Of which runs; of all unless given.' }),
      first: t.arg.int({ description: `How many to take: 20 unless given, at most ${MOST_AT_TOP}.` }),
      after: t.arg.string({ description: 'Take those after this place, which an edge of this list gave.' }),
    },
    resolve: (_root, { where, first, after }, { db, scope }): Connection => {
      const selection = { scope, where }
      const { size } = readPaging({ first }, MOST_AT_TOP)
      const start = typeof after === 'string' ? decodePlace(after) : null
      const found = once(() => findCompetitors(db, selection, size + 1, start))
      const byKey = once(async () => new Map((await found()).map((competitor) => [competitor.key, competitor])))
      return {
        async page() {
          const competitors = await found()
          const rows = competitors.slice(0, size).map((each) => ({ id: each.key, cursor: encodePlace(each) }))
          return { rows, hasMore: competitors.length > size }
        },
        node: async (key) => (await byKey()).get(key)!,
        totalCount: once(() => countCompetitors(db, selection)),
        paging: { fromEnd: false, hasCursor: start !== null },
      }
    },
  }),
)

/** Tells the cursors of this list from those of others. */
const SIGN = createHash('sha256').update('Competitor').digest('base64url').slice(0, 8)

function encodePlace({ battleCards, name, key }: CompetitorPlace): string {
  return Buffer.from(JSON.stringify([SIGN, battleCards, name, key])).toString('base64url')
}

function decodePlace(cursor: string): CompetitorPlace {
  try {
    const [sign, battleCards, name, key] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    const isPlace =
      sign === SIGN && typeof battleCards === 'number' && typeof name === 'string' && typeof key === 'string'
    if (isPlace && !`${name}${key}`.includes('\u0000')) return { battleCards, name, key }
  } catch {
    // Not base64url, not JSON or not a list: no cursor.
  }
  throw new BadInputError('after is not a cursor of this list.', { argument: 'after' })
}
