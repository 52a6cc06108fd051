import { createHash } from 'node:crypto'
import { BadInputError } from '../errors.ts'
import { entities } from '../filters/entities/index.ts'
import { parseSearch } from '../search/parse-search.ts'
import { searchPainPoints } from '../search/search-pain-points.ts'
import { countThemes, findThemes, type ThemePlace, type Theme as ThemeValue } from '../search/themes.ts'
import { builder } from './builder.ts'
import { type Connection, connectionOf } from './connection.ts'
import { enumOf } from './enums.ts'
import { MOST_AT_TOP, readPaging } from './list-arguments.ts'
import { once } from './lists.ts'
import { SEARCH_DESCRIPTION } from './pain-point-search.ts'
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

builder.queryField('painPointThemes', (t) =>
  t.field({
    type: connectionOf('PainPointTheme', Theme as never),
    description: 'What pain points say most often, the most frequent first, then by the folded text.',
    args: {
      search: t.arg.string({ description: SEARCH_DESCRIPTION.replace(/ Best first.*/, '') }),
      where: t.arg({ type: whereOf(entities.painPoint), description: 'Of which pain points; of all unless given.' }),
      first: t.arg.int({ description: `How many to take: 20 unless given, at most ${MOST_AT_TOP}.` }),
      after: t.arg.string({ description: 'Take those after this place, which an edge of this list gave.' }),
    },
    resolve: (_root, { search, where, first, after }, { db, scope }): Connection => {
      if (search !== null && search !== undefined) parseSearch(search)
      const selection = once(async () => ({
        scope,
        where,
        found: search === null || search === undefined ? null : await searchPainPoints(db, search),
      }))
      const { size } = readPaging({ first }, MOST_AT_TOP)
      const start = typeof after === 'string' ? decodePlace(after) : null
      const found = once(async () => findThemes(db, await selection(), size + 1, start))
      const byKey = once(async () => new Map((await found()).map((theme) => [theme.key, theme])))
      return {
        async page() {
          const themes = await found()
          const rows = themes.slice(0, size).map((each) => ({ id: each.key, cursor: encodePlace(each) }))
          return { rows, hasMore: themes.length > size }
        },
        node: async (key) => (await byKey()).get(key)!,
        totalCount: once(async () => countThemes(db, await selection())),
        paging: { fromEnd: false, hasCursor: start !== null },
      }
    },
  }),
)

/** Tells the cursors of this list from those of others. */
const SIGN = createHash('sha256').update('PainPointTheme').digest('base64url').slice(0, 8)

function encodePlace({ painPoints, key }: ThemePlace): string {
  return Buffer.from(JSON.stringify([SIGN, painPoints, key])).toString('base64url')
}

function decodePlace(cursor: string): ThemePlace {
  try {
    const [sign, painPoints, key] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    if (sign === SIGN && Number.isSafeInteger(painPoints) && typeof key === 'string' && !key.includes('\u0000'))
      return { painPoints: painPoints as number, key }
  } catch {
    // Not base64url, not JSON or not a list: no cursor.
  }
  throw new BadInputError('after is not a cursor of this list.', { argument: 'after' })
}
