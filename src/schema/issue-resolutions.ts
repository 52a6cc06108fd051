import { BadInputError } from '../errors.ts'
import { entities } from '../filters/entities/index.ts'
import { isUuid } from '../filters/global-ids.ts'
import type { Page } from '../filters/page.ts'
import type { Where } from '../filters/where.ts'
import {
  type After,
  countSimilarIssues,
  embeddingLengths,
  findSimilarIssues,
  type Likeness,
  type Neighbour,
  neighboursOf,
} from '../measures/similar-issues.ts'
import { builder } from './builder.ts'
import { columnsOf, nodeOf } from './columns.ts'
import { type Connection, connectionOf } from './connection.ts'
import type { Context } from './context.ts'
import { hydrate, planNodes } from './hydrate.ts'
import { listArguments, MOST_AT_TOP, MOST_NESTED, readPaging } from './list-arguments.ts'
import { once, topList } from './lists.ts'
import { question } from './loaders.ts'
import { addLookup } from './lookups.ts'
import { type Places, placesOf } from './places.ts'

const { issueResolution } = entities

const neighbours = question<number, Neighbour[]>(({ db, scope }, ids, count) => neighboursOf(db, scope, count, ids), [])

const USUAL_NEIGHBOURS = 5

export const IssueResolution = builder.prismaNode('IssueResolution', {
  ...nodeOf(issueResolution),
  fields: (t) => ({
    ...columnsOf(t, issueResolution),
    embedding: t.field({
      type: ['Float'],
      description: "The source's own embedding of the issue, in single precision; empty when it has none.",
      select: { embedding: true },
      resolve: ({ embedding }) => embedding,
    }),
  }),
})

const Neighbouring = builder.objectRef<Neighbour>('NeighbouringIssue').implement({
  description: 'A record of an issue whose embedding is near to that of another.',
  fields: (t) => ({
    distance: t.exposeFloat('distance', {
      description: 'Cosine distance of the embeddings, 0–2; 0 is the same direction.',
    }),
    issueResolution: t.prismaField({
      type: IssueResolution,
      description: 'The record.',
      resolve: (query, { id }, _args, { tx }) => tx.issueResolution.findUniqueOrThrow({ ...query, where: { id } }),
    }),
  }),
})

builder.prismaObjectField(IssueResolution, 'similar', (t) =>
  t.field({
    type: [Neighbouring],
    args: {
      first: t.arg.int({
        description: `How many to take: ${USUAL_NEIGHBOURS} unless given, at most ${MOST_NESTED}.`,
        extensions: { size: { usual: USUAL_NEIGHBOURS, most: MOST_NESTED } },
      }),
    },
    description:
      'Records whose embeddings are nearest to its own, nearest first; empty when it has none. Embeddings of another length are left out.',
    select: { id: true },
    resolve: ({ id }, { first }, context) => {
      const count = first ?? USUAL_NEIGHBOURS
      if (count < 0 || count > MOST_NESTED)
        throw new BadInputError(`first must be between 0 and ${MOST_NESTED}.`, { argument: 'first' })
      return neighbours(context, id, count)
    },
  }),
)

