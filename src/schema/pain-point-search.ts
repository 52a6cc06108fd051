import { entities } from '../filters/entities/index.ts'
import type { Link } from '../filters/page.ts'
import { highlightPainPoints } from '../search/highlight.ts'
import { parseSearch } from '../search/parse-search.ts'
import { searchPainPoints } from '../search/search-pain-points.ts'
import { builder, type Types } from './builder.ts'
import { type Connection, connectionOf } from './connection.ts'
import type { Context } from './context.ts'
import type PrismaTypes from './generated/pothos.ts'
import { listArguments, MOST_AT_TOP, MOST_NESTED } from './list-arguments.ts'
import { nestedList, topList } from './lists.ts'
import { question } from './loaders.ts'
import { PainPoint } from './prospects.ts'

const { painPoint } = entities

const highlights = question<string, string | null>(
  ({ db, scope }, ids, search) => highlightPainPoints(db, scope, search, ids),
  null,
)

const PainPointConnection = connectionOf('PainPoint', PainPoint as never, {
  relevance: {
    type: 'Float',
    description:
      'How well it fits the search, 0–1: from 0.75 on it has it word for word, from 0.5 on all of its words by stem, from 0.25 on synonyms of them, below words that resemble them; null where the list was not searched.',
  },
  highlight: {
    type: 'String',
    description:
      'The description with what the search found in `<mark>…</mark>`, all else escaped for HTML; null where the list was not searched.',
    resolve: ({ id }, { search }, context) => (search === undefined ? null : highlights(context, id, search)),
  },
})

export const SEARCH_DESCRIPTION =
  'Which words the description must have: all of them, by English stem or as a synonym; "in quotes" as a phrase, `-word` not at all, `or` between alternatives. A word that no pain point has is replaced by those that resemble it. Best first, unless `orderBy` says otherwise.'

function painPointArguments(most: number) {
  return builder.args((t) => ({
    search: t.string({ description: SEARCH_DESCRIPTION }),
    ...listArguments(painPoint, most),
  }))
}

builder.queryField('painPoints', (t) =>
  t.field({
    type: PainPointConnection,
    args: painPointArguments(MOST_AT_TOP),
    description: 'Pain points of all companies, from every source.',
    resolve: (_root, { search, ...args }, context, info): Connection => {
      const find = finderOf(search, context)
      return { ...topList(painPoint, args, context, info, { find }), ...(find && { search: search! }) }
    },
  }),
)

type FieldBuilder = PothosSchemaTypes.PrismaObjectFieldBuilder<Types, PrismaTypes['Run']>

/** The pain points of an object, on its type. */
export function painPointsField(t: unknown, link: readonly string[] | Link, description: string) {
  const links = 'through' in link || 'columns' in link ? link : { columns: link }
  return (t as FieldBuilder).field({
    type: PainPointConnection,
    args: painPointArguments(MOST_NESTED),
    description,
    select: { id: true } as never,
    resolve: (parent, { search, ...args }, context, info): Connection => {
      const find = finderOf(search, context)
      const { id } = parent as { id: string }
      return { ...nestedList(painPoint, links, id, args, context, info, { find }), ...(find && { search: search! }) }
    },
  })
}

/** Checks the search at once, so that a wrong one costs no statement. */
function finderOf(search: string | null | undefined, { db }: Context) {
  if (search === null || search === undefined) return undefined
  parseSearch(search)
  return () => searchPainPoints(db, search)
}
