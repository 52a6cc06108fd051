import fc from 'fast-check'
import { expect, it } from 'vitest'
import { testDatabase } from '../database.ts'
import { addPainPoints } from './pain-point-rows.ts'

const database = testDatabase()

/** Letters of many scripts, digits that are none in ASCII, marks, signs and what looks like an operator. */
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }),
      fc.constantFrom(
        'ROI',
        'proof',
        "don't",
        'the',
        'or',
        '-x',
        '"',
        '①',
        '½',
        'ß',
        'ﬁ',
        '٣',
        '𐐷',
        'ไทย',
        'हिन्दी',
        'İ',
        'ς',
        '\\',
        ':*',
        '<->',
      ),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((words) =>
    words
      .join(' ')
      .replaceAll('\u0000', '')
      .replace(/\p{Surrogate}/gu, ''),
  )

const quoted = (description: string) => `"${description.replace(/["“”„«»]/g, ' ')}"`

it('what a pain point says finds it, in any script, and marks nothing but words of it', async () => {
  await fc.assert(
    fc.asyncProperty(text, async (description) => {
      await database.sql('delete from pain_points')
      await addPainPoints(database, [description, 'Something else'])
      const { data, errors } = await database.ask(
        'query ($search: String!) { painPoints(search: $search) { totalCount edges { highlight node { description } } } }',
        { search: quoted(description) },
      )
      // What has no word in it cannot be searched for.
      if (errors) {
        expect(errors[0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'search' })
        expect(description).not.toMatch(/[\p{L}\p{N}]/u)
        return
      }
      const [{ words }] = (await database.sql(
        `select numnode(phraseto_tsquery('crossrun_stems', crossrun_words($1))) as words`,
        [description],
      )) as [{ words: number }]
      const found = data.painPoints.edges.map(({ node }: { node: { description: string } }) => node.description)
      expect(found).toEqual(words > 0 ? [description] : [])
      for (const { highlight } of data.painPoints.edges) {
        const plain = highlight
          .replace(/<\/?mark>/g, '')
          .replace(/&(amp|lt|gt|quot|#39);/g, (_: string, name: string) => SIGNS[name]!)
        expect(plain).toBe(description)
      }
    }),
    { numRuns: 200 },
  )
}, 120_000)

it('whatever is searched for is answered or refused by name', async () => {
  await fc.assert(
    fc.asyncProperty(text, async (search) => {
      const { data, errors } = await database.ask(
        `query ($search: String!) {
          painPoints(search: $search) { totalCount edges { relevance highlight } }
          painPointThemes(search: $search) { totalCount nodes { key } }
        }`,
        { search },
      )
      if (errors) expect(errors[0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'search' })
      else expect(data.painPoints.edges).toHaveLength(data.painPoints.totalCount)
    }),
    { numRuns: 200 },
  )
}, 120_000)

const SIGNS: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
