import { entities } from '../filters/entities/index.ts'
import {
  type CompetitorPlace,
  type Competitor as CompetitorValue,
  countCompetitors,
  findCompetitors,
} from '../measures/competitors.ts'
import { builder } from './builder.ts'
import { connectionOf } from './connection.ts'
import { DERIVED_PAGING, derivedList } from './derived-lists.ts'
import { isText, placesOf } from './places.ts'
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

const places = placesOf<CompetitorPlace>(
  'Competitor',
  ({ battleCards, name, key }) => [battleCards, name, key],
  ([battleCards, name, key]) =>
    typeof battleCards === 'number' && isText(name) && isText(key) ? { battleCards, name, key } : null,
)

builder.queryField('competitors', (t) =>
  t.field({
    type: connectionOf('Competitor', Competitor as never),
    description: 'Competitors in battle cards, those in most battle cards first, then by name.',
    args: {
      where: t.arg({ type: whereOf(entities.run), description: 'Of which runs; of all unless given.' }),
      first: t.arg.int(DERIVED_PAGING.first),
      after: t.arg.string({ description: DERIVED_PAGING.after }),
    },
    resolve: (_root, { where, first, after }, { db, scope }) => {
      const selection = { scope, where }
      return derivedList({
        first,
        after,
        places,
        keyOf: ({ key }) => key,
        find: (limit, start) => findCompetitors(db, selection, limit, start),
        count: () => countCompetitors(db, selection),
      })
    },
  }),
)
