import { entities } from '../filters/entities/index.ts'
import { parseSearch } from '../search/parse-search.ts'
import { searchPainPoints } from '../search/search-pain-points.ts'
import { countThemes, findThemes, type ThemePlace, type Theme as ThemeValue } from '../search/themes.ts'
import { builder } from './builder.ts'
import { connectionOf } from './connection.ts'
import { DERIVED_PAGING, derivedList } from './derived-lists.ts'
import { enumOf } from './enums.ts'
import { once } from './lists.ts'
import { SEARCH_DESCRIPTION } from './pain-point-search.ts'
import { isText, placesOf } from './places.ts'
import { whereOf } from './where-inputs.ts'

const ThemeCategory = builder.objectRef<ThemeValue['categories'][number]>('PainPointThemeCategory').implement({
  description: 'How many pain points of a theme are of one kind.',
  fields: (t) => ({
    category: t.field({
      type: enumOf('PainPointCategory'),
      nullable: true,
      description: 'The kind; null for pain points without one.',
      resolve: ({ category }) => category,
    }),
    painPoints: t.exposeInt('painPoints', { description: 'Number of pain points of this kind.' }),
  }),
})

const Theme = builder.objectRef<ThemeValue>('PainPointTheme').implement({
  description: 'What several pain points say alike, but for case, punctuation and spaces.',
  fields: (t) => ({
    theme: t.exposeString('theme', { description: 'Its most frequent spelling; of several the first by code point.' }),
    key: t.exposeString('key', {
      description: 'Its text folded: what `theme` of its pain points equals.',
    }),
    painPoints: t.exposeInt('painPoints', { description: 'Number of pain points that say it.' }),
    runs: t.exposeInt('runs', { description: 'Number of runs that found it.' }),
    companies: t.exposeInt('companies', { description: 'Number of companies that have it.' }),
    categories: t.expose('categories', {
      type: [ThemeCategory],
      description: 'Its pain points by kind, the most frequent kind first.',
    }),
  }),
})

const places = placesOf<ThemePlace>(
  'PainPointTheme',
  ({ painPoints, key }) => [painPoints, key],
  ([painPoints, key]) =>
    Number.isSafeInteger(painPoints) && isText(key) ? { painPoints: painPoints as number, key } : null,
)

builder.queryField('painPointThemes', (t) =>
  t.field({
    type: connectionOf('PainPointTheme', Theme as never),
    description: 'What pain points say most often, the most frequent first, then by the folded text.',
    args: {
      search: t.arg.string({ description: SEARCH_DESCRIPTION.replace(/ Best first.*/, '') }),
      where: t.arg({ type: whereOf(entities.painPoint), description: 'Of which pain points; of all unless given.' }),
      first: t.arg.int(DERIVED_PAGING.first),
      after: t.arg.string({ description: DERIVED_PAGING.after }),
    },
    resolve: (_root, { search, where, first, after }, { db, scope }) => {
      if (search !== null && search !== undefined) parseSearch(search)
      const selection = once(async () => ({
        scope,
        where,
        found: search === null || search === undefined ? null : await searchPainPoints(db, search),
      }))
      return derivedList({
        first,
        after,
        places,
        keyOf: ({ key }) => key,
        find: async (limit, start) => findThemes(db, await selection(), limit, start),
        count: async () => countThemes(db, await selection()),
      })
    },
  }),
)