builder.queryField('issueResolutions', (t) =>
  t.field({
    type: connectionOf('IssueResolution', IssueResolution as never, {
      relevance: {
        type: 'Float',
        description:
          "Share of the search's words that it has, 0–1, rare words counting more; null where the list was not searched by words.",
      },
      distance: {
        type: 'Float',
        description: 'Cosine distance of its embedding to the given one, 0–2; null where there is none to compare.',
      },
    }),
    args: {
      search: t.arg.string({
        description:
          'What the issue is like, in words: finds records that have at least half of them, by English stem, in any of their texts, symptoms and tags. A word that no record has counts as those that resemble it, and not at all when none does. Best first, then newest.',
      }),
      near: t.arg({
        type: ['Float'],
        description:
          'What the issue is like, as an embedding by the model that made the stored ones: ranks the records by cosine distance. Records without an embedding of this length are left out, unless a search by words finds them: with both, the two rankings are fused (reciprocal ranks, k = 60).',
      }),
      ...listArguments(issueResolution, MOST_AT_TOP),
    },
    description: 'What was learned from issues; with `search` or `near`, what was learned from similar ones.',
    resolve: (_root, { search, near, ...args }, context, info): Connection => {
      const likeness = readLikeness(search, near)
      if (likeness.search === null && likeness.near === null) return topList(issueResolution, args, context, info)
      for (const argument of ['orderBy', 'last', 'before'] as const) {
        if (args[argument] === null || args[argument] === undefined) continue
        throw new BadInputError(`${argument} does not go with search and near, which sort by likeness from the top.`, {
          argument,
        })
      }
      const { size } = readPaging({ first: args.first }, MOST_AT_TOP)
      const ranking = { ...likeness, scope: context.scope, where: args.where as Where | null | undefined }
      const places = placesIn(likeness)
      const start = typeof args.after === 'string' ? places.decode(args.after) : null
      const page = once(async (): Promise<Page> => {
        const found = await findSimilarIssues(context.db, ranking, size + 1, start)
        if (likeness.near && found.every(({ distance }) => distance === null)) await checkLength(likeness.near, context)
        const rows = found.slice(0, size).map((each) => ({ ...each, cursor: places.encode(each) }))
        return { rows, hasMore: found.length > size }
      })
      const nodes = once(async () =>
        hydrate(
          context,
          issueResolution,
          planNodes(context, info),
          (await page()).rows.map(({ id }) => id),
        ),
      )
      return {
        page,
        node: async (id) => (await nodes()).get(id)!,
        totalCount: once(() => countSimilarIssues(context.db, ranking)),
        paging: { fromEnd: false, hasCursor: start !== null },
      }
    },
  }),
)

addLookup('issueResolution', {
  entity: issueResolution,
  node: IssueResolution,
  description: 'One record of an issue.',
  keys: { sourceId: { description: 'Its id in the artifacts.', where: (sourceId) => ({ sourceId }) } },
})

const LONGEST_SEARCH = 10_000
const LONGEST_EMBEDDING = 16_000

/** A search without a word in it is none. */
function readLikeness(search: string | null | undefined, near: number[] | null | undefined): Likeness {
  const words = search?.trim() || null
  if (words?.includes('\u0000')) throw new BadInputError('search holds a NUL character.', { argument: 'search' })
  if (words && words.length > LONGEST_SEARCH)
    throw new BadInputError(`search is longer than ${LONGEST_SEARCH} characters.`, { argument: 'search' })
  if (!near) return { search: words, near: null }
  const problem =
    near.length === 0 || near.length > LONGEST_EMBEDDING
      ? `must have between 1 and ${LONGEST_EMBEDDING} numbers`
      : !near.every((each) => Number.isFinite(Math.fround(each)))
        ? 'has a number beyond single precision'
        : near.every((each) => Math.fround(each) === 0)
          ? 'is all zeros, which have no direction'
          : null
  if (problem) throw new BadInputError(`near ${problem}.`, { argument: 'near' })
  return { search: words, near: near.map(Math.fround) }
}

/** Nothing near is no answer when the embeddings are of another length: the question is wrong. */
async function checkLength(near: readonly number[], { db, scope }: Context): Promise<void> {
  const lengths = await embeddingLengths(db, scope)
  if (lengths.length === 0 || lengths.includes(near.length)) return
  throw new BadInputError(`near has ${near.length} numbers; the stored embeddings have ${lengths.join(', ')}.`, {
    argument: 'near',
    hint: 'Make it with the model that made the stored ones.',
  })
}

/** The cursors of one ranking; those of another are refused. */
function placesIn(likeness: Likeness): Places<After> {
  return placesOf<After>(
    `IssueResolution:${JSON.stringify(likeness)}`,
    ({ place, id }) => [place, id],
    ([place, id]) =>
      Number.isSafeInteger(place) && typeof id === 'string' && isUuid(id) ? { place: place as number, id } : null,
  )
}
